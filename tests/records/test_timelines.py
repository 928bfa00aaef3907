import random

from hypothesis import given
from hypothesis import strategies as st

from forbear.records.entry import Entry, order
from forbear.records.timelines import timelines


def entry(entry_id, consumer, *debts, at=0, kind="contact"):
    """An entry about some debts."""
    fields = {"kind": (kind,), "consumer": (consumer,)} | ({"debt": debts} if debts else {})
    return Entry(entry_id=entry_id, at=at, known_at=at, fields=fields)


def names(entries):
    """The consumers of each timeline."""
    return [line.consumers for line in timelines(entries)]


def test_consumers_who_share_a_debt_are_one_timeline():
    """Also through a third: A and B share one, B and C another."""
    assert names([entry("1", "A", "x"), entry("2", "B", "x", "y"), entry("3", "C", "y"), entry("4", "D", "z")]) == [("A", "B", "C"), ("D",)]


def test_a_later_debt_merges_two_timelines():
    """The contact that names both debts joins all that was known of either."""
    apart = [entry("1", "A", "x"), entry("2", "B", "y")]
    assert names(apart) == [("A",), ("B",)]
    assert names([*apart, entry("3", "A", "x", "y")]) == [("A", "B")]


def test_for_all_debts_joins_nobody():
    """`*` is told of every debt and is none."""
    assert names([entry("1", "A", "*", kind="dispute"), entry("2", "B", "*", kind="dispute")]) == [("A",), ("B",)]


def test_what_is_told_for_all_consumers_stands_on_every_timeline():
    """A registered number is registered for everyone."""
    lines = timelines([entry("1", "A", at=5), entry("2", "B", at=5), entry("3", "*", kind="number-registered")])
    assert [[each.entry_id for each in line.entries] for line in lines] == [["3", "1"], ["3", "2"]]


_ENTRIES = st.lists(
    st.tuples(
        st.sampled_from("ABCDE"), st.lists(st.sampled_from("vwxyz"), max_size=2), st.integers(0, 3), st.sampled_from(["contact", "dispute"])
    ),
    max_size=12,
).map(lambda rows: [entry(str(n), who, *dict.fromkeys(debts), at=at, kind=kind) for n, (who, debts, at, kind) in enumerate(rows)])


@given(_ENTRIES, st.randoms())
def test_the_order_of_entries_never_matters(entries, chance):
    """Every entry stands on one timeline, in the order of timelines, however they came."""
    lines = timelines(entries)
    shuffled = list(entries)
    assert isinstance(chance, random.Random)
    chance.shuffle(shuffled)
    assert timelines(shuffled) == lines
    assert sorted(each.entry_id for line in lines for each in line.entries) == sorted(each.entry_id for each in entries)
    assert all(list(line.entries) == sorted(line.entries, key=order) for line in lines)


@given(_ENTRIES)
def test_two_timelines_share_neither_consumer_nor_debt(entries):
    """They can be judged apart."""
    for field in ("consumer", "debt"):
        seen = [{value for each in line.entries for value in each.fields.get(field, ())} for line in timelines(entries)]
        assert sum(map(len, seen)) == len(set().union(*seen))
