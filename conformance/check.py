"""Check findings from the law and their witnesses alone: `python conformance/check.py LAW_FOLDER PROOFS` (PROOFS `-`: standard input).

PROOFS holds one finding a line (`proofs.jsonl` of an audit): {"finding": its row, "judged": entry, "witness": [entries]}, with "law_of":
"YYYY-MM-DD" where the law of that day judged whatever the day of the contact; an entry is {"entry_id", "at", "known_at", "fields": {name:
[values]}}, its times in Unix seconds. Each is answered by `proves ...` or by `refused: ...`
and the reason. Exit codes: 0 all are proven, 1 at least one is not, 2 the input cannot be read. Needs the standard library only.
"""
# ruff: noqa: ANN001, ANN201

import datetime as dt
import json
import re
import sys
from pathlib import Path

from reading import SEVERAL, Law, listed, views


class Refused(Exception):
    """The finding does not prove what it says; the argument is the reason."""


def entry(raw):
    """The entry itself, if it is one."""
    held = [values for name, values in raw["fields"].items() if values != [] or name not in SEVERAL]
    whole = type(raw["at"]) is type(raw["known_at"]) is int and isinstance(raw["entry_id"], str) and len(raw["fields"]["kind"]) == 1
    if not whole or not all(isinstance(v, list) and v and all(isinstance(x, str) for x in v) for v in held):
        raise ValueError("no entry: it lacks entry_id, at, known_at or fields, or has them in another form")
    return raw


def clock(second):
    """A second of the day as a wall clock shows it."""
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def phrase(want):
    """A test of standings as a finding says it."""
    words = want["not"] if isinstance(want, dict) else want
    return f"{'not ' * isinstance(want, dict)}while {words if isinstance(words, str) else '|'.join(words)}"


def measured(law, rule, finding, e, past):
    """Measured value and limit in words, as far as these entries show them; raises `Refused` if the finding says otherwise."""
    said, limit = finding["measured"], finding["limit"]
    if "cap" in rule:
        low, _, high = said.partition("..")
        true, most = law.count(rule, e, past), str(rule["cap"]["limit"])
        # All records may hold more of the same; what stands behind the first number is what they may hold at most.
        right = low.isdecimal() and int(low) >= true and (not high or (high.isdecimal() and int(high) > int(low)))
        text = f", at least {true} at a limit of {most}"
    elif "hours" in rule:
        walls = law.walls(e, rule)
        spans = [spans for wall in walls for spans in law.lawful(wall, rule["hours"], rule)]
        days = [" ".join("-".join(map(clock, (a, b - 1))) for a, b in day) for day in spans]
        true, most = "|".join(dict.fromkeys(f"{wall:%H:%M:%S}" for wall in walls)), "|".join(dict.fromkeys(day or "none" for day in days))
        right, text = said == true, f", {true} where {most} is allowed"
    else:  # the fields that the clause looks at, as the entry has them, and the standings
        asked = [test for tests, _ in listed(rule.get("forbid", rule.get("require"))) for test in tests.items()]
        true = {field: " ".join(e["fields"].get(field) or ["?"]) for field, _ in asked if field != "while"}
        named, standings = re.findall(r"(\w+)=(\S+)", said), {phrase(want) for field, want in asked if field == "while"}
        right = {f for f, _ in named} == set(true) and all(set(re.split(r"[|+]", words)) <= set(true[f].split()) for f, words in named)
        right, most, text = right and set(re.findall(r"(?:not )?while \S+", said)) == standings, limit, ""
    if not right or limit != most:
        raise Refused(f"measured is given as {said!r} at a limit of {limit!r}, but these entries show {true!r} at {most!r}")
    return text


