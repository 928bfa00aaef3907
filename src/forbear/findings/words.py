"""The one sentence of a finding, as a compliance officer would say it aloud. It knows verbs, effects and fields, and no rule by name."""

from __future__ import annotations

from typing import NamedTuple

from forbear.engines.times import Times
from forbear.findings import dates, spans
from forbear.findings.finding import Finding
from forbear.findings.phrases import Phrases, ordinal, phrases
from forbear.records.derived import spoken
from forbear.records.entry import Entry
from forbear.rulebook.book import Book
from forbear.rulebook.match import Matches, Test
from forbear.rulebook.rule import Rule
from forbear.signals import where
from forbear.terms import CHANNEL, FIELDS, FORCE, KIND, PARTY, VERIFIED, Language, Verdict

_ALLOWS = {"advised-against": "advised", "protection-lost": "protected"}
"""Effect -> what its limit is called; every other effect has a lawful limit."""
_REMEMBERED = 1 << 12


def sentence(finding: Finding, lang: Language, book: Book | None = None) -> str:
    """What was found, of which entry, under which clause, and what shows it.

    `book` lets it name standings and the zone of a jurisdiction that has only one; nothing that is unknown is made up.
    """
    return Sentences(lang, book).say(finding)


def zones(entry: Entry, rule: Rule | None, book: Book | None) -> tuple[str, ...]:
    """Whose clock counts: the rule's, or that of the consumer's place; empty where nothing is known of it."""
    clock = rule.clock if rule else "consumer"
    if book is not None:
        return Times(book).zones(entry, clock)
    return entry.fields.get("zone", ()) if clock == "consumer" else (clock,)


def what(entry: Entry, lang: Language) -> str:
    """The entry as a noun: `Call (spouse)`, `Debt assigned to an agency`."""
    t = phrases(lang)
    if not entry.is_contact:
        return _capital(KIND[entry.fields["kind"][0]].say(lang))
    channel, party = entry.fields.get("channel", ()), entry.fields.get("party", ())
    noun = _capital(CHANNEL[channel[0]].say(lang)) if len(channel) == 1 else t("sentence.contact")
    if entry.fields.get("direction") == ("inbound",):
        noun = t("sentence.inbound", noun=noun)
    return t("sentence.party", noun=noun, party=PARTY[party[0]].say(lang)) if len(party) == 1 and party != ("consumer",) else noun


def grounds(rule: Rule, lang: Language, book: Book | None = None) -> str:
    """The clause, its force, what it means to break it, how sure we are of its text where we have not read it, and of which day it is."""
    t = phrases(lang)
    sure = "" if rule.verified == "clause" else t("sentence.verified", source=VERIFIED[rule.verified].say(lang))
    cite = t("list.clause").join(clause.cite for clause in rule.clauses)
    of = t("sentence.of", day=dates.date(book.day, lang)) if book and book.day else ""
    return t("sentence.grounds", cite=cite, force=FORCE[rule.force].say(lang), effect=t(f"effect.{rule.effect}"), verified=sure, of=of)


def need(settles: str, lang: Language) -> str:
    """What would settle an unclear finding, in words: a field, a kind of fact, a calendar, or later records."""
    t = phrases(lang)
    if f"need.{settles}" in t.texts:
        return t(f"need.{settles}")
    if settles in FIELDS:
        return t("need.field", field=FIELDS[settles].name.say(lang))
    if settles.startswith("kind="):
        return t("need.kind", kind=KIND[settles.removeprefix("kind=")].say(lang))
    if settles.startswith("calendar "):
        return t("need.calendar", place=settles.removeprefix("calendar "))
    return t.texts.get(f"need.{settles.replace(' ', '-')}", settles)


