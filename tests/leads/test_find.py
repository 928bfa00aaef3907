"""Leads of very many timelines at once are those of each, and those of a whole history."""

import random
import zlib
from functools import reduce

import numpy as np
import pyarrow as pa
import pytest
from leads.network import network

from forbear.leads import callers, second
from forbear.leads.adding import added
from forbear.leads.find import Against, Lead, find, of_rows, of_timeline
from forbear.leads.rates import book
from forbear.leads.rows import Rows
from forbear.leads.second import Asked, answer
from forbear.leads.simulate import TACTICS as INVENTED
from forbear.leads.simulate import lives
from forbear.leads.tactics import TACTICS, infiltration
from forbear.leads.tactics.infiltration import Accounts
from forbear.records.columns.block import of_entries
from forbear.records.columns.lines import lines
from forbear.records.entry import Entry, order
from forbear.records.timelines import timelines
from forbear.rulebook.choice import Choice
from forbear.rulebook.load import load, shipped


def columns(entries):
    """Entries as `Lines`."""
    return lines(of_entries(entries), of_entries([]), pa.array([], pa.string()))


def mixed(seed, many=60):
    """Lives of every tactic at all strengths, and lawful ones."""
    rng = random.Random(seed)
    some = [life for tactic in INVENTED for life in lives(seed, 8, tactic, rng.choice((0.2, 0.5, 0.9)))]
    return [*some, *lives(seed + 1, many)]


def renamed(seed):
    """Their entries, with ids that are unique as those of a file are."""
    found = []
    for n, life in enumerate(mixed(seed)):
        found += [
            each.__class__(
                entry_id=f"{n}-{each.entry_id}",
                at=each.at,
                known_at=each.known_at,
                fields={**each.fields, "consumer": (f"c{n}",)},
                brought_id=f"{n}-{each.entry_id}",
                text=each.text,
            )
            for each in life.entries
        ]
    return found


def torn(seed):
    """The same, with fields that are left out, candidates, and zones."""
    rng = random.Random(seed)
    found = []
    for each in renamed(seed):
        fields = dict(each.fields)
        for name in list(fields):
            if name not in ("kind", "consumer") and rng.random() < 0.04:
                if rng.random() < 0.5:
                    del fields[name]
                else:
                    fields[name] = (*fields[name], "other")
        if rng.random() < 0.5:
            fields["zone"] = rng.choice((("Asia/Shanghai",), ("America/New_York",), ("Asia/Shanghai", "America/New_York")))
        if each.fields["kind"] != ("contact",):
            fields |= {"amount": (str(rng.choice((100, 500, 900))),), "debt": (f"d{fields['consumer'][0]}",), "jurisdiction": ("CN",)}
            fields |= {"creditor_kind": ("bank",), "debt_kind": ("personal",)}
        found.append(each.but(**{name: fields.get(name) for name in {*each.fields, *fields}}))
    return found


AGAINST = Against.of(load([shipped()]), Choice(("cn",)))


@pytest.mark.parametrize("make", [renamed, torn])
@pytest.mark.parametrize("seed", range(6))
def test_leads_of_a_part_are_those_of_its_timelines(make, seed):
    """No timeline that shows a lead is passed over, and what is said of it is the same; the positions are those of the lead's entries."""
    entries = make(seed)
    part = columns(entries)
    found, positions = of_rows(Rows(part), AGAINST)
    plain = [lead for line in timelines(entries) for lead in of_timeline(line.consumers[0], line.entries, AGAINST)]
    assert found
    assert make is renamed or any(lead.tactic == "cost-of-credit" for lead in plain)
    assert sorted(found, key=Lead.rank) == sorted(plain, key=Lead.rank)
    assert {each.entry_id for each in part.entries(positions)} == {each for lead in plain for each in lead.entries}


@pytest.mark.parametrize("tactic", TACTICS)
def test_a_timeline_that_reaches_any_score_may_reach_it(tactic):
    """At every setting, not only at the default one: what columns show is never less than what the timeline shows."""
    for seed in range(4):
        entries = torn(seed)
        rows = Rows(columns(entries))
        known = timelines(entries)
        scores = [max((seen.score for seen in TACTICS[tactic].seen(line.entries)), default=0.0) for line in known]
        for at_least in (0.1, 0.5, book().tactic[tactic].at_least, 2 * book().tactic[tactic].at_least):
            may = TACTICS[tactic].may(rows, at_least)
            assert not (np.array(scores) >= at_least)[~may].any()


