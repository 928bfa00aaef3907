"""The rule language of docs/rules.md read a second time: is an entry surely a breach, given these entries before it and nothing else?

It shares no line with the engine and needs the standard library only. An entry is {"entry_id", "at", "known_at",
"fields": {name: [values]}}, its times in Unix seconds; a field that is not there is unknown.
"""
# What the arguments are is said once, at the top of Law.
# ruff: noqa: ANN001, ANN201, ANN202, ANN204, D102, D103

import calendar
import copy
import datetime as dt
import re
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
SEVERAL = ("debt", "tags")  # hold all their values at once; any other field holds one of those it names
EVERYWHERE = [f"Etc/GMT{n:+d}" for n in range(-14, 13)]
NEVER = float("inf")
PICK = (all, any)  # PICK[doubt]: what is open counts only if every possibility agrees, or as soon as one does


def listed(raw, *, looking=False, apart=()):
    """Alternatives as [(tests, table)]; looking over a timeline, a match that names no kind looks only at contacts."""
    base = {"kind": "contact"} if looking else {}
    return [(base | {k: v for k, v in way.items() if k not in apart}, way) for way in (raw if isinstance(raw, list) else [raw])]


def table(hours):
    """{"mon-fri": "[18:00,24:00)"} -> {"mon": [(first second in, first second out)], ..}."""
    found = {}
    for key, text in hours.items():
        first, _, last = key.partition("-")
        names = DAYS if key == "daily" else DAYS[DAYS.index(first) : DAYS.index(last) + 1] if last else [key]
        parts = re.findall(r"([\[(])([\d:]+),([\d:]+)([\])])", text.replace(" ", "") if text else "")
        spans = [(second(a) + (opens == "("), second(b) + (closes == "]")) for opens, a, b, closes in parts]
        found |= dict.fromkeys(names, spans)
    return found


def second(clock):
    return sum(int(part) * unit for part, unit in zip(clock.split(":"), (3600, 60, 1), strict=False))


def views(e, debts):
    """A contact about several debts is judged once for each."""
    return [e | {"fields": e["fields"] | {"debt": [debt]}} for debt in debts] or [e]


