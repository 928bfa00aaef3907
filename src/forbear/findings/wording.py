"""The tests of a rule as parts of a plain sentence: who, whom, by which channel, about which debt, in which case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from forbear.findings.phrases import Phrases, phrases
from forbear.findings.spans import asked
from forbear.rulebook.book import Book
from forbear.rulebook.match import Match, Test
from forbear.terms import FIELDS, Language

CONTACT: Final = "contact"
_SLOTS: Final = {"party": "whom", "channel": "by", "place": "place", "debt_kind": "debts", "creditor_kind": "lenders", "automated": "voice"}
"""Field -> the part of a sentence that it fills, by the plain phrase of that part or, negated, by that with `-not`."""
_TOLD: Final = frozenset({*_SLOTS, "jurisdiction", "kind", "agency_kind", "tags", "outcome", "while"})
_OUTBOUND: Final = ("direction", ("outbound",))

Slots = dict[str, str]


class Wording:
    """Says tests in one language. `book` names the standings."""

    def __init__(self, book: Book, lang: Language) -> None:
        self.book, self.lang = book, lang
        self.t: Phrases = phrases(lang, "plainly")

    def word(self, field: str, value: str) -> str:
        """A value as the sentence needs it; the word of the vocabulary where that does."""
        return self.t.texts.get(f"{field}.{value}") or FIELDS[field].words[value].say(self.lang)

    def words(self, field: str, values: Iterable[str]) -> str:
        """Values of which any will do."""
        return self.t.listed([self.word(field, value) for value in values], "list.or")

    def title(self, standing: str) -> str:
        """What a standing is called, inside a sentence."""
        title = self.book.standings[standing].title.say(self.lang)
        return title if self.lang == "zh" or title[1:2].isupper() else title[:1].lower() + title[1:]

    def zone(self, zone: str) -> str:
        """The time of a zone as people call it."""
        return self.t.texts.get(f"zone.{zone}", zone.replace("_", " "))

    def slots(self, tests: Sequence[Test]) -> Slots:
        """The parts that these tests fill; every part that they leave open is empty or general."""
        found = dict.fromkeys(("by", "place", "lenders", "voice", "both", "aim", "ended", "other", "about", "from", "with"), "")
        for test in tests:
            if slot := _SLOTS.get(test.field):
                joined = self.t("slot.narrowed") if slot in ("whom", "debts") and slot in found else ""
                found[slot] = found.get(slot, "") + joined + self._part(slot, test)
        for slot, field in (("aim", "tags"), ("for", "tags"), ("ended", "outcome"), ("from", "agency_kind")):
            found[slot] = "".join(self._part(slot, test) for test in tests if test.field == field)
        if others := [self.asked(test) for test in tests if test.field not in _TOLD and (test.field, test.values) != _OUTBOUND]:
            found["other"] = self.t("slot.other", value=self.t.listed(others))
        if "whom" in found:
            found["with"] = self.t("slot.with", value=found["whom"])
        if "debts" in found or found["lenders"]:
            found["about"] = self.t("slot.about", debts=found.get("debts", self.t("slot.debt")), lenders=found["lenders"])
        found["case"], found["lead"] = self.case(tests, "case"), self.case(tests, "lead")
        return {"debts": self.t("slot.debt"), "whom": self.t("slot.whom-any"), **found}

    def _part(self, slot: str, test: Test) -> str:
        return self.t(f"slot.{slot}-not" if test.negated else f"slot.{slot}", value=self.words(test.field, test.values))

    def case(self, tests: Sequence[Test], slot: str) -> str:
        """The standings that have to hold, or must not, at the end of a sentence (`case`) or before it (`lead`)."""
        found = ""
        for test in tests:
            if test.field == "while":
                how = "-not" if test.negated else "-any" if len(test.values) > 1 else ""
                found += self.t(f"slot.{slot}{how}", value=self.titles(test))
        return found

    def titles(self, test: Test) -> str:
        """The standings of a test, any of which will do."""
        return self.t("list.titles").join(map(self.title, test.values))

    def standing(self, test: Test) -> str:
        """The standings of a test as an item of a list, without quotation marks."""
        if test.negated:
            return self.t("unless.not", value=self.titles(test))
        return self.t.listed([self.title(value) for value in test.values], "list.or")

    def asked(self, test: Test) -> str:
        """Any other test: in words of its own, or by the name of its field."""
        if f"asked.{test.field}" in self.t.texts and test.at_least is not None and test.at_most is None:
            return self.t(f"asked.{test.field}", n=f"{test.at_least:g}")
        return self.t("asked.any", value=asked(test, phrases(self.lang)))

    def who(self, tests: Sequence[Test]) -> str:
        """Whom the rule binds."""
        if fact(tests):
            return self.t("slot.who-fact")
        for test in tests:
            if test.field == "agency_kind":
                said = self.words(test.field, test.values)
                return self.t("slot.who-not", value=said) if test.negated else said
        return self.t("slot.who")

    def do(self, tests: Sequence[Test], slots: Slots, form: str = "") -> str:
        """What is done: contact, call or visit somebody, or something that is put on record. `form`: `ing` for "contacting"."""
        if kinds := fact(tests):
            agency = next((self.words("agency_kind", test.values) for test in tests if test.field == "agency_kind"), self.t("slot.agency"))
            key = f"do.{kinds[0]}" if len(kinds) == 1 and f"do.{kinds[0]}" in self.t.texts else "do.fact"
            return self.t(key, **slots, kind=self.words("kind", kinds), agency=agency)
        channels = [test.values for test in tests if test.field == "channel" and not test.negated]
        verb = channels[0][0] if len(channels) == 1 and len(channels[0]) == 1 else CONTACT
        return self.t(f"do.{verb if f'do.{verb}' in self.t.texts else CONTACT}{form}", **slots)

    def noun(self, match: Match) -> str:
        """The contacts that a match finds; where it asks standings alone, those."""
        if all(test.field == "while" for test in match.tests):
            return self.t.listed([self.standing(test) for test in match.tests])
        return self.t("do.noun", **self.slots(match.tests))


def fact(tests: Sequence[Test]) -> tuple[str, ...]:
    """The kinds of fact that these tests look at; none where they look at contacts."""
    kinds = (tuple(kind for kind in FIELDS["kind"].words if test.covers(kind) != test.negated) for test in tests if test.field == "kind")
    return next((kind for kind in kinds if kind != (CONTACT,)), ())
