"""What the checker of proofs refuses, and what it cannot read. It is not of forbear, and is run as its own users run it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from errors.met import Met, script
from errors.rulebook import RULE, put

from forbear.engines.judgement import judge_timeline
from forbear.engines.trial import diaries
from forbear.findings.finding import findings_of
from forbear.findings.proof import proof
from forbear.rulebook.load import load

SOURCES = ("conformance/",)
REFUSED, READING = "Checking a proof without us", "Running the checker"
Proof = dict[str, Any]


def _changed(*path: str | int, to: object) -> Callable[[Proof], None]:
    def change(proof: Proof) -> None:
        place: Any = proof
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = to(place[path[-1]]) if callable(to) else to

    return change


def _owed(proof: Proof) -> None:
    proof["finding"] |= {"rule": "xx.courtesy-act.answer", "limit": "", "measured": ""}


CASES: tuple[tuple[str, Callable[[Proof], None]], ...] = (
    ("a rule that the law folder does not have", _changed("finding", "rule", to="xx.none")),
    ("another clause than the rule's", _changed("finding", "clause", to="Courtesy Act, section 13")),
    ("entries in another order", _changed("witness", to=lambda held: held[::-1])),
    ("a contact that was known before it happened", _changed("judged", "known_at", to=lambda at: at + 1)),
    ("a debt that the entry is not about", _changed("finding", "debt", to="2")),
    ("a rule on what is owed", _owed),
    ("a witness that was changed", _changed("witness", 0, "fields", "channel", to=["call"])),
    (
        "a witness that is not needed",
        _changed("witness", to=lambda held: [held[0] | {"entry_id": "0-", "at": held[0]["at"] - 1, "known_at": held[0]["at"] - 1}, *held]),
    ),
    ("a count that the entries do not give", _changed("finding", "measured", to="2")),
    ("an entry that is none", _changed("judged", "at", to="noon")),
)


def met(folder: Path) -> Iterator[Met]:
    """Each of them."""
    owe = '[owe]\nentry = { kind = "notice" }\nwithin = "5 days after"\nper = ["consumer"]\n'
    answer = RULE.partition("[cap]")[0].replace("messages-a-day", "answer") + owe
    mine = put(folder, {"rule": RULE, "answer": answer})
    book = load([mine])
    rule = next(rule for rule in book.rules if rule.cap)
    (diary,) = diaries(book, rule)
    entries = [line.entry for line in diary.lines]
    (finding,) = findings_of(lambda places: [entries[k] for k in places], judge_timeline(book, [rule], entries, diary.coverage))
    honest = json.dumps(proof(finding))
    for when, change in CASES:
        forged = json.loads(honest)
        change(forged)
        forged["finding"]["witness"] = " ".join(each["entry_id"] for each in forged["witness"])
        (folder / "proofs.jsonl").write_text(json.dumps(forged), encoding="utf-8")
        yield Met(REFUSED, when, *_run(folder, "my-rules", "proofs.jsonl"))
    yield Met(READING, "a folder without law", *_run(folder, "nowhere", "proofs.jsonl"))
    yield Met(READING, "a file that there is not", *_run(folder, "my-rules", "none.jsonl"))
    (folder / "proofs.jsonl").write_text("{}\n", encoding="utf-8")
    yield Met(READING, "a line that is no proof", *_run(folder, "my-rules", "proofs.jsonl"))
    (folder / "proofs.jsonl").write_text("", encoding="utf-8")
    yield Met(READING, "no finding: no error", *_run(folder, "my-rules", "proofs.jsonl"))


def _run(folder: Path, *words: str) -> tuple[str, int]:
    """What the checker says of files in the folder, and its exit code."""
    return script(folder, "check.py", *(str(folder / word) for word in words))
