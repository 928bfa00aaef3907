"""Two logs of one person's contacts, compared: invented phones, so that the truth is known."""

import random

import pytest
from leads.reconcile.phones import DAY, START, log, phones

from forbear.leads.reconcile import Log, Sighting, compare
from forbear.leads.reconcile.compare import SURE


def counted(seeds, **how):
    """(planted hidden contacts found, planted, others shown as hidden, others)."""
    found = planted = false = others = 0
    for seed in seeds:
        told = phones(seed, apart=random.Random(seed).choice([0, 3600, -8 * 3600, 15 * 3600]) + seed % 80 - 40, **how)
        shown = {each.sighting.entry_id for each in compare(told.person, told.lender).hidden if each.probability >= SURE}
        found += len(shown & told.hidden)
        planted += len(told.hidden)
        false += len(shown - told.hidden)
        others += len(told.person.sightings) - len(told.hidden)
    return found, planted, false, others


@pytest.mark.parametrize(
    "how",
    [{}, {"minutes": True, "noise": 25}, {"hidden": 0.3}, {"forged": 0.3}, {"deleted": 0.4}, {"contacts": 400, "days": 20}],
    ids=["usual", "whole minutes", "many hidden", "numbers forged", "many deleted", "twenty a day"],
)
def test_hidden_contacts_are_found(how):
    """At least 95 % of planted contacts that the lender left out are shown, and at most 1 % of all others."""
    found, planted, false, others = counted(range(40), **how)
    assert found >= 0.95 * planted
    assert false <= 0.01 * others


def test_the_offset_of_clocks_is_found_and_a_change_of_zone_with_it():
    """To within the noise; a phone that moved to another zone half-way has two."""
    told = phones(7, apart=-5 * 3600 + 17)
    (only,) = compare(told.person, told.lender).offsets
    assert abs(only.seconds - told.apart) <= 5
    assert only.agree > 20 * only.by_chance
    told = phones(8, moved=(30, 3 * 3600))
    found = compare(told.person, told.lender)
    assert [round(each.seconds / 3600) for each in found.offsets] == [0, 3]
    assert abs(found.offsets[1].since - (START + 30 * DAY + 3 * 3600)) <= 2 * DAY
    shown = {each.sighting.entry_id for each in found.hidden if each.probability >= SURE}
    assert len(shown & told.hidden) >= 0.8 * len(told.hidden)


def test_logs_of_different_people_say_nothing():
    """No offset is found by chance, and then no contact is called hidden."""
    for seed in range(30):
        one, other = phones(seed), phones(1000 + seed)
        found = compare(one.person, other.lender)
        assert (found.offsets, found.hidden, found.doubts) == ((), (), ("no-offset",)), seed


def test_what_cannot_be_concluded_is_said():
    """An empty log; logs of different years; no number in common, where times alone tell whose a number is, and no friend's is shown."""
    told = phones(3)
    assert compare(Log((), 0, 0), told.lender).doubts == ("empty",)
    later = log([each._replace(at=each.at + 400 * DAY) for each in told.lender.sightings])
    assert compare(told.person, later).doubts == ("no-common-time",)
    masked = log([each._replace(number="") for each in told.lender.sightings])
    found = compare(told.person, masked)
    assert found.doubts == ("no-common-numbers",)
    assert len(found.matched) > 80
    shown = {each.sighting.entry_id for each in found.hidden if each.probability >= SURE}
    assert shown <= told.hidden


def test_contacts_outside_the_time_of_the_lenders_log_are_not_called_hidden():
    """A lender's log of the first month says nothing of the second."""
    told = phones(5)
    early = tuple(each for each in told.lender.sightings if each.at < START + 30 * DAY)
    found = compare(told.person, Log(early, early[0].at, early[-1].at))
    assert found.outside > 50
    assert all(each.sighting.at <= early[-1].at + 200 for each in found.hidden)


def test_a_number_that_nothing_ties_to_the_lender_is_no_lead():
    """Calls from friends are never hidden contacts, however many there are."""
    found = compare(*phones(11, friends=400)[:2])
    assert not any(each.sighting.entry_id.startswith("f-") for each in found.hidden)
    assert found.strangers > 300


def test_an_export_made_twice_brings_each_contact_once():
    """What agrees in second, number and length is one contact."""
    from forbear.records.entry import Entry

    entry = Entry(
        entry_id="1",
        at=5,
        known_at=5,
        fields={"kind": ("contact",), "channel": ("call",), "direction": ("outbound",), "number": ("+15550100000",), "duration_s": ("7",)},
    )
    twice = Log.of([entry, Entry(entry_id="2", at=5, known_at=5, fields=entry.fields)])
    assert twice.sightings == (Sighting(5, "+15550100000", 7, "1"),)