class Sentences:
    """Says findings as `sentence` does. What many of them have in common is put into words once."""

    def __init__(self, lang: Language, book: Book | None = None) -> None:
        self.t, self.book = phrases(lang), book
        self._rules: dict[int, _Said] = {}
        self._patterns: dict[tuple[object, ...], str] = {}
        self._placed: tuple[Entry, str, str, str] | None = None
        """The entry said last, by whose clock, as a noun, and when it was."""

    def say(self, finding: Finding) -> str:
        """The sentence of a finding."""
        rule, said = finding.rule, _Sentence(finding, self.t, self.book)
        if id(rule) not in self._rules:
            self._rules[id(rule)] = _Said.of(rule, self.t.lang, self.book)
        noun, when = self._place(finding.entry, rule)
        return self.t(
            "sentence.whole",
            what=noun,
            when=when,
            about=said.about(),
            said=self._pattern(said),
            grounds=self._rules[id(rule)].grounds,
            shown=said.shown(),
        )

    def _place(self, entry: Entry, rule: Rule) -> tuple[str, str]:
        """The entry as a noun, and when it was: several rules find the same entry one after another."""
        last = self._placed
        if not last or last[0] is not entry or last[1] != rule.clock:
            when = dates.placed(entry.at, zones(entry, rule, self.book), self.t.lang)
            last = self._placed = entry, rule.clock, what(entry, self.t.lang), when
        return last[2:]

    def _pattern(self, said: _Sentence) -> str:
        finding, rule, entry = said.finding, said.rule, said.entry
        own = self._rules[id(rule)]
        number = finding.measured if rule.cap else finding.limit
        text = entry.text if "tags" in own.fields else ""
        key = (id(rule), finding.verdict, number, finding.settles, text, *map(entry.fields.get, own.fields))
        found = self._patterns.get(key)
        if found is None:
            if len(self._patterns) >= _REMEMBERED:
                self._patterns.clear()
            found = self._patterns[key] = said.pattern()
        return found


class _Said(NamedTuple):
    """What all findings of a rule say alike, and the fields by which they differ."""

    rule: Rule
    grounds: str
    fields: tuple[str, ...]

    @classmethod
    def of(cls, rule: Rule, lang: Language, book: Book | None) -> _Said:
        """Where a rule is about tags the text is quoted; who speaks in it, its channel tells, and whether it was recorded before."""
        asked = {test.field for match in (rule.forbid or rule.require or Matches()).any for test in match.tests}
        return cls(rule, grounds(rule, lang, book), tuple(sorted(asked | ({"channel", "automated"} if "tags" in asked else set()))))


