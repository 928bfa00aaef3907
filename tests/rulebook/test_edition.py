"""What a law means, as text."""

from __future__ import annotations

from pathlib import Path

import pytest
from small import HEAD

from forbear.rulebook.edition import Edition, Key, aside, keys
from forbear.rulebook.load import load

RULE = (
    HEAD
    + """\
[applies]
channel = ["call", "sms"]
[[unless]]
while = "zz.test.agreed"
[cap]
limit  = 2
within = "7 days"
per    = ["consumer"]
"""
)
AGREED = (
    'id = "zz.test.agreed"\ntitle.en = "agreed"\ntitle.zh = "同意"\nper = ["consumer"]\n[[opens]]\nkind = "consent"\nlasts = "7 days"\n'
)


def edition(folder: Path, rule: str = RULE, agreed: str = AGREED) -> Edition:
    """The law of a folder of its own."""
    folder.mkdir()
    (folder / "rule.toml").write_text(rule, encoding="utf-8")
    (folder / "agreed.toml").write_text(agreed, encoding="utf-8")
    return Edition(load([folder]))


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("limit  = 2", "limit  = 3", [Key("cap.limit", "2", "3")]),
        ('["call", "sms"]', '"call"', [Key("applies.channel", "call, sms", "call")]),
        ("2026-01-05", "2026-01-06", [Key("from", "2026-01-05", "2026-01-06")]),
        ('"7 days"\nper', '"7 days"\ncount = "distinct channel"\nper', [Key("cap.count", None, "distinct channel")]),
        ('[[unless]]\nwhile = "zz.test.agreed"\n', "", None),
        ('title.en = "rule"', 'title.en = "other"', []),
    ],
)
def test_keys_are_told_before_and_after(tmp_path, old, new, changed):
    """By their path; of a standing that is asked no more, all its keys are gone."""
    assert old in RULE
    one, other = edition(tmp_path / "one"), edition(tmp_path / "other", RULE.replace(old, new))
    found = keys(one, one.dated()[0], other, other.dated()[0])
    if changed is None:
        assert {key.path for key in found} == {
            "unless[0].while",
            *(f"zz.test.agreed: {path}" for path in ("id", "per", "opens[0].kind", "opens[0].lasts")),
        }
        assert {key.new for key in found} == {None}
    else:
        assert found == changed
    assert aside(one, one.dated()[0], other, other.dated()[0]) == (["title"] if changed == [] else [])
    assert (one.digest(*one.dated()) == other.digest(*other.dated())) == (changed == [])


def test_a_changed_standing_changes_the_rules_that_ask_it(tmp_path):
    """Under the standing's id."""
    one, other = edition(tmp_path / "one"), edition(tmp_path / "other", agreed=AGREED.replace("7 days", "8 days"))
    assert keys(one, one.dated()[0], other, other.dated()[0]) == [Key("zz.test.agreed: opens[0].lasts", "7 days", "8 days")]
    assert one.digest(*one.dated()) != other.digest(*other.dated())
