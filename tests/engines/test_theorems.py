"""The theorems of the rule language (sections 7, 9 and 10), for every rule, on random timelines."""

from __future__ import annotations

import datetime as dt

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st
from timelines import DAY, HOLES, book, pool, rules_where, timelines

from forbear.engines.earliest import earliest, unsettled
from forbear.engines.plain import Judge
from forbear.engines.witness import witness
from forbear.records.coverage import Coverage
from forbear.records.entry import Entry, order
from forbear.rulebook.rule import Rule

FAR = Coverage(records_until=1 << 40, complete=True)
BACKWARD = rules_where(lambda rule: not rule.owe)
"""The rules that the gate is asked: a duty that looks forward is none."""
PLAIN_CAPS = rules_where(lambda rule: bool(rule.cap and not rule.cap.distinct and not rule.cap.free and not list(rule.standings())))


def _timeless(rule: Rule) -> bool:
    """No months and no calendar anywhere, and the consumer's clock everywhere below the rule."""
    standings = [book().standings[name] for name in book().reach(rule)]
    windows = [rule.cap.within, *(free.within for free in rule.cap.free)] if rule.cap else []
    spans = [w.span for w in windows] + [span for s in standings for o in s.opens for span in (o.starts, o.lasts)]
    months = any(w.month for w in windows) or any(span and span.unit == "month" for span in spans)
    return not months and not rule.calendar and not any(s.calendar or s.clock != "consumer" for s in standings)


TIMELESS = rules_where(_timeless)


def verdicts(rule: Rule, entries: list[Entry], coverage: Coverage = FAR) -> list[bool | None]:
    """What the audit says of each entry."""
    judge = Judge(book(), entries, coverage)
    return [judge.judge(rule, entry, i).value for i, entry in enumerate(entries)]


def asked(rule: Rule, before: list[Entry], entry: Entry) -> bool | None:
    """What the gate says of the entry, given what came before."""
    return Judge(book(), before, FAR).judge(rule, unsettled(entry), len(before), gate=True).value


@given(timelines(), st.data())
def test_a_definite_verdict_holds_whatever_the_holes_turn_out_to_be(drawn, data):
    """Blanking fields, or leaving candidates, never turns a verdict into its opposite: it may only become unclear."""
    rule, entries = drawn
    holed = []
    for entry in entries:
        blank = data.draw(st.sets(st.sampled_from(HOLES), max_size=2))
        fields = {name: None for name in blank if name in entry.fields}
        if "zone" in fields and data.draw(st.booleans()):
            fields["zone"] = tuple(dict.fromkeys((*entry.fields["zone"], "Asia/Shanghai", "America/New_York")))
        holed.append(entry.but(**fields))
    for whole, guess in zip(verdicts(rule, entries), verdicts(rule, holed), strict=True):
        assert guess is None or whole is None or whole == guess


@given(timelines(), st.data())
def test_a_definite_verdict_holds_whatever_silent_sources_would_have_told(drawn, data):
    """Judged with some kinds of fact withheld and called silent, a definite verdict is that of the whole timeline."""
    rule, entries = drawn
    kinds = sorted({e.fields["kind"][0] for e in entries if not e.is_contact})
    if not kinds:  # nothing to withhold; a seed that draws many such timelines is no fault of theirs
        return
    silent = frozenset(data.draw(st.sets(st.sampled_from(kinds), min_size=1)))
    kept = [e for e in entries if e.is_contact or e.fields["kind"][0] not in silent or data.draw(st.booleans())]
    coverage = FAR._replace(silent=silent)
    whole = dict(zip((e.entry_id for e in entries), verdicts(rule, entries), strict=True))
    for entry, guess in zip(kept, verdicts(rule, kept, coverage), strict=True):
        assert guess is None or whole[entry.entry_id] is None or whole[entry.entry_id] == guess


@given(timelines(rules=BACKWARD))
def test_what_the_audit_finds_the_gate_would_have_denied(drawn):
    """Theorem 1 of section 9: every breach at an outbound contact, `owe` aside, is denied given the timeline before it."""
    rule, entries = drawn
    for i, (entry, found) in enumerate(zip(entries, verdicts(rule, entries), strict=True)):
        if found and entry.is_contact and entry.fields.get("direction") == ("outbound",):
            assert asked(rule, entries[:i], entry) is not False


