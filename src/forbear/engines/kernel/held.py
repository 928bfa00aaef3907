"""Law, table and memory as compiled code holds them: behind one pointer each, a row of words.

An array is three words: its address, its length, and how many numbers one of its rows has. Lists are the words of their two arrays,
an integer is one word. Numbers and shapes are no part of the type, so one compilation serves every law and every table. Handed over as
tuples, some sixty arrays would be compiled anew into every call of every function.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numba as nb
import numpy as np
from numba.core import types

from forbear.engines.kernel.arrays import Lists
from forbear.engines.kernel.compiled.pointers import Behind, Rows


class _Held:
    """Arrays with their words. It keeps the arrays: compiled code has nothing but their addresses."""

    def __init__(self, title: str, arrays: NamedTuple, *, fixed: bool) -> None:
        self._arrays = arrays
        words = list[int]()
        self._numba_type_ = _behind(title, arrays, words, fixed)
        self._words = np.array(words, np.int64)
        self.address = int(self._words.ctypes.data)


def _behind(title: str, arrays: NamedTuple, words: list[int], fixed: bool) -> Behind:
    first = len(words)

    def fields() -> Iterator[tuple[str, types.Type, int]]:
        for name, value in zip(arrays._fields, arrays, strict=True):
            place = len(words) - first
            if isinstance(value, Lists):
                yield name, _behind("lists", value, words, fixed), place
            elif isinstance(value, np.ndarray):
                assert value.flags.c_contiguous, f"{title}: {name} is not in one piece"
                words.extend((int(value.ctypes.data), len(value), value.shape[1] if value.ndim == 2 else 1))
                yield name, Rows(nb.from_dtype(value.dtype), fixed), place
            else:
                words.append(int(value))
                yield name, types.int64, place

    return Behind(title, tuple(fields()))


class HeldLaw(_Held):
    """`law.Arrays`, as compiled code holds it."""


class HeldTable(_Held):
    """`table.Table`, as compiled code holds it."""


class HeldState(_Held):
    """The memory of a run: see `compiled.state.memory`."""


def hold_law(law: NamedTuple) -> HeldLaw:
    """The law behind one pointer."""
    return HeldLaw("law", law, fixed=True)


def hold_table(table: NamedTuple) -> HeldTable:
    """The table behind one pointer."""
    return HeldTable("table", table, fixed=True)


def hold_state(state: NamedTuple) -> HeldState:
    """The memory behind one pointer."""
    return HeldState("state", state, fixed=False)
