"""A rule in plain sentences, as one would explain it to somebody who has never seen a law file. It knows verbs and fields, no rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from forbear.findings import dates, spans
from forbear.findings.phrases import phrases
from forbear.findings.wording import Wording, fact
from forbear.records.hours import Interval
from forbear.rulebook.book import Book
from forbear.rulebook.match import Match, Matches, Test
from forbear.rulebook.rate import RateCap
from forbear.rulebook.rule import Rule
from forbear.rulebook.say import interval
from forbear.rulebook.verbs import Cap, DayHours
from forbear.rulebook.window import Window
from forbear.terms import DAYS, FIELDS, Language

_PURPOSES: Final = frozenset({"asks-location", "asks-consent", "confirms-opt-out", "legal-notice"})
"""What a contact may be for: where a rule asks for one of these, nothing else is allowed; all other tags say what a contact holds."""


def plainly(law: Rule | RateCap, book: Book, lang: Language) -> str:
    """What a rule or a rate cap asks, of whom and when, what is exempt, and what follows: some sentences."""
    said = rate(law, Wording(book, lang)) if isinstance(law, RateCap) else _Plain(law, book, lang).sentences()
    return phrases(lang)("list.sentence").join(one[:1].upper() + one[1:] for one in said)


def brief(law: Rule | RateCap, book: Book, lang: Language) -> str:
    """The hours, or the number and its window: what a cell of a table holds. The title where the verb has neither."""
    if isinstance(law, RateCap):
        words = Wording(book, lang)
        return words.t("rate.brief", most=_most(law, words))
    return _Plain(law, book, lang).brief()


def aside(rule: Rule, book: Book, lang: Language) -> list[str]:
    """Of what a brief holds: channel and place, whom and who, which debts, what is counted for whom, and whether there are exceptions."""
    return list(_Plain(rule, book, lang).aside())


def rate(cap: RateCap, words: Wording) -> Iterator[str]:
    """A rate cap, what it is from which day on if it follows a published rate, and how it counts."""
    yield words.t("rate.whole", **words.slots(cap.applies.tests), most=_most(cap, words))
    if cap.rate.of:
        days = [(dates.date(day, words.t.lang), n) for day, n in words.book.ceiling(cap).since]
        said = [words.t("rate.unknown", day=day) if n is None else words.t("rate.from", day=day, n=f"{n:g}") for day, n in days]
        yield words.t("rate.days", value=words.t("list.case").join(said))
    yield words.t(f"rate.{cap.rate.counted}")


def _most(cap: RateCap, words: Wording) -> str:
    follows, rate = words.book.followed(cap), cap.rate
    if follows is None:
        return words.t("rate.annual", n=f"{rate.annual:g}")
    return words.t("rate.times", n=f"{rate.times:g}", name=follows.name.say(words.t.lang))


class _Plain:
    """A rule being said."""

    def __init__(self, rule: Rule, book: Book, lang: Language) -> None:
        self.rule, self.words = rule, Wording(book, lang)
        self.t = self.words.t
        advised = rule.effect == "advised-against"
        self.modals = {
            "must": self.t("modal.should" if advised else "modal.must"),
            "must_not": self.t("modal.should-not" if advised else "modal.must-not"),
            "may": self.t("modal.should" if advised else "modal.may"),
        }

    def sentences(self) -> Iterator[str]:
        """The verb first, then what it counts, what is exempt, and what follows."""
        yield from getattr(self, self.rule.verb)()
        yield from self.outcomes("cap" if self.rule.cap else "rule")
        if self.rule.unless.any:
            yield self.t("unless.whole", value=self.t("list.case").join(map(self.words.noun, self.rule.unless.any)))
        if f"effect.{self.rule.effect}" in self.t.texts:
            yield self.t(f"effect.{self.rule.effect}")

    def parts(self, *tests: Test) -> dict[str, str]:
        """The parts of the sentence: those of `applies` with these tests beside them."""
        seen = [test for test in (*self.rule.applies.tests, *tests) if test.field != "outcome" or test in tests]
        slots = self.words.slots(seen)
        if not fact(seen) and not any(test.field == "direction" for test in seen):
            slots["both"] = self.t("slot.both-ways")
        done = {"do": self.words.do(seen, slots), "doing": self.words.do(seen, slots, "ing")}
        return {**slots, **self.modals, **done, "who": self.words.who(seen)}

    def forbid(self) -> Iterator[str]:
        for match in (self.rule.forbid or Matches()).any:
            yield self.banned(match)

    def banned(self, match: Match) -> str:
        """What a text holds is forbidden by its verb, all else by the contact; a text without something has to hold it."""
        acts = [test for test in match.tests if test.field == "tags"]
        parts = self.parts(*(test for test in match.tests if test.field != "tags"))
        if not acts:
            return self.t("forbid.whole", **parts)
        said = self.words.words("tags", (value for test in acts for value in test.values))
        return self.t("require.acts" if acts[0].negated else "forbid.acts", **parts, acts=said)

    def require(self) -> Iterator[str]:
        for match in (self.rule.require or Matches()).any:
            acts = [test for test in match.tests if test.field == "tags" and not test.negated]
            if len(acts) == len(match.tests) == 1:
                aimed = set(acts[0].values) <= _PURPOSES
                yield self.t("require.aim" if aimed else "require.acts", **self.parts(), acts=self.words.words("tags", acts[0].values))
            else:
                yield self.t("require.whole", **self.parts(), asked="".join(map(self.asked, match.tests)))

    def asked(self, test: Test) -> str:
        """What has to be so."""
        if test.field != "while":
            return self.t("require.other", value=self.words.asked(test))
        how = "not" if test.negated else "any" if len(test.values) > 1 else "case"
        return self.t(f"require.{how}", value=self.words.titles(test))

    def hours(self) -> Iterator[str]:
        assert self.rule.hours
        zone = self.rule.clock
        clock = self.t("hours.consumer") if zone == "consumer" else self.t("hours.zone", zone=self.words.zone(zone))
        yield self.t("hours.whole", **self.parts(), clock=clock, hours=self.week(self.rule.hours))

    def week(self, hours: DayHours, *, short: bool = False) -> str:
        """The hours of a week: days that follow one another with the same hours are named together."""
        named: list[tuple[list[str], str]] = []
        for day in (*DAYS, *(("holiday",) if "holiday" in hours.days else ())):
            said = self.t.listed([self.interval(each) for each in hours.days.get(day, ())], "list.and") or self.t("hours.none")
            if named and named[-1][1] == said:
                named[-1][0].append(day)
            else:
                named.append(([day], said))
        return self.t("list.case").join(self.t("hours.day", day=self.days(days, short=short), hours=said) for days, said in named)

    def days(self, days: list[str], *, short: bool) -> str:
        """`Monday to Friday`, `Saturday and Sunday`, `every day`; holidays beside them."""
        names = [(self.t if short else phrases(self.t.lang))(f"day.{day}") for day in days if day != "holiday"]
        if len(names) > 2:
            names = [self.t("hours.daily" if len(names) == len(DAYS) else "hours.range", first=names[0], last=names[-1])]
        holiday = self.t("hours.holiday-short" if short else "hours.holiday")
        return self.t.listed([*names, *([holiday] if "holiday" in days else [])], "list.and")

    def interval(self, each: Interval) -> str:
        return spans.hours(interval(each), phrases(self.t.lang))

    def cap(self) -> Iterator[str]:
        cap = self.rule.cap
        assert cap
        parts = {**self.parts(*cap.when.tests), **self.counted(cap)}
        yield self.t("cap.distinct" if cap.distinct else "cap.times", **parts)
        summed = [key for key in ("agency", "debt") if key not in cap.per and cap.distinct != key]
        together = self.t("cap.together", value=self.t.listed([self.t(f"cap.{key}") for key in summed], "list.and")) if summed else ""
        yield self.t("cap.per", keys=parts["keys"], together=together)
        if cap.free:
            quotas = [
                self.t("free.quota", times=self.times(f.limit), noun=self.words.noun(f.match), window=self.window(f.within))
                for f in cap.free
            ]
            yield self.t("free.whole", value=self.t("list.case").join(quotas))

    def times(self, n: int) -> str:
        return self.t("cap.once") if n == 1 else self.t("cap.more", n=n)

    def counted(self, cap: Cap) -> dict[str, str | int]:
        """The number of a cap, its window, for whom it is counted, and what."""
        keys = self.t.listed([FIELDS[key].name.say(self.t.lang) for key in cap.per], "list.and")
        field = FIELDS[cap.distinct].name.say(self.t.lang) if cap.distinct else ""
        return {"n": cap.limit, "times": self.times(cap.limit), "window": self.window(cap.within), "keys": keys, "field": field}

    def window(self, within: Window) -> str:
        """How long the count goes on."""
        if within.standing is not None:
            return self.t("within.while", title=self.words.title(within.standing))
        if within.week_from is not None:
            ends = [phrases(self.t.lang)(f"day.{DAYS[(within.week_from + n) % 7]}") for n in (0, 6)]
            return self.t("within.week", day=ends[0], last=ends[1])
        span = within.span
        if span is None:
            return self.t("within.calendar" if within.month else "within.ever")
        if span.n == 1 and not span.after and span.unit in ("day", "month"):
            return self.t("within.today" if span.unit == "day" else "within.month")
        return self.t(f"within.{spans.unit(span)}", n=span.n)

    def owe(self) -> Iterator[str]:
        owe = self.rule.owe
        assert owe
        asked = [self.words.words("kind", test.values) for match in owe.entry.any for test in match.tests if test.field == "kind"]
        within = spans.deadline(owe.within, phrases(self.t.lang))
        yield self.t("owe.whole", **self.parts(), within=within, asked=self.t.listed(asked, "list.or"))

    def outcomes(self, form: str) -> Iterator[str]:
        """Which outcomes are meant: of a cap those that count."""
        for test in self.rule.applies.tests:
            if test.field == "outcome":
                yield self.t(f"ended.{form}{'-not' if test.negated else ''}", value=self.words.words("outcome", test.values))

    def brief(self) -> str:
        """The number or the hours alone."""
        cap = self.rule.cap
        if self.rule.hours:
            return self.week(self.rule.hours, short=True)
        if cap is None:
            return self.rule.title.say(self.t.lang)
        return self.t("cap.values" if cap.distinct else "cap.brief", **self.counted(cap))

    def aside(self) -> Iterator[str]:
        """What `brief` leaves out, each part by itself."""
        parts = self.parts(*(self.rule.cap.when.tests if self.rule.cap else ()))
        if not parts["by"]:
            yield self.t("cap.any-way")
        for slot in ("by", "place", "for", "with", "from", "about", "case"):
            if parts[slot] and (slot != "with" or Test("party", ("consumer",)) not in self.rule.applies.tests):
                yield parts[slot].strip(" ，（）")
        if self.rule.cap:
            yield from self.outcomes("brief")
            yield self.t("cap.keys", **self.counted(self.rule.cap))
        if self.rule.unless.any:
            yield self.t("cap.except")
