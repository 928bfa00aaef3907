"""Two agencies call the same invented consumers, and ask the gate before every call: `python examples/gate_dialer.py`.

It starts a gate of its own on a file that is thrown away, under the law of the United States and a lender's house rule
(`examples/house-rules`). Nothing is dialled. Watch what a denial tells: which rule, which clause, and when it becomes lawful; never what
the other agency did.
"""

from __future__ import annotations

import datetime as dt
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from forbear.doors.gate.api import Answer, Fact, Question
from forbear.doors.gate.client import Client

HERE = Path(__file__).parent
FORBEAR = (sys.executable, "-m", "forbear.doors.cli", "gate")
OUTCOMES = ("no-answer", "no-answer", "busy", "voicemail-left", "conversation")
AHEAD = (13 - dt.datetime.now(dt.UTC).hour + 12) % 24 - 12
ZONE = f"Etc/GMT{-AHEAD:+d}"
"""A zone where it is about one in the afternoon, so that the example shows more than the night."""
PEOPLE = {f"consumer-{n}": f"+1202555010{n}" for n in range(1, 5)}


@contextmanager
def gate(folder: Path) -> Iterator[str]:
    """A gate that serves; its URL."""
    said = ("--store", f"sqlite:///{folder}/gate.db", "--key-file", str(folder / "gate.key"), "--port", "0")
    law = ("--law", "us", "--rules", str(HERE / "house-rules"), "--holds", "all")
    process = subprocess.Popen([*FORBEAR, "serve", *said, *law], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout
        yield process.stdout.readline().removeprefix("listening on ").strip()
    finally:
        process.terminate()
        process.communicate()


def key(folder: Path, agency: str) -> str:
    """An agency's key."""
    said = ("--agency", agency, "--agency-kind", "third-party-agency", "--roles", "decide,report,read")
    made = subprocess.run(
        [*FORBEAR, "key", "create", "--store", f"sqlite:///{folder}/gate.db", *said], check=True, capture_output=True, text=True
    )
    return made.stdout.strip()


def question(consumer: str) -> Question:
    """May this consumer be called now?"""
    return Question(
        consumer=consumer,
        channel="call",
        jurisdiction="US",
        zone=ZONE,
        debt=f"loan of {consumer}",
        creditor="Lender",
        party="consumer",
        address=PEOPLE[consumer],
        place="mobile",
    )


def why(answer: Answer) -> str:
    """What an answer says, in a line."""
    if answer.decision == "allow":
        return ""
    return "; ".join(f"{reason.rule} ({reason.clauses[0].cite})" for reason in answer.reasons)


def main() -> None:
    """Five rounds of calls, and what came of them."""
    chance = random.Random(7)
    table = Table("round", "agency", "consumer", "answer", "because", "lawful from", header_style="bold")
    count = {"allow": 0, "deny": 0}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keys = {agency: key(folder, agency) for agency in ("North", "South")}
        with gate(folder) as url:
            clients = {agency: Client(url, secret) for agency, secret in keys.items()}
            for turn in range(1, 6):
                for agency, client in clients.items():
                    for consumer in PEOPLE:
                        answer = client.ask(question(consumer))
                        count[answer.decision] += 1
                        when = "never" if answer.never else answer.earliest or ""
                        table.add_row(str(turn), agency, consumer, answer.decision, why(answer), when)
                        if answer.decision == "allow":
                            outcome = chance.choice(OUTCOMES)
                            client.outcome(answer.id, outcome)
                            if outcome == "conversation" and consumer == "consumer-2":
                                said = Fact(consumer=consumer, kind="cease-request", form="written", agency=agency, declared_by="consumer")
                                client.fact(said)
            own = {agency: len(client.decisions("consumer-1")) for agency, client in clients.items()}
            for client in clients.values():
                client.close()
    Console(width=160 if not sys.stdout.isatty() else None).print(table)
    print(f"allowed {count['allow']}  denied {count['deny']}")
    # Five questions each, and a report for each allow: together more than either of them is shown.
    print(f"entries about consumer-1 that a key is shown: {'  '.join(f'{agency} {number}' for agency, number in own.items())}, all its own")


if __name__ == "__main__":
    main()
