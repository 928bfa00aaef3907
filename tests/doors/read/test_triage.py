"""An inbox of complaints: each read, templates seen, companies counted; a bad line is named, and nothing is kept."""

from __future__ import annotations

import csv
import json

import pytest

from forbear.doors.read.triage import Campaigns, tables, triage
from forbear.records.errors import InputError

ONE = "催收每天打几十个电话骚扰我，还打给我父母。我要求你们立即停止这种暴力催收的行为。请在三日内给我书面答复。"


@pytest.fixture
def inbox(tmp_path):
    """Five complaints; three are one template, with other figures and names."""
    rows = [
        {"id": 1, "text": ONE, "company": "Alpha", "date": "2026-01-03"},
        {"id": 2, "text": "合同编号20260102。" + ONE, "company": "Alpha", "date": "2026-01-09"},
        {"id": 3, "text": "They called my mother and threatened me with jail.", "company": "Beta", "date": "2026-02-01"},
        {"id": "x", "text": "请问怎么提前还款？", "company": "Beta", "date": "2026-02-02"},
        {"id": 5, "text": "合同编号20269999。" + ONE, "company": "Beta"},
    ]
    file = tmp_path / "in.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n\n", encoding="utf-8")
    return file


def test_each_line_is_answered_in_its_order(inbox, tmp_path):
    """An id as it was given, and only conduct above the threshold, with spans into the text and a reason."""
    out = tmp_path / "out.jsonl"
    triage(inbox, out)
    given = [json.loads(line) for line in inbox.read_text(encoding="utf-8").splitlines() if line]
    answers = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [each["id"] for each in answers] == [1, 2, 3, "x", 5]
    assert {each["conduct"] for each in answers[0]["conducts"]} >= {"frequency", "third-party"}
    assert answers[3]["conducts"] == []
    for asked, answer in zip(given, answers, strict=True):
        for each in answer["conducts"]:
            assert set(each) == {"conduct", "confidence", "spans", "reason"}
            assert all(asked["text"][start:end].strip() for start, end in each["spans"])


def test_a_template_from_many_is_one_campaign(inbox, tmp_path):
    """Figures aside, texts that share their sentences are one; it is ranked once, and companies are counted by month."""
    found = triage(inbox, tmp_path / "out.jsonl")
    assert sorted(found.campaigns.values()) == [1, 1, 3]
    ranked, campaigns, companies = (
        list(csv.DictReader(file.read_text(encoding="utf-8").splitlines())) for file in tables(found, tmp_path / "t")
    )
    assert [row["complaints_alike"] for row in ranked if row["id"] == "1"] == ["3"]
    assert [float(row["weight"]) for row in ranked] == sorted((float(row["weight"]) for row in ranked), reverse=True)
    assert [(row["first_id"], row["complaints"], row["companies"]) for row in campaigns] == [("1", "3", "2")]
    assert {(row["company"], row["month"], row["reported"]) for row in companies if row["conduct"] == "third-party"} == {
        ("Alpha", "2026-01", "2"),
        ("Beta", "2026-02", "1"),
        ("Beta", "", "1"),
    }


def test_texts_that_share_little_are_no_campaign():
    """One common sentence among many, or none long enough to say something of its own."""
    groups = Campaigns()
    first = groups.of(ONE)
    assert (
        groups.of("请在三日内给我书面答复。" + "我的情况与别人完全不同，是另外一件事情。" * 3 + "这里还有一些只属于我自己的经过和说明。")
        != first
    )
    assert groups.of("好的。") != groups.of("好的。")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": 1}', "text"),
        ('{"id": 1, "text": 3}', "text"),
        ("[1]", "object"),
        ("{", "truncated"),
        ('{"text": "a"}', "id"),
    ],
)
def test_a_line_that_is_no_complaint_is_named_and_nothing_is_kept(tmp_path, line, told):
    """File, line, what is wrong and what to write; what was there before stays."""
    file, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    out.write_text("before", encoding="utf-8")
    file.write_text('{"id": 1, "text": "a"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"in\.jsonl:2: no complaint .*{told}.*write"):
        triage(file, out)
    assert out.read_text(encoding="utf-8") == "before"
    assert sorted(tmp_path.iterdir()) == [file, out]


def test_bytes_that_are_no_text_are_named(tmp_path):
    """A line that is not UTF-8."""
    file = tmp_path / "in.jsonl"
    file.write_bytes(b'{"id": 1, "text": "\xff"}\n')
    with pytest.raises(InputError, match=r"in\.jsonl:1: no complaint"):
        triage(file, tmp_path / "out.jsonl")
