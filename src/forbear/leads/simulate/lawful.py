"""Lawful operators: people at desks, diallers that retry after a fixed time, writers, busy desks; each with habits of its own."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from forbear.leads.simulate.made import DAY, Made, Operator, fact


def desk(rng: random.Random, operator: Operator, days: int) -> Iterator[Made]:
    """People who dial by hand: no day is like the last, and who is not reached is tried again after a while, or not."""
    for day in range(days):
        if rng.random() > operator.busy:
            continue
        at = day * DAY + rng.randrange(9 * 3600, 18 * 3600)
        outcome = _outcome(rng)
        yield operator.call(rng, at, outcome)
        if outcome != "conversation" and rng.random() < operator.retries:
            yield operator.call(rng, at + int(rng.uniform(240, 3 * 3600)), _outcome(rng))


def dialler(rng: random.Random, operator: Operator, days: int) -> Iterator[Made]:
    """A campaign at the same hour each day; who does not answer is tried again after the time that is set, three times at most."""
    spread = rng.choice((90, 1800))
    begin, pause, uneven = rng.randrange(9 * 3600, 13 * 3600), rng.choice((600, 900, 1800, 3600, 7200)), rng.choice((2, 90))
    for day in range(days):
        if rng.random() > operator.busy:
            continue
        at = day * DAY + begin + rng.randrange(spread)
        for _ in range(rng.randint(1, 3)):
            outcome = _outcome(rng)
            yield operator.call(rng, at, outcome)
            if outcome in ("conversation", "answered"):
                break
            at += pause + rng.randrange(uneven)


def writer(rng: random.Random, operator: Operator, days: int) -> Iterator[Made]:
    """Mostly messages, the same words to everybody, and a call now and then."""
    for day in range(days):
        if rng.random() < operator.busy / 2:
            channel = rng.choice(("sms", "sms", "email", "letter"))
            yield operator.write(day * DAY + rng.randrange(9 * 3600, 18 * 3600), channel, f"Your account {day} is due. Please call us.")
        elif rng.random() < operator.busy / 4:
            yield operator.call(rng, day * DAY + rng.randrange(9 * 3600, 18 * 3600), _outcome(rng))


def busy(rng: random.Random, operator: Operator, days: int) -> Iterator[Made]:
    """As many calls a day as the law leaves, by several collectors who do not ask each other; a talk turns bad now and then."""
    for day in range(days):
        for _ in range(rng.choice((0, 1, 2, 2, 3))):
            at = day * DAY + rng.randrange(8 * 3600, 20 * 3600)
            made = operator.call(rng, at, _outcome(rng))
            yield made.tagged("insult") if rng.random() < 0.02 and made.spoke else made


def others(rng: random.Random, operator: Operator, days: int) -> Iterator[Made]:
    """That a few people whom the consumer named are asked where he can be reached, once each, sometimes on one day."""
    many = rng.choice((0, 0, 0, 1, 1, 2, 2, 3, 4))  # references that the consumer gave
    together = rng.randrange(days)
    for n in range(many):
        at = (together if rng.random() < 0.3 else rng.randrange(days)) * DAY + rng.randrange(9 * 3600, 18 * 3600)
        yield operator.call(rng, at, _outcome(rng)).to(f"person-{n}", rng.choice(("family", "colleague", "friend")))


def tries(rng: random.Random, operator: Operator, days: int) -> Iterator[Made]:
    """Now and then somebody redials at once, twice or three times, thinking the line was cut."""
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        at = rng.randrange(days) * DAY + rng.randrange(9 * 3600, 18 * 3600)
        for n in range(rng.choice((2, 2, 3))):
            yield operator.call(rng, at + n * int(rng.uniform(20, 300)), "no-answer")


def money(rng: random.Random, operator: Operator, days: int) -> Iterator[Made]:
    """People repay, borrow again, refinance elsewhere, for their own reasons; some get an offer, or a word too much, at any time."""
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        at = rng.randrange(days) * DAY + rng.randrange(8 * 3600, 22 * 3600)
        if rng.random() < 0.3:
            yield fact(at - rng.randrange(5) * DAY, "disbursed", creditor="elsewhere")
        yield fact(at, "repaid", creditor="lender")
        if rng.random() < 0.4:
            yield fact(at + rng.randrange(1, 20) * DAY, "disbursed", creditor="lender")
    for _ in range(rng.choices((0, 1, 2), (80, 15, 5))[0]):
        offer = operator.write(rng.randrange(days) * DAY + rng.randrange(9 * 3600, 18 * 3600), "sms", "An offer. Borrow again.")
        yield offer.tagged("lender-link")
    if rng.random() < 0.01:
        yield operator.call(rng, rng.randrange(days) * DAY + rng.randrange(9 * 3600, 18 * 3600), "conversation").tagged("steering")


def _outcome(rng: random.Random) -> str:
    return rng.choices(("no-answer", "conversation", "answered", "busy", "rejected"), (50, 25, 8, 10, 7))[0]


STYLES: Final[Mapping[str, Callable[[random.Random, Operator, int], Iterator[Made]]]] = {
    "desk": desk,
    "dialler": dialler,
    "writer": writer,
    "busy": busy,
}
"""How lawful operators work; whatever the style, `HABITS` happen too."""
HABITS: Final = (others, tries, money)
