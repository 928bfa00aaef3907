"""A second reading of the rule language, in two values, for timelines of which everything is known.

It was written from the text of `docs/rules.md` alone and works on the tables of TOML, so that an error of `engines/plain` would have to be
made twice to stay hidden. Nothing here is fast, and nothing is imported from the engines.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

from forbear.records.entry import Entry, order

Raw = dict[str, Any]
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ONE = dt.timedelta(1)


def listed(value: object) -> list[Any]:
    """A single table or word stands for a list of one."""
    return value if isinstance(value, list) else [value]


def sides(entry: Entry) -> list[Entry]:
    """One for each debt that it names."""
    return [entry.but(debt=(debt,)) for debt in entry.fields["debt"]]


class Reading:
    """One law over one complete timeline."""

    def __init__(self, rule: Raw, standings: dict[str, Raw], place: Raw, entries: list[Entry]) -> None:
        self.rule, self.standings, self.place = rule, standings, place
        self.entries = sorted(entries, key=order)

    def breach(self, i: int) -> bool:
        """Whether the entry at `i` is a breach, about any of its debts."""
        return any(self._breach(side, i) for side in sides(self.entries[i]))

    def _breach(self, entry: Entry, i: int) -> bool:
        rule, today = self.rule, self.date(entry, self.rule)
        if not self.counted(entry, i) or today < rule["from"] or ("until" in rule and today > rule["until"]):
            return False
        if "hours" in rule:
            key = "holiday" if "holiday" in rule["hours"] and self.holiday(today) else DAYS[today.weekday()]
            return not self.lies(self.wall(entry, rule), rule["hours"], key)
        if "forbid" in rule:
            return any(self.match(m, entry, i) for m in listed(rule["forbid"]))
        if "require" in rule:
            return not any(self.match(m, entry, i) for m in listed(rule["require"]))
        if "cap" in rule:
            return self.match(rule["cap"].get("when", {}), entry, i) and self.over(entry, i)
        return not any(self.answers(entry, k) for k in range(i + 1, len(self.entries)))

    # Which entries a rule sees, and counts.

    def seen(self, entry: Entry, i: int) -> bool:
        """Matches applies, no exemption."""
        return self.match(self.rule["applies"], entry, i, looks=True) and not any(
            self.match(m, entry, i) for m in listed(self.rule.get("unless", []))
        )

    def counted(self, entry: Entry, i: int) -> bool:
        """Seen, and not left out by a quota."""
        cap = self.rule.get("cap", {})
        return self.seen(entry, i) and not any(self.left_out(free, entry, i) for free in cap.get("free", []))

    def left_out(self, free: Raw, entry: Entry, i: int) -> bool:
        """At most `limit` of its sort, itself included, lie in its own trailing window."""
        tests = {key: value for key, value in free.items() if key not in ("limit", "within")}

        def same_sort(its: Entry, j: int) -> bool:
            return self.match(tests, its, j) and self.seen(its, j)

        if not same_sort(entry, i):
            return False
        per = self.rule["cap"]["per"]
        others = sum(
            any(same_sort(s, j) and self.inside(free["within"], entry, s, j, i) for s in self.about(entry, j, per)) for j in range(i)
        )
        return 1 + others <= free["limit"]

    def about(self, entry: Entry, j: int, per: list[str]) -> list[Entry]:
        """The entry at `j` for each of its debts, those only that share the keys with `entry`."""
        return [side for side in sides(self.entries[j]) if self.shares(per, entry, side)]

    def over(self, entry: Entry, i: int) -> bool:
        """More than `limit` in the window, itself included."""
        cap, field = self.rule["cap"], self.rule["cap"].get("count", "entries").removeprefix("distinct ")
        found = [
            j
            for j in range(i)
            if any(self.counted(s, j) and self.inside(cap["within"], entry, s, j, i) for s in self.about(entry, j, cap["per"]))
        ]
        if field == "entries":
            return 1 + len(found) > cap["limit"]
        values = {self.entries[j].fields[field] for j in found}
        return entry.fields[field] not in values and 1 + len(values) > cap["limit"]

    def answers(self, entry: Entry, k: int) -> bool:
        """What is owed, in time."""
        owe = self.rule["owe"]
        for its in self.about(entry, k, owe["per"]):
            if any(self.match(m, its, k, looks=True) for m in listed(owe["entry"])):
                if "minute" in owe["within"]:
                    return its.at - entry.at < 60 * int(owe["within"].split()[0])
                return self.date(its, self.rule) < self.end(self.date(entry, self.rule), owe["within"])
        return False

    # Matches.

    def match(self, tests: Raw, entry: Entry, i: int, *, looks: bool = False) -> bool:
        """All tests hold."""
        if looks and "kind" not in tests and entry.fields["kind"] != ("contact",):
            return False
        return all(self.test(field, wanted, entry, i) for field, wanted in tests.items())

    def test(self, field: str, wanted: Any, entry: Entry, i: int) -> bool:
        """One test of a match."""
        negated = isinstance(wanted, dict) and "not" in wanted
        words = listed(wanted["not"] if negated else wanted)
        if field == "while":
            return any(self.holds(name, entry, i) for name in words) != negated
        values = entry.fields[field]
        if isinstance(wanted, dict) and not negated:
            return wanted.get("at_least", -9e9) <= float(values[0]) <= wanted.get("at_most", 9e9)
        return values == ("*",) or any(value in words for value in values) != negated

    def shares(self, per: list[str], one: Entry, other: Entry) -> bool:
        """Every key is the same, or one says that it is for all."""
        pairs = [(one.fields[key], other.fields[key]) for key in per if key != "hours"]
        return all(a == ("*",) or b == ("*",) or set(a) & set(b) for a, b in pairs)

    # Standings.

    def holds(self, name: str, entry: Entry, i: int) -> bool:
        """Opened by an earlier entry whose span covers this one, and not closed since."""
        standing = self.standings[name]
        return any(
            entry.at >= its.at and self.opened(standing, opener, its, j, entry, i)
            for j in range(i)
            for its in self.about(entry, j, standing["per"])
            for opener in standing["opens"]
        )

    def opens(self, opener: Raw, its: Entry, j: int) -> bool:
        """The tests of an opener."""
        own = ("in_a_row", "days_in_a_row", "starts", "lasts")
        return self.match({key: value for key, value in opener.items() if key not in own}, its, j, looks=True)

    def opened(self, standing: Raw, opener: Raw, its: Entry, j: int, entry: Entry, i: int) -> bool:
        """Whether `its`, at `j`, opened the standing so that it holds for `entry`."""
        if not self.opens(opener, its, j) or any(self.closes(standing, k, entry) for k in range(j + 1, i)):
            return False
        if "hours" in standing["per"] and not self.named(entry, its):
            return False
        row = [j]
        for k in range(j - 1, -1, -1):
            # A closer may be the first of a row, but not lie between two of it.
            if any(self.opens(opener, side, k) for side in self.about(entry, k, standing["per"])):
                row.append(k)
            if self.closes(standing, k, entry):
                break
        dates = {self.date(self.entries[k], standing) for k in row}
        first = self.date(its, standing)
        if len(row) < opener.get("in_a_row", 1) or any(first - n * ONE not in dates for n in range(opener.get("days_in_a_row", 0))):
            return False
        today = self.date(entry, standing)
        if "starts" in opener:
            first = self.end(first, opener["starts"]) - ONE
            if today < first:
                return False
        if "until" in its.fields and today > dt.date.fromisoformat(its.fields["until"][0]):
            return False
        if "minute" in opener.get("lasts", ""):
            return entry.at - its.at < 60 * int(opener["lasts"].split()[0])
        return "lasts" not in opener or today < self.end(first, opener["lasts"])

    def closes(self, standing: Raw, k: int, entry: Entry) -> bool:
        """Whether the entry at `k` closes the standing for the keys of `entry`."""
        sides_ = self.about(entry, k, standing["per"])
        return any(self.match(m, side, k, looks=True) for side in sides_ for m in listed(standing.get("closes", [])))

    def named(self, entry: Entry, its: Entry) -> bool:
        """The local time of `entry` lies in the hours that `its` names."""
        hours = dict(re.findall(r"([a-z-]+)([^a-z]+)", its.fields["hours"][0]))
        now = self.wall(entry, {})
        return self.lies(now, hours, DAYS[now.weekday()])

    # Windows.

    def inside(self, within: str, entry: Entry, its: Entry, j: int, i: int) -> bool:
        """Whether `its` still counts together with `entry`."""
        today, then = self.date(entry, self.rule), self.date(its, self.rule)
        if within == "ever":
            return True
        if within == "calendar month":
            return (today.year, today.month) == (then.year, then.month)
        if within.startswith("week"):
            # A week from Sunday is the week from Monday of the day after.
            return (then + ONE).isocalendar()[:2] == (today + ONE).isocalendar()[:2]
        if within.startswith("while "):
            standing = self.standings[within.removeprefix("while ")]
            now = its.but(zone=entry.fields["zone"])
            now = type(now)(entry_id="", at=entry.at, known_at=entry.known_at, fields=now.fields)
            return any(self.opened(standing, opener, its, j, now, i) for opener in standing["opens"])
        if "minute" in within:
            return 0 <= entry.at - its.at < 60 * int(within.split(maxsplit=1)[0])
        return its.at <= entry.at and today < self.end(then, within)

    def end(self, day: dt.date, span: str) -> dt.date:
        """The first date outside a span that begins on `day`."""
        n = int(span.split(maxsplit=1)[0])
        if "month" in span:
            year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
            while True:
                try:
                    return day.replace(year=year, month=month + 1)
                except ValueError:
                    day -= ONE
        if "business" in span:
            while n:
                day += ONE
                n -= day.weekday() < 5 and not self.holiday(day)
            return day + ONE
        return day + n * ONE + (ONE if "after" in span else ONE * 0)

    # Time.

    def wall(self, entry: Entry, law: Raw) -> dt.datetime:
        """What the wall clock shows."""
        clock = law.get("clock", "consumer")
        return dt.datetime.fromtimestamp(entry.at, ZoneInfo(entry.fields["zone"][0] if clock == "consumer" else clock))

    def date(self, entry: Entry, law: Raw) -> dt.date:
        """The date of the place, or of the fixed clock."""
        return self.wall(entry, law).date()

    def holiday(self, day: dt.date) -> bool:
        """Whether the calendar has it."""
        return any(day in year["holidays"] for year in self.place["calendar"]["years"])

    def lies(self, now: dt.datetime, hours: Raw, key: str) -> bool:
        """Whether the wall clock lies in one of the intervals of a day."""
        for days, text in hours.items():
            begin, _, end = days.partition("-")
            span = DAYS if days == "daily" else [days] if not end else DAYS[DAYS.index(begin) : DAYS.index(end) + 1]
            for opens, low, high, closes in re.findall(r"([\[(])([\d:]+),([\d:]+)([\])])", text or "") if key in span else []:
                first, clock, last = f"{low}:00"[:8], now.strftime("%H:%M:%S"), f"{high}:00"[:8]
                if (first <= clock if opens == "[" else first < clock) and (clock < last if closes == ")" else clock <= last):
                    return True
        return False
