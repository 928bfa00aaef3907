"""The timelines with the most entries in breach, as far as a report draws them: what is kept of one does not grow with its contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby, zip_longest
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from forbear.engines.judgement import Judgement
from forbear.findings.finding import Finding, findings_of
from forbear.records.columns.lines import Lines
from forbear.records.columns.texts import Mask
from forbear.records.entry import Entry
from forbear.rulebook.rule import Rule
from forbear.terms import Verdict

MOST_STEPS = 6
"""How many breaches of one timeline are drawn; all are in the findings file."""
PIXELS = 1520
"""More contacts than this side by side cannot be told apart in a picture."""
_MARGIN_S = 86400

RuleKey = tuple[str, str]
"""A rule's id and the first date on which it is in force: the two together name one rule file."""


def key_of(rule: Rule) -> RuleKey:
    """The key under which a rule is counted."""
    return (rule.id, rule.from_.isoformat())


class Worst(NamedTuple):
    """A timeline among those with the most entries in breach."""

    name: str
    """The first of its consumers."""
    breached: int
    """Entries in breach."""
    breaches: int
    """Breaches: one entry may break several rules."""
    contacts: int
    findings: tuple[Finding, ...]
    """The breaches that are drawn, in order."""
    others: tuple[Entry, ...]
    """Its contacts about the time of those, one where many would stand on one spot."""

    def rank(self) -> tuple[int, int, str]:
        """Sorts the worst first; ties go by name, never by the order of arrival."""
        return (-self.breached, -self.breaches, self.name)


def worst(lines: Lines, line: int, breaches: Sequence[Judgement], contact: Mask) -> Worst:
    """What is kept of a timeline, given all its breaches. `contact`: which positions are contacts."""
    first, last = int(lines.start[line]), int(lines.start[line + 1])
    findings = findings_of(lines.entries, chosen(breaches))
    own = first + np.flatnonzero(contact[first:last])
    return Worst(
        name=lines.names[line],
        breached=len({found.position for found in breaches}),
        breaches=len(breaches),
        contacts=len(own),
        findings=tuple(findings),
        others=tuple(lines.entries(_about(findings, own, lines.block.at[lines.row[own]]).tolist())),
    )


def chosen(breaches: Sequence[Judgement]) -> list[Judgement]:
    """At most `MOST_STEPS` breaches, in the order of time: the first of every rule, then the second of every rule, and so on."""
    by_rule = [list(some) for _, some in groupby(sorted(breaches, key=lambda j: (j.rule.id, j.position)), key=lambda j: j.rule.id)]
    by_rule.sort(key=lambda some: (some[0].position, some[0].rule.id))
    turns = [found for turn in zip_longest(*by_rule) for found in turn if found is not None]
    return sorted(turns[:MOST_STEPS], key=lambda j: (j.position, j.rule.id))


def _about(findings: Sequence[Finding], own: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
    shown = [entry.at for finding in findings for entry in (*finding.witness, finding.entry)]
    since, until = min(shown), max(shown)
    margin = _MARGIN_S + (until - since) // 25
    near = (at >= since - margin) & (at <= until + margin)
    spot = (at[near] - since) // max(1, (until - since + 2 * margin) // PIXELS)
    places: NDArray[np.int64] = own[near][np.sort(np.unique(spot, return_index=True)[1])]
    return places


class Sent(msgspec.Struct, array_like=True):
    """A kept timeline as JSON can hold it."""

    name: str
    breached: int
    breaches: int
    contacts: int
    findings: list[SentFinding]
    others: tuple[Entry, ...]


class SentFinding(msgspec.Struct, array_like=True):
    """A finding, its rule by key."""

    entry: Entry
    rule: RuleKey
    debts: tuple[str, ...]
    measured: str
    limit: str
    witness: tuple[Entry, ...]


def pack(one: Worst) -> Sent:
    """A kept timeline as it is sent."""
    findings = [SentFinding(f.entry, key_of(f.rule), f.debts, f.measured, f.limit, f.witness) for f in one.findings]
    return Sent(one.name, one.breached, one.breaches, one.contacts, findings, one.others)


def unpack(one: Sent, rules: Mapping[RuleKey, Rule]) -> Worst:
    """The timeline again."""
    findings = [Finding(f.entry, rules[f.rule], Verdict.BREACH, f.debts, f.measured, f.limit, (), f.witness) for f in one.findings]
    return Worst(one.name, one.breached, one.breaches, one.contacts, tuple(findings), one.others)
