"""Group infiltration: a collector's account speaks among debtors as one of them, says that it owes too, talks people out of the group.

Operators do speak in groups, and openly: an account that has said in a group who it is hides nothing there, and one that is registered need
not say it. Only accounts from which an agency made contacts elsewhere, or that are registered as its staff's, are looked at; one at which
anybody was ever reached is a person's own. Who is behind any other account is not to be found out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import msgspec
import numpy as np

from forbear.leads.rows import Rows
from forbear.leads.seen import Seen, of_each, reached
from forbear.records.columns.block import split
from forbear.records.columns.texts import Mask
from forbear.records.entry import Entry
from forbear.signals import patterns
from forbear.signals.fold import fold
from forbear.terms import Language

_LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
_NEAR: Final = 30
"""Characters before a phrase within which what takes its meaning away must begin."""
_MOST: Final = 4
"""Messages of one sort that are counted: more say no more."""


class Accounts(NamedTuple):
    """Accounts that a history, or a part of one, shows to be collectors'."""

    agencies: dict[str, frozenset[str]]
    """Account -> the agencies that use it, by what they did outside of groups or by what is registered; empty for one that is not named."""
    registered: frozenset[str]

    def plus(self, other: Accounts) -> Accounts:
        """Both together."""
        none = frozenset[str]()
        every = {
            account: self.agencies.get(account, none) | other.agencies.get(account, none) for account in self.agencies | other.agencies
        }
        return Accounts(every, self.registered | other.registered)

    def but(self, theirs: Collection[str]) -> Accounts:
        """Without those at which anybody was reached."""
        return Accounts(
            {account: names for account, names in self.agencies.items() if account not in theirs}, self.registered.difference(theirs)
        )

    def whose(self, account: str) -> str:
        """The agency that uses an account; empty if the records name none, or several."""
        names = self.agencies[account] - {""}
        return next(iter(names)) if len(names) == 1 else ""


NONE: Final = Accounts({}, frozenset())


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


def accounts(entries: Iterable[Entry]) -> Accounts:
    """The collectors' accounts that a history shows; one at which anybody was reached is none."""
    known, of, registered = list(entries), dict[str, set[str]](), set[str]()
    for each in known:
        account, agency = each.fields.get("number", ()), each.one("agency").replace("*", "")
        if len(account) != 1:
            continue
        told = each.fields["kind"] == ("staff-account-registered",)
        if told or (agency and _made(each) and "group-chat" not in each.fields.get("channel", ("group-chat",))):
            of.setdefault(account[0], set()).add(agency)
            registered.update(account if told else ())
    return Accounts({account: frozenset(names) for account, names in of.items()}, frozenset(registered)).but(reached(known))


def accounts_of(rows: Rows) -> Accounts:
    """The same of very many timelines, but for what was reached: that another part may tell."""
    told, alone = (
        rows.says("kind", "staff-account-registered"),
        rows.where("number", lambda values: values is not None and len(values) == 1),
    )
    outside = rows.where("channel", lambda values: values is not None and "group-chat" not in values)
    made = rows.contact & rows.says("direction", "outbound") & outside & rows.known("agency")
    place = np.flatnonzero(alone & (told | made))
    (number, numbers), (agency, agencies) = rows.coded("number"), rows.coded("agency")
    keys = np.unique((number[place] * rows.agencies + agency[place]) * 2 + told[place])
    texts, names = numbers.texts(), ["", *agencies.texts().to_pylist()]
    found, registered = dict[str, set[str]](), set[str]()
    for key in keys.tolist():
        account = texts[key // 2 // rows.agencies - 1].as_py()
        found.setdefault(account, set()).add("|".join(split(names[key // 2 % rows.agencies])).replace("*", ""))
        registered.update((account,) if key % 2 else ())
    return Accounts({account: frozenset(names) for account, names in found.items()}, frozenset(registered))


def talk(rows: Rows) -> Mask:
    """Messages that were written in groups."""
    return rows.contact & rows.says("direction", "outbound") & rows.says("channel", "group-chat") & rows.known("number")


def seen(entries: Sequence[Entry], known: Accounts | None = None) -> list[Seen]:
    """What a timeline shows of it. `known`: whose accounts the whole history shows; by default, what these entries show."""
    said_in_groups = [each for each in entries if _made(each) and each.fields.get("channel") == ("group-chat",)]
    if not said_in_groups:
        return []
    known = accounts(entries) if known is None else known
    ours = [each for each in said_in_groups if each.one("number") in known.agencies]
    named = [each if each.one("agency") else each.but(agency=(known.whose(each.one("number")),)) for each in ours]
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
