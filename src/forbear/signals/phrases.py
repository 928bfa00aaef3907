"""The phrases: one data file for each kind of text and each language (`utterances.zh.toml` ...), read once and checked strictly."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import chain, product
from typing import Final, Literal, NamedTuple

import msgspec
from ahocorasick_rs import AhoCorasick, MatchKind

from forbear.signals import patterns
from forbear.signals.patterns import heads, needs, regex
from forbear.terms import CONDUCT, TAGS, Language

Kind = Literal["utterances", "reports"]
"""What a collector wrote or said, whose tags mean "does it"; or what a person tells happened, whose tags mean "reports it"."""
_LIST: Final = re.compile(r"<(\w+)>")


class BadPhrases(ValueError):
    """A data file that cannot be used: which file, which key, and what to do."""


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases that say one thing."""

    why: str
    """What is said, and the clause or reason that makes it count."""
    example: str
    """A text, made up, that earns the tag by this group."""
    counter: str
    """A text, made up, that is near to it and does not earn the tag."""
    say: list[str]
    unless_before: list[str] = []
    """Right before the phrase, it means something else."""
    unless_after: list[str] = []
    """Right after the phrase, it means something else."""
    unless_within: list[str] = []
    """Where the words that were met hold this, they mean something else: "I am of the loan company" names nobody."""
    also: list[str] = []
    """Counts only in a text that also says one of these, anywhere: to go on calling is ignoring a stop only where a stop was asked for."""
    only_with: list[str] = []
    """Counts only in a text that earns one of these tags by other words: "this is the bank" with a trick is a pose, else a name."""
    earns: list[str] = []
    """Further tags that the same words earn: a threat of jail is a false claim."""


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
    words: dict[str, str] = {}
    """Lists that phrases name: `<kin>` stands for `a|b|c`."""
    not_with: dict[str, list[str]] = {}
    """Tag -> tags that take it away: a message that confirms an opt-out and asks for money is no mere confirmation."""


class _Beside(NamedTuple):
    """What stands beside the phrases of a group, ready to match: see the fields of the same names of `Phrase`."""

    before: patterns.Before | None
    after: re.Pattern[str] | None
    within: re.Pattern[str] | None
    also: re.Pattern[str] | None


class Phrase(NamedTuple):
    """One phrase, ready to match folded text."""

    tag: str
    said: str
    """As the file has it."""
    whole: str
    """With its lists written out."""
    why: str
    pattern: re.Pattern[str]
    needs: frozenset[str]
    """Only a folded text that holds one of these can match: what is quick to see; empty if it must be tried."""
    before: patterns.Before | None
    after: re.Pattern[str] | None
    within: re.Pattern[str] | None
    also: re.Pattern[str] | None
    only_with: frozenset[str]
    not_with: frozenset[str]


class Book(NamedTuple):
    """The phrases of one language."""

    phrases: tuple[Phrase, ...]
    groups: tuple[tuple[str, Group], ...]
    """(tag, group) in the order of the file."""
    heads: Mapping[str, tuple[Phrase, ...]]
    """Phrases by what they begin with, so that a text is walked once."""
    begun: tuple[tuple[Phrase, ...], ...]
    """The phrases that begin with each word of `finder`."""
    wakes: tuple[tuple[frozenset[str], ...], ...]
    """Of what phrases need (`Phrase.needs`), that which each word of `finder` meets."""
    finder: AhoCorasick
    """Finds what phrases begin with or need, each by its number."""
    guard: patterns.Before


@cache
def book(kind: Kind, lang: Language) -> Book:
    """The phrases for texts of `kind` in `lang`. Raises `BadPhrases`."""
    name = f"{kind}.{lang}.toml"
    return read(files("forbear.signals").joinpath(name).read_text("utf-8"), lang, name)


