from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from forbear.findings.agencies import Sums
from forbear.findings.tally import WORST, Tally
from forbear.terms import Verdict
from tests.findings import history

LINES = [(line, history.told(line)) for line in history.rich()]


def content(tally: Tally) -> dict[str, object]:
    """All that a tally counted."""
    return {name: value for name, value in vars(tally).items() if name != "book"}


tallied = history.tally_of


@given(st.permutations(LINES), st.integers(0, len(LINES)), st.integers(0, len(LINES)))
def test_parts_add_up_to_the_whole(lines, one, other):
    """However timelines are dealt out and in whatever order the parts are added, the sum is what one tally would have counted."""
    first, last = sorted((one, other))
    parts = [tallied(lines[:first]), tallied(lines[first:last]), tallied(lines[last:])]
    whole = content(tallied(LINES))
    assert content(parts[0] + parts[1] + parts[2]) == whole
    assert content(parts[2] + (parts[0] + parts[1])) == whole


def test_an_empty_tally_changes_nothing():
    """Adding what counted nothing gives the same counts."""
    whole = tallied(LINES)
    assert content(whole + Tally(history.book())) == content(whole)


def test_nothing_is_counted_twice_or_lost():
    """Contacts by verdict, by agency and by hour each add up to all contacts; findings by rule to all findings."""
    tally = tallied(LINES)
    contacts = [entry for entries, _ in LINES for entry in entries if entry.is_contact]
    findings = [finding for _, found in LINES for finding in found]
    assert tally.contacts == len(contacts) == sum(tally.contacts_by_verdict.values())
    assert sum(sums.contacts for sums in tally.agencies.values()) == len(contacts)
    assert sum(tally.heat.values()) + tally.hour_unknown == len(contacts)
    assert Counter(finding.verdict for finding in findings) == {v: tally.total(v) for v in Verdict if tally.total(v)}
    breached = tally.contacts_by_verdict[Verdict.BREACH]
    assert sum(sums.breached for sums in tally.agencies.values()) == breached == sum(tally.heat_breached.values())


def test_a_contact_that_breaks_two_rules_is_one_contact_in_breach():
    """Rates count contacts, not findings."""
    line = history.entries("2026-04-06 23:00 call conversation tags=threat", consumer="A")
    tally = tallied([(line, history.told(line))])
    assert tally.total(Verdict.BREACH) == 2
    assert tally.agencies["X"] == Sums.of_timeline(1, 1, 1, 0)


def test_an_unclear_departure_does_not_count_against_an_agency():
    """Only what would be a breach raises the upper end: a blank under a rule that merely advises does not."""
    line = history.entries("2 x 2026-04-06 09:00 call no-answer\n2026-04-06 10:00 call no-answer address=?", consumer="A", scope="all")
    findings = [finding for finding in history.told(line) if finding.rule.warns]
    assert [finding.verdict for finding in findings] == [Verdict.UNCLEAR]
    assert tallied([(line, findings)]).agencies["X"].exposed == 0


def test_an_unknown_agency_is_a_row_of_its_own():
    """A contact that names no agency, or may be of either of two, is counted, under no name."""
    line = history.entries("2026-04-06 09:00 call busy agency=?\n2026-04-06 09:05 call busy agency=X|Y", consumer="A")
    assert {name: sums.contacts for name, sums in tallied([(line, ())]).agencies.items()} == {"": 2}


def test_an_unknown_hour_is_not_guessed():
    """A contact whose candidate zones show different hours is left out of the heat map and counted as unknown."""
    line = history.entries("2026-04-06 09:00 call busy zone=Asia/Shanghai|Asia/Tokyo\n2026-04-06 09:05 call busy", consumer="A")
    tally = tallied([(line, ())])
    assert (tally.hour_unknown, dict(tally.heat)) == (1, {(0, 9): 1})


def test_only_the_worst_timelines_are_kept():
    """What is kept does not grow with contacts: a few timelines, those with the most entries in breach first."""
    tally = tallied(LINES)
    assert len(tally.worst) == WORST
    assert [worst.name for worst in tally.worst][:2] == ["ming", "zhou"]
    assert [worst.breached for worst in tally.worst] == sorted((worst.breached for worst in tally.worst), reverse=True)


def test_a_tally_that_was_kept_says_the_same():
    """Written down and read again, nothing of it is lost: counts, and the worst timelines with their findings."""
    tally = tallied(LINES)
    assert content(Tally.load(tally.dump(), history.book())) == content(tally)
