"""Other people are not shown: their numbers and names become marks that only the sources can undo.

A mark is a position: the third number that is nobody's who collects is number 3. It is the same wherever it stands and comes out the same
when the pack is derived anew, and it holds nothing of the number. A hash would: there are so few telephone numbers that all can be tried.
Texts of other people are never in a pack. See docs/decisions/024-marks-are-positions.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from forbear.doors.dossier.case import Case, spelled
from forbear.doors.dossier.words import words
from forbear.terms import PARTY

_FEWEST: Final = 7
"""Digits from which a figure may be somebody's number, card or account; a shorter one is an amount, a date or a code."""
_FIGURE: Final = re.compile(r"\+?\d(?:[ \-]?\d)*")
_DATE: Final = re.compile(r"(?:19|20)\d\d-\d\d-\d\d(?!\d)")
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NAMES: Final = 2
"""Characters from which a name in the telephone is looked for in texts: shorter ones are words."""


class Redaction:
    """Redacts texts of one pack. `on` is False only where the person asked for it."""

    def __init__(self, case: Case, names: Iterable[str], *, on: bool = True) -> None:
        """`names`: what the telephone calls people who do not collect."""
        self._on, self._words, self._case = on, words(case.lang), case
        self._shown = case.numbers
        self._marks = dict[str, str]()
        self._people = {person.name: n for n, person in enumerate(case.person, 1)}
        known = {name for each in (*names, *self._people) if len(name := each.strip()) >= _NAMES}
        known -= {case.name, *(debt.creditor for debt in case.debt), *(each.name for debt in case.debt for each in debt.collector)}
        longest_first = sorted(known, key=lambda name: (-len(name), name))
        self._name = re.compile("|".join(map(re.escape, longest_first))) if known and on else None

    def person(self, name: str) -> str:
        """Somebody who was contacted: by what he is to the person, and a number that tells him from others."""
        said = next(person for person in self._case.person if person.name == name)
        party = PARTY[said.party].say(self._case.lang)
        return self._words("redact.person", party=party, n=self._people[name]) if self._on else clean(name)

    def text(self, text: str) -> str:
        """A text as it may be shown: hidden characters taken out, other people's numbers, accounts and names marked."""
        said = clean(text)
        if self._on:
            said = self._name.sub(lambda found: self._mark(found[0], "redact.name"), said) if self._name else said
            said = _MAIL.sub(lambda found: self._mark(found[0], "redact.mail"), said)
            said = _FIGURE.sub(self._figure, said)
        return said

    def _figure(self, found: re.Match[str]) -> str:
        said = found[0]
        digits = re.sub(r"\D", "", said)
        if len(digits) < _FEWEST or _DATE.match(said) or spelled(self._case, said) in self._shown or said in self._shown:
            return said
        return self._mark(spelled(self._case, said), "redact.number")

    def _mark(self, what: str, key: str) -> str:
        return self._marks.setdefault(what, self._words(key, n=len(self._marks) + 1))


def clean(text: str) -> str:
    """A text without characters that are not seen or that turn others about: nothing of it can pass for something else."""
    return "".join(char if char.isprintable() or char == "\n" else " " if char in "\t\r" else "" for char in text).strip()
