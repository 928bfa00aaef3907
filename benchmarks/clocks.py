"""Local time in SQL: the offsets of each place as a few numbers. One fixed offset would misjudge every place that changes clocks."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from benchmarks.make_contacts import DAYS, FIRST_DAY, PLACES


def offsets(zone: str) -> list[tuple[int, int]]:
    """(first second, offset in seconds) from shortly before the data to shortly after them; found hour by hour."""
    begin = int(dt.datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=dt.UTC).timestamp()) - 10 * 86400
    found: list[tuple[int, int]] = []
    for second in range(begin, begin + (DAYS + 20) * 86400, 3600):
        shown = dt.datetime.fromtimestamp(second, ZoneInfo(zone)).utcoffset()
        assert shown is not None
        offset = int(shown.total_seconds())
        if not found or found[-1][1] != offset:
            found.append((second, offset))
    return found


def offset_sql(second: str = "t", zone: str = "zone") -> str:
    """The offset as an SQL expression over the columns of the second and of the zone."""
    cases = []
    for place in PLACES:
        first, *later = offsets(place)
        whens = " ".join(f"WHEN {second} >= {since} THEN {offset}" for since, offset in reversed(later))
        cases.append(f"WHEN '{place}' THEN " + (f"CASE {whens} ELSE {first[1]} END" if whens else str(first[1])))
    return f"CASE {zone} {' '.join(cases)} END"
