"""What exports say for our words and columns, in Chinese and English: `synonyms.toml`, looked up."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from forbear.records.schema import COLUMNS, name_of
from forbear.terms import FIELDS

_SEPARATORS = re.compile(r"[\s_\-()（）:：]+")


class _Book(msgspec.Struct, forbid_unknown_fields=True):
    unknown: list[str]
    values: dict[str, dict[str, list[str]]]
    readings: dict[str, dict[str, list[str]]]
    columns: dict[str, list[str]]


class Meaning(NamedTuple):
    """What a foreign word says in ours: one word, or candidates."""

    words: tuple[str, ...]
    reading: bool
    """Whether it is exact only by our reading, which reports print."""


def plain(text: str) -> str:
    """`text` as it is compared: without case, spaces, hyphens, underscores and brackets."""
    return _SEPARATORS.sub("", text.casefold())


@cache
def _book() -> _Book:
    text = files("forbear.records").joinpath("synonyms.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _Book)


@cache
def unknown() -> frozenset[str]:
    """What exports write for "not known", casefolded."""
    return frozenset(word.casefold() for word in _book().unknown)


@cache
def words(field: str) -> Mapping[str, Meaning]:
    """Plain foreign word -> what it says, for a field with a word list: the names of the terms in both languages, and the synonyms."""
    found: dict[str, Meaning] = {}
    for word, name in FIELDS[field].words.items():
        found |= {plain(said): Meaning((word,), False) for said in (word, name.en, name.zh)}
    for table, reading in ((_book().values, False), (_book().readings, True)):
        for word, said in table.get(field, {}).items():
            found |= {plain(each): Meaning(tuple(word.split("|")), reading) for each in said}
    return found


@cache
def columns() -> Mapping[str, str]:
    """Plain header -> our column. What a header could equally mean twice stands at the first of `COLUMNS` that claims it."""
    found: dict[str, str] = {}
    for column, said in _book().columns.items():
        for each in said:
            found.setdefault(plain(each), column)
    for column in sorted(COLUMNS):
        name = name_of(column)
        for each in (name.en, name.zh):
            found.setdefault(plain(each), column)
    return found | {plain(column): column for column in COLUMNS}
