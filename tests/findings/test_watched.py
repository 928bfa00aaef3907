"""What oversight counts of very many contacts is what it would count one by one."""

import random
from collections import Counter, defaultdict
from functools import reduce
from itertools import pairwise

import msgspec
import pyarrow as pa
import pytest

from forbear.findings.agencies import Sums
from forbear.findings.oversight import DAY, Moments
from forbear.findings.watched import Shared, Watched, watched
from forbear.leads.find import Lead
from forbear.leads.rows import Rows
from forbear.leads.seen import outbound
from forbear.records.columns.block import of_entries
from forbear.records.columns.lines import lines
from forbear.records.entry import Entry
from forbear.records.timelines import timelines


def entry(n, at, **fields):
    """With what is said, and an id of its own."""
    said = {name: value if isinstance(value, tuple) else (value,) for name, value in fields.items() if value}
    return Entry(entry_id=f"e{n}", brought_id=f"e{n}", at=at, known_at=at, fields=said)


def history(seed):
    """People with debts of their own and shared ones, due and repaid in any order; agencies known, unknown and one of two."""
    rng = random.Random(seed)
    found = []
    for n in range(400):
        who, kind = rng.randrange(30), rng.choice(("contact", "contact", "contact", "due", "overdue", "repaid"))
        debts = tuple(sorted({f"d{who}", rng.choice((f"d{who}", f"d{who}", "joint", f"x{who}"))}))
        fields = {"kind": kind, "consumer": f"c{who}", "debt": rng.choice((debts, debts, ()))}
        if kind == "contact":
            fields |= {"direction": rng.choice(("outbound", "outbound", "inbound", "")), "channel": "call"}
            fields |= {"agency": rng.choice(("a", "b", ("a", "b"), "")), "collector": rng.choice(("x", "y", ""))}
        found.append(entry(n, 1_770_000_000 + rng.randrange(60 * DAY), **fields))
    return found


def one(values):
    """A name, if it is only one."""
    return values[0] if len(values) == 1 else ""


def made(known):
    """(timeline, contact, days past due or None) of the contacts that were made, one after another."""
    for number, line in enumerate(known):
        due = {}
        for each in line.entries:
            debts, kind = each.fields.get("debt", ()), each.one("kind")
            for debt in debts if kind in ("due", "overdue", "repaid") else ():
                due.pop(debt, None) if kind == "repaid" else due.setdefault(debt, each.at)
            if outbound(each):
                yield number, each, max(((each.at - due[debt]) // DAY for debt in debts if debt in due), default=None)


def by_hand(known, breached, in_leads, leads):
    """The same, contact by contact."""
    people, of_debts, contacts = defaultdict(lambda: defaultdict(list)), defaultdict(list), 0
    for number, each, late in made(known):
        contacts += 1
        agency, collector = one(each.fields.get("agency", ())), each.one("collector")
        hit = each.entry_id in breached
        people["breaches", agency][number].append((0, hit))
        people["in_leads", agency][number].append((0, each.entry_id in in_leads))
        people["by_time", agency][number].append((each.at // DAY, hit))
        if collector:
            people["collectors", " · ".join(filter(None, (agency, collector)))][number].append((0, hit))
        if late is not None:
            people["by_age", agency][number].append((late, hit))
        for debt in each.fields.get("debt", ()) if agency else ():
            of_debts[debt].append((each.at, agency))
    found = {name: {} for name in ("breaches", "in_leads", "collectors", "by_time", "by_age")}
    for (name, whose), of_person in people.items():
        each = [_moments(points) if name.startswith("by_") else _sums(points) for points in of_person.values()]
        found[name][whose] = reduce(lambda a, b: a.plus(b), each)
    shared = sorted(overlaps(of_debts), key=Shared.rank)
    tactics = {}
    for lead in leads:
        tactics.setdefault(lead.agency, Counter())[lead.tactic] += 1
    return Watched(contacts, **found, leads=tactics, shared_debts=len({each.debt for each in shared}), shared=shared[:40])


def overlaps(of_debts):
    """Debts of which two agencies contacted somebody within a week."""
    near = Counter()
    for debt, told in of_debts.items():
        for (at, before), (then, after) in pairwise(told):
            if before != after and then - at <= 7 * DAY:
                near[debt, min(before, after), max(before, after)] += 1
    return [Shared(debt, (a, b), count) for (debt, a, b), count in near.items()]


def _sums(points):
    hits = sum(hit for _, hit in points)
    return Sums.of_timeline(len(points), hits, hits, 0)


def _moments(points):
    own = [sum(each) for each in zip(*((1, t, t * t, y, t * y) for t, y in points), strict=True)]
    return Moments(1, tuple(own), tuple(a * b for a in own for b in own))


def counted(entries, rng):
    """(what is counted of them in bulk, the same one by one); some of them are in breach, some in a lead."""
    part = lines(of_entries(entries), of_entries([]), pa.array([], pa.string()))
    breached = [n for n in range(len(part.row)) if rng.random() < 0.2]
    in_leads = [n for n in range(len(part.row)) if rng.random() < 0.1]
    leads = [Lead("timed-dialling", rng.choice("ab"), "c", 0, 0, {}, None, 1.0, (), ()) for _ in range(5)]
    found = watched(Rows(part), _ints(breached), _ints(in_leads), leads)
    ids = [each.entry_id for each in part.entries(range(len(part.row)))]
    return found, by_hand(timelines(entries), {ids[n] for n in breached}, {ids[n] for n in in_leads}, leads)


def _ints(numbers):
    return pa.array(numbers, pa.int64()).to_numpy()


@pytest.mark.parametrize("seed", range(20))
def test_in_bulk_as_one_by_one(seed):
    """Rates, trends with time and with days past due, debts of two agencies, leads: whatever is unknown."""
    found, plain = counted(history(seed), random.Random(seed))
    assert found == plain
    assert found.by_age
    assert found.shared


@pytest.mark.parametrize("seed", range(5))
def test_parts_add_up_and_travel(seed):
    """Counts of two parts are those of both together, in either order, also after they were written and read."""
    rng = random.Random(seed)
    one_part, other = (counted(_renamed(history(seed + n), n), rng)[0] for n in (0, 1))
    both = one_part + other
    assert both == other + one_part
    assert both.contacts == one_part.contacts + other.contacts
    assert msgspec.json.decode(msgspec.json.encode(both), type=Watched) == both
    assert both + Watched() == both


def _renamed(entries, n):
    """Other people, other debts."""
    return [
        each.but(consumer=(f"{n}{each.one('consumer')}",), debt=tuple(f"{n}{debt}" for debt in each.fields.get("debt", ())))
        for each in entries
    ]
