"""`forbear rules diff`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forbear.doors.cli import app
from forbear.rulebook.diary import read
from forbear.rulebook.load import load, shipped

LAW = shipped() / "US" / "reg-f"
CALLS = "call-frequency.toml"


def run(*words: str | Path, code: int = 0) -> str:
    """What a command prints."""
    result = CliRunner().invoke(app, ["rules", *map(str, words)])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A copy of a law, without one of its rules, and with another one changed."""
    folder = tmp_path / "mine"
    shutil.copytree(LAW, folder)
    (folder / "cooling-off.toml").unlink()
    change(folder / CALLS, "limit  = 7", "limit  = 8")
    return folder


def change(file: Path, old: str, new: str) -> None:
    """Changes a file."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_two_folders_are_compared_rule_by_rule(mine):
    """What changed is shown by a diary, what is gone is named, and what is the same only counted."""
    told = run("diff", LAW, mine, code=1)
    assert told.startswith(
        f"A: {LAW}\nB: {mine}\n\nus.reg-f.call-frequency 2021-11-30: changed\n  cap.limit: 7 -> 8\n  # jurisdiction=US\n  7 x "
    )
    assert "  # A: breach, the gate denies; B: clear, the gate allows\n" in told
    assert "\nus.reg-f.cooling-off 2021-11-30: only in A\n" in told
    count = len([file for file in LAW.glob("*.toml") if "[applies]" in file.read_text(encoding="utf-8")])
    assert told.endswith(f"compared {count}  changed 1  only in A 1  only in B 0\n")


def test_in_chinese(mine):
    """The same."""
    told = run("diff", LAW, mine, "--lang", "zh", code=1)
    assert "us.reg-f.call-frequency 2021-11-30: 有变化" in told
    assert "# A：违规，闸口拒绝；B：合规，闸口放行" in told
    assert "us.reg-f.cooling-off 2021-11-30: 仅见于 A" in told


def test_one_folder_is_compared_with_the_shipped_law(mine):
    """Of which only the rules that the folder has are looked at."""
    told = run("diff", mine, code=1)
    assert told.startswith("A: the shipped law\n")
    assert "only in A 0  only in B 0" in told
    assert "changed 1  " in told


def test_two_files_are_compared_whatever_their_ids(mine):
    """Standings and places that they need are those of the shipped law."""
    change(mine / CALLS, '"us.reg-f.call-frequency"', '"us.reg-f.calls"')
    told = run("diff", LAW / CALLS, mine / CALLS, code=1)
    assert "  id: us.reg-f.call-frequency -> us.reg-f.calls\n" in told
    assert told.endswith("compared 1  changed 1  only in A 0  only in B 0\n")


def test_the_same_law_ends_with_zero(mine, tmp_path):
    """Also where only titles or examples differ, which is said."""
    assert run("diff", mine, mine).endswith("changed 0  only in A 0  only in B 0\n")
    other = tmp_path / "other"
    shutil.copytree(mine, other)
    change(other / CALLS, 'title.en = "', 'title.en = "Not ')
    assert "us.reg-f.call-frequency 2021-11-30: means the same; other words in: title\n" in run("diff", mine, other)


def test_a_rule_is_compared_with_its_next_date(mine):
    """The dates aside."""
    (mine / "later.toml").write_text((mine / CALLS).read_text(encoding="utf-8").replace("limit  = 8", "limit  = 5"), encoding="utf-8")
    change(mine / "later.toml", "from     = 2021-11-30", "from     = 2026-06-01")
    change(mine / CALLS, "from     = 2021-11-30", "from     = 2021-11-30\nuntil    = 2026-05-31")
    told = run("diff", mine, "--dated", code=1)
    assert "us.reg-f.call-frequency 2026-06-01: changed\n" in told
    assert "  cap.limit: 8 -> 5\n" in told
    assert "A: clear, the gate allows; B: breach, the gate denies" in told
    assert run("diff", "--dated").endswith("compared 0  changed 0  only in A 0  only in B 0\n")


def test_programs_get_json(mine):
    """Whose diary is read as it stands."""
    calls, gone = json.loads(run("diff", LAW, mine, "--format", "json", code=1))
    assert (calls["rule"], calls["change"], gone["rule"], gone["change"]) == (
        "us.reg-f.call-frequency",
        "meaning",
        "us.reg-f.cooling-off",
        "removed",
    )
    assert calls["keys"] == [{"path": "cap.limit", "old": "7", "new": "8"}]
    assert len(read("\n".join(calls["diary"]), calls["given"], load())) == calls["entry"] + 1 == 8


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "name a folder of law, or compare by --dated"),
        ([LAW, LAW, "--dated"], "name one folder"),
        ([LAW, "--format", "xml"], "write text or json"),
        ([LAW, "--lang", "fr"], "write en or zh"),
    ],
)
def test_a_wrong_call_is_answered(words, said):
    """With what to do."""
    assert said in " ".join(run("diff", *words, code=2).split())
