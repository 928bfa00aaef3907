"""Rates with shrinkage, trends, and debts that two agencies work, on invented contacts whose truth is known."""

import random

import pytest

from forbear.findings.oversight import DAY, Made, made, rates, shared, trends
from forbear.records.entry import Entry


def breached(each):
    """What is counted in these tests."""
    return each.breached


def contacts(rng, agency, people, of_each, chance):
    """Contacts of one agency. `chance`: a function of the day, and of days past due."""
    found = []
    for person in range(people):
        since = rng.randrange(100)
        for _ in range(of_each):
            day = rng.randrange(200)
            hit = rng.random() < chance(day, since + day)
            line = hash((agency, person)) & 0xFFFF_FFFF
            found.append(Made(line, agency, f"{agency}-{person % 3}", (), day * DAY, since + day, hit, False))
    return found


def test_few_contacts_are_drawn_towards_the_rate_of_all():
    """Three breaches of five contacts are not 600 per thousand; a hundred and fifty of a thousand are."""
    rng = random.Random(1)
    some = [each for n in range(20) for each in contacts(rng, f"a{n:02}", 50, 10, lambda *_: 0.05)]
    few = [Made(10**9 + n, "few", "", (), 0, None, n < 3, False) for n in range(5)]
    many = contacts(rng, "many", 500, 2, lambda *_: 0.15)
    found = {each.name: each for each in rates([*some, *few, *many], lambda each: each.agency, breached)}
    assert found["few"].raw == 600
    assert found["few"].shrunk < 0.3 * 600
    assert abs(found["many"].shrunk - found["many"].raw) < 30
    assert list(found) == sorted(found)
    assert all(each.low <= each.shrunk <= each.high for each in found.values())


def test_the_interval_holds_the_truth_nineteen_times_in_twenty():
    """Of agencies that hardly differ; contacts of one person are alike, and the interval knows it."""
    rng = random.Random(2)
    held = told = 0
    for _ in range(40):
        some, truth = [], {}
        for n in range(8):
            p = truth[f"a{n}"] = min(0.5, max(0.005, rng.gauss(0.06, 0.02)))
            for person in range(80):
                rough = rng.betavariate(2 * p, 2 * (1 - p))
                some += [Made(n * 1000 + person, f"a{n}", "", (), 0, None, rng.random() < rough, False) for _ in range(6)]
        for each in rates(some, lambda one: one.agency, breached):
            held += each.low <= 1000 * truth[each.name] <= each.high
            told += 1
    assert held / told >= 0.92


def test_who_gets_rougher_as_debts_age_is_seen_and_who_does_not_is_not():
    """A rise from 2 to 12 % over two hundred days past due warns; a steady agency does not, nor one with few people."""
    rng = random.Random(3)
    rising = contacts(rng, "rising", 200, 8, lambda _, late: 0.02 + 0.0004 * late)
    steady = contacts(rng, "steady", 200, 8, lambda *_: 0.06)
    small = contacts(rng, "small", 10, 8, lambda _, late: 0.02 + 0.004 * late)
    found = {each.name: each for each in trends([*rising, *steady, *small], lambda e: e.agency, lambda e: e.past_due, 100, breached)}
    assert found["rising"].warns
    assert found["rising"].low <= 40 <= found["rising"].high
    assert not found["steady"].warns
    assert "small" not in found


def test_slopes_of_steady_agencies_hardly_ever_warn():
    """At most one in a hundred, though many are looked at."""
    rng = random.Random(4)
    warned = 0
    for n in range(200):
        some = contacts(rng, f"s{n}", 40, 5, lambda *_: 0.08)
        warned += any(each.warns for each in trends(some, lambda e: e.agency, lambda e: e.at // DAY, 30, breached))
    assert warned <= 2


def test_a_debt_that_two_agencies_work_is_named():
    """Within a week; later it may have been handed over."""
    some = [
        Made(1, "a", "", ("d1",), 0, None, False, False),
        Made(1, "b", "", ("d1",), 3 * DAY, None, False, False),
        Made(2, "a", "", ("d2",), 0, None, False, False),
        Made(2, "b", "", ("d2",), 30 * DAY, None, False, False),
    ]
    (only,) = shared(some)
    assert (only.debt, only.agencies, only.contacts) == ("d1", ("a", "b"), 1)


@pytest.mark.parametrize(("kinds", "late"), [(("due",), 10), (("due", "repaid"), None), ((), None), (("overdue", "due"), 10)])
def test_days_past_due_are_counted_from_what_the_records_tell(kinds, late):
    """From the first day due until it is repaid; where nothing tells, nothing is said."""

    def entry(n, at, **fields):
        return Entry(entry_id=str(n), at=at, known_at=at, fields={"debt": ("d",), **{k: (v,) for k, v in fields.items()}})

    line = [entry(n, n, kind=kind) for n, kind in enumerate(kinds)]
    line.append(entry(9, 10 * DAY + 5, kind="contact", agency="a"))
    (only,) = made([line], [[]], frozenset({"9"}))
    assert (only.past_due, only.leads, only.breached) == (late, True, False)
