"""The cost of credit: what a debt has cost in a year, by what was paid out and what was paid back, beside the caps that bind it.

The rate is the internal rate of return of dated payments (XIRR): effective, with interest on interest, a year of 365 days. It is found as
the rate of a day, since a search for that of a year fails on loans of a few days, which are those that cost most. What
was kept back or paid on the day of a payout is an up-front deduction: it is taken from what was lent. The `amount` of an extension is what
was paid for it. Penalties and fees count like interest, since nobody tells them apart here: caps are on all of them together.

All is read so that the rate comes out low, and whatever else was paid only raises it. Of candidates, the largest payout and the smallest
payment count; a payment of unknown amount, or for several debts, does not; one that two sources tell, or that is told as a fee and as a
payment, counts once. What may have been paid out besides, or was paid out after payments had begun (revolving credit), leaves a debt
without a rate. Amounts of one debt are taken to be in one currency.

Where a clause does not say how a rate is counted, `least` is compared: the natural logarithm of 1 + XIRR. However often interest is
added, or never, a loan at the annual rate s grows no faster than at the constant force s; so no way of counting gives less than `least`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import pyxirr

from forbear.leads.rows import Rows
from forbear.records import clock
from forbear.records.columns.texts import Mask
from forbear.records.entry import Entry, order
from forbear.rulebook.rate import BINDS, Ceiling

Flow = tuple[dt.date, float]
"""A day and an amount."""
_PAID: Final = ("repaid", "extended")


def may(rows: Rows) -> Mask:
    """Timelines in which money was paid out and paid back, so that a rate may be found."""
    found: Mask = (rows.count(rows.says("kind", "disbursed") & rows.known("amount")) > 0) & (rows.count(rows.says("kind", *_PAID)) > 0)
    return found


class Cost(NamedTuple):
    """What a debt has cost so far; if more is paid, more."""

    debt: str
    day: dt.date
    """Of the first payout."""
    lent: float
    """What was paid out, by its name."""
    deducted: float
    """Of that, kept back or paid back on the day of a payout."""
    paid: float
    """What was paid back later, fees included."""
    extensions: float
    """What was paid for extensions."""
    least: float
    """The least annual rate that any way of counting gives, as a share of 1."""
    entries: tuple[Entry, ...]
    """Payouts and payments, in order."""

    @property
    def annual(self) -> float:
        """Effective annual rate (XIRR), as a share of 1; infinite where it is too large for a number."""
        try:
            return math.expm1(self.least)
        except OverflowError:
            return math.inf

    def above(self, ceiling: Ceiling) -> bool:
        """Whether it is above a cap that is known, as the clause counts it or, where it does not say, as anybody may."""
        allowed, counted = ceiling.on(self.day), ceiling.cap.rate.counted
        return allowed is not None and 100 * (self.annual if counted == "effective" else self.least) > allowed


class Above(NamedTuple):
    """A debt that cost more than caps allow."""

    cost: Cost
    caps: tuple[Ceiling, ...]


def above(entries: Iterable[Entry], caps: Sequence[Ceiling]) -> Iterator[Above]:
    """The debts that cost more than a cap which surely binds them, in the order in which they are met."""
    if not caps:
        return
    of_debt, loose = defaultdict[str, list[Entry]](list), list[Entry]()
    for entry in entries:
        debts = entry.fields.get("debt", ())
        if len(debts) == 1:
            of_debt[debts[0]].append(entry)
        elif entry.one("kind") == "disbursed":
            loose.append(entry)
    for debt, about in of_debt.items():
        if (found := cost(debt, about)) and not any(_may_belong(payout, debt, about) for payout in loose):
            loan = {field: {value for each in about for value in each.fields.get(field, ())} for field in BINDS}
            if broken := tuple(each for each in caps if each.cap.binds(loan, found.day) and found.above(each)):
                yield Above(found, broken)


def cost(debt: str, about: Iterable[Entry]) -> Cost | None:
    """What a debt cost by the entries that are about it alone; None where they do not show that it cost anything."""
    money = sorted((each for each in about if each.one("kind") in {"disbursed", *_PAID}), key=order)
    lent = [(_day(each), _amounts(each)) for each in money if each.one("kind") == "disbursed"]
    if not lent or not all(amounts for _, amounts in lent):
        return None
    paid = _told_once(each for each in money if each.one("kind") in _PAID)
    payouts = {day for day, _ in lent}
    rate = force([*((day, max(amounts)) for day, amounts in lent), *((day, -amount) for day, amount in paid)])
    if rate is None:
        return None
    return Cost(
        debt,
        min(payouts),
        sum(max(amounts) for _, amounts in lent),
        sum(amount for day, amount in paid if day in payouts),
        sum(amount for day, amount in paid if day not in payouts),
        sum(amount for _, amount in _told_once(each for each in money if each.one("kind") == "extended")),
        rate,
        tuple(each for each in money if _amounts(each)),
    )


def force(flows: Iterable[Flow]) -> float | None:
    """log(1 + XIRR) of what was received (above 0) and paid (below 0). None unless more was paid than received, and all of it afterwards.

    So there is one change of sign, hence one rate; any payment beside or later raises it.
    """
    net = defaultdict[dt.date, float](float)
    for day, amount in flows:
        net[day] += amount
    days = [day for day in sorted(net) if net[day]]
    received = [net[day] > 0 for day in days]
    if len(set(received)) < 2 or received != sorted(received, reverse=True) or sum(net.values()) >= 0:
        return None
    each_day = [0.0] * ((days[-1] - days[0]).days + 1)
    for day in days:
        each_day[(day - days[0]).days] = net[day]
    daily = pyxirr.irr(each_day)
    return None if daily is None else 365 * math.log1p(daily)


def _told_once(facts: Iterable[Entry]) -> list[Flow]:
    """Payments of known amount; of one day and amount, as many as the one source tells that tells the most of one kind."""
    told = defaultdict[tuple[str, str], Counter[Flow]](Counter)
    for fact in facts:
        if amounts := _amounts(fact):
            told[fact.source, fact.one("kind")][_day(fact), min(amounts)] += 1
    most = Counter[Flow]()
    for each in told.values():
        most |= each
    return sorted(most.elements())


def _may_belong(payout: Entry, debt: str, about: Sequence[Entry]) -> bool:
    """Whether a payout that names no debt, or several, may have been of this one too."""
    if named := payout.fields.get("debt"):
        return debt in named
    if payout.one("consumer") not in {each.one("consumer") for each in about}:
        return False
    lenders, own = set(payout.fields.get("creditor", ())), {value for each in about for value in each.fields.get("creditor", ())}
    return not lenders or not own or not lenders.isdisjoint(own)


def _amounts(fact: Entry) -> list[float]:
    return [float(each) for each in fact.fields.get("amount", ())]


def _day(fact: Entry) -> dt.date:
    """Its date there; in UTC where the zone is not known."""
    zone = fact.one("zone")
    return dt.date.fromordinal(clock.local(fact.at, zone if zone and "|" not in zone else "Etc/UTC").day)