def test_most_lawful_timelines_are_passed_over():
    """Else nothing would be saved: at most a quarter is looked at by any tactic."""
    entries = [each for n, life in enumerate(lives(3, 400)) for each in (one.but(consumer=(f"c{n}",)) for one in life.entries)]
    rows = Rows(columns(sorted(entries, key=order)))
    may = [TACTICS[tactic].may(rows, book().tactic[tactic].at_least) for tactic in TACTICS]
    assert np.logical_or.reduce(may).mean() < 0.25


def by_parts(entries, parts):
    """Leads of a history that is dealt out by consumers, as an audit finds them."""
    dealt = [[each for each in entries if zlib.crc32(each.one("consumer").encode()) % parts == n] for n in range(parts)]
    some = [Rows(columns(each)) for each in dealt]
    totals = added(map(callers.totals, some))
    accounts = reduce(Accounts.plus, map(infiltration.accounts_of, some))
    asked = Asked.of(totals, accounts, sum(int(infiltration.talk(each).sum()) for each in some))
    return second.leads(totals, accounts, [answer(each, asked) for each in some] if asked else [], AGAINST)


@pytest.mark.parametrize("parts", [1, 3])
@pytest.mark.parametrize("seed", range(3))
def test_numbers_are_linked_alike_by_parts_and_as_a_whole(seed, parts):
    """Whoever of them is reached, wherever timelines lie; the same leads as of one list of entries."""
    entries = network_entries(seed)
    plain = [lead for lead in find(entries, AGAINST) if lead.tactic == "number-rotation"]
    assert plain
    assert sorted(by_parts(entries, parts), key=Lead.rank) == plain


@pytest.mark.parametrize("parts", [1, 4])
@pytest.mark.parametrize("make", [renamed, torn])
def test_groups_are_read_alike_by_parts_and_as_a_whole(make, parts):
    """An account may be known from another part, be told for all, or be somebody's who was reached there."""
    rng = random.Random(8)
    found = set()
    for seed in range(4):
        entries = make(seed)
        numbers = sorted({each.one("number") for each in entries if each.one("number")})
        fact = {"kind": ("staff-account-registered",), "consumer": ("nobody",)}
        told = [
            Entry(entry_id=f"r{n}", brought_id=f"r{n}", at=1, known_at=1, fields={**fact, "number": (rng.choice(numbers),)})
            for n in range(9)
        ]
        reached = [each.but(address=(rng.choice(numbers),)) if rng.random() < 0.01 else each for each in entries]
        plain = [lead for lead in find([*told, *reached], AGAINST) if lead.tactic == "group-infiltration"]
        ours = [lead for lead in by_parts([*told, *reached], parts) if lead.tactic == "group-infiltration"]
        assert sorted(ours, key=Lead.rank) == plain
        found.update(lead.consumer for lead in plain)
    assert len(found) > 3


def test_clauses_are_those_of_the_place():
    """A lead about people of one place names no law of another; where no place is known, every law that was asked for."""
    against = Against.of(load([shipped()]), Choice(("cn", "us")))
    (life,) = lives(5, 1, "timed-dialling", 1.0)
    for place, codes in (("US-MA", {"us", "us-ma"}), ("CN", {"cn"}), ("", {"cn", "us", "us-ma", "us-wv"})):
        entries = [each.but(jurisdiction=(place,) if place else None) for each in life.entries]
        (lead, *_) = find(entries, against)
        found = {clause.partition(".")[0] for clause in lead.clauses}
        assert found <= codes if place else found >= codes
        assert found


def network_entries(seed):
    """A hundred callers of whom five change their number; some people call back, and one number is both a caller's and a person's."""
    rng = random.Random(seed)
    found = []
    people = {}
    for n, use in enumerate(network(seed, phones=120, changed=5, left=2, hired=2, calls=20).uses):
        who = people.setdefault(use.person, f"c{len(people)}")
        fields = {
            "kind": ("contact",),
            "channel": ("call",),
            "direction": ("outbound",),
            "consumer": (who,),
            "number": (use.number,),
            "address": (f"home of {who}",),
            "agency": (f"a{rng.randrange(2)}",),
        }
        if rng.random() < 0.05:
            fields |= {"direction": ("inbound",), "number": (f"home of {who}",)}
        if rng.random() < 0.1:
            fields["person"] = ("mother",)
        if rng.random() < 0.001:
            fields["address"] = (use.number,)
        found.append(Entry(entry_id=f"e{n}", brought_id=f"e{n}", at=use.at, known_at=use.at, fields=fields, text=use.said))
    return found
