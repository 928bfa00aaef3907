"""No rule changes its meaning silently."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from small import HEAD

from forbear.rulebook.book import RulebookError
from forbear.rulebook.edition import Edition, Key, keys
from forbear.rulebook.load import load, shipped
from forbear.rulebook.lock import LOCK, broken, locked, render

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


def test_what_was_locked_stands_beside_what_is(folder):
    """Its meaning, and that of its standings; titles, examples and places are those of today."""
    change(folder, "told", '"7 days"', '"8 days"')
    change(folder, "rule", 'channel = "call"', 'channel = "sms"')
    book = load([folder])
    before, now = locked(book, folder), Edition(book)
    assert keys(before, before.dated()[0], now, now.dated()[0]) == [
        Key("applies.channel", "call", "sms"),
        Key("zz.test.told: opens[0].lasts", "7 days", "8 days"),
    ]
    assert before.book.rules[0].example == book.rules[0].example
    assert before.book.places.keys() == book.places.keys()


def test_a_lock_that_was_hurt_is_told_with_its_line(folder):
    """A merge that went wrong, say."""
    file = folder / LOCK
    file.write_text("<<<<<<< HEAD\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(RulebookError) as error:
        list(broken(load([folder]), folder))
    assert str(error.value) == f"{file}:1: no line of a lock; take the file as it was last committed"


def test_the_fault_of_a_locked_rule_has_the_line_of_its_version(folder):
    """Where it is to be raised."""
    change(folder, "rule", 'channel = "call"', 'channel = "sms"')
    (fault,) = broken(load([folder]), folder)
    lines = (folder / "rule.toml").read_text(encoding="utf-8").splitlines()
    assert lines[fault.line - 1] == "version  = 1"


def test_the_shipped_lock_holds_the_meaning_whose_hash_it_holds():
    """Nobody changed the one without the other: the hashes follow from the texts, standings first."""
    lines = [json.loads(line) for line in (shipped() / LOCK).read_text(encoding="utf-8").splitlines()]
    edition = locked(load(), shipped())
    hashes = {(line["id"], line["from"]): line["hash"] for line in lines if "hash" in line}
    assert {(law.id, str(law.from_)): edition.digest(law) for law in edition.dated()} == hashes
    alone = next(line for line in lines if line["id"] == "au.rg96.contacts-a-week")
    own = {name: value for name, value in alone.items() if name not in ("hash", "version")}
    assert hashlib.sha256(json.dumps([own, []], sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16] == alone["hash"]
