"""docs/errors.md holds every error that a user can meet, as it reads."""

from __future__ import annotations

import pytest
from errors.rooms import CHAPTERS, ROOMS, room_of, run
from errors.watch import sites

from docs import errors

TEXT = errors.PAGE.read_text(encoding="utf-8")
HAS = errors.sections(TEXT)


@pytest.mark.parametrize("room", ROOMS)
def test_every_error_is_met_and_on_the_page(room):
    """Each place in the source that speaks to a user is reached by a case of tests/errors/ROOM.py, and the page says what was read there,
    word for word: after a change run `make errors`, and read what changed.
    """
    met, unmet = run(room)
    assert [str(site) for site in unmet] == [], "a new error needs a case in its room, and `make errors`"
    for doing in dict.fromkeys(each.doing for each in met):
        assert HAS.get(doing) == errors.section(doing, [each for each in met if each.doing == doing]), f"{doing}: run `make errors`"


def test_every_place_belongs_to_a_room():
    """No part of the source is left out, and none belongs to two rooms; so is nothing on the page that no room met."""
    found = sites()
    assert len(found) > 300
    assert [(str(site), room_of(site)) for site in found if len(room_of(site)) != 1] == []
    assert list(HAS) == [doing for doings in CHAPTERS.values() for doing in doings]
