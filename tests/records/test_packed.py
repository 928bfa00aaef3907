"""A packed timeline holds what its entries say, and stays in their order whatever is put on it."""

from __future__ import annotations

import msgspec
import pytest
import random_law
from hypothesis import given
from hypothesis import strategies as st

from forbear.records.entry import Entry, order
from forbear.records.packed import Packed, Unpackable


@st.composite
def lines(draw: st.DrawFn) -> list[Entry]:
    """Entries with holes and with texts, in no order."""
    found = []
    for entry in draw(random_law.holed(draw(random_law.timelines()))):
        said = {name: draw(st.sampled_from(("", "一二", f"{name} {entry.entry_id}"))) for name in ("source", "brought_id", "text")}
        found.append(msgspec.structs.replace(entry, **said))
    return draw(st.permutations(found))


@given(lines())
def test_bytes_bring_back_every_entry(entries):
    """Packing loses nothing: times, fields, source, ids and texts; and the bytes read back are the same bytes."""
    line = Packed.of(entries)
    again = Packed.unpack(line.pack())
    assert again.entries() == line.entries() == sorted(entries, key=order)
    assert again.pack() == line.pack()
    assert len(again) == len(entries)
    assert again.last == max((entry.known_at for entry in entries), default=-1)
    assert [again.find(entry.entry_id) for entry in again.entries()] == list(range(len(again)))
    assert again.find("nobody") is None


@given(lines(), lines(), st.data())
def test_what_is_put_takes_its_place_and_what_is_dropped_leaves_none(entries, more, data):
    """Putting and dropping one by one gives what sorting gives, before and after packing; an entry of the same id is replaced."""
    line, held = Packed.of(entries), {entry.entry_id: entry for entry in entries}
    for entry in more:
        if data.draw(st.booleans()):
            line = Packed.unpack(line.pack())
        line.put(entry)
        held[entry.entry_id] = entry
        if data.draw(st.integers(0, 3)) == 0:
            gone = data.draw(st.sampled_from([*held, "nobody"]))
            line.drop(gone)
            held.pop(gone, None)
        assert line.entries() == sorted(held.values(), key=order)
        assert [line.find(each.entry_id) for each in line.entries()] == list(range(len(line)))
    assert Packed.unpack(line.pack()).entries() == line.entries()


@given(lines(), lines())
def test_joined_timelines_are_one_in_order(entries, more):
    """An entry that is in both is there once."""
    other = [msgspec.structs.replace(entry, entry_id=f"{entry.entry_id}b") for entry in more]
    mine = Packed.of(entries)
    assert mine.join(Packed.of([*other, *entries])).entries() == sorted([*entries, *other], key=order)
    assert mine.entries() == sorted(entries, key=order)


def test_a_line_that_was_read_is_not_changed_by_what_is_put_on_another():
    """Two lines of the same bytes share nothing."""
    entry = Entry(entry_id="1", at=5, known_at=5, fields={"kind": ("contact",), "consumer": ("A",)})
    data = Packed.of([entry]).pack()
    one, other = Packed.unpack(data), Packed.unpack(data)
    one.put(msgspec.structs.replace(entry, at=6, known_at=6))
    assert other.entries() == [entry]
    assert Packed.of([]).last == -1
    assert Packed.unpack(Packed.of([]).pack()).entries() == []


@pytest.mark.parametrize("data", [b"", b"\x01", b"\x96\x02\x90\x90\xc4\x00\xc4\x00\x90", b"\x96\x01\x90\x90\xc4\x01a\xc4\x00\x90"])
def test_other_bytes_are_refused(data):
    """No half-read timeline."""
    with pytest.raises(Unpackable):
        Packed.unpack(data)
