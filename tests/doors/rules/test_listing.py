"""`forbear rules` and `forbear rule ID`: lines, and one rule whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from timelines import NOWHERE
from typer.testing import CliRunner

from forbear.doors.cli import app
from forbear.doors.rules.listing import COLUMNS
from forbear.findings.plainly import plainly
from forbear.rulebook.load import load
from forbear.rulebook.match import Match
from forbear.rulebook.say import limit, words


def run(*words: str | Path, code: int = 0) -> list[str]:
    """The lines that a command prints."""
    result = CliRunner().invoke(app, list(map(str, words)), env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert result.exit_code == code, result.output
    return result.output.splitlines()


def test_the_rules_are_listed_one_a_line_with_tabs_in_pipes():
    """Every rule and rate cap of the shipped law, under the columns."""
    head, *lines = run("rules")
    assert tuple(head.split("\t")) == COLUMNS
    book = load()
    assert [line.split("\t")[0] for line in lines] == sorted(law.id for law in [*book.rules, *book.rate_caps])
    assert all(len(line.split("\t")) == len(COLUMNS) for line in lines)


def test_a_law_is_chosen_and_its_limit_is_shown():
    """`--law us` lists the law of the country and of its states, and no other."""
    lines = {line.split("\t")[0]: line.split("\t") for line in run("rules", "--law", "us")[1:]}
    assert {name.partition(".")[0].partition("-")[0] for name in lines} == {"us"}
    seven = lines["us.reg-f.call-frequency"]
    assert seven[COLUMNS.index("limit")] == "at most 7 in 7 days per person+debt+agency"
    assert seven[COLUMNS.index("verb")] == "cap"


def test_rules_of_ones_own_stand_beside_the_shipped_law():
    """`--rules` adds a folder."""
    names = [line.split("\t")[0] for line in run("rules", "--rules", NOWHERE)]
    assert "xx.test.hours" in names
    assert "us.reg-f.call-frequency" in names


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_rule_shows_its_clause_limits_standings_and_examples(lang):
    """In the language that is asked for."""
    text = "\n".join(run("rule", "us.reg-f.call-frequency", "--lang", lang))
    (rule,) = [rule for rule in load().rules if rule.id == "us.reg-f.call-frequency"]
    assert text.startswith(f"us.reg-f.call-frequency  v{rule.version}")
    assert rule.title.say(lang) in text
    assert rule.title.say("zh" if lang == "en" else "en") not in text
    assert rule.cite in text
    assert "us.reg-f.consented" in text
    assert plainly(rule, load(), lang) in text
    assert "at most 7 in 7 days per person+debt+agency" in text
    assert rule.example[0].diary.strip().splitlines()[0] in text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_rate_cap_is_listed_and_shown_like_a_rule(lang):
    """It has no effect, no conduct and no examples."""
    (line,) = [line.split("\t") for line in run("rules", "--law", "cn") if line.startswith("cn.court-finance2017.rate\t")]
    assert (line[COLUMNS.index("verb")], line[COLUMNS.index("limit")]) == ("rate", "at most 24 % a year, counted unsaid")
    assert line[COLUMNS.index("effect")] == ""
    (cap,) = [cap for cap in load().rate_caps if cap.id == "cn.court-finance2017.rate"]
    text = "\n".join(run("rule", cap.id, "--lang", lang))
    assert text.startswith("cn.court-finance2017.rate  v1")
    assert cap.title.say(lang) in text
    assert cap.cite in text
    assert plainly(cap, load(), lang) in text
    assert "2017-08-04 - : at most 24 % a year" in text


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            [
                "4 times the one-year loan prime rate (LPR)",
                "15.2 % a year from 20 Dec 2021",
                "not known from 25 Feb 2026",
            ],
        ),
        ("zh", ["首次放款日一年期贷款市场报价利率（LPR）的4倍", "自2021年12月20日起为15.2%", "自2026年2月25日起不详"]),
    ],
)
def test_a_rate_cap_that_follows_a_published_rate_says_which_number_on_which_day(lang, said):
    """And from when on it is not known."""
    text = "\n".join(run("rule", "cn.court-lending2020.rate", "--lang", lang))
    assert "at most 4 times lpr-1y a year, counted unsaid" in text
    assert [part for part in said if part not in text] == []


def test_an_unknown_rule_is_answered_with_what_is_near():
    """Or with where to look."""
    near = "\n".join(run("rule", "us.call-frequency", code=2))
    assert "no rule 'us.call-frequency'" in near
    assert "us.reg-f.call-frequency" in near
    assert "`forbear rules` lists them" in "\n".join(run("rule", "us.nothing-like-it", code=2))


def test_each_verb_says_what_it_allows_or_asks():
    """In the words of the rule language."""
    said = {rule.id: limit(rule) for rule in load([NOWHERE]).rules}
    assert said["xx.test.hours"] == (
        "mon 08:00:00-20:00:00, tue 08:00:00-20:00:00, wed 08:00:00-20:00:00, thu 08:00:00-20:00:00, fri 08:00:00-20:00:00, "
        "sat 09:00:01-11:59:59 14:00:00-15:59:59, sun none, holiday none"
    )
    assert said["xx.test.spread"] == "at most 1 distinct channel in week from sunday per consumer"
    assert said["xx.test.answer-owed"] == "within 2 business days after: kind = verified"
    assert said["xx.test.tags-and-crew"] == "not tags = threat | insult or collectors_present <= 1; minutes_a_week >= 3"
    assert said["xx.test.lost-first"] == "while = xx.test.lost"


def test_a_match_is_said_in_one_line():
    """And a match without tests is everything."""
    assert words(Match.parse({"channel": "call", "outcome": {"not": ["busy", "failed"]}})) == "channel = call; outcome not busy | failed"
    assert words(Match.parse({})) == "everything"
