"""Other people are not in a pack: not their numbers, their names, nor what they wrote."""

from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from telephones import COLLECTOR, US, export, item, made

from forbear.doors.dossier import case as cases
from forbear.doors.dossier import files
from forbear.doors.dossier.redact import clean

MOTHER = (
    US
    + """[[person]]
name = "Ann Roe"
party = "family"
files = ["phone.json"]
"""
)


def said(found, text=US, **more):
    """All that the pack says."""
    return msgspec.json.encode(made(found, text, **more).pack).decode()


def test_numbers_and_names_of_others_are_marked(week):
    """In quoted words too; the collector's own number stays, and so does the person's name."""
    pack = said(export(*week))
    assert "202-555-0133" not in pack
    assert "Samuel" not in pack
    assert "Dinner" not in pack
    assert "We told [name 1] ([number 2]) what you owe." in pack
    assert COLLECTOR in pack
    assert "Jane Roe" in pack


def test_it_is_undone_only_from_the_sources(week):
    """Asked for, the pack shows what the records hold."""
    assert "We told Samuel (202-555-0133) what you owe." in said(export(*week), redacted=False)


def test_a_person_who_was_called_is_shown_by_relation():
    """The mother's name is in the case, and not in the pack."""
    night = item("2026-03-09 11:00", COLLECTOR, "Tell your daughter to pay her debt of $900, you thief.")
    pack = said(export(night), MOTHER)
    assert "Ann Roe" not in pack
    assert "to family 1" in pack


@given(st.lists(st.sampled_from("0123456789 -"), min_size=0, max_size=9).map("".join))
def test_no_long_figure_survives(tail):
    """However it is grouped: a card, an account, somebody's number."""
    figure = "4" + tail + "0123456"
    words = item("2026-03-12 10:30", COLLECTOR, f"You deadbeat thief, pay to {figure} today")
    pack = made(export(words)).pack
    quoted = [one.contact.words for each in pack.breaches for one in each.incidents]
    assert quoted
    assert all("0123456" not in each and "[number 1]" in each for each in quoted)


def test_amounts_and_dates_stay():
    """They are what a message says, and nobody's number."""
    words = "You deadbeat thief, pay $912.50 by 2026-04-01 10:00 or 3/4/2026"
    pack = made(export(item("2026-03-12 10:30", COLLECTOR, words))).pack
    assert pack.breaches[0].incidents[0].contact.words == words


@given(st.text())
def test_nothing_unseen_is_shown(text):
    """Hidden characters and those that turn the direction of text are gone; what is left is in its order."""
    kept = clean(text)
    assert all(char.isprintable() or char == "\n" for char in kept)
    rest = iter(text.replace("\t", " ").replace("\r", " "))
    assert all(char in rest for char in kept)


def test_a_file_named_after_somebody_does_not_name_him(week, tmp_path):
    """Chats are exported under the name of who wrote: neither the pack nor its manifest has it."""
    found = export(*week, names=("Chat with Samuel +1 202-555-0133.txt",))
    whole = made(found)
    manifest = files.write(tmp_path / "pack", US, cases.parse(US, Path("c")), whole.evidence, whole.derived, whole.pack, ())
    said = msgspec.json.encode((whole.pack, manifest)).decode()
    assert "Samuel" not in said
    assert "0133" not in said
    assert whole.pack.sources[0].name.startswith("Chat with [name ")
