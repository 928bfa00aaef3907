"""`forbear rules --table`: what the law of each place says, and what holds there beside it."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from timelines import NOWHERE
from typer.testing import CliRunner

from forbear.doors.cli import app
from forbear.doors.rules.places import ABOUT, TSV, Row, Stack, column
from forbear.doors.rules.words import words
from forbear.rulebook.book import Book
from forbear.rulebook.load import load

LATER = dt.date(2026, 11, 27)


@pytest.fixture(scope="module")
def book() -> Book:
    """The shipped law."""
    return load()


def stack(book: Book, on: dt.date = LATER, *, drafts: bool = False) -> dict[str, Row]:
    """The rows by place."""
    return {row.code: row for row in Stack(book, book.rules, on, "en", drafts=drafts)}


def table(*more: str) -> list[list[str]]:
    """What the command prints into a pipe, without its head."""
    result = CliRunner().invoke(app, ["rules", "--table", *more])
    assert result.exit_code == 0, result.output
    head, *lines = [line.split("\t") for line in result.output.splitlines()]
    assert tuple(head) == TSV
    return lines


def test_every_place_has_a_row_and_every_rule_of_a_column_one_cell(book):
    """Nothing is left out and nothing told twice: the rules that are in force and no drafts, each where its place is."""
    rows = stack(book)
    assert rows.keys() == book.places.keys()
    told = sorted(line.rule.id for row in rows.values() for cells in row.own.values() for line in cells)
    stands = [rule for rule in book.rules if rule.status == "stable" and rule.from_ <= LATER <= (rule.until or LATER)]
    assert told == sorted(rule.id for rule in stands if column(rule))


def test_what_holds_in_a_state_is_its_own_law_and_that_of_the_country(book):
    """The country's cells stand in the state's row, named by the country."""
    rows = stack(book)
    assert [line.text for line in rows["US-MA"].own["often"]] == ["at most 2 times in 7 days", "at most 2 times in 30 days"]
    assert rows["US-MA"].around == {"US": rows["US"].own}
    assert rows["US"].around == {}
    assert {line[6] for line in table("--law", "us", "--on", "2026-11-27") if line[0] == "US-MA" and line[2] == "how often"} == {
        "US-MA",
        "US",
    }


def test_a_state_that_is_chosen_alone_keeps_what_the_country_says():
    """`--law us-nyc` has one place, and does not say that no hours hold there."""
    lines = table("--law", "us-nyc", "--on", "2026-11-27")
    assert {line[0] for line in lines} == {"US-NYC"}
    assert "us.reg-f.hours" in [line[5] for line in lines if line[2] == "hours"]


def test_the_table_shows_the_law_of_a_day(book):
    """New York's three in seven begins on the first of January 2027; the day before, it is two."""
    before, after = stack(book, dt.date(2026, 12, 31)), stack(book, dt.date(2027, 1, 1))
    assert [line.text for line in before["US-NYC"].own["often"]] == ["at most 2 times in 7 days"]
    assert [line.text for line in after["US-NYC"].own["often"]] == ["at most 3 times in 7 days"]
    told = {day: [line[5] for line in table("--law", "us", "--on", day)] for day in ("2026-12-31", "2027-01-01")}
    assert [day for day, rules in told.items() if "us-nyc.6-rcny-5-77.contacts-a-week" in rules] == ["2027-01-01"]


def test_a_draft_is_left_out_and_counted_or_shown_and_marked(book):
    """Russia's law is known from memory alone."""
    assert not stack(book)["RU"].says(ABOUT)
    assert stack(book)["RU"].drafts == 9
    shown = stack(book, drafts=True)["RU"]
    assert shown.drafts == 0
    assert all("draft" in line.notes for cells in shown.own.values() for line in cells)
    assert len(shown.own["often"]) == 6


def test_no_rule_is_said_to_be_none(book):
    """A place without a line for something says so, which is not the same as allowed."""
    assert ["HK", "Hong Kong", "how often", "no rule here", "", "", ""] in table("--on", "2026-11-27")
    assert "not that it is allowed" in words("en")("page.honest")


def test_what_weighs_less_than_a_ban_says_so(book):
    """Advice, a standard, a protection, a presumption, a source that was not read."""
    rows = stack(book)
    assert {"advice only", "recommended standard"} <= set(rows["AU"].own["often"][0].notes)
    assert "a protection is lost, nothing is forbidden" in rows["US-WV"].own["hours"][0].notes
    assert "presumed violation" in rows["US"].own["often"][0].notes
    assert "secondary source" in rows["CL"].own["hours"][0].notes
    assert "clause text read" not in str(rows)


def test_a_condition_of_the_count_is_told(book):
    """Colombia's one a day begins once the consumer was reached."""
    daily = next(line for line in stack(book)["CO"].own["often"] if line.text == "at most once in a day")
    assert any("reached directly" in note for note in daily.notes)


def test_a_terminal_shows_it_place_by_place(monkeypatch):
    """The name, what its law says of each thing, and whose line it is that another place adds."""
    monkeypatch.setattr("forbear.doors.rules.commands.sys", SimpleNamespace(stdout=SimpleNamespace(isatty=lambda: True)))
    result = CliRunner().invoke(app, ["rules", "--table", "--law", "us-nyc", "--on", "2027-01-01"], env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert result.exit_code == 0, result.output
    head, often, *more = [" ".join(line.split()) for line in result.output.splitlines()]
    assert head == "US-NYC New York City, US"
    assert often.startswith("how often at most 3 times in 7 days in any way but by letter · for each consumer, debt and agency")
    assert more[0].startswith("US: at most 7 times in 7 days by call or voicemail")
    assert "visits no rule here" in more
    assert "“No rule here” means that forbear holds none" in result.output


def test_the_table_is_in_chinese_too():
    """Names, columns and lines."""
    lines = table("--law", "cn", "--lang", "zh", "--on", "2026-11-27")
    assert lines[0][:3] == ["CN", "中国大陆", "次数"]
    assert {line[2] for line in lines} == {"次数", "时段", "上门", "第三人", "必须停止"}


def test_a_place_without_a_name_is_called_by_its_code():
    """The law of nowhere has none."""
    book = load([NOWHERE])
    assert [row.name for row in Stack(book, book.rules, LATER, "en")] == ["XX"]


def test_a_rule_stands_where_its_conduct_puts_it(book):
    """Of any channel; what is said and how, and what is no contact, stand in no column."""
    rules = {rule.id: rule for rule in book.rules}
    assert column(rules["us-nyc.6-rcny-5-77.contacts-a-week"]) == column(rules["cl.ley-21320.messages-a-week"]) == "often"
    assert column(rules["ca-qc.r-2.2.hours"]) == "hours"
    for visit in ("us-ma.940-cmr.visits-a-month", "au.rg96.visit-hours", "ru.fz230.meetings-a-week", "gb.conc.unannounced-visit"):
        assert column(rules[visit]) == "visits"
    assert column(rules["us.reg-f.threat"]) == column(rules["cn.rectification141.extensions"]) == ""


def test_a_line_says_by_which_way(book):
    """A cap on any contact binds messages too."""
    rows = stack(book)
    assert rows["US-NYC"].own["often"][0].notes[0] == "any contact"
    assert rows["US-WV"].own["often"][0].notes[0] == "by call"
