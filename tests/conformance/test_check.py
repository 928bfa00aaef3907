"""The checker proves every finding that is true and refuses every one that was tampered with."""

import copy
import io
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import check
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from reading import Law
from timelines import NOWHERE, book, rules_where

from forbear.engines.judgement import judge_timeline
from forbear.engines.plain import Judge, views
from forbear.engines.trial import diaries
from forbear.findings.finding import findings_of
from forbear.findings.proof import entry_json, line, proof
from forbear.records.entry import Entry
from forbear.rulebook.load import shipped

CHECKER = Path(check.__file__)


@cache
def law(rule_id):
    """The law folder that holds the rule, as the checker reads it."""
    return Law(NOWHERE if rule_id.startswith("xx.") else shipped())


def findings(rule, entries, coverage):
    """All that the engine finds in a timeline under one rule."""
    return findings_of(lambda places: [entries[k] for k in places], judge_timeline(book(), [rule], entries, coverage))


@cache
def found(number):
    """All that the engine finds in the diaries of a rule: (finding, the whole timeline)."""
    rule = book().rules[number]
    return [
        (finding, [line.entry for line in diary.lines])
        for diary in diaries(book(), rule)
        for finding in findings(rule, [line.entry for line in diary.lines], diary.coverage)
    ]


def proven(number):
    """What a rule finds in its diaries and a witness can prove."""
    return [(finding, entries) for finding, entries in found(number) if finding.verdict != "unclear" and not finding.rule.owe]


PROVABLE = [n for n in rules_where(lambda rule: not rule.owe) if proven(n)]
WITNESSED = [n for n in PROVABLE if any(finding.witness for finding, _ in proven(n))]
NAMES = [f"{book().rules[n].id} {book().rules[n].from_}" for n in PROVABLE]


@st.composite
def cases(draw, numbers=PROVABLE, *, witnessed=False):
    """A finding of some diary, its timeline, and the proof as it travels."""
    finding, entries = draw(st.sampled_from([case for case in proven(draw(st.sampled_from(numbers))) if case[0].witness or not witnessed]))
    return finding, entries, json.loads(json.dumps(proof(finding)))


def refused(finding, forged):
    """The reason for which the checker refuses it."""
    with pytest.raises(check.Refused) as reason:
        check.check(law(finding.rule.id), forged)
    return str(reason.value)


def put(forged, entries, witness):
    """A witness put in place of the true one, as a careful forger would."""
    forged["witness"] = sorted((entry_json(e) if isinstance(e, Entry) else e for e in witness), key=place)
    forged["finding"]["witness"] = " ".join(e["entry_id"] for e in forged["witness"])


def place(e):
    """Where an entry stands on its timeline."""
    return (e["known_at"], e["fields"]["kind"] != ["contact"], e["entry_id"])


@pytest.mark.parametrize("number", PROVABLE, ids=NAMES)
def test_every_breach_and_departure_of_every_example_is_proven(number):
    """Each line of each diary that a rule finds is proven by its witness alone, in words that name rule, version, clause and entry."""
    for finding, _ in proven(number):
        said = check.check(law(finding.rule.id), proof(finding))
        assert said.startswith(f"a {finding.verdict.value} of {finding.rule.id} version {finding.rule.version} ({finding.rule.cite}) by ")
        assert said.endswith("provided that nothing exempting was withheld")


def test_every_rule_that_looks_back_is_put_to_the_proof():
    """No rule that finds anything in its examples is left out above, and most stand on a witness somewhere."""
    silent = [book().rules[n].id for n in rules_where(lambda rule: not rule.owe) if n not in PROVABLE]
    assert silent == []
    assert len(WITNESSED) > 10


def test_what_is_owed_is_not_proven_by_what_came_before():
    """A duty that nothing followed is refused with the reason: only the later records could show it."""
    owed = [finding for n in rules_where(lambda rule: bool(rule.owe)) for finding, _ in found(n) if finding.verdict != "unclear"]
    assert owed
    for finding in owed:
        assert "all later records" in refused(finding, proof(finding))


def test_what_is_unclear_is_no_proof_and_is_not_handed_out():
    """An unknown never proves a breach: proofs.jsonl leaves it out; one written by hand is refused, also if it calls itself a breach."""
    unclear = [case for n in PROVABLE for case in found(n) if case[0].verdict == "unclear"]
    assert len(unclear) > 10
    assert {line(finding) for finding, _ in unclear} == {None}
    for finding, entries in unclear:
        forged = proof(finding)
        assert "verdict is given as" in refused(finding, forged)
        forged["finding"]["verdict"] = "departure" if finding.rule.warns else "breach"
        put(forged, entries, entries[: entries.index(finding.entry)])
        if not any(need.startswith("kind=") for need in finding.settles):  # what no source holds is what the proviso of a proof speaks of
            assert "not surely" in refused(finding, forged)