def check(law, proof):
    """What the finding proves, as a sentence; raises `Refused`."""
    if day := proof.get("law_of"):
        law = law.of_day(dt.date.fromisoformat(day))
    finding, judged, past = proof["finding"], entry(proof["judged"]), [entry(raw) for raw in proof["witness"]]
    name, named = f"{finding['rule']} version {finding['rule_version']}", judged["fields"].get("debt", [])
    rules = [r for r in law.rules if f"{r['id']} version {r['version']}" == name and law.in_force(r, judged, doubt=True)]
    if len(rules) != 1:
        raise Refused(f"the law folder holds no {name} that is in force on {day or 'the date of the judged entry'}")
    rule, verdict = rules[0], "departure" if rules[0]["effect"] in ("protection-lost", "advised-against") else "breach"
    true = {"verdict": verdict, "entry_id": judged["entry_id"], "consumer": "|".join(judged["fields"].get("consumer", []))}
    true |= {"clause": "; ".join(way["cite"] for way, _ in listed(rule["clause"])), "witness": " ".join(e["entry_id"] for e in past)}
    for key, value in (true | {key: rule[key] for key in ("conduct", "force", "effect", "verified")}).items():
        if finding[key] != value:
            raise Refused(f"{key} is given as {finding[key]!r}, but it is {value!r}")
    places = [(e["known_at"], e["fields"]["kind"] != ["contact"], e["entry_id"]) for e in [*past, judged]]
    if places != sorted(places) or len({e["entry_id"] for e in [*past, judged]}) < len(places):
        raise Refused("the entries do not stand in the order of a timeline, each once, the judged one last")
    if late := [e["entry_id"] for e in [*past, judged] if e["fields"]["kind"] == ["contact"] and e["at"] != e["known_at"]]:
        raise Refused(f"a contact is known when it happens, but the times of {late[0]} differ")
    debts = [debt for debt in finding["debt"].split("+") if debt]
    if not set(debts) <= set(named) or bool(debts) != bool(named):
        raise Refused(f"the debt is given as {finding['debt']!r}, but the entry is about {'+'.join(named)!r}")
    if "owe" in rule:
        raise Refused("cannot be proven: only all later records show that what was owed did not follow, and a witness holds none")
    guilty = [e for e in views(judged, debts) if law.breach(rule, e, past)]
    if not guilty:
        raise Refused(f"with these entries alone it is not surely a {verdict}: something is missing or was changed")
    if idle := [e["entry_id"] for k, e in enumerate(past) if law.breach(rule, guilty[0], past[:k] + past[k + 1 :])]:
        raise Refused(f"it is a {verdict} without {idle[0]} too, and a witness holds only what is needed")
    shown = measured(law, rule, finding, guilty[0], past)
    debt = f" on debt {'+'.join(e['fields']['debt'][0] for e in guilty)}" if debts else ""
    by = f"by {judged['entry_id']}{debt}{f', by the law of {day}' if day else ''}"
    return f"a {verdict} of {name} ({finding['clause']}) {by}{shown}, provided that nothing exempting was withheld"


def main(arguments):
    """Answers each finding with a line; returns the exit code."""
    if len(arguments) != 2 or {"-h", "--help"} & set(arguments):
        print(__doc__)
        return 0 if {"-h", "--help"} & set(arguments) else 2
    law, code = Law(arguments[0]), 0
    if not law.rules:
        raise ValueError(f"{arguments[0]}: there are no rule files (*.toml) here; name a folder that holds some")
    text = sys.stdin.read() if arguments[1] == "-" else Path(arguments[1]).read_text(encoding="utf-8")
    if not text.strip():
        print("no findings: nothing to prove")
    for number, line in enumerate([text] if text.startswith("{\n") else text.splitlines(), 1):
        try:
            print("proves", check(law, json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            what = f"{arguments[1]}:{number}: no proof ({type(error).__name__}: {error})"
            raise ValueError(f"{what}; write each as a line of an audit's proofs.jsonl") from error
        except Refused as error:
            code = 1
            print("refused:", error)
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        told = f"{error.filename}: {error.strerror}; check the path" if isinstance(error, OSError) else error
        print(f"cannot be read: {told}", file=sys.stderr)
        sys.exit(2)
