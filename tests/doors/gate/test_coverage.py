"""Calls that went round the gate."""

from __future__ import annotations

import pytest

from forbear.doors.gate.coverage import Tolerance, coverage
from forbear.records.errors import InputError

ALLOWED = """occurred_at,contact_id,consumer,channel,direction,address,number
2026-09-21T16:00:00Z,1,A,call,outbound,+12025550123,+12025550199
2026-09-21T17:00:00Z,2,A,call,outbound,+12025550123,
2026-09-21T18:00:00Z,3,A,sms,outbound,+12025550123,+12025550199
"""
HEADER = "occurred_at,consumer,channel,direction,address,number\n"


def found(tmp_path, *rows, ledger=ALLOWED):
    """What is uncovered among these rows of a carrier, by time."""
    (tmp_path / "contacts.csv").write_text(ledger)
    cdr = tmp_path / "cdr.csv"
    cdr.write_text(HEADER + "".join(f"{row}\n" for row in rows))
    return coverage(tmp_path, [cdr], tolerance=Tolerance())


@pytest.mark.parametrize(
    ("row", "covered"),
    [
        ("2026-09-21T16:00:20Z,?,call,outbound,+12025550123,+12025550199", True),
        ("2026-09-21T15:59:31Z,?,call,outbound,+12025550123,+12025550199", True),
        ("2026-09-21T15:59:29Z,?,call,outbound,+12025550123,+12025550199", False),
        ("2026-09-21T16:15:30Z,?,call,outbound,+12025550123,+12025550199", True),
        ("2026-09-21T16:15:31Z,?,call,outbound,+12025550123,+12025550199", False),
        ("2026-09-21T16:00:20Z,?,call,outbound,+12025550123,+12025550100", False),
        ("2026-09-21T17:00:20Z,?,call,outbound,+12025550123,+12025550100", True),
        ("2026-09-21T16:00:20Z,?,call,outbound,+12025550124,+12025550199", False),
        ("2026-09-21T18:00:20Z,?,call,outbound,+12025550123,+12025550199", False),
    ],
)
def test_a_call_is_covered_by_an_allow_of_the_same_numbers_within_the_lease(tmp_path, row, covered):
    """Number called, own number where both name it, and time within clocks and lease decide; a text message covers no call."""
    row = row.replace("?", "A")
    assert (not found(tmp_path, row).uncovered) is covered


def test_one_allow_covers_one_call(tmp_path):
    """Two calls on one allow: the second went round the gate."""
    rows = [f"2026-09-21T16:0{minute}:00Z,A,call,outbound,+12025550123,+12025550199" for minute in (0, 5)]
    result = found(tmp_path, *rows)
    assert [entry.at for entry in result.uncovered] == [1790006700]
    assert (result.carried, result.unplaced, result.undecided) == (2, 1, 0)


def test_what_the_carrier_leaves_open_is_counted_and_not_accused(tmp_path):
    """A row without direction, or without the called number, is neither covered nor uncovered; inbound calls need no allow."""
    rows = [
        "2026-09-21T16:00:00Z,A,call,,+12025550123,",
        "2026-09-21T16:00:00Z,A,call,outbound,,",
        "2026-09-21T16:00:00Z,A,call,inbound,+12025550123,",
    ]
    result = found(tmp_path, *rows)
    assert (result.carried, result.undecided, result.uncovered) == (0, 2, [])


def test_a_ledger_that_is_not_there_is_an_input_error(tmp_path):
    """The error names the file."""
    with pytest.raises(InputError, match=r"contacts\.csv"):
        coverage(tmp_path, [tmp_path / "cdr.csv"])
