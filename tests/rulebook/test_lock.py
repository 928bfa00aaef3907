"""No rule changes its meaning silently."""

from __future__ import annotations

from pathlib import Path

import pytest
from small import HEAD

from forbear.rulebook.book import RulebookError
from forbear.rulebook.load import load, shipped
from forbear.rulebook.lock import broken, render

RULE = (
    HEAD
    + """\
[applies]
channel = "call"
[require]
while = "zz.test.agreed"
[given]
jurisdiction = "ZZ"
[[example]]
name  = "one"
diary = "2026-03-02 09:00 call busy !"
"""
)
STANDING = 'id = "{0}"\ntitle.en = "agreed"\ntitle.zh = "agreed"\nper = ["consumer"]\n[[opens]]\n{1}\n[[closes]]\nkind = "recalled"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A locked rule that asks a standing that asks another."""
    for name, text in (
        ("rule", RULE),
        ("agreed", STANDING.format("zz.test.agreed", 'kind = "consent"\nwhile = "zz.test.told"')),
        ("told", STANDING.format("zz.test.told", 'kind = "notice"\nlasts = "7 days"')),
        ("place", 'zones = ["Europe/Lisbon"]\n'),
    ):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    (tmp_path / "lock.jsonl").write_text(render(load([tmp_path]), tmp_path), encoding="utf-8")
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> list[str]:
    """What the lock says once a file is changed."""
    file = folder / f"{name}.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return [fault.what for fault in broken(load([folder]), folder)]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("rule", 'title.en = "rule"', 'title.en = "another name"'),
        ("rule", "busy !", "conversation !"),
        ("rule", 'jurisdiction = "ZZ"', 'jurisdiction = "ZZ-A"'),
        ("rule", '[applies]\nchannel = "call"', '[applies]    # a comment\nchannel="call"'),
        ("rule", "[[example]]", '[[excused]]\nmutant = "x"\nreason = "y"\n[[example]]'),
        ("agreed", 'title.en = "agreed"', 'title.en = "told"'),
        ("rule", "version  = 1", "version  = 2"),
    ],
)
def test_what_bears_on_no_verdict_may_change(folder, name, old, new):
    """Titles, examples, what they take as given, excuses, comments and layout."""
    assert change(folder, name, old, new) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("rule", 'channel = "call"', 'channel = "sms"'),
        ("rule", "2026-01-05", "2026-01-06"),
        ("rule", 'effect   = "prohibited"', 'effect   = "advised-against"'),
        ("rule", 'cite = "s. 1"', 'cite = "s. 2"'),
        ("agreed", 'kind = "consent"', 'kind = "opt-in"'),
        ("told", '"7 days"', '"8 days"'),
    ],
)
def test_a_changed_meaning_without_a_raised_version_fails(folder, name, old, new):
    """Of the rule itself, or of a standing that it reaches through another; and the lock cannot be written over it."""
    meant = ["its meaning is not what the lock holds; raise version to 2, then run `forbear check --lock`"]
    if "2026" not in old:
        assert change(folder, name, old, new) == meant
        with pytest.raises(RulebookError, match="raise version to 2"):
            render(load([folder]), folder)
    else:
        # Another first date is another file of the same id.
        assert change(folder, name, old, new) == ["not in lock.jsonl; run `forbear check --lock` and commit it"]


def test_with_a_raised_version_it_can_be_locked_again(folder):
    """Raise the version, write the lock, done."""
    change(folder, "told", '"7 days"', '"8 days"')
    assert change(folder, "rule", "version  = 1", "version  = 2") == ["its meaning is not what the lock holds; run `forbear check --lock`"]
    before = (folder / "lock.jsonl").read_text(encoding="utf-8")
    after = render(load([folder]), folder)
    assert after != before
    (folder / "lock.jsonl").write_text(after, encoding="utf-8")
    assert not list(broken(load([folder]), folder))


def test_a_draft_may_change_and_a_new_stable_rule_must_be_locked(folder):
    """Only stable rules are held to the lock."""
    assert change(folder, "rule", 'status   = "stable"\nversion', 'status   = "draft"\nversion') == []
    (folder / "lock.jsonl").unlink()
    assert change(folder, "rule", 'status   = "draft"', 'status   = "stable"') == [
        "not in lock.jsonl; run `forbear check --lock` and commit it"
    ]


def test_the_shipped_law_is_as_locked():
    """A stable rule whose meaning changed would fail here."""
    assert [str(fault) for fault in broken(load(), shipped())] == []