class Law:
    """A law folder, and what it says of an entry `e` when `past` are the entries before it, in order.

    Each question has a `doubt`: False asks "surely?", True asks "perhaps?", the unknown read as yes. Not surely is perhaps not.
    A date is an ordinal; a bound is the first date outside: the earliest and the latest that it can be, `NEVER` if no calendar tells.
    """

    def __init__(self, folder):
        self.rules, self.standings, self.places = [], {}, {}
        for file in sorted(Path(folder).rglob("*.toml")):
            raw = tomllib.loads(file.read_text(encoding="utf-8"))
            if "zones" in raw:
                self.places[file.parent.name] = raw
            elif "opens" in raw:
                opens = listed(raw["opens"], looking=True, apart=("in_a_row", "days_in_a_row", "starts", "lasts"))
                self.standings[raw["id"]] = raw | {"opens": opens, "closes": listed(raw.get("closes", []), looking=True)}
            elif "applies" in raw and "rate" not in raw:
                self.rules.append(raw)

    def of_day(self, day):
        """The law of one day, as if it had been so always: without what was not in force on it, and without dates."""
        law = copy.copy(self)
        law.rules = [r | {"from": dt.date.min, "until": dt.date.max} for r in self.rules if r["from"] <= day <= r.get("until", day)]
        return law

    def place(self, name):
        while name and name not in self.places:
            name = name.rpartition("-")[0]
        return self.places.get(name, {})

    def walls(self, e, law):
        """What the clocks of all candidate zones show."""
        zones = [law["clock"]] if law.get("clock", "consumer") != "consumer" else e["fields"].get("zone")
        zones = zones or [z for j in e["fields"].get("jurisdiction", [""]) for z in self.place(j).get("zones", EVERYWHERE)]
        return [dt.datetime.fromtimestamp(e["at"], ZoneInfo(zone)) for zone in zones]

    def dates(self, e, law):
        return {wall.toordinal() for wall in self.walls(e, law)}

    def day_keys(self, date, law):
        """Under which keys the hours of a date stand: its weekday, `holiday`, or both if it is perhaps one or its year was not gazetted."""
        day, name, year = dt.date.fromordinal(date), DAYS[(date + 6) % 7], self.year(date, law)
        if law.get("calendar") and (year is None or day in year.get("perhaps", [])):
            return [name, "holiday"]
        return ["holiday" if year and day in year["holidays"] else name]

    def year(self, date, law):
        years = self.place(law.get("calendar", "")).get("calendar", {}).get("years", [])
        return next((y for y in years if y["year"] == dt.date.fromordinal(date).year), None)

    def end(self, date, text, law):
        """The bound of a span that begins on `date`."""
        number, unit, after = re.fullmatch(r"(\d+) (day|business day|month)s?( after)?", text).groups()
        if date == NEVER:
            return NEVER, NEVER
        n, day = int(number), dt.date.fromordinal(date)
        if unit == "month":
            year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
            return (dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1])).toordinal(),) * 2
        if unit == "business day":
            return tuple(self.business_day(date, n, law, late) + 1 for late in (False, True))
        return (date + n + bool(after),) * 2

    def business_day(self, date, n, law, late):
        """The earliest that the `n`th business day after a date can be, or the latest."""
        while n:
            date += 1
            if DAYS[(date + 6) % 7] in self.place(law["calendar"]).get("weekend", DAYS[5:]):
                continue
            if late and self.year(date, law) is None:
                return NEVER
            keys = self.day_keys(date, law)
            n -= keys[0] != "holiday" and not (late and len(keys) > 1)
        return date

    def before(self, e, bounds, law, doubt):
        return PICK[doubt](today < bound[doubt] for today in self.dates(e, law) for bound in bounds)

    def within(self, e, earlier, text, law, doubt):
        dates = self.dates(earlier, law)
        if text == "ever":
            return True
        if "minute" in text:
            return e["at"] < earlier["at"] + int(text.split()[0]) * 60
        if text == "calendar month" or text.startswith("week from "):
            first = DAYS.index([*text.split(), "mon"][2][:3])
            unit = (lambda d: (d + 6 - first) // 7) if "week" in text else lambda d: dt.date.fromordinal(d).replace(day=1)
            return PICK[doubt](unit(a) == unit(b) for a in self.dates(e, law) for b in dates)
        return self.before(e, [self.end(date, text, law) for date in dates], law, doubt)

    def in_hours(self, e, hours, law, doubt):
        walls = [(second(f"{wall:%H:%M:%S}"), spans) for wall in self.walls(e, law) for spans in self.lawful(wall, hours, law)]
        return PICK[doubt](any(first <= shown < out for first, out in spans) for shown, spans in walls)

    def lawful(self, wall, hours, law):
        """The hours of a day: two answers where nobody knows whether it is a holiday; a holiday that is not named is its weekday."""
        allowed = table(hours)
        weekday = allowed.get(DAYS[wall.weekday()], [])
        return [allowed.get("holiday", weekday) if key == "holiday" else weekday for key in self.day_keys(wall.toordinal(), law)]

    def any_of(self, ways, e, past, doubt):
        return any(all(self.test(*test, e, past, doubt) for test in tests.items()) for tests, _ in ways)

    def test(self, field, want, e, past, doubt):
        negated = isinstance(want, dict) and "not" in want
        words = want["not"] if negated else want
        words, values = [words] if isinstance(words, str) else words, e["fields"].get(field)
        if field == "while":
            near = ((self.standings[name], k) for name in words for k in range(len(past)))
            return any(self.opened(standing, k, e, past, doubt != negated) for standing, k in near) != negated
        if values is None:
            return doubt
        if isinstance(words, dict):
            return PICK[doubt](words.get("at_least", -1e99) <= float(v) <= words.get("at_most", 1e99) for v in values)
        hits = [v in words or (field == "jurisdiction" and any(v.startswith(f"{w}-") for w in words)) for v in values]
        if field in SEVERAL:
            return any(hits) != negated
        return PICK[doubt](v == "*" or hit != negated for v, hit in zip(values, hits, strict=True))

    def shares(self, per, e, other, doubt):
        for key in per:
            mine, its = e["fields"].get(key), other["fields"].get(key)
            if ["*"] in (mine, its) or (doubt and None in (mine, its)):
                continue
            if None in (mine, its) or not set(mine) & set(its) or not (doubt or key in SEVERAL or len(mine) == len(its) == 1):
                return False
        return True

    def opened(self, standing, k, e, past, doubt):
        """Did the entry at `k` open the standing so that it still holds for `e`?"""
        keys, its = [key for key in standing["per"] if key != "hours"], past[k]

        def closed(m, doubt):
            return self.any_of(standing["closes"], past[m], past[:m], doubt) and self.shares(keys, e, past[m], doubt)

        if not self.shares(keys, e, its, doubt) or any(closed(m, not doubt) for m in range(k + 1, len(past))):
            return False
        if "hours" in standing["per"]:
            named = dict(pair for text in its["fields"].get("hours", ()) for pair in re.findall(r"([a-z-]+)([^a-z]+)", text))
            if not (self.in_hours(e, named, {}, doubt) if named else doubt):
                return False
        until = [(dt.date.fromisoformat(text).toordinal() + 1,) * 2 for text in its["fields"].get("until", [])]
        if until and not self.before(e, until, standing, doubt):
            return False
        return any(
            self.in_span(standing, way, k, e, past, doubt) and self.in_row(standing, way, k, e, past, closed, doubt)
            for way in standing["opens"]
        )

    def in_span(self, standing, way, k, e, past, doubt):
        bounds = [(date, date) for date in self.dates(past[k], standing)]
        if starts := way[1].get("starts"):  # what is outside "1 day after" begins two dates on: the standing one
            bounds = [tuple(out - 1 for out in self.end(date, starts, standing)) for date, _ in bounds]
            if self.before(e, bounds, standing, not doubt):
                return False
        lasts = way[1].get("lasts", "minutes")
        if "minute" in lasts:
            return lasts == "minutes" or self.within(e, past[k], lasts, standing, doubt)
        ends = [(self.end(first, lasts, standing)[0], self.end(last, lasts, standing)[1]) for first, last in bounds]
        return self.before(e, ends, standing, doubt)

    def in_row(self, standing, way, k, e, past, closed, doubt):
        """Does the entry at `k` open, or end a row of openers that does?"""
        keys, row = [key for key in standing["per"] if key != "hours"], []
        if not self.any_of([way], past[k], past[:k], doubt):
            return False
        for m in reversed(range(k + 1)):
            if m < k and closed(m, not doubt):
                break
            if self.any_of([way], past[m], past[:m], doubt) and self.shares(keys, e, past[m], doubt):
                row.append(self.dates(past[m], standing))
        days, enough = way[1].get("days_in_a_row"), len(row) >= way[1].get("in_a_row", 1)
        marks = {date for dates in row for date in dates if doubt or len(dates) == 1}
        return enough and (not days or any(all(date - n in marks for n in range(days)) for date in row[0] if doubt or len(row[0]) == 1))

    def in_force(self, rule, e, doubt):
        first, last = rule["from"].toordinal(), rule.get("until", dt.date.max).toordinal()
        return PICK[doubt](first <= date <= last for date in self.dates(e, rule))

    def seen(self, rule, e, past, doubt):
        applies, unless = listed(rule["applies"], looking=True), listed(rule.get("unless", []))
        return self.any_of(applies, e, past, doubt) and not self.any_of(unless, e, past, not doubt)

    def counted(self, rule, e, past, doubt):
        """Seen, and not left out by a quota that is not used up yet."""
        for free in listed(rule["cap"].get("free", []), apart=("limit", "within")):
            near = [k for k in range(len(past)) if self.near(rule, e, k, past, free[1]["within"], doubt)]
            used = [k for k in near if self.any_of([free], past[k], past[:k], doubt) and self.seen(rule, past[k], past[:k], doubt)]
            if self.any_of([free], e, past, not doubt) and len(used) < free[1]["limit"]:
                return False
        return self.seen(rule, e, past, doubt)

    def near(self, rule, e, k, past, text, doubt):
        """Does the entry at `k` share the keys of the cap and lie in the window?"""
        if not self.shares(rule["cap"]["per"], e, past[k], doubt):
            return False
        if not text.startswith("while "):
            return self.within(e, past[k], text, rule, doubt)
        now = e | {"fields": past[k]["fields"]}  # the standing that the earlier entry itself opened still holds
        return self.opened(self.standings[text.removeprefix("while ")], k, now, past, doubt)

    def hits(self, rule, e, past, doubt):
        """The earlier entries that a cap counts with `e`."""
        for k, other in enumerate(past):
            mine, its = e["fields"].get("debt", []), other["fields"].get("debt", [])
            same = mine if "debt" in rule["cap"]["per"] and set(mine) <= set(its) else []
            if self.near(rule, e, k, past, rule["cap"]["within"], doubt):
                yield from [other] * any(self.counted(rule, o, past[:k], doubt) for o in views(other, same or its))

    def count(self, rule, e, past):
        """How many the cap surely counts, `e` included; 0 if `e` brings no value that is surely new."""
        field, sure = rule["cap"].get("count", "entries").partition("distinct ")[2], list(self.hits(rule, e, past, doubt=False))
        if not field:
            return 1 + len(sure)
        mine = e["fields"].get(field, [])
        if len(mine) != 1 or any(mine[0] in o["fields"].get(field, mine) for o in self.hits(rule, e, past, doubt=True)):
            return 0
        return 1 + len({o["fields"][field][0] for o in sure if len(o["fields"].get(field, [])) == 1})

    def breach(self, rule, e, past):
        """Is `e`, about one debt, surely a breach (or departure), given these entries before it and nothing else?"""
        if not self.in_force(rule, e, doubt=False) or not self.seen(rule, e, past, doubt=False):
            return False
        if "cap" in rule:
            when = self.any_of(listed(rule["cap"].get("when", {})), e, past, doubt=False)
            return when and self.counted(rule, e, past, doubt=False) and self.count(rule, e, past) > rule["cap"]["limit"]
        if "hours" in rule:
            return not self.in_hours(e, rule["hours"], rule, doubt=True)
        if "forbid" in rule:
            return self.any_of(listed(rule["forbid"]), e, past, doubt=False)
        return not self.any_of(listed(rule["require"]), e, past, doubt=True)