def read(text: str, lang: Language, name: str) -> Book:
    """A data file. Raises `BadPhrases`, which names the file and the key."""
    try:
        raw = tomllib.loads(text)
        rest = msgspec.convert({key: raw.pop(key) for key in _File.__struct_fields__ if key in raw}, _File)
        groups = msgspec.convert(raw, dict[str, list[Group]])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadPhrases(f"{name}: {error}; correct it") from error
    beside = chain.from_iterable((*each.earns, *each.only_with) for each in chain.from_iterable(groups.values()))
    for tag in (*groups, *rest.not_with, *chain.from_iterable(rest.not_with.values()), *beside):
        if tag not in TAGS:
            raise BadPhrases(f"{name}: {tag} is no tag; use a word of terms.TAGS")
    phrases: dict[tuple[str, str], Phrase] = {}
    by_head: dict[str, list[Phrase]] = {}
    for first, group in ((first, each) for first, tables in groups.items() for each in tables):
        try:
            about = _beside(group, rest.words, lang)
        except ValueError as error:
            raise BadPhrases(f"{name}: {first}: {error}") from error
        for said, tag in product(group.say, (first, *group.earns)):
            if (tag, said) in phrases:
                raise BadPhrases(f"{name}: {tag}: {said!r} stands twice; keep one")
            try:
                phrases[tag, said] = phrase = _phrase(tag, said, group, about, rest, lang)
                for head in heads(phrase.whole, lang):
                    by_head.setdefault(head, []).append(phrase)
            except ValueError as error:
                raise BadPhrases(f"{name}: {tag}: {error}") from error
    by_need: dict[str, set[frozenset[str]]] = {}
    for phrase in phrases.values():
        for need in phrase.needs:
            by_need.setdefault(need, set()).add(phrase.needs)
    sought = list(by_head | by_need)
    lists = (rest.guard.before, rest.guard.fillers, rest.guard.sayings)
    before, fillers, sayings = ([_whole(each, rest.words) for each in said] for said in lists)
    return Book(
        tuple(phrases.values()),
        tuple((tag, group) for tag, tables in groups.items() for group in tables),
        {head: tuple(each) for head, each in by_head.items()},
        tuple(tuple(by_head.get(word, ())) for word in sought),
        tuple(tuple(by_need.get(word, ())) for word in sought),
        AhoCorasick(sought, matchkind=MatchKind.Standard),
        patterns.guard(before, fillers, sayings, lang),
    )


def _whole(said: str, words: Mapping[str, str]) -> str:
    """A phrase with its lists written out. Raises `ValueError`."""

    def listed(name: re.Match[str]) -> str:
        if name[1] not in words:
            raise ValueError(f"{said!r} names the list {name[0]}, which is not under [words]")
        return words[name[1]]

    return _LIST.sub(listed, said)


def _beside(group: Group, words: Mapping[str, str], lang: Language) -> _Beside:
    """What the phrases of a group have beside them, made once for all of them. Raises `ValueError`."""

    def listed(said: list[str]) -> list[str]:
        return [_whole(each, words) for each in said]

    def either(said: list[str]) -> str:
        return "|".join(regex(each, lang) for each in listed(said))

    after, within, also = either(group.unless_after), either(group.unless_within), either(group.also)
    return _Beside(
        patterns.before(listed(group.unless_before), lang) if group.unless_before else None,
        re.compile(rf"\s*(?:{after})") if after else None,
        re.compile(within) if within else None,
        re.compile(also) if also else None,
    )


def _phrase(tag: str, said: str, group: Group, beside: _Beside, file: _File, lang: Language) -> Phrase:
    whole = _whole(said, file.words)
    return Phrase(
        tag,
        said,
        whole,
        group.why,
        _compiled(regex(whole, lang)),
        needs(whole, lang),
        *beside,
        frozenset(group.only_with),
        frozenset(file.not_with.get(tag, ())),
    )


_compiled: Final = cache(re.compile)
"""One and the same for phrases that differ in their tag alone."""


def guarded(phrase: Phrase) -> bool:
    """Whether a denial before the phrase takes it away: only what is wrong to do can be denied."""
    return phrase.tag in CONDUCT
