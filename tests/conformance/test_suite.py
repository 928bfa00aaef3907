"""The conformance suite is the law as it is, our engines pass it through the runner that all use, and the runner finds what is wrong."""

from __future__ import annotations

import http.server
import json
import subprocess
import sys
import threading
from collections import Counter
from functools import cache
from pathlib import Path

import make
import msgspec
import pytest
import run

from forbear.engines.suite.case import Case, instant, second
from forbear.engines.suite.speech import heard
from forbear.records.errors import InputError
from forbear.rulebook.load import load

ENGINES = {
    "plain": ["conform", "--engine", "plain"],
    "kernel": ["conform"],
    "spark": ["conform", "--engine", "spark", "--master", "local[2]"],
    "gate": ["gate", "conform"],
}
RULE = "us.reg-f.call-frequency"


@cache
def suite():
    """suite.json."""
    return json.loads(make.SUITE.read_text(encoding="utf-8"))


def ask(*words: str, program: list[str] | None = None) -> subprocess.CompletedProcess[str]:
    """The runner, as anybody calls it."""
    command = [sys.executable, run.__file__, *words, *(["--", sys.executable, *program] if program else [])]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def program(tmp_path: Path, body: str) -> list[str]:
    """A program that answers with what `body` makes of `case`, in `answer`."""
    file = tmp_path / "program.py"
    file.write_text(f"import json, sys\nfor line in sys.stdin:\n    case = json.loads(line)\n    {body}\n    print(json.dumps(answer))\n")
    return [str(file)]


def test_the_suite_is_what_the_law_says_now():
    """`make suite` would change nothing: each case, each verdict, and the hash of each rule's meaning."""
    assert "".join(make.render(load())) == make.SUITE.read_text(encoding="utf-8"), "run `make suite`"


def test_its_readme_counts_it_right():
    """Timelines, rules, and the countries that these are of."""
    countries = {name.partition(".")[0].partition("-")[0] for name in suite()["law"]}
    told = f"`suite.json` holds {len(suite()['cases']):,} timelines under {len(suite()['law'])} rules of {len(countries)} countries"
    assert told in make.SUITE.with_name("README.md").read_text(encoding="utf-8")


def test_every_rule_has_cases_on_both_sides():
    """Fifteen hundred cases or more; each rule says no somewhere, and somewhere sees nothing wrong with an entry."""
    cases = suite()["cases"]
    assert len(cases) >= 1500
    assert len({case["id"] for case in cases}) == len(cases)
    assert {case["kind"] for case in cases} == {"diary", "official", "boundary", "moved", "random", "stack"}
    own = [case for case in cases if len(case["rules"]) == 1]
    guilty = Counter(case["rules"][0] for case in own if any(f["verdict"] != "unclear" for f in case["expect"].get("audit", [])))
    calm = Counter(case["rules"][0] for case in own if len({f["entry"] for f in case["expect"].get("audit", [])}) < len(case["entries"]))
    assert set(guilty) == set(calm) == set(suite()["law"])


@pytest.mark.parametrize("engine", ENGINES)
def test_our_engines_pass_it_through_the_runner(engine):
    """Every answer of every engine is right; the gate leaves out those in which it would have to be told less than it always is."""
    found = ask(program=["-m", "forbear.doors.cli", *ENGINES[engine]])
    assert found.returncode == 0, found.stdout + found.stderr
    assert ", 0 wrong; " in found.stdout
    beside = [line for line in found.stdout.splitlines() if line.startswith("not answered")]
    assert all("a gate is always told what a contact says" in line for line in beside)
    assert engine == "gate" or not beside


def test_a_program_that_sees_nothing_is_told_what_it_missed(tmp_path):
    """Each missed breach is named with entry and rule, wrong cases are counted by rule, and the exit code is 1."""
    found = ask("--rules", RULE, program=program(tmp_path, 'answer = {"id": case["id"], "audit": []}'))
    assert found.returncode == 1
    assert f"audit: 0007 under {RULE} is breach, not clear" in found.stdout
    assert f"{RULE}: " in found.stdout
    assert "gate 0" in found.stdout


