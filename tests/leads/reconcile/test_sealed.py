"""Logs that were sealed: the same answer, from marks that say nothing without the key."""

import msgspec
import pytest
from leads.reconcile.phones import phones

from forbear.leads.reconcile.sealed import agree, seal

KEY = b"a key that nobody else has, long"


def test_sealed_logs_agree_as_open_ones_do():
    """Zone, matches and leads come out of the marks; at least 90 % of planted contacts, and no other."""
    found = planted = 0
    for seed in range(10):
        told = phones(seed, apart=8 * 3600 + 20)
        said = agree(seal(told.person, "person", KEY), seal(told.lender, "lender", KEY))
        shown = {told.person.sightings[n].entry_id for n in said.hidden}
        assert said.zone == 32
        assert shown <= told.hidden
        assert said.by_chance < 0.01
        found, planted = found + len(shown), planted + len(told.hidden)
    assert found >= 0.9 * planted


def test_with_another_key_or_another_person_nothing_is_told():
    """No zone, no match, no lead."""
    one, other = phones(1), phones(2)
    assert agree(seal(one.person, "person", KEY), seal(one.lender, "lender", KEY[::-1])).zone is None
    assert agree(seal(one.person, "person", KEY), seal(other.lender, "lender", KEY))[:3] == (None, (), ())


def test_the_marks_hold_no_number_and_no_time():
    """What is handed over has neither in any form that could be read, and no two contacts share a mark unless number and minute agree."""
    told = phones(4)
    packed = msgspec.msgpack.encode(seal(told.person, "person", KEY))
    for each in told.person.sightings:
        assert each.number.encode() not in packed
        assert str(each.at).encode() not in packed
        assert each.at.to_bytes(4, "big") not in packed


def test_a_short_key_is_refused():
    """It could be guessed."""
    with pytest.raises(ValueError, match="24 bytes or more"):
        seal(phones(1).person, "person", b"short")
