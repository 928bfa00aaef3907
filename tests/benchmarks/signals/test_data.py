"""Labels know a text of others by its hash alone, and the hash says its part."""

import json
from collections import Counter

import pytest

from benchmarks.signals import data
from forbear.terms import TAGS


def test_a_text_of_others_is_known_by_its_hash_alone():
    """No label file holds a text, every label is a tag, and no text is labelled twice."""
    for file in (data.HERE / "labels").glob("*.jsonl"):
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        assert all({"sha256", "labels", "sure"} <= set(row) <= {"sha256", "labels", "sure", "readers"} for row in rows), file.name
        assert {tag for row in rows for found in (row["labels"], *row.get("readers", ())) for tag in found} <= set(TAGS), file.name
        assert all(len(row.get("readers", [0, 0])) == 2 for row in rows), file.name
        assert Counter(row["sha256"] for row in rows).most_common(1)[0][1] == 1, file.name


def test_without_the_texts_only_our_own_are_left(tmp_path):
    """Where the folder of others' texts is absent, what we invented remains, and nothing else."""
    found = data.labelled(tmp_path)
    assert {each.source for each in found} == {"invented"}
    assert {(each.kind, each.lang) for each in found} == {("reports", "zh"), ("utterances", "zh"), ("utterances", "en")}


def test_a_text_meets_its_label_again(tmp_path, monkeypatch):
    """A labelled text is read from the folder that is named; one that nobody labelled is left out."""
    here = tmp_path / "here"
    (here / "labels").mkdir(parents=True)
    (here / "labels" / "zh.reports.jsonl").write_text(json.dumps({"sha256": data.key("天天打电话"), "labels": ["frequency"]}) + "\n")
    monkeypatch.setattr(data, "HERE", here)
    folder = tmp_path / "data" / "zh_complaints"
    folder.mkdir(parents=True)
    (folder / "complaints.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in ("天天打电话", "谢谢")))
    assert [(each.text, each.labels, each.source) for each in data.labelled(tmp_path / "data")] == [
        ("天天打电话", {"frequency"}, "zh_complaints")
    ]


def test_the_hash_of_a_text_says_its_part():
    """A text is in one part for ever, half of them in train, two tenths in tune, the rest in test."""
    parts = Counter(data.Text(f"text {at}", frozenset(), "reports", "en", "x", True).part for at in range(10_000))
    assert parts["train"] == pytest.approx(5_000, abs=200)
    assert parts["tune"] == pytest.approx(2_000, abs=200)
    assert parts["test"] == pytest.approx(3_000, abs=200)


def test_only_free_texts_train_the_weights():
    """What ships learns from our own texts and the public domain alone."""
    assert {"invented", "en_cfpb"} == data.OPEN
