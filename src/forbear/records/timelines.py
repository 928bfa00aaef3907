"""Timelines: all that is known about one consumer, and about every consumer who shares a debt with him."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from forbear.records.entry import Entry, order
from forbear.records.schema import ALL


class Timeline(NamedTuple):
    """The unit of partition and of locks."""

    consumers: tuple[str, ...]
    """Sorted; the first names the timeline."""
    entries: tuple[Entry, ...]
    """In the order of `entry.order`."""


def timelines(entries: Iterable[Entry]) -> list[Timeline]:
    """Joins entries into timelines, in the order of their first consumers: the same whatever the order of the entries.

    What is told for all consumers stands on every timeline. A shared address joins nothing.
    """
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def root(node: tuple[str, str]) -> tuple[str, str]:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    rows = list(entries)
    for entry in rows:
        for consumer in entry.fields["consumer"]:
            if consumer == ALL:
                continue
            mine = root(("consumer", consumer))
            for debt in entry.fields.get("debt", ()):
                if debt != ALL:
                    parent[root(("debt", debt))] = mine
                    mine = root(mine)
    groups: dict[tuple[str, str], list[Entry]] = {}
    everyone: list[Entry] = []
    for entry in rows:
        consumer = entry.fields["consumer"][0]
        (everyone if consumer == ALL else groups.setdefault(root(("consumer", consumer)), [])).append(entry)
    found = []
    for group in groups.values():
        names = tuple(sorted({consumer for entry in group for consumer in entry.fields["consumer"]}))
        found.append(Timeline(names, tuple(sorted((*group, *everyone), key=order))))
    return sorted(found, key=lambda line: line.consumers)
