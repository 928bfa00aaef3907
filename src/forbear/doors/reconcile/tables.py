"""What a reconciliation found, as tables: pairs, leads, what the phone lacks, and a line for each agency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from forbear.findings.agencies import design_effect, wilson
from forbear.findings.sheets import SHEETS
from forbear.findings.sheets import write as table
from forbear.leads.reconcile import Compared, Sighting


class AgencyLine(NamedTuple):
    """What share of an agency's contacts its records do not hold, by the logs of people who brought one."""

    agency: str
    people: int
    contacts: float
    """Estimated: those in its records that a person's log shows too, and those that it does not hold."""
    hidden: float
    """Estimated: each lead counts by its probability."""
    share: float
    low: float
    high: float
    """Bounds of the share at 95 %, wider where few people make the difference."""


def agencies(found: Mapping[str, Compared]) -> list[AgencyLine]:
    """A line for each agency, by name: never a ranking."""
    shares = defaultdict[str, dict[str, list[float]]](dict)
    for who, each in found.items():
        for _, theirs, probability in each.matched:
            shares[theirs.agency].setdefault(who, [0.0, 0.0])[0] += probability
        for one in each.hidden:
            of_person = shares[one.agency].setdefault(who, [0.0, 0.0])
            of_person[0] += one.probability
            of_person[1] += one.probability
    return [_line(agency, list(people.values())) for agency, people in sorted(shares.items())]


def _line(agency: str, people: list[list[float]]) -> AgencyLine:
    n, x = sum(each[0] for each in people), sum(each[1] for each in people)
    nn, nx, xx = (sum(each[a] * each[b] for each in people) for a, b in ((0, 0), (0, 1), (1, 1)))
    wider = design_effect(len(people), n, x, nn, nx, xx)
    low, high = wilson(x / wider, n / wider)
    return AgencyLine(agency, len(people), round(n, 1), round(x, 1), round(x / n, 4) if n else 0.0, round(low, 4), round(high, 4))


def write(found: Mapping[str, Compared], folder: Path) -> list[Path]:
    """`matched.csv`, `hidden.csv`, `unseen.csv` and `agencies.csv` in a folder; times as UTC by the clock of the side that noted them."""
    folder.mkdir(parents=True, exist_ok=True)
    contact = ("occurred_at", "number", "duration_s", "entry_id")
    return [
        table(
            folder / "matched.csv",
            ("consumer", *contact, *(f"lender_{name}" for name in contact), "agency", "probability"),
            (
                (who, *_cells(one), *_cells(other), other.agency, round(p, 4))
                for who, each in found.items()
                for one, other, p in each.matched
            ),
            SHEETS,
        ),
        table(
            folder / "hidden.csv",
            ("consumer", *contact, "agency", "probability"),
            ((who, *_cells(one.sighting), one.agency, round(one.probability, 4)) for who, each in found.items() for one in each.hidden),
            SHEETS,
        ),
        table(
            folder / "unseen.csv",
            ("consumer", *contact, "agency"),
            ((who, *_cells(one), one.agency) for who, each in found.items() for one in each.unseen),
            SHEETS,
        ),
        table(folder / "agencies.csv", AgencyLine._fields, agencies(found), SHEETS),
    ]


def _cells(one: Sighting) -> tuple[str, str, int | str, str]:
    at = datetime.fromtimestamp(one.at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return at, one.number, "" if one.seconds is None else one.seconds, one.entry_id