@given(cases(WITNESSED, witnessed=True), st.data())
def test_a_witness_entry_that_is_missing_is_noticed(case, data):
    """Without any one of its witness entries a finding is refused, whether or not its list of ids was shortened too."""
    finding, entries, forged = case
    del forged["witness"][data.draw(st.integers(0, len(forged["witness"]) - 1))]
    assert "witness is given as" in refused(finding, copy.deepcopy(forged))
    put(forged, entries, forged["witness"])
    assert "something is missing" in refused(finding, forged)


@given(cases(), st.data())
def test_an_idle_witness_entry_is_noticed(case, data):
    """Another earlier entry of the same timeline added to the witness is refused: a witness holds only what is needed."""
    finding, entries, forged = case
    others = [e for e in entries[: entries.index(finding.entry)] if e not in finding.witness]
    assume(others)
    put(forged, entries, [*finding.witness, data.draw(st.sampled_from(others))])
    refused(finding, forged)


@given(cases(WITNESSED, witnessed=True))
def test_entries_out_of_order_or_twice_are_noticed(case):
    """A witness that stands in another order, or holds an entry twice or the judged one, is refused."""
    finding, _, forged = case
    judged = forged["judged"]
    first, *_, last = [*forged["witness"], judged]
    for witness in ([*forged["witness"], first], [*forged["witness"], judged], [last, *forged["witness"]]):
        changed = {**forged, "witness": witness, "finding": {**forged["finding"], "witness": " ".join(e["entry_id"] for e in witness)}}
        assert "order of a timeline" in refused(finding, changed)


@pytest.mark.parametrize(
    "column",
    [
        "entry_id",
        "consumer",
        "rule",
        "rule_version",
        "clause",
        "conduct",
        "force",
        "effect",
        "verified",
        "verdict",
        "measured",
        "witness",
        "debt",
    ],
)
@given(case=cases())
def test_a_column_that_was_changed_is_noticed(column, case):
    """Every column that a proof carries is held against rule and entries; a changed one is refused."""
    finding, _, forged = case
    forged["finding"][column] += "9" if column == "rule_version" else "~"
    refused(finding, forged)


@given(cases(), st.data())
def test_another_rule_does_not_lend_its_name(case, data):
    """A finding that names another rule of the law is refused: clause and conduct, if nothing else, are not its own."""
    finding, _, forged = case
    other = data.draw(st.sampled_from([rule for rule in book().rules if rule.id != finding.rule.id]))
    forged["finding"] |= {"rule": other.id, "rule_version": str(other.version)}
    refused(finding, forged)


@given(cases(rules_where(lambda rule: bool(rule.cap))), st.integers(0, 99))
def test_a_count_below_what_breaks_the_cap_is_refused(case, count):
    """A measured count that is no breach of the limit, or another limit than the rule's, is refused."""
    finding, _, forged = case
    limit = int(finding.limit)
    forged["finding"]["measured"] = str(min(count, limit))
    assert "measured is given as" in refused(finding, copy.deepcopy(forged))
    forged["finding"] |= {"measured": finding.measured, "limit": str(limit + 1)}
    assert "measured is given as" in refused(finding, forged)


@given(cases(rules_where(lambda rule: bool(rule.hours))), st.integers(1, 86399))
def test_another_time_of_day_is_refused(case, shift):
    """The judged contact moved to another second of the day contradicts what was measured, even if that is night too."""
    finding, _, forged = case
    forged["judged"] |= {"at": finding.entry.at + shift, "known_at": finding.entry.at + shift}
    refused(finding, forged)


@given(cases(), st.data())
def test_what_was_tampered_with_is_proven_only_if_it_would_be_a_breach_as_well(case, data):
    """An entry moved in time or given other values is accepted exactly where the engine finds the breach, and all of the witness needed."""
    finding, entries, forged = case
    tampered = [*finding.witness, finding.entry]
    n = data.draw(st.integers(0, len(tampered) - 1))
    if data.draw(st.booleans()):
        shift = data.draw(st.sampled_from([-30, -7, -6, -1, 1, 6, 7, 30])) * 86400 + data.draw(
            st.sampled_from([-7200, -60, -1, 0, 1, 60, 7200])
        )
        tampered[n] = Entry(
            entry_id=tampered[n].entry_id, at=tampered[n].at + shift, known_at=tampered[n].known_at + shift, fields=tampered[n].fields
        )
    else:
        name = data.draw(st.sampled_from(sorted(set(tampered[n].fields) - {"kind"})))
        lent = [e.fields.get(name) for e in entries if e.fields.get(name) != tampered[n].fields[name]]
        tampered[n] = tampered[n].but(**{name: data.draw(st.sampled_from([None, *lent]))})
    *witness, judged = tampered
    forged["judged"] = entry_json(judged)
    put(forged, entries, witness)
    assume([place(e) for e in forged["witness"]] == [place(entry_json(e)) for e in witness])
    forged["finding"]["consumer"] = judged.one("consumer")
    forged["finding"]["debt"] = finding.debts[0] if finding.debts else ""
    view = next((v for v in views(judged) if v.fields.get("debt", ())[:1] == finding.debts[:1]), None)
    honest = (
        view is not None
        and all(place(entry_json(e)) < place(forged["judged"]) for e in witness)
        and breaks(finding.rule, view, witness)
        and not any(breaks(finding.rule, view, [*witness[:k], *witness[k + 1 :]]) for k in range(len(witness)))
    )
    if honest:
        again = next(f for f in findings(finding.rule, [*witness, judged], diary()) if f.entry is judged)
        forged["finding"] |= {"measured": again.measured, "limit": again.limit}
        assert check.check(law(finding.rule.id), forged)
    else:
        refused(finding, forged)


