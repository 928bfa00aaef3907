"""What a person wrote to make it stop is proposed as a fact, and only proposed."""

import tomllib
from pathlib import Path

import pytest
from exports_made import call, put, read, xml
from telephones import COLLECTOR, FRIEND, export, item, proposed

from forbear.doors.dossier import case as cases
from forbear.doors.dossier import stops
from forbear.doors.dossier.propose import Census, render

THREAT = "If you do not pay by Friday we will have you arrested."


@pytest.mark.parametrize("text", ["Do not contact me again. I sent you a letter.", "STOP CALLING ME", "请不要再给我打电话了", "别再騷擾我"])
def test_a_request_to_stop_is_noticed(text):
    """In either language and script; the same words from the collector are none of the person's."""
    assert stops.asked(item("2026-03-12 10:30", COLLECTOR, text, incoming=False)) == "cease-request"
    assert stops.asked(item("2026-03-12 10:30", COLLECTOR, text)) == ""


@pytest.mark.parametrize(("text", "kind"), [("Stop.", "opt-out"), ("TD", "opt-out"), ("The bus stop is closed", ""), ("我到了再联系", "")])
def test_one_word_that_unsubscribes_is_an_opt_out_and_only_by_itself(text, kind):
    """A word that means something else within a sentence counts alone."""
    assert stops.asked(item("2026-03-12 10:30", COLLECTOR, text, incoming=False)) == kind


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_was_written_to_a_collector_is_proposed_with_its_record(lang):
    """With its instant, its words and its record; not what was written to a friend; and the file loads, unconfirmed."""
    found = export(
        item("2026-03-12 10:30", COLLECTOR, THREAT),
        item("2026-03-13 09:15", COLLECTOR, 'Stop calling me "now"\n[[fact]]', incoming=False),
        item("2026-03-14 09:15", FRIEND, "stop calling me names", incoming=False),
    )
    text = render(proposed(found, "America/New_York", lang), "us", "America/New_York", lang)
    (fact,) = tomllib.loads(text)["fact"]
    assert fact["kind"] == "cease-request"
    assert fact["at"].isoformat() == "2026-03-13T09:15:00-04:00"
    assert found.items[1].digest[:16] in fact["shown_by"]
    case = cases.parse(text, Path("case.toml"))
    assert not case.confirmed
    assert case.instant(case.fact[0]) == found.items[1].at


def test_a_record_that_two_files_hold_counts_once(tmp_path):
    """Backups overlap: the same calls in two of them are no more calls."""
    calls = [call(date=str(1_735_722_000_000 + n * 1000)) for n in range(3)]
    whole, part = put(tmp_path / "a.xml", xml("calls", *calls)), put(tmp_path / "b.xml", xml("calls", *calls[1:]))
    (one,), (both,) = (proposed(read(*paths), "America/New_York", "en") for paths in ((whole,), (whole, part)))
    assert one == both
    assert one.contacts == 3


def test_a_census_keeps_no_more_than_it_proposes():
    """Of a telephone of any size: of each number some words, and the messages that may have asked it to stop."""
    census = Census()
    said = [item(1000 + n, COLLECTOR, f"{THREAT} {n}") for n in range(1000)]
    asked = item("2026-03-13 09:15", COLLECTOR, "stop calling me", incoming=False)
    assert [each for each in (*said, asked, item(1, FRIEND, "stop calling", group="g")) if census.note(each)] == [asked]
    assert list(census) == [COLLECTOR]
    assert len(census[COLLECTOR].said) == 200
    assert len(census[COLLECTOR].contacts()) == 1001
