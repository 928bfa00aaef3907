"""Two editions of law side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
from small import HEAD, RATE_HEAD

from forbear.engines.apart.versions import Change, changes, successions
from forbear.rulebook.edition import Edition
from forbear.rulebook.load import load

RULE = (
    HEAD
    + """\
[applies]
channel = "call"
[cap]
limit  = 2
within = "7 days"
per    = ["consumer"]
[given]
jurisdiction = "ZZ"
"""
)
RATE = (
    RATE_HEAD
    + """\
[applies]
jurisdiction = "ZZ"
[rate]
annual  = 24
counted = "unsaid"
"""
)


def edition(folder: Path, **files: str) -> Edition:
    """The law of a folder."""
    (folder / "ZZ").mkdir(parents=True)
    for name, text in {"place": 'zones = ["Europe/Lisbon"]\n', **files}.items():
        (folder / "ZZ" / f"{name}.toml").write_text(text, encoding="utf-8")
    return Edition(load([folder]))


def compared(folder: Path, one: dict[str, str], other: dict[str, str]) -> list[Change]:
    """What became of the one."""
    return list(changes(edition(folder / "one", **one), edition(folder / "other", **other)))


def test_a_changed_number_is_shown_by_a_timeline(tmp_path):
    """With its key before and after."""
    (found,) = compared(tmp_path, {"rule": RULE}, {"rule": RULE.replace("limit  = 2", "limit  = 3")})
    assert found.means
    assert [tuple(key) for key in found.keys] == [("cap.limit", "2", "3")]
    assert found.search.diary() == "3 x 2026-02-19 09:59  call\n"
    assert [said.verdict for said in found.search.found.said] == ["breach", "clear"]


@pytest.mark.parametrize(
    ("old", "new", "means"),
    [
        ('cite = "s. 1"', 'cite = "s. 2"', True),
        ('force    = "statute"', 'force    = "regulation"', True),
        ('title.en = "rule"', 'title.en = "other"', False),
        ("version  = 1", "version  = 2", False),
        ("jurisdiction =", "jurisdiction  =", False),
    ],
)
def test_what_changes_no_verdict_is_not_searched(tmp_path, old, new, means):
    """A clause is part of the meaning, and a title is not."""
    (found,) = compared(tmp_path, {"rule": RULE}, {"rule": RULE.replace(old, new)})
    assert (found.means, found.search) == (means, None)
    assert bool(found.aside) == (not means and "jurisdiction" not in old)


def test_a_calendar_that_holds_another_day_is_a_change_of_what_asks_it(tmp_path):
    """Its text is the same, and what it says of that day is not."""
    asks = '[applies]\nchannel = "call"\n[hours]\ndaily = "[08:00,20:00)"\nholiday = []\n[given]\njurisdiction = "ZZ"\n'
    place = 'zones = ["Europe/Lisbon"]\n[calendar]\nversion = 1\nyears = [{{ year = 2026, source = "s", holidays = [{}] }}]\n'
    rule = HEAD.replace("version  = 1", 'version  = 1\ncalendar = "ZZ"') + asks
    few, many = "2026-12-25", "2026-12-25, 2026-06-10"
    (found,) = compared(tmp_path, *({"rule": rule, "place": place.format(days)} for days in (few, many)))
    assert [tuple(key) for key in found.keys] == [("calendar ZZ: 2026.holidays", few, many)]
    assert found.search.diary().startswith("2026-06-10 ")
    assert [said.verdict for said in found.search.found.said] == ["clear", "breach"]


def test_rules_of_one_side_alone_are_told(tmp_path):
    """Which side it is."""
    old, new = compared(tmp_path, {"rule": RULE}, {"rule": RULE.replace("zz.test.rule", "zz.test.tool")})
    assert (old.law.id, old.new, new.law.id, new.old) == ("zz.test.rule", None, "zz.test.tool", None)
    assert old.means
    assert new.means


def test_a_rate_cap_is_compared_and_not_judged(tmp_path):
    """It judges no entry."""
    (found,) = compared(tmp_path, {"rate": RATE}, {"rate": RATE.replace("24", "36")})
    assert ([tuple(key) for key in found.keys], found.search) == ([("rate.annual", "24", "36")], None)


def test_another_first_date_is_the_same_rule_and_tells_them_apart(tmp_path):
    """Where no date agrees they are paired in their order."""
    (found,) = compared(tmp_path, {"rule": RULE}, {"rule": RULE.replace("2026-01-05", "2026-03-01")})
    assert [tuple(key) for key in found.keys] == [("from", "2026-01-05", "2026-03-01")]
    assert found.search.found


DATED = {
    "old": RULE.replace("from     = 2026-01-05", "from     = 2022-01-05\nuntil    = 2026-01-04"),
    "now": RULE.replace("limit  = 2", "limit  = 3"),
}


def test_a_rule_is_compared_with_its_next_date_as_if_both_were_in_force(tmp_path):
    """The dates differ anyhow; what else does is shown."""
    (found,) = successions(edition(tmp_path, **DATED))
    assert (found.old.from_.year, found.new.from_.year) == (2022, 2026)
    assert {key.path for key in found.keys} == {"cap.limit", "from", "until"}
    assert found.search.diary().startswith("3 x 2022-")


def test_the_next_date_of_a_rule_that_means_the_same_is_not_told_apart(tmp_path):
    """A repealed one that came again, unchanged."""
    old = DATED["old"].replace('"stable"', '"repealed"')
    (found,) = successions(edition(tmp_path, old=old, now=RULE))
    assert found.search.found is None
    assert found.search.tried > 100
