"""`case.toml` is written by people who are afraid: what is wrong with it is said with its line."""

from pathlib import Path

import pytest
from telephones import CEASED, TOLD, US, at

from forbear.doors.dossier import case as cases
from forbear.records.errors import InputError


def fault(text):
    """What is said of it."""
    with pytest.raises(InputError) as error:
        cases.parse(text, Path("case.toml"))
    return str(error.value)


@pytest.mark.parametrize(
    ("was", "now", "line", "said"),
    [
        ('zone = "America/New_York"', 'zone = "New York"', 4, "is no time zone"),
        ('kind = "card"', 'kind = "cards"', 11, "there is no 'cards'; write one of"),
        ('kind = "third-party-agency"', 'kind = "agency"', 12, "there is no 'agency'"),
        ('law = "us"', 'law = "uk"', 2, "law: "),
        ("confirmed = true", 'confirmed = "yes"', 1, "true or false belongs here"),
        ('kind = "cease-request"', 'kind = "stop"', 17, "there is no 'stop'"),
        ("at = 2026-03-18", 'at = "18 March"', 16, "a date without quotes belongs here"),
        ("at = 2026-03-18", "at = 2026-03-08T02:30:00", 18, "the clock never showed this time"),
        ("at = 2026-03-18", "at = 0026-03-18", 18, "no record can be of this day"),
        ("at = 2026-03-18", "at = 9999-12-31T23:59:00", 18, "no record can be of this day"),
        ('to = ["Hilltop Recovery"]', 'to = ["Hilltop"]', 19, "no collector is called 'Hilltop'"),
        ("at = 2026-05-03", "at = 3", 22, "a date without quotes belongs here"),
        ("at = 2026-05-03", "at = 2026-03-08T02:30:00", 23, "the clock never showed this time"),
        ("at = 2026-05-03", "at = 0001-01-01T00:00:00", 23, "no record can be of this day"),
        ('channel = "call"', 'channel = "telephone"', 24, "there is no 'telephone'; write one of"),
        ('words = "They', 'words = " " # "They', 22, "say here what was done"),
        ('name = "Jane Roe"', "name = Jane Roe", 5, "texts stand in quotes"),
        ('name = "Jane Roe"', 'nmae = "Jane Roe"', 5, "no key 'nmae'"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(was, now, line, said):
    """File, line, what, what to do."""
    text = US + CEASED + TOLD
    assert was in text
    told = fault(text.replace(was, now, 1))
    assert told.startswith(f"case.toml:{line}: ")
    assert said in told


def test_a_date_without_a_time_is_read_in_the_collectors_favour():
    """What restricts him counts from the end of the day, what permits him something from its start."""
    ceased = cases.parse(US + CEASED, Path("c"))
    assert ceased.instant(ceased.fact[0]) == at("2026-03-19 00:00") - 1
    agreed = cases.parse(US + CEASED.replace("cease-request", "consent"), Path("c"))
    assert agreed.instant(agreed.fact[0]) == at("2026-03-18 00:00")
    timed = cases.parse(US + CEASED.replace("2026-03-18", "2026-03-18T09:30:00"), Path("c"))
    assert timed.instant(timed.fact[0]) == at("2026-03-18 09:30")
