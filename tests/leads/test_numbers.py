"""Collectors' numbers that follow one another, in invented networks whose truth is known."""

import random

import pytest
from leads.network import DAY, START, network

from forbear.leads.numbers import Use, links, uses
from forbear.records.entry import Entry


def found(seeds, **how):
    """(right links, links to be found, wrong links)."""
    right = planted = wrong = 0
    for seed in seeds:
        world = network(seed, **how)
        shown = {(link.old, link.new) for link in links(world.uses)}
        right, planted, wrong = right + len(shown & world.followed), planted + len(world.followed), wrong + len(shown - world.followed)
    return right, planted, wrong


@pytest.mark.parametrize("how", [{}, {"team": 0.5}, {"kept": 0.5}, {"calls": 10}], ids=["usual", "shared work", "half kept", "few calls"])
def test_a_changed_number_is_found_among_four_hundred(how):
    """Ten days, 400 phones, five changed, eight collectors leave, eight are hired: nine in ten found, at most one link in twenty wrong."""
    right, planted, wrong = found(range(100, 106), **how)
    assert right >= 0.9 * planted
    assert wrong <= 0.05 * (right + wrong)


def test_where_nobody_changes_a_number_hardly_any_is_linked():
    """People leave, others are hired and take over parts of their work; at most one link in six such networks."""
    right, planted, wrong = found(range(200, 206), changed=0)
    assert (right, planted) == (0, 0)
    assert wrong <= 1


def test_numbers_of_those_who_are_called_are_never_linked():
    """A consumer who changes his phone, a third person who calls back, a number that both calls and is called: none is ever named."""
    rng = random.Random(1)
    entries, ours = [], set()

    def add(n, at, number, address, direction="outbound"):
        fields = {
            "kind": ("contact",),
            "direction": (direction,),
            "number": (number,),
            "address": (address,),
            "person": (f"p{n % 40}",),
            "consumer": (f"p{n % 40}",),
        }
        entries.append(Entry(entry_id=f"e{len(entries)}", at=at, known_at=at, fields=fields))

    for n in range(4000):
        at = START + rng.randrange(10 * DAY)
        own = f"+1555010{n % 10:04}"
        ours.add(own)
        # Every person has a number in the first five days and another one in the last five.
        phone = f"+1555020{n % 40:04}" if at < START + 5 * DAY else f"+1555030{n % 40:04}"
        add(n, at, own, phone)
        if n % 7 == 0:
            add(n, at + 600, phone, own, "inbound")
    made = uses(entries)
    called = {entry.one("address") for entry in entries if entry.one("direction") == "outbound"}
    assert {each.number for each in made} <= ours
    assert not called & {number for link in links(made) for number in (link.old, link.new)}


def test_a_number_at_which_somebody_was_reached_is_not_looked_at():
    """Even if contacts were made from it: it may be a third person's who called for the collector."""
    both = "+15550100001"
    fields = {"kind": ("contact",), "direction": ("outbound",), "number": (both,), "address": ("+15550200001",), "person": ("a",)}
    entries = [
        Entry(entry_id="1", at=5, known_at=5, fields=fields),
        Entry(entry_id="2", at=6, known_at=6, fields={**fields, "number": ("+15550100002",), "address": (both,)}),
    ]
    assert [each.number for each in uses(entries)] == ["+15550100002"]


def test_words_count_but_do_not_decide():
    """The same template from everybody says nothing; no contact at all gives no link."""
    assert links([]) == []
    everybody = [Use(START + n * 600, f"+1555010{n // 100:04}", f"p{n}", "the same words") for n in range(2000)]
    assert links(everybody) == []
