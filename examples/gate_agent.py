"""A voice agent that cannot call without the gate: `FORBEAR_GATE_KEY=fb_... python examples/gate_agent.py http://127.0.0.1:8707 c-17`.

`place_call` stands for the agent's own function; here it only pretends. The guard asks before it, reports after it, and never runs it
without an allow.
"""

from __future__ import annotations

import os
import sys

from forbear.doors.gate.agents import Denied, Guard, Unreported
from forbear.doors.gate.api import Question
from forbear.doors.gate.client import Client, NoAnswer


def place_call(consumer: str) -> str:
    """What the agent does; the outcome of the call."""
    print(f"(calling {consumer}: nobody picks up)")
    return "no-answer"


def about(consumer: str) -> Question:
    """What the gate is asked about that call."""
    return Question(consumer=consumer, channel="call", automated="ai-voice", party="consumer", jurisdiction="US", zone="America/New_York")


def main(url: str, consumer: str) -> None:
    """One call, if it is lawful."""
    with Client(url, os.environ["FORBEAR_GATE_KEY"]) as client:
        call = Guard(client).wrap(place_call, about, outcome=str)
        try:
            call(consumer)
        except Denied as denied:
            print(f"not called: {denied}")
        except NoAnswer as none:
            print(f"not called: {none}")
        except Unreported as open_end:
            print(f"called: {open_end}")


if __name__ == "__main__":
    main(*sys.argv[1:])
