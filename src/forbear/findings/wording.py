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
_TOLD: Final = frozenset({*_SLOTS, "jurisdiction", "kind", "direction", "agency_kind", "tags", "outcome", "while"})

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
                found[slot] = found.get(slot, "") + self._part(slot, test, self.words(test.field, test.values))
        for slot, field in (("aim", "tags"), ("for", "tags"), ("ended", "outcome")):
            found[slot] = "".join(self._part(slot, test, self.words(field, test.values)) for test in tests if test.field == field)
        if others := [self.asked(test) for test in tests if test.field not in _TOLD]:
            found["other"] = self.t("slot.other", value=self.t.listed(others))
        if agencies := [self.words("agency_kind", test.values) for test in tests if test.field == "agency_kind"]:
            found["from"] = self.t("slot.from", value=agencies[0])
        if "whom" in found:
            found["with"] = self.t("slot.with", value=found["whom"])
        if "debts" in found or found["lenders"]:
            found["about"] = self.t("slot.about", debts=found.get("debts", self.t("slot.debt")), lenders=found["lenders"])
        found["case"], found["lead"] = self.case(tests, "case"), self.case(tests, "lead")
        return {"debts": self.t("slot.debt"), "whom": self.t("slot.whom-any"), **found}

    def _part(self, slot: str, test: Test, value: str) -> str:
        return self.t(f"slot.{slot}-not" if test.negated else f"slot.{slot}", value=value)

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
        return next((self.words("agency_kind", test.values) for test in tests if test.field == "agency_kind"), self.t("slot.who"))

    def do(self, tests: Sequence[Test], slots: Slots, form: str = "") -> str:
        """What is done: contact, call or visit somebody, or something that is put on record. `form`: `ing` for "contacting"."""
        if kind := fact(tests):
            agency = next((self.words("agency_kind", test.values) for test in tests if test.field == "agency_kind"), "")
            key = f"do.{kind}" if f"do.{kind}" in self.t.texts else "do.fact"
            return self.t(key, **slots, kind=self.word("kind", kind), agency=agency or self.word("agency_kind", "third-party-agency"))
        channels = [test.values for test in tests if test.field == "channel" and not test.negated]
        verb = channels[0][0] if len(channels) == 1 and len(channels[0]) == 1 else CONTACT
        return self.t(f"do.{verb if f'do.{verb}' in self.t.texts else CONTACT}{form}", **slots)

    def noun(self, match: Match) -> str:
        """The contacts that a match finds; where it asks standings alone, those."""
        if all(test.field == "while" for test in match.tests):
            return self.t.listed([self.standing(test) for test in match.tests])
        return self.t("do.noun", **self.slots(match.tests))


def fact(tests: Sequence[Test]) -> str:
    """The kind of fact that these tests look at; empty where they look at contacts."""
    return next((test.values[0] for test in tests if test.field == "kind" and test.values != (CONTACT,)), "")