def diary():
    """The coverage of a diary: nothing withheld."""
    return diaries(book(), book().rules[PROVABLE[0]])[0].coverage


def breaks(rule, entry, past):
    """Whether the engine finds the breach."""
    return Judge(book(), past).judge_view(rule, entry, len(past)).value is True


def one(number=WITNESSED[0]):
    """A finding with a witness."""
    return next(finding for finding, _ in proven(number) if finding.witness)


def test_contact_times_that_differ_are_refused():
    """A contact is known when it happens, so one moved while its place on the timeline stayed is refused."""
    forged = proof(one())
    forged["judged"]["at"] -= 60
    assert "a contact is known when it happens" in refused(one(), forged)


def test_the_command_needs_the_standard_library_only(tmp_path):
    """Without site packages and environment it answers each line, and its exit code says whether all are proven."""
    number = next(n for n in WITNESSED if not book().rules[n].id.startswith("xx."))
    good, forged = json.dumps(proof(one(number))), proof(one(number))
    del forged["witness"][0]
    file = tmp_path / "proofs.jsonl"
    for text, code, words in [(good, 0, ["proves"]), (f"{good}\n{json.dumps(forged)}\n", 1, ["proves", "refused:"])]:
        file.write_text(text, encoding="utf-8")
        run = subprocess.run([sys.executable, "-S", "-E", CHECKER, shipped(), file], capture_output=True, text=True, check=False)
        assert (run.returncode, run.stderr) == (code, "")
        assert [line.split()[0] for line in run.stdout.splitlines()] == words


def test_it_reads_standard_input_and_one_finding_over_many_lines(monkeypatch, capsys):
    """`-` is standard input; a finding that is laid out over many lines is one finding."""
    number = next(n for n in WITNESSED if not book().rules[n].id.startswith("xx."))
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(proof(one(number)), indent=1)))
    assert check.main([str(shipped()), "-"]) == 0
    assert capsys.readouterr().out.startswith("proves a ")


@pytest.mark.parametrize(
    "broken",
    [
        "{",
        "[]",
        '{"finding": {}}',
        "no JSON",
        json.dumps({**json.loads(json.dumps(proof(one()))), "judged": {"entry_id": "x", "at": "noon"}}),
    ],
)
def test_bad_input_is_said_and_is_neither_proof_nor_refusal(broken, tmp_path):
    """What is no finding ends with exit code 2 and a reason on standard error."""
    file = tmp_path / "proofs.jsonl"
    file.write_text(broken, encoding="utf-8")
    run = subprocess.run([sys.executable, CHECKER, NOWHERE, file], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("cannot be read: ")


def test_an_audit_that_found_nothing_has_nothing_to_prove(tmp_path, capsys):
    """An empty file is no error: nothing was said, and nothing is proven."""
    file = tmp_path / "proofs.jsonl"
    file.write_text("", encoding="utf-8")
    assert check.main([str(NOWHERE), str(file)]) == 0
    assert capsys.readouterr().out == "no findings: nothing to prove\n"


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), ([], 2), (["law"], 2), (["law", "a", "b"], 2)])
def test_help_says_how_to_call_it(arguments, code, capsys):
    """`--help`, and a call that is wrong, print how it is used; only the first is no error."""
    assert check.main(arguments) == code
    assert "conformance/check.py LAW_FOLDER" in capsys.readouterr().out


def test_a_folder_without_law_is_bad_input(tmp_path):
    """A folder with no rule file, or that is not there, is not taken for a law under which nothing is proven."""
    for folder in (tmp_path, tmp_path / "nowhere"):
        run = subprocess.run([sys.executable, CHECKER, folder, "-"], capture_output=True, text=True, check=False, input="")
        assert run.returncode == 2
        assert "no rule files" in run.stderr


def test_an_empty_list_of_values_is_no_knowledge():
    """A field that names no value would pass every test; it is bad input, so a forger gains nothing by it."""
    forged = proof(one())
    forged["judged"]["fields"]["agency"] = []
    with pytest.raises(ValueError, match="no entry"):
        check.check(law(one().rule.id), forged)
