"""The phrases: `phrases.zh.toml` and `phrases.en.toml`, each made to be proof-read in one sitting, read once and checked strictly."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import NamedTuple

import msgspec

from forbear.signals.patterns import guard, heads, regex
from forbear.terms import CONDUCT, TAGS, Language


class BadPhrases(ValueError):
    """A data file that cannot be used: which file, which key, and what to do."""


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases that say one thing."""

    why: str
    """What is said, and the clause or reason that makes it count."""
    say: list[str]
    unless_before: list[str] = []
    """Right before the phrase, it means something else."""
    unless_after: list[str] = []
    """Right after the phrase, it means something else."""


class Guard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What takes the guilt out of any phrase of conduct."""

    before: list[str]
    """Denials: never, 绝不会."""
    fillers: list[str]
    """What may stand between a denial and the phrase without ending the denial."""
    sayings: list[str]
    """Sentences that tell of somebody's words: if anyone claims that ..."""


class _File(msgspec.Struct, frozen=True):
    guard: Guard
    not_with: dict[str, list[str]] = {}
    """Tag -> tags that take it away: a message that confirms an opt-out and asks for money is no mere confirmation."""


class Phrase(NamedTuple):
    """One phrase, ready to match folded text."""

    tag: str
    said: str
    pattern: re.Pattern[str]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    not_with: frozenset[str]


class Book(NamedTuple):
    """The phrases of one language."""

    phrases: tuple[Phrase, ...]
    heads: Mapping[str, tuple[Phrase, ...]]
    """Phrases by what they begin with, so that a text is walked once."""
    guard: re.Pattern[str]


@cache
def book(lang: Language) -> Book:
    """The phrases of `lang`. Raises `BadPhrases`."""
    name = f"phrases.{lang}.toml"
    return read(files("forbear.signals").joinpath(name).read_text("utf-8"), lang, name)


def read(text: str, lang: Language, name: str) -> Book:
    """A data file. Raises `BadPhrases`, which names the file and the key."""
    try:
        raw = tomllib.loads(text)
        rest = msgspec.convert({key: raw.pop(key) for key in _File.__struct_fields__ if key in raw}, _File)
        groups = msgspec.convert(raw, dict[str, list[Group]])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadPhrases(f"{name}: {error}; correct it") from error
    for tag in (*groups, *rest.not_with, *chain.from_iterable(rest.not_with.values())):
        if tag not in TAGS:
            raise BadPhrases(f"{name}: {tag} is no tag; use a word of terms.TAGS")
    phrases: dict[tuple[str, str], Phrase] = {}
    by_head: dict[str, list[Phrase]] = {}
    for tag, group in ((tag, group) for tag, tables in groups.items() for group in tables):
        for said in group.say:
            if (tag, said) in phrases:
                raise BadPhrases(f"{name}: {tag}: {said!r} stands twice; keep one")
            try:
                phrases[tag, said] = phrase = _phrase(tag, said, group, rest.not_with.get(tag, []), lang)
                for head in heads(said, lang):
                    by_head.setdefault(head, []).append(phrase)
            except ValueError as error:
                raise BadPhrases(f"{name}: {tag}: {error}") from error
    before, fillers, sayings = rest.guard.before, rest.guard.fillers, rest.guard.sayings
    return Book(
        tuple(phrases.values()),
        {head: tuple(each) for head, each in by_head.items()},
        guard(before, fillers, sayings, lang),
    )


def _phrase(tag: str, said: str, group: Group, not_with: list[str], lang: Language) -> Phrase:
    before = "|".join(regex(each, lang) for each in group.unless_before)
    after = "|".join(regex(each, lang) for each in group.unless_after)
    return Phrase(
        tag,
        said,
        re.compile(regex(said, lang)),
        re.compile(rf"(?:{before})\s*\Z") if before else None,
        re.compile(rf"\s*(?:{after})") if after else None,
        frozenset(not_with),
    )


def guarded(phrase: Phrase) -> bool:
    """Whether a denial before the phrase takes it away: only what is wrong to do can be denied."""
    return phrase.tag in CONDUCT
