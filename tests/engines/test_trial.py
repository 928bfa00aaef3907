"""Marks of diaries, tried in audit and gate mode."""

from __future__ import annotations

from pathlib import Path

import pytest
from small import HEAD

from forbear.engines.trial import diaries, failures
from forbear.rulebook.book import Book, RulebookError
from forbear.rulebook.load import load

RULE = (
    HEAD.replace('"prohibited"', '"{effect}"')
    + """\
[applies]
jurisdiction = "ZZ"
outcome      = {{ not = ["busy"] }}
{verb}
[given]
jurisdiction = "ZZ"
[[example]]
name  = "first"
diary = '''
2026-03-02 08:00 sms delivered
'''
[[example]]
name   = "second"
silent = ["verified"]
diary  = '''
{diary}
'''
"""
)
CAP = '[cap]\nlimit = 1\nwithin = "1 day"\nper = ["consumer"]'
OWE = '[owe]\nentry = { kind = "verified" }\nwithin = "1 day"\nper = ["consumer"]'


def book(folder: Path, diary: str, effect: str = "prohibited", verb: str = CAP) -> Book:
    """A book of one rule with this diary as its second example."""
    (folder / "ZZ").mkdir(exist_ok=True)
    (folder / "ZZ" / "place.toml").write_text('zones = ["Europe/Lisbon"]\n', encoding="utf-8")
    (folder / "ZZ" / "rule.toml").write_text(RULE.format(effect=effect, verb=verb, diary=diary), encoding="utf-8")
    return load([folder])


def wrong(found: Book) -> list[tuple[int, int, str]]:
    """The marks that are not what the rule says."""
    (rule,) = found.rules
    return [tuple(one) for one in failures(found, rule, diaries(found, rule))]


CALL = "2026-03-02 09:00 call no-answer\n"


@pytest.mark.parametrize(
    "diary",
    [
        f"{CALL}2026-03-02 10:00 call no-answer ! -> 2026-03-03 00:00\n2026-03-02 11:00 call no-answer !",
        f"{CALL}2026-03-02 10:00 call no-answer ! -> 2026-03-03 00:00:00",
        f"{CALL}2026-03-02 10:00 call busy !g",
        f"{CALL}2026-03-02 10:00 call pending ?",
        f"{CALL}2026-03-02 10:00 call inbound busy",
        # Was the first answered? The audit knows the second when it judges the third; the gate denied it, and still waits for a report.
        "2026-03-02 09:00 call pending\n2026-03-02 10:00 call no-answer ?\n2026-03-02 11:00 call no-answer !",
    ],
)
def test_right_marks_pass(tmp_path, diary):
    """Each of the marks of section 11 that a cap can need."""
    assert wrong(book(tmp_path, diary)) == []


@pytest.mark.parametrize(
    ("diary", "line", "what"),
    [
        (f"{CALL}2026-03-02 10:00 call no-answer", 2, "marked 'clear', but the audit finds breach and the gate says no"),
        ("2026-03-02 10:00 call no-answer !", 1, "marked '!', but the audit finds clear and the gate allows"),
        (f"{CALL}2026-03-02 10:00 call no-answer ?", 2, "marked '?', but the audit finds breach and the gate says no"),
        (f"{CALL}2026-03-02 10:00 call no-answer !g", 2, "marked '!g', but the audit finds breach and the gate says no"),
        (f"{CALL}2026-03-02 10:00 call busy", 2, "marked 'clear', but the audit finds clear and the gate says no"),
        (f"{CALL}2026-03-02 10:00 call ! ", 2, "marked '!', but the audit finds unclear and the gate says no"),
        (f"{CALL}2026-03-02 10:00 call no-answer ! -> 2026-03-02 11:00", 2, "the earliest is 2026-03-03 00:00:00, not 2026-03-02 11:00"),
        (f"{CALL}2026-03-02 10:00 call no-answer ! -> never", 2, "the earliest is 2026-03-03 00:00:00, not never"),
    ],
)
def test_a_wrong_mark_is_told_with_its_line(tmp_path, diary, line, what):
    """Of the second example, counted within its diary."""
    assert wrong(book(tmp_path, diary)) == [(1, line, what)]


def test_what_is_denied_does_not_happen_and_what_is_warned_of_does(tmp_path):
    """Under a cap of one a day with a warning, the third is warned of as well; a breach after a denied one the gate allows is `!a`."""
    twice = f"{CALL}2026-03-02 10:00 call no-answer !\n2026-03-02 11:00 call no-answer !"
    assert wrong(book(tmp_path, twice, effect="advised-against")) == []
    spread = CAP.replace("1 day", "2 days")
    later = f"{CALL}2026-03-03 10:00 call no-answer !\n2026-03-04 11:00 call no-answer {{}}"
    assert wrong(book(tmp_path, later.format("!a"), verb=spread)) == []
    assert wrong(book(tmp_path, later.format("!"), verb=spread, effect="advised-against")) == []


def test_the_gate_is_not_asked_about_duties_and_silence_is_heard(tmp_path):
    """A duty whose answer no source of this diary holds: unclear in the audit, allowed by the gate."""
    found = book(tmp_path, "2026-03-02 09:00 call no-answer ?a\n2026-03-04 10:00 sms delivered ?a", verb=OWE)
    assert wrong(found) == [(0, 1, "marked 'clear', but the audit finds unclear and the gate allows")]


def test_an_earliest_instant_is_said_only_of_what_is_denied(tmp_path):
    """The mark is right, but nothing is denied."""
    found = book(tmp_path, "2026-03-02 09:00 call no-answer ?a -> never", verb=OWE)
    assert wrong(found)[-1] == (1, 1, "an earliest instant is said, but the gate allows")


@pytest.mark.parametrize(("diary", "below"), [("2026-03-02 09:00 phone", 0), (f"{CALL}\n2026-03-02 09:00 phone", 2)])
def test_a_line_that_cannot_be_read_is_told_with_its_file_and_line(tmp_path, diary, below):
    """The line of the file, not that of the key."""
    found = book(tmp_path, diary)
    file = found.file_of(found.rules[0])
    first = file.read_text(encoding="utf-8").splitlines().index("diary  = '''") + 2
    with pytest.raises(RulebookError) as error:
        diaries(found, found.rules[0])
    assert (
        str(error.value)
        == f"{file}:{first + below}: example[1].diary: 'phone' is neither a channel nor a kind of fact; docs/glossary.md lists both"
    )
