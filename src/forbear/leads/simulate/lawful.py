"""Lawful operators: people at desks, diallers that retry after a fixed time, writers, busy desks; each with habits of its own."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from forbear.leads.simulate.made import DAY, Made, Operator, fact

_SERVICE: Final = (
    "Plans for March can be asked for until Friday.",
    "Your question is with a colleague, we answer by tomorrow.",
    "If you wish to leave this group, tap its name.",
    "Do not believe people who say that they paid and everything was fine.",
    "This group closes on Friday, our hotline stays.",
    "本周五前可以申请三月的还款方案。",
    "您的问题已转给同事，明天答复。",
    "如需退群，自行退出即可，不影响还款。",
    "别信有人说我也欠了三家、还了就没事，请以官方答复为准。",
    "本群周五关闭，热线照常服务。",
)
"""What those say in groups who collect openly; some of it is near to what an infiltrator says."""
_SLIP: Final = (
    "I am in debt too, I know how it is.",
    "我也欠着房贷，理解您。",
    "This group is useless, please call us.",
    "大家退群吧，改用热线。",
)
"""What somebody says now and then who means no harm by it."""
_TALK: Final = (
    "I also owe them.",
    "I paid them and the calls stopped.",
    "Everybody should leave this group.",
    "我也逾期了。",
    "散了吧，这个群没用。",
)
"""What consumers say to each other."""


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


def groups(rng: random.Random, operator: Operator, days: int) -> Iterator[Made]:
    """Consumers talk in groups; some operators speak there too, openly or as somebody whom all know, and some forget to say so."""
    for _ in range(rng.choice((0, 0, 0, 2, 6))):
        made = operator.speak(rng.randrange(days) * DAY + rng.randrange(8 * 3600, 23 * 3600), "", "", rng.choice(_TALK))
        unsaid = ("number", "agency", "creditor", "tags")
        yield made._replace(
            fields={name: value for name, value in made.fields.items() if name not in unsaid}
            | {"direction": ("inbound",), "address": (f"address of neighbour-{rng.randrange(5)}",)}
        )
    if rng.random() < 0.5:
        return
    account = rng.choice(operator.numbers)
    if rng.random() < 0.6:
        yield fact(0, "staff-account-registered", agency=operator.agency, number=account)
    careless = rng.choice((0.0, 0.02, 0.1, 0.5)) if rng.random() < 0.3 else 0.0
    known = False
    for second in sorted(rng.randrange(days * DAY) for _ in range(rng.randint(1, 12))):
        known = known or rng.random() >= careless  # who has said once who he is need not say it again
        text = rng.choice(_SLIP if rng.random() < 0.01 else _SERVICE)
        tags = ("identifies-caller",) if known and rng.random() < 0.7 else ()
        yield operator.speak(second, "a group of the lender's", account, text, *tags)


def blocks(rng: random.Random, operator: Operator, days: int) -> Iterator[Made]:
    """Some people block a number now and then; the operator dials on from whichever of its numbers is free."""
    for _ in range(rng.choice((0, 0, 0, 0, 1, 2))):
        at = rng.randrange(days) * DAY + rng.randrange(9 * 3600, 19 * 3600)
        yield fact(at, "number-blocked", number=rng.choice(operator.numbers))
        if rng.random() < 0.7:
            yield operator.call(rng, at + rng.randrange(DAY), _outcome(rng))


def _outcome(rng: random.Random) -> str:
    return rng.choices(("no-answer", "conversation", "answered", "busy", "rejected"), (50, 25, 8, 10, 7))[0]


STYLES: Final[Mapping[str, Callable[[random.Random, Operator, int], Iterator[Made]]]] = {
    "desk": desk,
    "dialler": dialler,
    "writer": writer,
    "busy": busy,
}
"""How lawful operators work; whatever the style, `HABITS` happen too."""
HABITS: Final = (others, tries, money, groups, blocks)
