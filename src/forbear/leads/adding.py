"""Counts by name, brought together from several parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, Self, TypeVar


class Adds(Protocol):
    """What can be added up."""

    def plus(self, other: Self) -> Self:
        """Both together."""


T = TypeVar("T", bound=Adds)


def added(parts: Iterable[Mapping[str, T]]) -> dict[str, T]:
    """Name -> what all parts have of it together."""
    found = dict[str, T]()
    for part in parts:
        for name, each in part.items():
            found[name] = found[name].plus(each) if name in found else each
    return found
