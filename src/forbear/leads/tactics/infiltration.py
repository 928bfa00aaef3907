"""Group infiltration: a collector's account speaks among debtors as one of them, says that it owes too, talks people out of the group.

Operators do speak in groups, and openly: an account that has said in a group who it is hides nothing there, and one that is registered need
not say it. Only accounts from which an agency made contacts elsewhere, or that are registered as its staff's, are looked at; one at which
anybody was ever reached is a person's own. Who is behind any other account is not to be found out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import msgspec

from forbear.leads.seen import Seen, of_each
from forbear.records.entry import Entry
from forbear.signals import patterns
from forbear.signals.fold import fold
from forbear.terms import Language

_LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
_NEAR: Final = 30
"""Characters before a phrase within which what takes its meaning away must begin."""
_MOST: Final = 4
"""Messages of one sort that are counted: more say no more."""


class Staff(NamedTuple):
    """Accounts that the records show to be collectors'."""

    agencies: dict[str, str]
    """Account -> the agency that uses it; empty if the records name none, or several."""
    registered: frozenset[str]


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases that say one thing, written as those of `signals`."""

    why: str
    example: str
    """A text, made up, that says it."""
    counter: str
    """A text, made up, that is near to it and does not say it."""
    say: list[str]
    unless_before: list[str]
    """Right before a phrase, it means something else."""


class _Said(NamedTuple):
    pattern: re.Pattern[str]
    unless: patterns.Before


def staff(entries: Iterable[Entry]) -> Staff:
    """The collectors' accounts that a history shows."""
    of = dict[str, set[str]]()
    registered, reached = set[str](), set[str]()
    for each in entries:
        reached.update(each.fields.get("address", ()))
        account, agency = each.fields.get("number", ()), each.one("agency").replace("*", "")
        if len(account) != 1:
            continue
        told = each.fields["kind"] == ("staff-account-registered",)
        if told or (agency and _made(each) and "group-chat" not in each.fields.get("channel", ("group-chat",))):
            of.setdefault(account[0], set()).add(agency)
            registered.update(account if told else ())
    agencies = {account: "".join(names) if len(names - {""}) == 1 else "" for account, names in of.items() if account not in reached}
    return Staff(agencies, frozenset(registered - reached))


def seen(entries: Sequence[Entry], known: Staff | None = None) -> list[Seen]:
    """What a timeline shows of it. `known`: whose accounts the whole history shows; by default, what these entries show."""
    talk = [each for each in entries if _made(each) and each.fields.get("channel") == ("group-chat",)]
    if not talk:
        return []
    known = known or staff(entries)
    ours = [each for each in talk if each.one("number") in known.agencies]
    named = [each if each.one("agency") else each.but(agency=(known.agencies[each.one("number")],)) for each in ours]
    return of_each(named, lambda agency, made: _of_agency(agency, made, known.registered))


def _of_agency(agency: str, made: list[Entry], registered: frozenset[str]) -> Seen | None:
    hidden, silent, persona, leave = list[Entry](), 0, 0, 0
    told = set[tuple[str, str]]()  # in which group an account has said who it is
    for each in made:
        place = (each.one("number"), each.one("address"))
        if "identifies-caller" in each.fields.get("tags", ()):
            told.add(place)
        if place in told:
            continue
        found = said(each.text)
        unsaid = "tags" in each.fields and each.one("number") not in registered
        if found or unsaid:
            hidden.append(each)
        silent += unsaid
        persona += "persona" in found
        leave += "leave" in found
    accounts = len({each.one("number") for each in hidden})
    score = 0.5 * min(silent, _MOST) + 2 * min(persona, _MOST) + 1.5 * min(leave, _MOST) + 0.5 * max(0, accounts - 1)
    if score <= 0:
        return None
    observed = {"messages": len(hidden), "accounts": accounts, "silent": silent, "persona": persona, "leave": leave}
    return Seen(agency, score, observed, tuple(each.entry_id for each in hidden))


def said(text: str) -> frozenset[str]:
    """What a text in a group says: `persona`, that the writer owes too; `leave`, that people should leave the group, or close it."""
    plain = fold(text)
    return frozenset(what for what, phrases in _phrases().items() if any(_stands(each, plain) for each in phrases))


def _stands(phrase: _Said, plain: str) -> bool:
    found = phrase.pattern.finditer(plain)
    return any(not phrase.unless.stands(plain, max(0, each.start() - _NEAR), each.start()) for each in found)


def groups(lang: Language) -> dict[str, list[Group]]:
    """The phrases of a language, by what they say."""
    text = files("forbear.leads.tactics").joinpath(f"infiltration.{lang}.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, list[Group]])


@cache
def _phrases() -> dict[str, list[_Said]]:
    found = dict[str, list[_Said]]()
    for lang in _LANGUAGES:
        for what, some in groups(lang).items():
            for group in some:
                pattern = re.compile("|".join(patterns.regex(each, lang) for each in group.say))
                found.setdefault(what, []).append(_Said(pattern, patterns.before(group.unless_before, lang)))
    return found


def _made(entry: Entry) -> bool:
    """Whether the records say that this contact was made; a message whose side is unknown may be anybody's."""
    return entry.is_contact and entry.fields.get("direction") == ("outbound",)
