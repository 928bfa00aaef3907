"""The examples of the gate run, and show what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from gate_server import Served

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(name, *arguments, **environment):
    """What an example prints."""
    command = [sys.executable, EXAMPLES / name, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, env={**os.environ, **environment})
    assert done.stderr == ""
    return done.stdout


def test_two_agencies_share_a_cap_and_learn_nothing_of_each_other():
    """Of forty calls to four people at most three a person are allowed, whoever asks; denials name the rule, its clause and a time."""
    printed = run("gate_dialer.py")
    allowed, denied = map(int, re.search(r"allowed (\d+)  denied (\d+)", printed).groups())
    assert 4 <= allowed <= 12
    assert allowed + denied == 40
    assert "xa.house.attempts (House rule 4)" in printed
    assert "us.reg-f." in printed
    for agency in ("North", "South"):
        allows = len(re.findall(rf"{agency} +\S consumer-1 +\S allow", printed))
        assert f"{agency} {5 + allows}" in printed.splitlines()[-1], "five answers and its own reports, nothing else"


def test_an_agent_that_is_guarded_calls_only_when_it_may(tmp_path):
    """With a gate it calls or says why not; without one it does not call."""
    served = Served(tmp_path, "--holds", "all")
    try:
        printed = run("gate_agent.py", served.url, "c-17", FORBEAR_GATE_KEY=served.keys["agency"])
    finally:
        served.stop()
    assert printed.startswith(("(calling c-17", "not called: denied by us.reg-f"))
    assert run("gate_agent.py", served.url, "c-17", FORBEAR_GATE_KEY="fb_x_y") == (
        "not called: the gate did not answer: do not place the contact\n"
    )


def test_the_house_rule_is_tried():
    """`forbear check` proves the rule's own examples."""
    done = subprocess.run(
        [sys.executable, "-m", "forbear.doors.cli", "check", EXAMPLES / "house-rules"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