class _Sentence:
    """A finding being said."""

    def __init__(self, finding: Finding, t: Phrases, book: Book | None) -> None:
        self.finding, self.t, self.book = finding, t, book
        self.rule, self.entry = finding.rule, finding.entry
        self.allows = _ALLOWS.get(finding.rule.effect, "lawful")

    @property
    def title(self) -> str:
        return self.rule.title.say(self.t.lang)

    def pattern(self) -> str:
        verbs = {"cap": self.cap, "hours": self.hours, "forbid": self.forbid, "require": self.require, "owe": self.owe}
        return self.unclear() if self.finding.verdict is Verdict.UNCLEAR else verbs[self.rule.verb]()

    def about(self) -> str:
        """Which debts, where the entry names others too."""
        if len(self.entry.fields.get("debt", ())) < 2:
            return ""
        debts = list(self.finding.debts)
        return self.t("sentence.about", n=len(debts), debts=self.t.listed(debts))

    def cap(self) -> str:
        low, _, high = self.finding.measured.partition("..")
        return self.counted(int(low), "at-least" if high else "exactly")

    def counted(self, n: int, how: str) -> str:
        """Where the entry stands in its window, and how many that may hold."""
        cap, t = self.rule.cap, self.t
        assert cap
        unit = t("cap.values" if cap.distinct else "cap.times")
        return t(
            "cap.whole",
            nth=t(f"cap.{how}", nth=ordinal(n) if t.lang == "en" else str(n)),
            unit=t("cap.distinct", field=FIELDS[cap.distinct].name.say(t.lang)) if cap.distinct else unit,
            window=spans.window(cap.within, t, self.book),
            keys=t.listed([t("cap.key", field=FIELDS[key].name.say(t.lang)) for key in cap.per]),
            limit=t(f"limit.{self.allows}", n=cap.limit, unit=unit),
        )

    def hours(self) -> str:
        if self.finding.limit == "none":
            return self.t(f"hours.none-{self.allows}")
        return self.t(f"hours.{self.allows}", hours=spans.hours(self.finding.limit, self.t))

    def forbid(self) -> str:
        """The pattern, and the fields that show it; standings are named by the title and shown by the witness."""
        tests = [test for match in (self.rule.forbid or Matches()).any if _may_hold(match.tests, self.entry) for test in match.tests]
        shown = dict.fromkeys(self.value(test) for test in tests if test.field != "while")
        return self.title + (self.t("forbid.shown", fields=self.t.listed(list(shown))) if shown else "")

    def require(self) -> str:
        """The pattern, what was asked for, and what was there instead."""
        ways = [[test for test in match.tests if test.field != "while"] for match in (self.rule.require or Matches()).any]
        asked = dict.fromkeys(self.t.listed([spans.asked(test, self.t) for test in tests]) for tests in ways if tests)
        if not asked:
            return self.title
        found = dict.fromkeys(self.value(test, "require.found") for tests in ways for test in tests)
        return self.title + self.t("require.shown", asked=self.t.listed(list(asked), "list.or"), found=self.t.listed(list(found)))

    def owe(self) -> str:
        assert self.rule.owe
        return self.title + self.t("owe.shown", within=spans.deadline(self.rule.owe.within, self.t))

    def unclear(self) -> str:
        """What is in question, what is sure already, and what would settle it."""
        detail = ""
        if self.rule.cap:
            detail = self.t("unclear.so-far", counted=self.counted(int(self.finding.measured.partition("..")[0]), "exactly"))
        settles = sorted((one for one in self.finding.settles if one), key=lambda one: (one not in FIELDS, one))
        needs = self.t.listed([need(one, self.t.lang) for one in settles]) or self.t("need.unknown")
        return self.t("unclear.whole", title=self.title, detail=detail, needs=needs)

    def value(self, test: Test, key: str = "sentence.field") -> str:
        """The field of a test with what the entry says of it; of its tags only those that the test is about."""
        t, field, values = self.t, FIELDS[test.field], self.entry.fields.get(test.field, ())
        if field.many and not test.negated:
            values = tuple(v for v in values if v in test.values) or values
        said = t.listed([field.words[v].say(t.lang) if v in field.words else v for v in values], "list.and" if field.many else "list.or")
        if test.field == "tags" and not test.negated and self.entry.text:
            told = where(self.entry.text, values, spoken=spoken(self.entry.fields))
            said += t("sentence.quoted", words=t.listed([t("sentence.quote", words=each) for each in told])) if told else ""
        nothing = "sentence.none" if test.field in self.entry.fields else "sentence.unknown"
        return t(key, field=field.name.say(t.lang), value=said or t(nothing))

    def shown(self) -> str:
        """The witness: one entry by name, several by their number and span. The place is named where it is not the judged entry's."""
        witness, t = self.finding.witness, self.t
        if not witness:
            return ""
        here = zones(self.entry, self.rule, self.book)
        ends = []
        for entry in (witness[0], witness[-1]):
            clocks = zones(entry, self.rule, self.book)
            same = clocks == here and len(clocks) == 1
            ends.append(dates.instant(entry.at, clocks[0], t.lang) if same else dates.placed(entry.at, clocks, t.lang))
        if len(witness) > 1:
            return t("witness.many", n=len(witness), first=ends[0], last=ends[1])
        noun = what(witness[0], t.lang)
        return t("witness.one", what=noun[:1].lower() + noun[1:], when=ends[0])


def _may_hold(tests: tuple[Test, ...], entry: Entry) -> bool:
    """Whether no test on a field that is known and exact denies the match; standings are left to the engine."""
    for test in tests:
        values = entry.fields.get(test.field)
        if values is None or test.field == "while" or test.is_bound or "*" in values or (len(values) > 1 and not FIELDS[test.field].many):
            continue
        if any(map(test.covers, values)) == test.negated:
            return False
    return True


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