def test_what_is_not_answered_is_counted_and_not_wrong(tmp_path):
    """A program that cannot, and one that says nothing, are told how many they left out; with nothing right the exit code is 2."""
    found = ask("--rules", RULE, program=program(tmp_path, 'answer = {"id": case["id"], "cannot": "no calendar"}'))
    assert found.returncode == 2
    assert "(no calendar)" in found.stdout
    silent = ask("--rules", RULE, program=["-c", "import sys; sys.stdin.read()"])
    assert silent.returncode == 2
    assert "(nothing was said)" in silent.stdout


def test_an_answer_to_nothing_stops_the_run(tmp_path):
    """An id that was not asked is a fault of the program, said as such."""
    found = ask("--rules", RULE, program=program(tmp_path, 'answer = {"id": "made up"}'))
    assert found.returncode == 2
    assert "an answer to 'made up', which was not asked" in found.stderr


def test_any_witness_that_proves_is_right_and_no_other(tmp_path):
    """Of eight calls before the ninth any seven prove it; six do not, and eight hold more than is needed."""
    case = next(case for case in suite()["cases"] if case["rules"] == [RULE] and len(case["entries"]) == 9 and case["kind"] == "diary")
    rows = [row | {"at": instant(second(case["entries"][0]["at"]) + 60 * n)} for n, row in enumerate(case["entries"])]
    case |= {"entries": rows}
    law = run.Law(run.LAW)
    names = [row["id"] for row in rows]
    right = {"entry": names[8], "rule": RULE, "verdict": "breach", "witness": names[1:8]}

    def why(witness: list[str]) -> str:
        return run.unproven(case, right | {"witness": witness}, right, law)

    assert [why(names[:7]), why([names[0], *names[2:8]])] == ["", ""]
    assert why(names[:6]) == "does not prove it"
    assert why(names[:8]) == "holds more than is needed"
    assert why(names[7:0:-1]) == why([*names[1:8], "x"]) == "is not a list of earlier entries in their order"
    assert run.unproven(case, {"entry": names[8]}, right, law) == "", "a witness may be left out"
    unclear = {"entry": names[8], "rule": RULE, "verdict": "unclear"}
    assert run.unproven(case, unclear | {"witness": []}, unclear, law) == "", "of what is unclear nothing need be proven"


def test_a_server_can_be_asked():
    """Over HTTP the body is the case, and the answer needs no id."""
    right = {case["id"]: case["expect"] for case in suite()["cases"]}

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            case = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert "expect" not in case
            body = json.dumps(right[case["id"]]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found = ask("--rules", RULE, "--http", f"http://127.0.0.1:{server.server_port}/")
        server.shutdown()
    assert found.returncode == 0, found.stdout + found.stderr
    assert "right, 0 wrong" in found.stdout


def test_the_call_itself_can_be_wrong():
    """No program, and a choice that fits no case, are one line each that says what to do."""
    assert "name a program after --, or --http URL" in ask().stderr
    assert "no case is like that" in ask("--rules", "xx", program=["-c", ""]).stderr
    assert ask().returncode == 2


def test_a_line_that_is_no_case_is_named():
    """Our own engines say which line they cannot read."""
    case = suite()["cases"][0]
    with pytest.raises(InputError, match=r"standard input:2: no case .*; write each as suite.json has it"):
        list(heard([json.dumps(case).encode(), b'{"id": 1}'], "standard input"))
    case["entries"][0]["at"] = "noon"
    with pytest.raises(InputError, match=r"standard input:1: no case .*noon"):
        list(heard([json.dumps(case).encode()], "standard input"))


def test_a_case_comes_back_as_it_was_written():
    """Entries, coverage and what is expected survive the way through JSON."""
    for raw in make.SUITE.read_bytes().splitlines()[200:400:7]:
        if raw.startswith(b'{"id"'):
            case = msgspec.json.decode(raw.rstrip(b","), type=Case)
            again = Case.ask(case.id, case.kind, case.says, case.rules, case.timeline, case.coverage)
            assert (again.timeline, again.coverage) == (case.timeline, case.coverage)