@given(timelines(rules=BACKWARD))
def test_what_the_gate_allowed_replays_clear(drawn):
    """Theorem 2 of section 9: contacts that the gate allowed are clear once their outcomes are reported."""
    rule, entries = drawn
    kept: list[Entry] = []
    for entry in entries:
        if asked(rule, kept, entry) is False:
            kept.append(entry)
    assert set(verdicts(rule, kept)) <= {False}


@given(timelines(rules=BACKWARD, most=14))
def test_a_witness_suffices_and_none_of_it_is_idle(drawn):
    """Section 10: the witness alone gives the breach, and without any one of its entries there is none."""
    rule, entries = drawn
    for i, (entry, found) in enumerate(zip(entries, verdicts(rule, entries), strict=True)):
        if not found:
            continue
        few = [entries[k] for k in witness(book(), rule, entries, entry, i)]
        assert Judge(book(), few).judge(rule, entry, len(few)).value is True
        for k in range(len(few)):
            less = few[:k] + few[k + 1 :]
            assert Judge(book(), less).judge(rule, entry, len(less)).value is not True


@given(timelines(rules=BACKWARD, most=8), st.data())
def test_the_earliest_instant_is_clear_and_none_before_it_is(drawn, data):
    """Section 10: at the earliest instant the rule is clear, and at no second before it from the asked one on."""
    rule, entries = drawn
    *before, last = entries
    question = unsettled(last)
    assume(asked(rule, before, last) is not False)
    found = earliest(book(), [rule], before, question, FAR)
    if found is not None:
        assert asked(rule, before, msgspec.structs.replace(last, at=found, known_at=found)) is False
    end = found if found is not None else last.at + 400 * DAY
    for at in [end - 1, *data.draw(st.lists(st.integers(last.at, end - 1), max_size=6))]:
        assert asked(rule, before, msgspec.structs.replace(last, at=at, known_at=at)) is not False


@given(st.data())
def test_the_earliest_of_all_rules_together_is_clear_under_each_and_first(data):
    """Section 10: the joint earliest instant is clear under every rule, and each second before it is barred by one."""
    law = data.draw(st.sampled_from(("xx.", "us.", "cn.")))
    numbers = [n for n in BACKWARD if book().rules[n].id.startswith(law) and not book().rules[n].warns]
    _, entries = data.draw(timelines(rules=numbers, most=6))
    rules = [book().rules[n] for n in numbers]
    *before, last = entries
    found = earliest(book(), rules, before, unsettled(last), FAR)
    end = found if found is not None else last.at + 400 * DAY

    def barred(at: int) -> bool:
        moved = msgspec.structs.replace(last, at=at, known_at=at)
        return any(asked(rule, before, moved) is not False for rule in rules)

    if found is not None:
        assert not barred(found)
    for at in [*data.draw(st.lists(st.integers(last.at, end), max_size=4)), end - 1]:
        assert not last.at <= at < end or barred(at)


@given(timelines(rules=PLAIN_CAPS), st.data())
def test_more_contacts_never_cure_a_cap(drawn, data):
    """A breach of a cap that counts entries, with neither standings nor quotas, stays one when contacts are added before it."""
    rule, entries = drawn
    extra = data.draw(st.sampled_from(entries))
    more = sorted([*entries, msgspec.structs.replace(extra, entry_id="extra")], key=order)
    after = dict(zip((e.entry_id for e in more), verdicts(rule, more), strict=True))
    for entry, found in zip(entries, verdicts(rule, entries), strict=True):
        assert not found or after[entry.entry_id]


@given(timelines(rules=TIMELESS), st.integers(-60, 60))
def test_whole_weeks_shift_nothing_where_offsets_are_fixed(drawn, weeks):
    """Moved by whole weeks, verdicts stay, for rules without dates, months and calendars and zones of fixed offset."""
    rule, entries = drawn
    ageless = msgspec.structs.replace(rule, from_=dt.date(1970, 1, 1), until=None, clock="consumer")
    fixed = [e.but(zone=("Etc/GMT-8",), until=None) for e in entries]
    shift = weeks * 7 * DAY
    moved = [msgspec.structs.replace(e, at=e.at + shift, known_at=e.known_at + shift) for e in fixed]
    assert verdicts(ageless, fixed) == verdicts(ageless, moved)


@given(timelines(), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(drawn, random):
    """Entries shuffled and sorted again give the same verdicts: the order of a timeline lies in its entries alone."""
    rule, entries = drawn
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert verdicts(rule, sorted(shuffled, key=order)) == verdicts(rule, entries)


def test_every_rule_has_material():
    """No rule of the law escapes the theorems for want of a diary."""
    assert all(pool(n) for n in range(len(book().rules)))
