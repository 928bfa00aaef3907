"""Each tactic as it shows in records, at a strength of 0 (hardly) to 1 (openly). What is said is not written out: tags stand for it.

Only in groups words count that no tag tells; a few stand for them, and some of those nobody could tell from talk.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from forbear.leads.simulate.made import DAY, Made, Operator, fact

_POSES: Final = (
    "I owe them too.",
    "I also owe, I paid and it was fine.",
    "Same here.",
    "我也欠着。",
    "我上周还了，之后就没事了。",
    "一样一样。",
)
_LEAVES: Final = (
    "We should leave this group.",
    "This group is useless.",
    "What are we here for.",
    "退群吧。",
    "这个群没用。",
    "图什么呢。",
)

Tactic = Callable[[random.Random, Operator, int, float], Iterator[Made]]


def timed(rng: random.Random, operator: Operator, days: int, strength: float) -> Iterator[Made]:
    """Calls at one distance, some hung up at once: the weaker, the fewer and the less even."""
    pause, uneven = rng.uniform(45, 900), 60 * (1 - strength)
    for day in rng.sample(range(days), 1 + round(4 * strength)):
        at = day * DAY + rng.uniform(9 * 3600, 15 * 3600)
        for _ in range(4 + round(rng.uniform(6, 16) * strength)):
            made = operator.call(rng, round(at), "answered" if rng.random() < 0.3 * strength else "no-answer")
            if made.fields["outcome"] == ("answered",):
                made.fields["duration_s"] = (str(rng.choice((1, 2))),)
            yield made
            at += max(15.0, pause + rng.gauss(0, uneven / 2) + rng.uniform(-1, 1))


def address_book(rng: random.Random, operator: Operator, days: int, strength: float) -> Iterator[Made]:
    """One after another of the people whom the consumer knows."""
    at = rng.randrange(max(1, days - 3)) * DAY + rng.randrange(9 * 3600, 15 * 3600)
    same = rng.random() < strength
    for n in range(2 + round(rng.uniform(4, 10) * strength)):
        party = rng.choice(("family", "friend", "colleague"))
        if rng.random() < 0.5:
            made = operator.write(at, "sms", "the same words" if same else f"words {n}")
        else:
            made = operator.call(rng, at, rng.choice(("conversation", "no-answer", "rejected")))
        made = made.to(f"contact-{n}", party)
        yield made.tagged("third-party", "disclosure") if rng.random() < 0.6 * strength else made.tagged("third-party")
        at += round(rng.expovariate(1 / (2 * 3600 * (1.1 - strength) + 120)))


def permits(rng: random.Random, operator: Operator, days: int, strength: float) -> Iterator[Made]:
    """Three dials that nobody could answer, and somebody else the next day; or a consent of which only the agency knows."""
    for _ in range(1 + round(3 * strength)):
        at = rng.randrange(max(1, days - 2)) * DAY + rng.randrange(9 * 3600, 17 * 3600)
        for n in range(3):
            yield operator.call(rng, at + n * rng.randint(20, 150), "no-answer")
        after = operator.call(rng, at + DAY + rng.randrange(-3600, 3600), rng.choice(("conversation", "no-answer")))
        yield after.to("mother", "family").tagged("third-party")
    if rng.random() < strength:
        yield fact(rng.randrange(days) * DAY, "consent", agency=operator.agency, declared_by="agency")


def tones(rng: random.Random, operator: Operator, days: int, strength: float) -> Iterator[Made]:
    """Rough and kind by turns, by collectors who share the part."""
    at = rng.randrange(max(1, days - 12)) * DAY + rng.randrange(9 * 3600, 17 * 3600)
    for n in range(2 + round(rng.uniform(3, 7) * strength)):
        made = operator.call(rng, at, "conversation").by(f"{operator.agency}-collector-{n % 2}")
        yield made.tagged(rng.choice(("threat", "insult"))) if n % 2 == 0 else made
        at += rng.randrange(DAY // 4, 2 * DAY)


def bridge(rng: random.Random, operator: Operator, days: int, strength: float) -> Iterator[Made]:
    """Told to borrow elsewhere; pays here, and borrows here again. The weaker, the less is said, and the less follows."""
    at = rng.randrange(max(1, days - 25)) * DAY + rng.randrange(9 * 3600, 17 * 3600)
    for _ in range(1 + round(2 * strength)):
        made = operator.call(rng, at, "conversation")
        yield made.tagged("steering")
        if rng.random() < strength:
            yield operator.write(at + 600, "sms", "a link").tagged("steering", "lender-link")
        if rng.random() < 0.3 + 0.7 * strength:
            yield fact(at + 2 * DAY, "disbursed", creditor="elsewhere")
        if rng.random() < 0.3 + 0.7 * strength:
            yield fact(at + 2 * DAY + 7200, "repaid", creditor="lender")
            yield fact(at + 4 * DAY, "disbursed", creditor="lender")
        at += rng.randrange(6, 10) * DAY


def cap(rng: random.Random, operator: Operator, days: int, strength: float) -> Iterator[Made]:
    """Each day as many calls as are allowed, the first as soon as it is: the weaker, the less often."""
    most, hour = rng.choice((2, 3, 3, 6)), rng.choice((8, 9))
    for day in range(days):
        if rng.random() < 0.3:
            continue
        planned = rng.random() < strength
        first = hour * 60 + (rng.randrange(2) if planned else rng.randrange(180))
        for n in range(most if rng.random() < 0.4 + 0.6 * strength else rng.randint(1, most)):
            yield operator.call(rng, day * DAY + (first + n * rng.randint(60, 100)) * 60 + rng.randrange(60), "no-answer")


def infiltration(rng: random.Random, operator: Operator, days: int, strength: float) -> Iterator[Made]:
    """Accounts of the agency in a group, as if they owed: the weaker, the less is said, and the less the records show whose they are."""
    for account in rng.sample(operator.numbers, min(len(operator.numbers), 1 + round(2 * strength))):
        if rng.random() < 0.6 + 0.4 * strength:
            private = operator.write(rng.randrange(days) * DAY, "social-message", "words")
            yield private._replace(fields={**private.fields, "number": (account,)})
        at = rng.randrange(max(1, days - 10)) * DAY + rng.randrange(8 * 3600, 22 * 3600)
        for _ in range(1 + round(rng.uniform(2, 8) * strength)):
            poses, leaves = rng.random() < 0.2 + 0.5 * strength, rng.random() < 0.1 + 0.5 * strength
            text = rng.choice(_POSES) if poses else rng.choice(_LEAVES) if leaves else "Good morning."
            yield operator.speak(at, "a group of debtors", account, text)
            at += rng.randrange(600, DAY)


def swap(rng: random.Random, operator: Operator, days: int, strength: float) -> Iterator[Made]:
    """Each time that a number is blocked or its call declined, another one that nobody has seen: the weaker, the seldomer."""
    at, number = rng.randrange(max(1, days - 10)) * DAY + rng.randrange(9 * 3600, 17 * 3600), rng.choice(operator.numbers)
    for _ in range(3 + round(rng.uniform(2, 8) * strength)):
        made = operator.call(rng, at, "rejected")
        yield made._replace(fields={**made.fields, "number": (number,)})
        if rng.random() < 0.5:
            yield fact(at + rng.randrange(60, 1200), "number-blocked", number=number)
        if rng.random() < 0.2 + 0.8 * strength:
            number = f"+15550100{rng.randrange(1000):03}"
        at += rng.randrange(1300, DAY // 2)


TACTICS: Final[Mapping[str, Tactic]] = {
    "timed-dialling": timed,
    "address-book": address_book,
    "manufactured-permits": permits,
    "alternating-tones": tones,
    "bridge-loan": bridge,
    "riding-the-cap": cap,
    "group-infiltration": infiltration,
    "number-after-block": swap,
}
WHOLE: Final = frozenset({"riding-the-cap"})
"""Tactics that are a way of working, in place of a lawful one; the others come beside it."""
