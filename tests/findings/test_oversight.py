"""Rates with shrinkage and trends, on invented contacts whose truth is known."""

import math
import random
from collections import defaultdict
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from forbear.findings.agencies import Sums
from forbear.findings.oversight import Moments, Trend, rates, trends


class Made(NamedTuple):
    """A contact with somebody, at a day of the records and of what is past due."""

    line: int
    agency: str
    day: int
    late: int
    hit: bool


def sums(made):
    """Agency -> what is kept of its contacts."""
    people = defaultdict(list)
    for each in made:
        people[each.agency, each.line].append(each.hit)
    found = defaultdict(Sums)
    for (agency, _), hits in people.items():
        found[agency] = found[agency].plus(Sums.of_timeline(len(hits), sum(hits), sum(hits), 0))
    return dict(found)


def moments(made, when):
    """Agency -> what is kept of the days of its contacts."""
    people = defaultdict(list)
    for each in made:
        people[each.agency, each.line].append((when(each), each.hit))
    found = {}
    for (agency, _), points in people.items():
        own = tuple(sum(each) for each in zip(*((1, t, t * t, y, t * y) for t, y in points), strict=True))
        mine = Moments(1, own, tuple(a * b for a in own for b in own))
        found[agency] = found[agency].plus(mine) if agency in found else mine
    return found


def by_hand(points):
    """(slope, its standard error) of (person, day, hit), straight from the paper."""
    middle, rate = (sum(each[n] for each in points) / len(points) for n in (1, 2))
    square = sum((t - middle) ** 2 for _, t, _ in points)
    slope = sum((t - middle) * (y - rate) for _, t, y in points) / square
    of_people = defaultdict(float)
    for person, t, y in points:
        of_people[person] += (t - middle) * (y - rate - slope * (t - middle))
    people = len(of_people)
    return slope, math.sqrt(people / (people - 1) * sum(each**2 for each in of_people.values())) / square


def contacts(rng, agency, people, of_each, chance):
    """Contacts of one agency. `chance`: a function of the day, and of days past due."""
    found = []
    for person in range(people):
        since = rng.randrange(100)
        for _ in range(of_each):
            day = rng.randrange(200)
            hit = rng.random() < chance(day, since + day)
            line = hash((agency, person)) & 0xFFFF_FFFF
            found.append(Made(line, agency, day, since + day, hit))
    return found


def test_few_contacts_are_drawn_towards_the_rate_of_all():
    """Three breaches of five contacts are not 600 per thousand; a hundred and fifty of a thousand are."""
    rng = random.Random(1)
    some = [each for n in range(20) for each in contacts(rng, f"a{n:02}", 50, 10, lambda *_: 0.05)]
    few = [Made(10**9 + n, "few", 0, 0, n < 3) for n in range(5)]
    many = contacts(rng, "many", 500, 2, lambda *_: 0.15)
    found = {each.name: each for each in rates(sums([*some, *few, *many]))}
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
                some += [Made(n * 1000 + person, f"a{n}", 0, 0, rng.random() < rough) for _ in range(6)]
        for each in rates(sums(some)):
            held += each.low <= 1000 * truth[each.name] <= each.high
            told += 1
    assert held / told >= 0.92


def test_who_gets_rougher_as_debts_age_is_seen_and_who_does_not_is_not():
    """A rise from 2 to 12 % over two hundred days past due warns; a steady agency does not, nor one with few people."""
    rng = random.Random(3)
    rising = contacts(rng, "rising", 200, 8, lambda _, late: 0.02 + 0.0004 * late)
    steady = contacts(rng, "steady", 200, 8, lambda *_: 0.06)
    small = contacts(rng, "small", 10, 8, lambda _, late: 0.02 + 0.004 * late)
    found = {each.name: each for each in trends(moments([*rising, *steady, *small], lambda each: each.late), 100)}
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
        warned += any(each.warns for each in trends(moments(some, lambda each: each.day), 30))
    assert warned <= 2


@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(0, 30_000))
def test_a_slope_is_that_of_least_squares_with_errors_by_person(seed, each, first):
    """Told from the sums alone, it is what the paper says of the contacts; wherever days are counted from."""
    rng = random.Random(seed)
    points = [(n, first + rng.randrange(100), rng.random() < 0.3) for n in range(40) for _ in range(each)]
    made = [Made(person, "a", day, 0, hit) for person, day, hit in points]
    (found,) = trends(moments(made, lambda one: one.day), 30)
    slope, error = by_hand([(person, day - first, hit) for person, day, hit in points])
    assert found.contacts == len(points)
    assert math.isclose(found.slope, 30_000 * slope, abs_tol=0.01)
    assert math.isclose(found.high - found.low, 2 * 1.959964 * 30_000 * error, abs_tol=0.02)
    assert isinstance(found, Trend)
