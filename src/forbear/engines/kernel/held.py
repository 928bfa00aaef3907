"""Law, table and memory as compiled code holds them: one pointer each.

Handed over as tuples, some sixty arrays would be copied, counted and compiled anew at every call of every function: slower by far, and
half a minute of compilation.
"""

from __future__ import annotations

import numba as nb
from numba.core import types
from numba.experimental import structref

from forbear.engines.kernel.law import Packed
from forbear.engines.kernel.loops import State
from forbear.engines.kernel.table import Table


class _Held(types.StructRef):
    """A struct behind a pointer."""

    def preprocess_fields(self, fields):
        """Fields by their types alone."""
        return tuple((name, types.unliteral(kind)) for name, kind in fields)


@structref.register
class _LawType(_Held):
    pass


@structref.register
class _TableType(_Held):
    pass


@structref.register
class _StateType(_Held):
    pass


class HeldLaw(structref.StructRefProxy):
    """`Packed`, as compiled code holds it."""


class HeldTable(structref.StructRefProxy):
    """`Table`, as compiled code holds it."""


class HeldState(structref.StructRefProxy):
    """The memory of a run: see `loops.state`."""


structref.define_proxy(HeldLaw, _LawType, Packed._fields)
structref.define_proxy(HeldTable, _TableType, Table._fields)
structref.define_proxy(HeldState, _StateType, State._fields)


@nb.njit(cache=True)
def hold_law(law: Packed) -> HeldLaw:
    """The law behind one pointer."""
    return HeldLaw(*law)


@nb.njit(cache=True)
def hold_table(table: Table) -> HeldTable:
    """The table behind one pointer."""
    return HeldTable(*table)


@nb.njit(cache=True)
def hold_state(state: State) -> HeldState:
    """The memory behind one pointer."""
    return HeldState(*state)
