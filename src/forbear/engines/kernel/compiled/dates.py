"""Time in three values, compiled: local dates and hours, dates in force, windows and spans (`engines.times`)."""

from __future__ import annotations

from forbear.engines.kernel.arrays import EVER, MINUTES, R_CALENDAR, R_CLOCK, R_HOURS, R_N, R_SINCE, R_TABLE, R_UNTIL, R_WINDOW, SPAN, WEEK
from forbear.engines.kernel.compiled.jit import entrance, jit, part
from forbear.engines.kernel.compiled.pointers import bare
from forbear.engines.kernel.days import DAY
from forbear.engines.kernel.table import NO, UNKNOWN, YES
from forbear.records.clock import EPOCH_DAY
from forbear.rulebook.place import ENDLESS


@part
def local_time(table, zone, at):
    """(day, second of the day) at an instant in a zone."""
    low, high = table.moved.start[zone] // 2, table.moved.start[zone + 1] // 2 - 1
    while low < high:
        middle = (low + high + 1) // 2
        if table.moved.items[2 * middle] <= at:
            low = middle
        else:
            high = middle - 1
    shown = at + table.moved.items[2 * low + 1]
    day = shown // DAY
    return day + EPOCH_DAY, shown - day * DAY


@entrance
def settle_days(table, clocks, days):
    """First and last candidate day of every entry by every clock: `days[entry, 2 * clock]`, `days[entry, 2 * clock + 1]`."""
    settle(table, clocks, bare(days), 0, len(table.at))


@jit
def settle(table, clocks, days, first, last):
    """The same for the entries from `first` to before `last`."""
    for i in range(first, last):
        for clock in range(clocks):
            where = table.zones[i] if clock == 0 else clock
            low, high = 1 << 60, -1
            for z in range(table.candidates.start[where], table.candidates.start[where + 1]):
                day, _ = local_time(table, table.candidates.items[z], table.at[i])
                low, high = min(low, day), max(high, day)
            days[i, 2 * clock], days[i, 2 * clock + 1] = low, high


@part
def before(low, high, first, last):
    """Is a date in [low, high] before a bound in [first, last], whichever candidates hold?"""
    if high < first:
        return YES
    return NO if low >= last else UNKNOWN


@part
def in_force(law, days, rule, i):
    """Is the rule in force on the date of the entry?"""
    clock = law.rule[rule, R_CLOCK]
    low, high = days[i, 2 * clock], days[i, 2 * clock + 1]
    since, until = law.rule[rule, R_SINCE], law.rule[rule, R_UNTIL]
    begun = 2 - before(low, high, since, since)
    return min(begun, before(low, high, until + 1, until + 1))


@jit
def inside(law, table, rule, i):
    """Does the entry's second lie in the hours of its day?"""
    clock = law.rule[rule, R_CLOCK]
    where = table.zones[i] if clock == 0 else clock
    row = law.rule[rule, R_HOURS] * 9
    no = yes = False
    for z in range(table.candidates.start[where], table.candidates.start[where + 1]):
        day, second = local_time(table, table.candidates.items[z], table.at[i])
        kind = table.day_kind[law.rule[rule, R_CALENDAR], day - table.first_day]
        weekday = (day + 6) % 7
        named = law.hours.items[law.hours.start[row + 8]] == 1
        for holiday in range(2):
            if (holiday == 0 and kind == 7) or (holiday == 1 and kind < 7):
                continue
            of_day = row + (7 if holiday == 1 and named else weekday)
            lawful = False
            for h in range(law.hours.start[of_day], law.hours.start[of_day + 1], 2):
                lawful |= law.hours.items[h] <= second < law.hours.items[h + 1]
            yes |= lawful
            no |= not lawful
    return UNKNOWN if yes and no else YES if yes else NO


@part
def within(law, table, days, rule, i, j):
    """Does the earlier entry `j` lie in the rule's window that ends with `i`?"""
    window = law.rule[rule, R_WINDOW]
    if window == EVER:
        return YES
    if window in (MINUTES, SPAN) and table.at[j] > table.at[i]:
        return NO
    if window == MINUTES:
        return YES if table.at[i] < table.at[j] + law.rule[rule, R_N] else NO
    clock = law.rule[rule, R_CLOCK]
    if window == SPAN:
        low, high = days[i, 2 * clock], days[i, 2 * clock + 1]
        return spans(table, law.rule[rule, R_TABLE], low, high, days[j, 2 * clock], days[j, 2 * clock + 1])
    return same_unit(law, days, rule, i, j)


@jit
def same_unit(law, days, rule, i, j):
    """Do two entries lie in the same week or month?"""
    clock = law.rule[rule, R_CLOCK]
    low, high = days[i, 2 * clock], days[i, 2 * clock + 1]
    first, last = days[j, 2 * clock], days[j, 2 * clock + 1]
    if law.rule[rule, R_WINDOW] == WEEK:
        start = law.rule[rule, R_N]
        low, high = low - ((low + 6) % 7 - start) % 7, high - ((high + 6) % 7 - start) % 7
        first, last = first - ((first + 6) % 7 - start) % 7, last - ((last + 6) % 7 - start) % 7
    else:
        low, high, first, last = month_of(low), month_of(high), month_of(first), month_of(last)
    if high < first or last < low:
        return NO
    return YES if low == high == first == last else UNKNOWN


@jit
def month_of(day):
    """A number that is the same for all days of one month of the proleptic Gregorian calendar, and grows with time."""
    z = day + 305
    era = z // 146097
    doe = z - era * 146097
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    return (yoe + era * 400) * 12 + mp


@part
def spans(table, number, low, high, first, last):
    """Is a date in [low, high] inside the span of table `number` that begins on a day in [first, last]?"""
    latest = ENDLESS if last == ENDLESS else table.latest[number, last - table.first_day]
    return before(low, high, table.ends[number, first - table.first_day], latest)
