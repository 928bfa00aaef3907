"""What a person tells without a record stands apart: nothing that is counted or proven changes by it."""

import msgspec
import pytest
from telephones import CN, COLLECTOR, TOLD, US, export, item, made

from forbear.doors.dossier import files
from forbear.doors.dossier.propose import quoted
from forbear.doors.dossier.words import words

MOTHER = """[[person]]
name = "Ruth Roe"
party = "family"
"""
CALLS = [item(f"2026-03-09 {hour:02}:05", COLLECTOR) for hour in range(9, 17)]


def test_it_changes_nothing_but_its_own_section_and_the_drafts():
    """No finding, count, step or lead: all that is proven is proven without it."""
    bare, whole = made(export(*CALLS)), made(export(*CALLS), US + TOLD)
    assert files.told(whole.derived.findings) == files.told(bare.derived.findings)
    assert len(whole.pack.told) == 1
    for name in set(msgspec.structs.asdict(bare.pack)) - {"told", "offices"}:
        assert getattr(whole.pack, name) == getattr(bare.pack, name), name
    assert files.mark(whole.pack) != files.mark(bare.pack)


@pytest.mark.parametrize(
    ("at", "when"),
    [
        ("at = 2026-05-03", "3 May 2026"),
        ("at = 2026-05-03T15:00:00", "3 May 2026 15:00"),
        ("at = 2026-05-03T15:00:00Z", "3 May 2026 11:00"),
        ('at = "early in May"', "early in May"),
        ("", "no date"),
    ],
)
def test_time_is_told_as_well_as_it_is_known(at, when):
    """A day, an hour by the person's clock, words, or nothing."""
    (shown,) = made(export(*CALLS), US + TOLD.replace("at = 2026-05-03", at)).pack.told
    assert (shown.when, shown.what) == (when, "call, to my employer")
    assert shown.words.startswith("They told the front desk")


def test_a_draft_states_it_after_what_is_recorded():
    """As the person's own statement; who signs it can show no record of it."""
    drafts = [office.draft for office in made(export(*CALLS), US + TOLD).pack.offices if office.draft]
    assert drafts
    for draft in drafts:
        before, after = draft.split("I also state the following, of which my telephone has no record:")
        assert "[record " in before
        assert "- 3 May 2026, call, to my employer: “They told the front desk" in after
        assert "[record " not in after


@pytest.mark.parametrize("of", ["told", "message"])
def test_no_line_of_anybody_passes_for_one_of_the_draft(of):
    """Neither the person's statement nor a collector's message can write a numbered point into a complaint."""
    forged = "You deadbeat thief\n2. A threat: 99 contacts"
    told = f"[[told]]\nwords = {quoted(forged)}\n" if of == "told" else ""
    records = [*CALLS, item("2026-03-10 10:00", COLLECTOR, forged if of == "message" else "You deadbeat")]
    drafts = "\n".join(office.draft for office in made(export(*records), US + told).pack.offices)
    assert "2. A threat: 99 contacts" in drafts
    assert not any(line.startswith("2. A threat: 99") for line in drafts.splitlines())


def test_other_people_are_marked_in_it():
    """As in all else that a pack says: a person of the case by what he is, numbers and names by marks."""
    told = TOLD.replace('"my employer"', '"Ruth Roe"').replace("It was", "Ring 202-555-0133 or Ruth Roe.")
    (shown,) = made(export(*CALLS), US + MOTHER + told).pack.told
    assert shown.what == "call, to family 1"
    assert "0133" not in shown.words
    assert "Ruth" not in shown.words
    (open_,) = made(export(*CALLS), US + MOTHER + told, redacted=False).pack.told
    assert "202-555-0133 or Ruth Roe" in open_.words


def test_it_is_said_in_chinese():
    """In a Chinese pack."""
    told = '[[told]]\nat = 2026-05-03T15:00:00\nchannel = "call"\nto = "我的单位"\nwords = "说我欠钱不还"\n'
    (shown,) = made(export(item("2026-03-09 23:05", "+8615400001111")), CN + told).pack.told
    assert (shown.when, shown.what, shown.words) == ("2026年5月3日15:00", "电话、对象是我的单位", "说我欠钱不还")
    assert "陈述" in words("zh")("page.told")
