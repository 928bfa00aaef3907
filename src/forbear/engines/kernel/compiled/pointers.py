"""Types for Numba: a bare pointer to words, and arrays by their addresses. No call copies them, and nothing counts references to them.

Compiled code reads `law.rule[rule, R_VERB]` or `table.debts.start[i]` as Python does, without bounds and without negative places. Numba's
own arrays and structs would do the same, but each look at an array in a struct counts a reference to it, and that costs more than what is
read.
"""

from __future__ import annotations

import operator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global, signature
from numba.extending import NativeValue, intrinsic, lower_builtin, lower_getattr_generic, register_model, unbox

_CODE: Final = sha256(b"".join(file.read_bytes() for file in sorted(Path(__file__).parents[1].rglob("*.py")))).hexdigest()[:16]
"""Part of every type below. Numba's cache watches only the file of the function that it stores; a type of another name is another
signature, so code that any file of the kernel had a part in is never taken up after that file has changed."""


class Rows(types.Type):
    """An array of integers by its address. Whatever their size, they are read as 64 bits, so that functions are compiled once.

    What is `fixed` does not change while compiled code runs, so it need not be read twice.
    """

    def __init__(self, dtype: types.Type, fixed: bool) -> None:
        self.dtype, self.fixed = dtype, fixed
        super().__init__(name=f"{'Fixed' if fixed else ''}Rows[{dtype}]")


class Behind(types.Type):
    """A pointer to words, of which `fields` says (name, type, place of the first word)."""

    def __init__(self, title: str, fields: tuple[tuple[str, types.Type, int], ...]) -> None:
        self.title, self.fields = title, fields
        super().__init__(name=f"{title}-{_CODE}")

    @property
    def key(self) -> tuple[Any, ...]:
        """Two are the same if they read the same."""
        return self.name, self.fields

    def field(self, name: str) -> tuple[types.Type, int] | None:
        """Type and place of a field."""
        return next(((kind, place) for each, kind, place in self.fields if each == name), None)


@register_model(Rows)
class _RowsModel(models.StructModel):
    def __init__(self, manager, kind):
        members = [("address", types.CPointer(kind.dtype)), ("length", types.int64), ("width", types.int64)]
        super().__init__(manager, kind, members)


@register_model(Behind)
class _BehindModel(models.OpaqueModel):
    pass


@unbox(Behind)
def _unbox(kind, held, c):
    address = c.pyapi.object_getattr_string(held, "address")
    found = c.builder.inttoptr(c.pyapi.long_as_longlong(address), c.context.get_value_type(kind))
    c.pyapi.decref(address)
    return NativeValue(found)


@infer_getattr
class _Fields(AttributeTemplate):
    key = Behind

    def generic_resolve(self, held, name):
        found = held.field(name)
        return found and found[0]


@lower_getattr_generic(Behind)
def _field(context, builder, held, value, name):
    kind, place = held.field(name)
    word = context.get_value_type(types.int64)
    words = builder.gep(builder.bitcast(value, word.as_pointer()), [context.get_constant(types.intp, place)])
    if isinstance(kind, Behind):
        return builder.bitcast(words, context.get_value_type(kind))
    if not isinstance(kind, Rows):
        return _settled(builder, builder.load(words))
    rows = cgutils.create_struct_proxy(kind)(context, builder)
    address, rows.length, rows.width = (
        _settled(builder, builder.load(builder.gep(words, [context.get_constant(types.intp, n)]))) for n in range(3)
    )
    rows.address = builder.inttoptr(address, context.get_value_type(types.CPointer(kind.dtype)))
    return rows._getvalue()


def _settled(builder, load):
    """Tells LLVM that this will never be written to."""
    load.set_metadata("invariant.load", builder.module.add_metadata([]))
    return load


@infer_global(operator.getitem)
class _Get(AbstractTemplate):
    def generic(self, args, kws):
        rows, index = args
        return signature(types.int64, rows, index) if isinstance(rows, Rows) else None


@infer_global(operator.setitem)
class _Set(AbstractTemplate):
    def generic(self, args, kws):
        rows, index, _ = args
        return signature(types.none, rows, index, types.int64) if isinstance(rows, Rows) and not rows.fixed else None


@infer_global(len)
class _Length(AbstractTemplate):
    def generic(self, args, kws):
        (rows,) = args
        return signature(types.int64, rows) if isinstance(rows, Rows) else None


def _place(context, builder, sig, args):
    """The address of `rows[index]`, where index is a number or a pair."""
    rows = cgutils.create_struct_proxy(sig.args[0])(context, builder, args[0])
    index, kind = args[1], sig.args[1]
    if not isinstance(kind, types.BaseTuple):
        return builder.gep(rows.address, [context.cast(builder, index, kind, types.intp)])
    row, column = (context.cast(builder, builder.extract_value(index, n), each, types.intp) for n, each in enumerate(kind))
    return builder.gep(rows.address, [builder.add(builder.mul(row, rows.width), column)])


@lower_builtin(operator.getitem, Rows, types.Any)
def _get(context, builder, sig, args):
    rows = sig.args[0]
    found = builder.load(_place(context, builder, sig, args))
    return context.cast(builder, _settled(builder, found) if rows.fixed else found, rows.dtype, types.int64)


@lower_builtin(operator.setitem, Rows, types.Any, types.Any)
def _set(context, builder, sig, args):
    builder.store(context.cast(builder, args[2], types.int64, sig.args[0].dtype), _place(context, builder, sig, args))
    return context.get_dummy_value()


@lower_builtin(len, Rows)
def _length(context, builder, sig, args):
    return cgutils.create_struct_proxy(sig.args[0])(context, builder, args[0]).length


def _bare(array, fixed):
    def codegen(context, builder, sig, args):
        given = context.make_array(sig.args[0])(context, builder, args[0])
        rows = cgutils.create_struct_proxy(sig.return_type)(context, builder)
        rows.address = given.data
        shape = cgutils.unpack_tuple(builder, given.shape)
        rows.length, rows.width = shape[0], shape[1] if len(shape) == 2 else context.get_constant(types.int64, 1)
        return rows._getvalue()

    return Rows(array.dtype, fixed)(array), codegen


@intrinsic
def fixed(context, array):
    """An array in one piece, to be read."""
    return _bare(array, fixed=True)


@intrinsic
def bare(context, array):
    """An array in one piece, to be written."""
    return _bare(array, fixed=False)
