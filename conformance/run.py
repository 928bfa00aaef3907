"""Ask any program the cases of the conformance suite: `python conformance/run.py [OPTIONS] -- PROGRAM ARGUMENTS`.

PROGRAM reads one case a line from standard input and writes one answer a line to standard output, in any order; or `--http URL` posts each
case to a server. README.md says what a case means and what to answer. Exit codes: 0 every answer is right, 1 at least one is wrong, 2 the
call or the suite is wrong, or nothing was answered. Needs Python 3.11 and its standard library only.
"""
# ruff: noqa: ANN001, ANN201

import argparse
import json
import subprocess
import sys
import threading
import urllib.request
from collections import Counter
from pathlib import Path

from reading import Law, views
from told import timeline

HERE = Path(__file__).resolve().parent
LAW = HERE.parent / "src" / "forbear" / "rulebook" / "law"


def chosen(suite, options):
    """The cases that were asked for."""
    wanted = [name for name in (options.rules or "").split(",") if name]
    kinds = set((options.kinds or "").split(",")) - {""}
    return [
        case
        for case in suite["cases"]
        if (not wanted or all(any(rule.startswith(name) for name in wanted) for rule in case["rules"]))
        and (not kinds or case["kind"] in kinds)
        and (not options.only or case["id"].startswith(options.only))
    ]


def question(case):
    """A case as it is asked: without what is expected."""
    return json.dumps({key: value for key, value in case.items() if key != "expect"}, ensure_ascii=False)


def by_program(command, cases):
    """Answers of a program. It may read everything before it answers: questions are written beside the reading."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 (the caller's own program)

        def write():  # noqa: ANN202
            try:
                for case in cases:
                    process.stdin.write(question(case).encode() + b"\n")
                    process.stdin.flush()
                process.stdin.close()
            except BrokenPipeError:
                pass  # it ended; what it did not answer is counted

        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        try:
            for line in process.stdout:
                if line.strip():
                    yield json.loads(line)
        except BaseException:
            process.kill()  # nobody wants the rest
            raise
        writer.join()


def by_http(url, cases):
    """Answers of a server."""
    for case in cases:
        asked = urllib.request.Request(url, question(case).encode(), {"Content-Type": "application/json"})  # noqa: S310 (the caller's own)
        with urllib.request.urlopen(asked) as told:  # noqa: S310
            yield {"id": case["id"]} | json.loads(told.read())


def differences(case, answer, law):
    """What of an answer is not as expected, in words."""
    expected = case["expect"]
    if "audit" in answer:
        right, said = ({(found["entry"], found["rule"]): found for found in side.get("audit", [])} for side in (expected, answer))
        for key in sorted(right.keys() | said.keys()):
            want, got = (side[key]["verdict"] if key in side else "clear" for side in (right, said))
            if want != got:
                yield f"audit: {key[0]} under {key[1]} is {want}, not {got}"
            elif why := unproven(case, said.get(key, {}), right.get(key, {}), law):
                yield f"audit: the witness of {key[0]} under {key[1]} {why}; {' '.join(right[key]['witness']) or 'none'} is one"
    if "gate" in answer:
        right, said = ({told["entry"]: told for told in side.get("gate", [])} for side in (expected, answer))
        for entry in sorted(right.keys() | said.keys()):
            want, got = (side.get(entry, {"decision": "allow"}) for side in (right, said))
            for part in ("decision", "rules", "earliest"):
                if (part == "decision" or part in got) and want.get(part) != got.get(part):
                    yield f"gate: {part} of {entry} is {want.get(part)}, not {got.get(part)}"
                    break


def unproven(case, said, right, law):
    """Why other entries than the expected do not prove the breach; empty if they do, with none too many, or if none are named."""
    if "witness" not in said or "witness" not in right or said["witness"] == right["witness"]:
        return ""
    witness = said["witness"]
    entry, rule_id = right["entry"], right["rule"]
    entries = {each["entry_id"]: each for each in timeline(case)}
    order = list(entries)
    if any(name not in entries for name in witness) or [*witness, entry] != sorted({*witness, entry}, key=order.index):
        return "is not a list of earlier entries in their order"
    past, judged = [entries[name] for name in witness], entries[entry]
    guilty = [
        (rule, view)
        for rule in law.rules
        if rule["id"] == rule_id
        for view in views(judged, judged["fields"].get("debt", []))
        if law.breach(rule, view, past)
    ]
    if not guilty:
        return "does not prove it"
    rule, view = guilty[0]
    if any(law.breach(rule, view, past[:k] + past[k + 1 :]) for k in range(len(past))):
        return "holds more than is needed"
    return ""


def run(cases, answers, law, shown):
    """Compares and prints; returns the exit code."""
    waiting, wrong, told, silent = {case["id"]: case for case in cases}, Counter(), Counter(), Counter()
    parts, printed = Counter(), 0
    for answer in answers:
        case = waiting.pop(answer.get("id"), None)
        if case is None:
            raise ValueError(f"an answer to {answer.get('id')!r}, which was not asked or is answered already; copy the id of the case")
        label = case["rules"][0] if len(case["rules"]) == 1 else "several rules together"
        told[label] += 1
        if reason := answer.get("cannot"):
            silent[reason] += 1
            continue
        parts.update(part for part in ("audit", "gate") if part in answer)
        if found := list(differences(case, answer, law)):
            wrong[label] += 1
            if printed < shown:
                printed += 1
                print(f"{case['id']}: {case['says']}", *found, sep="\n  ")
    for label in sorted(wrong):
        print(f"{label}: {wrong[label]} of {told[label]} wrong")
    for reason, times in silent.most_common():
        print(f"not answered: {times} ({reason})")
    if waiting:
        print(f"not answered: {len(waiting)} (nothing was said)")
    right = told.total() - silent.total() - wrong.total()
    print(f"{right} of {len(cases)} right, {wrong.total()} wrong; audit {parts['audit']}, gate {parts['gate']}")
    return 1 if wrong else 0 if right else 2


def main(arguments):
    """Asks and compares; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", type=Path, default=HERE / "suite.json")
    parser.add_argument("--law", type=Path, default=LAW, help="the law folder, by which witnesses are proven")
    parser.add_argument("--rules", help="only cases of rules whose ids begin so, joined by commas: us.reg-f,cn")
    parser.add_argument("--kinds", help="only diary, official, boundary, moved, random, stack, joined by commas")
    parser.add_argument("--only", help="only cases whose ids begin so")
    parser.add_argument("--show", type=int, default=10, help="so many wrong answers are shown whole")
    parser.add_argument("--list", action="store_true", help="print the questions instead of asking")
    parser.add_argument("--http", metavar="URL", help="post each case there instead of starting a program")
    parser.add_argument("program", nargs="*")
    options = parser.parse_args(arguments)
    cases = chosen(json.loads(options.suite.read_text(encoding="utf-8")), options)
    if not cases:
        raise ValueError("no case is like that; see --rules, --kinds and --only")
    if options.list:
        print(*map(question, cases), sep="\n")
        return 0
    if bool(options.http) == bool(options.program):
        raise ValueError("name a program after --, or --http URL")
    law = Law(options.law)
    if not law.rules:
        raise ValueError(f"{options.law}: there are no rule files (*.toml) here; name the law folder by --law")
    answers = by_http(options.http, cases) if options.http else by_program(options.program, cases)
    return run(cases, answers, law, options.show)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (OSError, ValueError) as error:
        print(f"cannot go on: {error}", file=sys.stderr)
        sys.exit(2)
