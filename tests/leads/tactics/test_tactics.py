"""What a timeline shows of each tactic, on timelines written out by hand."""

import pytest

from forbear.leads.rates import weight
from forbear.leads.simulate import lives
from forbear.leads.tactics import SEEN
from forbear.records.entry import Entry

MINUTE, HOUR, DAY = 60, 3600, 86_400
MONDAY = 1_770_595_200


def entry(n, at, text="", **fields):
    """A call by an agency to the consumer, unless said otherwise."""
    given = {
        "kind": "contact",
        "channel": "call",
        "direction": "outbound",
        "agency": "a",
        "collector": "x",
        "person": "c",
        "party": "consumer",
        "outcome": "no-answer",
        "duration_s": "0",
    } | fields
    return Entry(
        entry_id=f"e{n}", at=MONDAY + at, known_at=MONDAY + at, fields={k: tuple(v.split("+")) for k, v in given.items() if v}, text=text
    )


def of(tactic, entries):
    """What is seen, and what it means; None if it is no lead."""
    seen = SEEN[tactic](entries)
    return next(((each, weight(tactic, each.score)) for each in seen if weight(tactic, each.score)), None)


def test_calls_at_one_distance_are_timed_by_a_machine():
    """Twelve calls two minutes apart are a lead, which names them; a dialler that retries after an hour, thrice a day, is none."""
    found, means = of("timed-dialling", [entry(n, 9 * HOUR + n * 2 * MINUTE) for n in range(12)])
    assert (found.agency, found.observed["equal"], found.observed["gaps"], found.observed["seconds"]) == ("a", 11, 11, 120)
    assert found.entries == tuple(f"e{n}" for n in range(12))
    assert means.base_rate < 1 / 1000
    assert means.ratio > 100
    assert of("timed-dialling", [entry(n, n // 3 * DAY + 9 * HOUR + n % 3 * HOUR) for n in range(30)]) is None


def test_calls_that_people_make_are_not_timed():
    """As many, at distances that nobody set."""
    at = 9 * HOUR
    entries = []
    for n in range(12):
        at += 60 + 37 * (n * n % 11)
        entries.append(entry(n, at))
    assert of("timed-dialling", entries) is None


def test_an_address_book_that_is_worked_through():
    """Seven people in a morning, some told of the debt, are a lead; two whom the consumer named, weeks apart, are none."""
    entries = [
        entry(n, 9 * HOUR + n * 10 * MINUTE, "same words", person=f"p{n}", party="friend", tags="disclosure" if n % 2 else "third-party")
        for n in range(7)
    ]
    found, means = of("address-book", entries)
    assert (found.observed["people"], found.observed["same_words"], found.observed["told"]) == (7, 7, 3)
    assert means.base_rate < 1 / 1000
    assert of("address-book", [entry(n, n * 20 * DAY, person=f"p{n}", party="family") for n in range(2)]) is None


def test_tries_that_only_make_a_permit():
    """Three dials in three minutes and the mother next day, twice; tries over days and then the mother are none."""
    entries = []
    for week in (0, 7):
        entries += [entry(f"{week}-{n}", week * DAY + 9 * HOUR + n * MINUTE) for n in range(3)]
        entries.append(entry(f"{week}-m", (week + 1) * DAY + 9 * HOUR, person="m", party="family", outcome="conversation"))
    found, _ = of("manufactured-permits", entries)
    assert found.observed == {"episodes": 2, "next_day": 2, "declared": 0}
    patient = [entry(n, n * DAY + 9 * HOUR) for n in range(3)] + [entry("m", 4 * DAY, person="m", party="family")]
    assert of("manufactured-permits", patient) is None
    reached = [*entries[:3], entry("talk", 12 * HOUR, outcome="conversation"), entries[3]]
    assert of("manufactured-permits", reached) is None


def test_rough_and_kind_by_turns():
    """Six talks by two collectors in a week, every other a threat; a talk that turned bad once is none."""
    talks = [
        entry(n, n * DAY, collector="xy"[n % 2], outcome="conversation", tags="threat" if n % 2 == 0 else "identifies-caller")
        for n in range(6)
    ]
    found, _ = of("alternating-tones", talks)
    assert found.observed == {"turns": 5, "rough": 3, "days": 5, "collectors": 2}
    assert of("alternating-tones", [talks[1], talks[2], talks[3]]) is None


def fact(n, at, kind, creditor):
    """A fact about money."""
    fields = {"kind": (kind,), "creditor": (creditor,)}
    return Entry(entry_id=f"f{n}", at=MONDAY + at, known_at=MONDAY + at, fields=fields)


def test_a_bridge_into_another_loan():
    """Told to borrow, a loan elsewhere, paid here and borrowed again is a lead; the same dates without a word are none, nor words alone."""
    money = [fact(1, 2 * DAY, "disbursed", "other"), fact(2, 2 * DAY + HOUR, "repaid", "lender"), fact(3, 4 * DAY, "disbursed", "lender")]
    said = [entry(n, n * HOUR, tags="steering", creditor="lender", outcome="conversation") for n in (9, 10)]
    found, means = of("bridge-loan", [*said, *money])
    assert found.observed == {"steering": 2, "links": 0, "elsewhere": 1, "repaid": 1, "again": 1}
    assert found.entries == ("e9", "e10", "f1", "f2", "f3")
    assert means.base_rate < 1 / 1000
    assert SEEN["bridge-loan"]([entry(0, 9 * HOUR, creditor="lender"), *money]) == []
    late = [fact(n, (30 + n) * DAY, kind, "lender") for n, kind in enumerate(("repaid", "disbursed"))]
    assert of("bridge-loan", said) is None
    assert of("bridge-loan", [*said, *late]) is None


def test_who_rides_the_cap():
    """Three calls on each of ten days, the first at eight by the clock there, are a lead; a campaign whose days differ is none."""
    zone = "Asia/Shanghai"
    planned = [entry(f"{day}-{n}", day * DAY + n * 90 * MINUTE, zone=zone) for day in range(10) for n in range(3)]
    found, means = of("riding-the-cap", planned)
    assert found.observed == {"days": 10, "full": 10, "a_day": 3, "prompt": 10, "hour": 8, "minute": 0}
    assert means.base_rate < 1 / 1000
    by_need = [entry(f"{day}-{n}", day * DAY + n * 90 * MINUTE, zone=zone) for day in range(10) for n in range(1 + day % 3)]
    assert of("riding-the-cap", by_need) is None
    any_time = [entry(f"{day}-{n}", day * DAY + (n * 90 + day * 17) * MINUTE, zone=zone) for day in range(10) for n in range(3)]
    assert of("riding-the-cap", any_time) is None


def test_what_is_unknown_is_not_held_against_anybody():
    """Without party, outcome, tags and lengths there is no lead but that of times."""
    bare = [Entry(entry_id=str(n), at=n * 977, known_at=n * 977, fields={"kind": ("contact",), "channel": ("call",)}) for n in range(20)]
    for tactic in SEEN:
        seen = SEEN[tactic](bare)
        assert tactic in ("timed-dialling", "riding-the-cap") or seen == []


@pytest.mark.parametrize("tactic", SEEN)
def test_lawful_lives_hardly_bring_a_lead_and_strong_tactics_do(tactic):
    """On seeds that nothing was set by: at most 1 in 1,000 lawful timelines, as far as 4,000 can show, and 9 in 10 of the strong."""
    lawful = sum(of(tactic, life.entries) is not None for life in lives(77, 4000))
    assert lawful <= 8
    strong = sum(of(tactic, life.entries) is not None for life in lives(78, 200, tactic, 0.9))
    assert strong >= 180


def test_agencies_are_told_apart():
    """The same gaps of two agencies in one timeline are two things."""
    entries = [entry(n, 9 * HOUR + n * MINUTE, agency="ab"[n % 2]) for n in range(24)]
    assert [each.agency for each in SEEN["timed-dialling"](entries)] == ["a", "b"]


def test_a_new_number_each_time_that_one_is_blocked():
    """Five times within a day is a lead that names no number; an operator whose four numbers come by turns, declined as often, is none."""
    fresh = []
    for n in range(6):
        fresh.append(entry(2 * n, n * 8 * HOUR, number=f"+1555010010{n}", outcome="rejected"))
        fresh.append(entry(2 * n + 1, n * 8 * HOUR + MINUTE, kind="number-blocked", number=f"+1555010010{n}", channel="", direction=""))
    found, means = of("number-after-block", fresh)
    assert (found.observed["blocked"], found.observed["refused"], found.observed["numbers"]) == (5, 0, 6)
    assert means.base_rate < 1 / 1000
    assert not any("1555" in str(value) for value in found.observed.values())
    by_turns = [entry(n, n * 8 * HOUR, number=f"+1555010010{n % 4}", outcome="rejected") for n in range(24)]
    assert of("number-after-block", by_turns) is None
