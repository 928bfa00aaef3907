"""What two rulebooks say otherwise of a part, whatever they say."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from small import law, rule

from forbear.engines.judgement import GRAVITY, Verdicts
from forbear.findings.changed import WORDS, Changed, Said, changed
from forbear.findings.whatif import Totals
from forbear.records.columns.whole import Whole
from forbear.records.entry import Entry
from forbear.records.timelines import timelines
from forbear.rulebook.unlike import Unlike

BOOK = law(rule(forbid={"channel": "call"})).book
MADE = [law(rule(forbid={"channel": "call"}) | {"id": f"zz.test.{name}"}).judged for name in "abc"]
WARNS = law(rule(forbid={"channel": "call"}, effect="advised-against") | {"id": "zz.test.d"}).judged
RULES = (*MADE, WARNS)
ENTRIES = 6


def lines(kinds):
    """Entries of these kinds, one consumer for every two of them."""
    fields = [{"consumer": (f"c{n // 2}",), "kind": (kind,), "agency": ("XY"[n % 2],)} for n, kind in enumerate(kinds)]
    return Whole(timelines([Entry(entry_id=f"e{n}", at=n, known_at=n, fields=each) for n, each in enumerate(fields)]), 0)


def verdicts(said):
    """(position, rule) -> verdict, as arrays."""
    rows = sorted(said.items())
    return Verdicts(
        np.array([position for (position, _), _ in rows], np.int64),
        np.array([number for (_, number), _ in rows], np.int64),
        np.array([verdict for _, verdict in rows], np.int8),
    )


some = st.dictionaries(st.tuples(st.integers(0, ENTRIES - 1), st.integers(0, 3)), st.integers(0, 2))
kinds = st.lists(st.sampled_from(("contact", "contact", "consent")), min_size=ENTRIES, max_size=ENTRIES)


@given(some, some, st.sets(st.integers(0, 3)), kinds)
def test_rows_and_counts_are_what_a_loop_finds(first, second, unlike, told):
    """Of the rules that are not alike what the second says, of all others what the first says."""
    after = {key: verdict for key, verdict in second.items() if key[1] in unlike}
    which = sorted(unlike)
    chosen = [RULES[n] for n in which]
    sent = {(position, which.index(number)): verdict for (position, number), verdict in after.items()}
    tables, counted = changed(lines(told), BOOK, Said(verdicts(first), RULES), verdicts(sent), Unlike(chosen, chosen))

    clear = len(GRAVITY)
    expected = [
        (f"e{position}", RULES[number].id, WORDS[first.get((position, number), clear)], WORDS[after.get((position, number), clear)])
        for position in range(ENTRIES)
        for number in which
        if first.get((position, number), clear) != after.get((position, number), clear)
    ]
    rows = [row for table in tables for row in table.to_pylist()]
    assert [(row["entry_id"], row["rule"], row["before"], row["after"]) for row in rows] == expected

    both = {key: verdict for key, verdict in first.items() if key[1] not in unlike} | after
    moves, caught, freed = {}, 0, 0
    for position in (n for n, kind in enumerate(told) if kind == "contact"):
        old, new = (min([v for (p, _), v in said.items() if p == position], default=clear) for said in (first, both))
        moves[f"{WORDS[old]}>{WORDS[new]}"] = moves.get(f"{WORDS[old]}>{WORDS[new]}", 0) + 1
        caught += new == 0 != old
        freed += old == 0 != new
    assert counted.contacts == moves
    assert sum(each.breached for each in counted.caught.values()) == Totals.of(moves).caught == caught
    assert sum(each.breached for each in counted.freed.values()) == Totals.of(moves).freed == freed
    assert all(each.exposed >= each.breached for each in (*counted.caught.values(), *counted.freed.values()))


def test_what_is_newly_unclear_leaves_room_only_where_it_may_be_a_breach():
    """A rule that only warns cannot make a contact more than a departure."""
    for number, room in ((0, 1), (3, 0)):
        rules = [RULES[number]]
        found = changed(
            lines(["contact"] * ENTRIES),
            BOOK,
            Said(verdicts({}), RULES),
            verdicts({(0, 0): GRAVITY.index("unclear")}),
            Unlike(rules, rules),
        )[1]
        assert sum(each.exposed for each in found.caught.values()) == room
        assert Totals.of(found.contacts).newly_unclear == 1


@given(some, some, kinds, kinds)
def test_counts_of_parts_add_up(first, second, told, more):
    """In either order."""
    one = changed(lines(told), BOOK, Said(verdicts(first), RULES), verdicts(second), Unlike([*RULES], [*RULES]))[1]
    other = changed(lines(more), BOOK, Said(verdicts(second), RULES), verdicts(first), Unlike([*RULES], [*RULES]))[1]
    assert one + other == other + one
    assert one + Changed() == one
    assert sum((one + other).contacts.values()) == sum(kind == "contact" for kind in (*told, *more))
