"""What is measured of tags, against numbers counted by hand."""

import numpy as np
import pytest

from benchmarks.signals import measure

TAGS = ["threat", "insult"]
TRUTH = np.array([[1, 0], [1, 0], [0, 1], [0, 0]], bool)
FOUND = np.array([[1, 0], [0, 1], [0, 1], [1, 0]], bool)


def test_scores_are_as_counted_by_hand():
    """Of four labels found two are right, of three there two were found; each tag by itself likewise."""
    found = dict(measure.scores(FOUND, TRUTH, TAGS))
    assert list(found) == ["all", "threat", "insult"]
    assert (found["all"].precision, found["all"].recall) == (0.5, pytest.approx(2 / 3))
    assert found["all"].f1 == pytest.approx(4 / 7)
    assert (found["threat"].precision, found["threat"].recall, found["threat"].texts) == (0.5, 0.5, 2)
    assert (found["insult"].precision, found["insult"].recall, found["insult"].texts) == (0.5, 1.0, 1)


def test_an_interval_holds_its_score_and_comes_again_from_its_seed():
    """The interval is drawn from the seed alone, holds the score, and has no width where all is right."""
    (_, once), *_ = measure.scores(FOUND, TRUTH, TAGS, seed=7)
    (_, again), *_ = measure.scores(FOUND, TRUTH, TAGS, seed=7)
    assert once == again
    assert once.low < once.f1 < once.high
    (_, right), *_ = measure.scores(np.tile(TRUTH, (50, 1)), np.tile(TRUTH, (50, 1)), TAGS)
    assert right.low == right.f1 == right.high == 1


def test_calibration_compares_confidence_with_what_was_right():
    """All said with 0.8, half of them right: 0.3 apart."""
    bins, apart = measure.calibration(np.full(100, 0.8), np.arange(100) % 2 == 0)
    assert sum(each.count for each in bins) == 100
    assert {each.confidence for each in bins} == {0.8}
    assert apart == pytest.approx(0.3)


def test_confusion_tells_missed_from_mistaken():
    """On the diagonal the share that was missed; beside it the share in which another tag was wrongly found."""
    rows = {(row["has"], row["found"]): (row["share"], row["missed"]) for row in measure.confusion(FOUND, TRUTH, TAGS)}
    assert rows["threat", "threat"] == (0.5, True)
    assert rows["threat", "insult"] == (0.5, False)
    assert rows["insult", "insult"] == (0.0, True)
    assert rows["insult", "threat"] == (0.0, False)
