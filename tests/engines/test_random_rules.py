"""The theorems of the rule language on random rules, so that they hold for the language and not only for the law that we ship."""

from __future__ import annotations

from hypothesis import given, note, settings
from hypothesis import strategies as st
from random_law import DAY, Law, holed, laws, moved, silenced, timelines, with_years
from second_reading import Reading

from forbear.engines.earliest import earliest, unsettled
from forbear.engines.plain import Judge
from forbear.engines.witness import witness
from forbear.records.coverage import Coverage
from forbear.records.entry import Entry, order

MORE = settings(max_examples=3 * settings().max_examples)
"""Most random laws say little of most timelines."""
FAR = Coverage(records_until=1 << 40, complete=True)


def verdicts(law: Law, entries: list[Entry], coverage: Coverage = FAR) -> list[bool | None]:
    """What the audit says of each entry."""
    judge = Judge(law.book, entries, coverage)
    return [judge.judge(law.judged, entry, i).value for i, entry in enumerate(entries)]


def asked(law: Law, before: list[Entry], entry: Entry) -> bool | None:
    """What the gate says of the entry, given what came before."""
    return Judge(law.book, before, FAR).judge(law.judged, unsettled(entry), len(before), gate=True).value


@MORE
@given(laws(perhaps=False), timelines())
def test_where_everything_is_known_the_meaning_is_that_of_a_second_reading(law, entries):
    """Two readings of the rule language, written apart, agree on every entry, and neither is ever unsure."""
    note(f"{law.rule}\n{law.standings}")
    reading = Reading(law.rule, law.standings, law.place, entries)
    assert verdicts(law, entries) == [reading.breach(i) for i in range(len(entries))]


@MORE
@given(laws(), timelines(), st.data())
def test_a_definite_verdict_holds_whichever_days_turn_out_to_be_holidays(law, entries, data):
    """Of the days that a calendar leaves open, any may be holidays and any may not: the second reading knows which."""
    note(f"{law.rule}\n{law.standings}\n{law.place}")
    settled = with_years(
        lambda year: year | {"holidays": year["holidays"] + [day for day in year.get("perhaps", []) if data.draw(st.booleans())]}, law.place
    )
    reading = Reading(law.rule, law.standings, settled, entries)
    for i, guess in enumerate(verdicts(law, entries)):
        assert guess in (None, reading.breach(i))


@MORE
@given(laws(), timelines(), st.data())
def test_a_definite_verdict_holds_whatever_the_holes_turn_out_to_be(law, entries, data):
    """Fields blanked, or left as candidates, never turn a verdict into its opposite."""
    note(f"{law.rule}\n{law.standings}")
    for whole, guess in zip(verdicts(law, entries), verdicts(law, data.draw(holed(entries))), strict=True):
        assert guess in (None, whole)


@MORE
@given(laws(), timelines(), st.data())
def test_a_definite_verdict_holds_whatever_silent_sources_would_have_told(law, entries, data):
    """Facts withheld where no source covers their kind and time never turn a verdict into its opposite."""
    note(f"{law.rule}\n{law.standings}")
    left = data.draw(silenced(entries))
    whole = dict(zip((e.entry_id for e in entries), verdicts(law, entries), strict=True))
    for entry, guess in zip(left.entries, verdicts(law, left.entries, left.coverage), strict=True):
        assert guess in (None, whole[entry.entry_id])


@MORE
@given(laws(backward=True), timelines())
def test_what_the_audit_finds_the_gate_would_have_denied(law, entries):
    """Theorem 1 of section 9."""
    for i, (entry, found) in enumerate(zip(entries, verdicts(law, entries), strict=True)):
        if found and entry.is_contact and entry.fields["direction"] == ("outbound",):
            assert asked(law, entries[:i], entry) is not False


@MORE
@given(laws(backward=True), timelines())
def test_what_the_gate_allowed_replays_clear(law, entries):
    """Theorem 2 of section 9."""
    kept: list[Entry] = []
    for entry in entries:
        if asked(law, kept, entry) is False:
            kept.append(entry)
    assert set(verdicts(law, kept)) <= {False}


@MORE
@given(laws(backward=True), timelines())
def test_a_witness_suffices_and_none_of_it_is_idle(law, entries):
    """Section 10: the witness alone gives the breach, and without any one of its entries there is none."""
    for i, (entry, found) in enumerate(zip(entries, verdicts(law, entries), strict=True)):
        if not found:
            continue
        few = [entries[k] for k in witness(law.book, law.judged, entries, entry, i)]
        assert Judge(law.book, few).judge(law.judged, entry, len(few)).value is True
        for k in range(len(few)):
            less = few[:k] + few[k + 1 :]
            assert Judge(law.book, less).judge(law.judged, entry, len(less)).value is not True


@MORE
@given(laws(backward=True), timelines(), st.booleans(), st.data())
def test_the_earliest_instant_is_clear_and_none_before_it_is(law, entries, gaps, data):
    """Section 10: at the earliest instant the rule is clear, and at no second before it from the asked one on."""
    entries = data.draw(holed(entries)) if gaps else entries
    denied = [i for i, entry in enumerate(entries) if entry.is_contact and asked(law, entries[:i], entry) is not False]
    for i in denied[-1:]:
        before, last = entries[:i], entries[i]
        found = earliest(law.book, [law.judged], before, unsettled(last), FAR)
        if found is not None:
            assert asked(law, before, moved(last, found)) is False
        end = found if found is not None else last.at + 40 * DAY
        near = range(last.at // 1800 * 1800, min(end, last.at + 2 * DAY), 1800)
        some = data.draw(st.lists(st.integers(last.at, end - 1), max_size=4))
        for at in [end - 1, *some, *near, *(at + 1 for at in near)]:
            assert not last.at <= at < end or asked(law, before, moved(last, at)) is not False


@MORE
@given(laws(), timelines(), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(law, entries, random):
    """Entries shuffled and sorted again give the same verdicts."""
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert verdicts(law, sorted(shuffled, key=order)) == verdicts(law, entries)
