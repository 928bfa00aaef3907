"""A rule in a line, in the words of the rule language: what `forbear rules` lists and the gate explains."""

from __future__ import annotations

from forbear.records.clock import wall
from forbear.records.hours import Interval
from forbear.rulebook.match import Match, Test
from forbear.rulebook.rate import RateCap
from forbear.rulebook.rule import Rule
from forbear.terms import DAYS


def limit(rule: Rule | RateCap) -> str:
    """What the verb allows or asks, or what a loan may cost."""
    if isinstance(rule, RateCap):
        rate = rule.rate
        return f"at most {f'{rate.times:g} times {rate.of}' if rate.of else f'{rate.annual:g} %'} a year, counted {rate.counted}"
    if rule.hours:
        spans = {day: " ".join(map(interval, rule.hours.days.get(day, ()))) or "none" for day in (*DAYS, "holiday")}
        if len({spans[day] for day in DAYS}) == 1 and "holiday" not in rule.hours.days:
            return f"daily {spans['mon']}"
        return ", ".join(f"{day} {said}" for day, said in spans.items() if day != "holiday" or day in rule.hours.days)
    if rule.cap:
        counted = "" if rule.cap.count == "entries" else f" {rule.cap.count}"
        return f"at most {rule.cap.limit}{counted} in {rule.cap.within.text} per {'+'.join(rule.cap.per)}"
    if rule.owe:
        return f"within {rule.owe.within}: {' or '.join(words(match) for match in rule.owe.entry.any)}"
    box = rule.forbid or rule.require
    return f"{'not ' if rule.forbid else ''}{' or '.join(words(match) for match in box.any) if box else ''}"


def interval(each: Interval) -> str:
    """The first and the last second of an interval: `08:00:00-21:59:59`."""
    return f"{wall(each[0])}-{wall(each[1] - 1)}"


def words(match: Match) -> str:
    """A match: `channel = call; outcome not busy | not-in-service`."""
    return "; ".join(_test(test) for test in match.tests if test != Test("kind", ("contact",))) or "everything"


def _test(test: Test) -> str:
    if test.is_bound:
        bounds = [f">= {test.at_least:g}"] if test.at_least is not None else []
        return f"{test.field} {' and '.join(bounds + ([f'<= {test.at_most:g}'] if test.at_most is not None else []))}"
    return f"{test.field} {'not' if test.negated else '='} {' | '.join(test.values)}"
