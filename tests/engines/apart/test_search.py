"""A smallest timeline on which two versions of a rule say different things."""

from __future__ import annotations

import datetime as dt
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_law import Law, law, laws
from small import rule, standing
from timelines import book

from forbear.engines.apart.search import Search, compared, search
from forbear.engines.apart.variations import Side, Timeline
from forbear.engines.mutation import fates
from forbear.records.clock import say
from forbear.rulebook.book import RulebookError
from forbear.rulebook.diary import read
from forbear.rulebook.load import build, shipped
from forbear.rulebook.mutants import cuts, steps
from forbear.rulebook.rule import Rule

ZZ = {"jurisdiction": "ZZ"}
CAP = {"limit": 2, "within": "7 days", "per": ["consumer"]}


def sides(*raws: dict) -> tuple[Side, Side]:
    """Two versions of a rule of one's own, each in a book of its own."""
    one, other = (law(rule(given=ZZ, **raw)) for raw in raws)
    return Side(one.book, one.judged), Side(other.book, other.judged)


def marks(found: Search) -> tuple[str, str]:
    """What the two say of the entry in question."""
    assert found.found
    return tuple(said.mark for said in found.found.said)


def retried(one: Side, other: Side, found: Search, without: int | None = None):
    """What is said of a diary that is read anew, by new judges, with or without one entry."""
    lines = read(found.diary(), one.rule.given, one.book)
    entries = [line.entry for k, line in enumerate(lines) if k != without]
    return compared(one, other, Timeline.of(entries, found.found.timeline.silent)) if entries else None


def proven(one: Side, other: Side, found: Search) -> None:
    """It tells the versions apart, from its text alone, and no entry of it can be left out."""
    again = retried(one, other, found)
    assert (again.judged, again.said) == (found.found.judged, found.found.said)
    for k in range(len(found.found.timeline.entries)):
        less = retried(one, other, found, without=k)
        assert less is None or less.doubt > found.found.doubt


def test_another_limit_is_told_by_as_many_contacts_as_it_allows():
    """Two calls a week became three: on the third the versions differ. Nobody needs an example of it."""
    found = search(*sides({"cap": CAP}, {"cap": {**CAP, "limit": 3}}))
    assert marks(found) == ("!", "")
    assert len(found.found.timeline.entries) == 3
    assert found.diary().startswith("3 x ")


def test_another_hour_is_told_by_a_contact_at_its_edge():
    """Until 20:00 became until 21:00."""
    one, other = sides({"hours": {"daily": "[08:00,20:00)"}}, {"hours": {"daily": "[08:00,21:00)"}})
    found = search(one, other)
    assert marks(found) == ("!", "")
    (entry,) = found.found.timeline.entries
    assert say(entry.at, "Europe/Lisbon").endswith("20:00:00")


def test_another_span_is_told_by_a_contact_on_the_last_day():
    """Seven days became eight."""
    found = search(*sides({"cap": CAP}, {"cap": {**CAP, "within": "8 days"}}))
    assert marks(found) == ("", "!")
    days = [say(entry.at, "Europe/Lisbon")[:10] for entry in found.found.timeline.entries]
    assert dt.date.fromisoformat(days[-1]) - dt.date.fromisoformat(days[0]) == dt.timedelta(7)


def test_a_condition_taken_away_is_told_by_what_it_let_pass():
    """The ban bound calls, and now binds all."""
    one, other = sides(
        {"applies": {"channel": "call"}, "forbid": {"party": "family"}},
        {"forbid": {"party": "family"}},
    )
    found = search(one, other)
    assert marks(found) == ("", "!")
    assert [entry.one("party") for entry in found.found.timeline.entries] == ["family"]
    assert found.found.timeline.entries[0].one("channel") != "call"


def test_a_standing_that_lasts_longer_is_told_by_its_opener_and_a_contact():
    """The rule is the same; what it asks is not."""
    versions = []
    for lasts in ("3 days", "4 days"):
        made = law(rule(given=ZZ, forbid={"while": "zz.test.told"}), standing("zz.test.told", {"kind": "dispute", "lasts": lasts}))
        versions.append(Side(made.book, made.judged))
    found = search(*versions)
    assert marks(found) == ("", "!")
    assert [entry.one("kind") for entry in found.found.timeline.entries] == ["dispute", "contact"]


def test_a_duty_is_told_by_an_answer_that_comes_in_time_for_one_alone():
    """Five days became six; the entry in question is the one that called for it."""

    def owed(days: int) -> dict:
        return {"applies": {"kind": "dispute"}, "owe": {"entry": {"kind": "verified"}, "within": f"{days} days", "per": ["consumer"]}}

    found = search(*sides(owed(5), owed(6)))
    assert marks(found) == ("!a", "")
    assert [entry.one("kind") for entry in found.found.timeline.entries] == ["dispute", "verified"]
    assert found.found.judged == 0


def test_a_warning_that_became_a_ban_is_told():
    """The verdict has another name, and the gate does something else."""
    found = search(*sides({"cap": CAP}, {"cap": CAP, "effect": "advised-against"}))
    assert [said.verdict for said in found.found.said] == ["breach", "departure"]


def test_one_law_is_not_apart_from_itself():
    """And it is told how much was tried."""
    one, other = sides({"cap": CAP}, {"cap": CAP, "row": "zz.other"})
    found = search(one, other, most=300)
    assert found.found is None
    assert found.diary() == ""
    assert 100 < found.tried <= 301


def test_it_is_the_same_every_time():
    """Nothing is left to chance."""
    versions = sides({"cap": CAP}, {"cap": {**CAP, "count": "distinct channel"}})
    assert search(*versions).diary() == search(*versions).diary() != ""


def mutants(raw: dict) -> list:
    """All changes of a law that the examples of a stable rule must notice."""
    return [*steps(raw), *cuts(raw)]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_what_is_found_for_random_laws_is_proven(data):
    """Random rules with random standings and no example, against a random change of them."""
    drawn: Law = data.draw(laws())
    names = [None, *drawn.standings]
    name = data.draw(st.sampled_from(names))
    raw = drawn.standings[name] if name else drawn.rule
    changed = data.draw(st.sampled_from(mutants(raw))).raw
    try:
        new = law(drawn.rule, {**drawn.standings, name: changed}) if name else law(changed, drawn.standings)
    except RulebookError:
        return
    one, other = Side(drawn.book, drawn.judged), Side(new.book, new.judged)
    found = search(one, other, most=600)
    if found.found:
        proven(one, other, found)


NAMED = ["call-frequency", "text-safe", "inconvenient-hours", "start-noticed"]


@pytest.mark.parametrize("name", NAMED)
def test_every_change_that_examples_notice_is_told_apart(name):
    """For rules of the shipped law: no noticed mutant is missed, and what is found is proven."""
    (file,) = [file for file in book().laws if file.stem == name and file.is_relative_to(shipped())]
    old = book().laws[file]
    judges = [old] if isinstance(old, Rule) else [rule for rule in book().rules if old.id in book().reach(rule)]
    killed = {fate.mutant for fate in fates(book(), [file]) if fate.killed}
    missed = []
    for mutant in list(mutants(tomllib.loads(file.read_text(encoding="utf-8"))))[::3]:
        if mutant.text not in killed:
            continue
        try:
            new = build(mutant.raw, file)
            changed = book().replaced(file, new)
        except RulebookError:
            continue
        for judged in judges:
            one, other = Side(book(), judged), Side(changed, new if isinstance(new, Rule) else judged)
            found = search(one, other)
            if found.found:
                proven(one, other, found)
                break
        else:
            missed.append(mutant.text)
    assert missed == []
