"""Every change that some example must notice, listed exactly for two small files."""

from __future__ import annotations

import tomllib

import pytest

from forbear.rulebook.mutants import cuts, steps

RULE = tomllib.loads("""
id      = "zz.test.rule"
version = 3
from    = 2026-01-05
[clause]
cite = "s. 12"
[applies]
channel = ["call", "sms"]
outcome = { not = ["busy"] }
[[unless]]
while              = "zz.a"
collectors_present = { at_least = 2 }
[cap]
limit  = 7
within = "7 days"
per    = ["person", "debt"]
when   = { party = "friend" }
[[cap.free]]
outcome = "busy"
limit   = 1
within  = "week from monday"
[given]
jurisdiction = "ZZ"
[[example]]
name = "1"
""")
STANDING = tomllib.loads("""
id  = "zz.a"
per = ["consumer"]
[[opens]]
kind     = "consent"
in_a_row = 3
starts   = "1 day after"
lasts    = "2 months"
[[opens]]
channel = "call"
[[closes]]
kind = "recalled"
""")
HOURS = tomllib.loads("""
[applies]
channel = "call"
[hours]
mon-fri = "[08:00,20:00]"
holiday = []
""")


def test_every_number_date_hour_and_bracket_goes_one_step_each_way():
    """Versions, clauses and examples are no law."""
    assert [mutant.text for mutant in steps(RULE)] == [
        "from 2026-01-05 -> 2026-01-06",
        "from 2026-01-05 -> 2026-01-04",
        "unless[0].collectors_present.at_least 2 -> 3",
        "unless[0].collectors_present.at_least 2 -> 1",
        "cap.limit 7 -> 8",
        "cap.limit 7 -> 6",
        "cap.within 7 days -> 6 days",
        "cap.within 7 days -> 8 days",
        "cap.free[0].limit 1 -> 2",
        "cap.free[0].limit 1 -> 0",
    ]
    assert [mutant.text for mutant in steps(STANDING)] == [
        "opens[0].in_a_row 3 -> 4",
        "opens[0].in_a_row 3 -> 2",
        "opens[0].starts 1 day after -> 0 day after",
        "opens[0].starts 1 day after -> 2 day after",
        "opens[0].lasts 2 months -> 1 months",
        "opens[0].lasts 2 months -> 3 months",
    ]
    said = [mutant.text.partition(" -> ")[2] for mutant in steps(HOURS)]
    assert said == ["(08:00,20:00]", "[07:59,20:00]", "[08:01,20:00]", "[08:00,19:59]", "[08:00,20:01]", "[08:00,20:00)"]


def test_every_test_value_key_opener_closer_and_exemption_is_taken_away():
    """One at a time; the last value of a list, the last key and the last opener stand or fall with what holds them."""
    assert [mutant.text.removesuffix(" taken away") for mutant in cuts(RULE)] == [
        "applies.channel[0]",
        "applies.channel[1]",
        "applies.channel",
        "applies.outcome",
        "unless[0].while",
        "unless[0].collectors_present",
        "unless[0]",
        "cap.per[0]",
        "cap.per[1]",
        "cap.when.party",
        "cap.when",
        "cap.free[0].outcome",
        "cap.free[0]",
    ]
    assert [mutant.text.removesuffix(" taken away") for mutant in cuts(STANDING)] == [
        "opens[0].kind",
        "opens[0].in_a_row",
        "opens[0].starts",
        "opens[0].lasts",
        "opens[0]",
        "opens[1].channel",
        "opens[1]",
        "closes[0].kind",
        "closes[0]",
    ]


@pytest.mark.parametrize("raw", [RULE, STANDING, HOURS])
def test_a_mutant_differs_in_one_place_and_leaves_the_file_alone(raw):
    """The file itself stays as it was, and no two mutants are the same."""
    before = repr(raw)
    found = [*steps(raw), *cuts(raw)]
    assert repr(raw) == before
    assert all(mutant.raw != raw for mutant in found)
    assert len({repr(mutant.raw) for mutant in found}) == len(found)
    assert len({mutant.text for mutant in found}) == len(found)


def test_a_step_changes_what_it_says():
    """`cap.limit 7 -> 8` is a limit of eight."""
    found = {mutant.text: mutant.raw for mutant in steps(RULE)}
    assert found["cap.limit 7 -> 8"]["cap"]["limit"] == 8
    assert found["cap.within 7 days -> 6 days"]["cap"]["within"] == "6 days"
    gone = {mutant.text: mutant.raw for mutant in cuts(RULE)}
    assert gone["applies.channel[1] taken away"]["applies"]["channel"] == ["call"]
    assert "while" not in gone["unless[0].while taken away"]["unless"][0]
