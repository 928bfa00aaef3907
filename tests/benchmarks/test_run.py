"""The harness: what a run takes is measured, what fails is said, and ratios are what they say."""

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks import measure, results, run
from benchmarks.entries import Entry
from benchmarks.measure import Taken

ROOT = Path(__file__).parents[2]
SIZES = {"large": 1000, "small": 100, "sample": 50}


def entry(key, data="large", **more):
    """An entry that nobody runs."""
    return Entry(key, f"who is {key}", data, lambda *_: [], **more)


def test_a_command_is_measured(tmp_path):
    """Its wall time and the memory that it and its children held; what it prints goes to the log."""
    held = "import time; kept = bytearray(200_000_000); kept[::4096] = kept[::4096]; print('kept')"
    # By a process of its own: Linux begins the peak of a new process with what the one that starts it holds, and tests hold much.
    ask = (
        "import sys, pathlib; from benchmarks import measure; print(*measure.run([sys.executable, '-c', sys.argv[1]], pathlib.Path('log')))"
    )
    known = {**os.environ, "PYTHONPATH": str(ROOT)}
    asked = subprocess.run([sys.executable, "-c", ask, held], capture_output=True, text=True, check=True, cwd=tmp_path, env=known)
    seconds, peak_gb, *failed = asked.stdout.split()
    assert failed == []
    assert 0.15 < float(peak_gb) < 1
    assert float(seconds) > 0
    assert (tmp_path / "log").read_text() == "kept\n"


def test_a_command_that_fails_says_why(tmp_path):
    """Its last line is kept; one that takes too long, or too much memory, is stopped."""
    assert measure.run([sys.executable, "-c", "raise SystemExit('no such file')"], tmp_path / "log").failed == "no such file"
    assert "stopped" in measure.run([sys.executable, "-c", "import threading; threading.Event().wait()"], tmp_path / "log", 0.5).failed
    greedy = [sys.executable, "-c", "bytearray(2_000_000_000)"]
    assert "MemoryError" in measure.run(greedy, tmp_path / "log", limit_gb=0.5).failed


def test_figures_are_medians_and_ratios():
    """The ratio of two medians; growth is that of the time of one contact; the peak is the larger of ours."""
    runs = {
        "kernel8": [Taken(2, 0.5), Taken(9, 0.7), Taken(3, 0.6)],
        "best_duckdb": [Taken(12, 4)],
        "rulebook": [Taken(6, 0.8)],
        "kernel8_small": [Taken(0.5, 0.1)],
        "kernel8_sample": [Taken(1, 0.1)],
        "zen_sample": [Taken(5, 0.1)],
    }
    found = results.figures(runs, SIZES, Taken(3.5, 0.2))
    assert found["kernel8_s"] == 3
    assert found["kernel8_over_best_duckdb"] == 0.25
    assert found["rulebook_over_kernel8"] == 2
    assert found["per_contact_large_over_small"] == 0.6
    assert found["peak_gb_large"] == 0.8
    assert found["zen_contacts_per_s"] == 10
    assert found["cold_extra_s"] == 2.5
    assert "kernel8_over_scan" not in found


def test_what_was_not_measured_is_said_not_guessed(tmp_path):
    """The page has a line for everybody who was asked, with the reason where there is no figure; both files hold the same figures."""
    asked = [entry("best_duckdb", answers="."), entry("kernel8", missing="not there yet"), entry("polars", answers=".")]
    runs = {"best_duckdb": [Taken(2, 1)], "polars": [Taken(5, 1)]}
    found = results.figures(runs, SIZES, None)
    text = results.page(asked, runs, {"kernel8": "not there yet", "polars": "hours breach: 3, not 4"}, found, ["a machine"])
    results.write(tmp_path, text, found)
    lines = (tmp_path / "results.md").read_text().splitlines()
    assert "| who is kernel8 | 1,000 |  |  |  |  | not there yet |" in lines
    assert "| who is polars | 1,000 | 5.00 | 1 | 1.00 | 2.50 | hours breach: 3, not 4 |" in lines
    assert "| kernel8_over_best_duckdb | not measured | <= 0.25 |" in lines
    assert json.loads((tmp_path / "results.json").read_text()) == found


def test_everybody_takes_turns(monkeypatch, tmp_path):
    """All are asked once before anybody is asked again; one that failed is not asked again, and gives no figure."""
    asked = [entry("a"), entry("b", times=1), entry("c"), entry("d", missing="not installed")]
    order = []

    def measured(_, log):
        order.append(log.stem)
        return Taken(1, 1, "broke" if log.stem == "c" else "")

    monkeypatch.setattr(run, "WORK", tmp_path)
    monkeypatch.setattr(run.measure, "run", measured)
    runs, said = run.rounds(asked, dict.fromkeys(SIZES, tmp_path), 3)
    assert order == ["a", "b", "c", "a", "a"]
    assert {key: len(taken) for key, taken in runs.items()} == {"a": 3, "b": 1}
    assert said == {"c": "failed: broke", "d": "not installed"}


def test_the_machine_is_described_without_its_name():
    """Processor, cores, memory and releases; no path, no host."""
    import platform

    told = measure.machine() + measure.versions(["forbear", "no-such-package"])
    assert "cores" in told
    assert "forbear 0" in told
    assert "/" not in told
    assert platform.node() not in told or len(platform.node()) < 4
