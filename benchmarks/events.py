"""Rule engines that take one event after another, with Python keeping their state: ZEN engine and durable_rules, on a sample.

python -m benchmarks.events zen|durable SOURCE OUT
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from benchmarks.make_contacts import LINES
from benchmarks.state import told, write

LISTED = ", ".join(f'"{line}"' for line in LINES)
ZEN = (
    (0, 0, "call and rolling > 7"),
    (1, 0, "call and dates > 7"),
    (2, 0, "call and talked < 7"),
    (3, 0, "call and today > 3"),
    (4, 0, "call and numbers > 3"),
    (5, 0, "out and (second < 28800 or second >= 75600)"),
    (6, 0, 'out and party in ["family", "colleague", "friend"]'),
    (7, 0, f"call and number not in [{LISTED}]"),
    (2, 1, "call and unsaid < 7 and talked >= 7"),
    (6, 1, 'out and party == "?"'),
)
"""(bit, 0 breach or 1 unclear, when)."""


def zen(source: str, out: str) -> None:
    """One evaluation of a graph of expressions for each contact."""
    import zen as engine

    expressions = [{"id": f"e{n}", "key": f"r{n}", "value": when} for n, (_, _, when) in enumerate(ZEN)]
    graph = {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
            {"id": "ex", "name": "ex", "type": "expressionNode", "position": {"x": 1, "y": 0}, "content": {"expressions": expressions}},
            {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 2, "y": 0}},
        ],
        "edges": [{"id": "a", "sourceId": "in", "targetId": "ex"}, {"id": "b", "sourceId": "ex", "targetId": "out"}],
    }
    decision = engine.ZenEngine().create_decision(json.dumps(graph))
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for facts in told(source):
        said = decision.evaluate(facts._asdict())["result"]
        for n, (bit, which, _) in enumerate(ZEN):
            if said[f"r{n}"]:
                found[facts.contact_id][which] |= 1 << bit
    write(found, out)


def durable(source: str, out: str) -> None:
    """One event posted for each contact; a rule fires by itself, for all rules that match."""
    from durable import engine
    from durable.lang import m, post, ruleset, when_all

    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    tests = (
        (0, 0, (m.call == 1) & (m.rolling > 7)),
        (1, 0, (m.call == 1) & (m.dates > 7)),
        (2, 0, (m.call == 1) & (m.talked < 7)),
        (3, 0, (m.call == 1) & (m.today > 3)),
        (4, 0, (m.call == 1) & (m.numbers > 3)),
        (5, 0, (m.out == 1) & ((m.second < 28800) | (m.second >= 75600))),
        (6, 0, (m.out == 1) & ((m.party == "family") | (m.party == "colleague") | (m.party == "friend"))),
        (7, 0, (m.call == 1) & (m.listed == 0)),
        (2, 1, (m.call == 1) & (m.unsaid < 7) & (m.talked >= 7)),
        (6, 1, (m.out == 1) & (m.party == "?")),
    )

    def noting(bit: int, which: int) -> Callable[[Any], None]:
        def fired(context: Any) -> None:  # noqa: ANN401 (a class made at run time)
            found[context.m.contact_id][which] |= 1 << bit

        return fired

    # An event is consumed by the first rule that takes it: each rule gets a set of its own, and each contact is sent to all.
    for n, (bit, which, test) in enumerate(tests):
        with ruleset(f"r{n}"):
            when_all(test)(noting(bit, which))
    for facts in told(source):
        event = {
            **facts._asdict(),
            "id": facts.contact_id,
            "call": int(facts.call),
            "out": int(facts.out),
            "listed": int(facts.number in LINES),
        }
        for n in range(len(tests)):
            try:
                post(f"r{n}", event)
            except engine.MessageNotHandledException:
                continue
    write(found, out)


if __name__ == "__main__":
    {"zen": zen, "durable": durable}[sys.argv[1]](*sys.argv[2:4])
