from __future__ import annotations

import datetime as dt
import json
import re
from functools import cache
from html import unescape
from html.parser import HTMLParser

import msgspec
import pytest

from forbear.findings.across import Across
from forbear.findings.report import render
from forbear.findings.run import Timing
from forbear.findings.summary import Summary, summary
from forbear.findings.summary import render as render_json
from forbear.findings.tally import Tally
from tests.findings import history

HISTORIES = {"empty": list, "blameless": history.mild, "rich": history.rich}
VOID = {"meta", "br", "img", "link", "input", "hr", "col"}


@cache
def found(name: str) -> tuple[Summary, Tally]:
    """The summary and the tally of a history."""
    lines = HISTORIES[name]()
    tally = history.tallied(lines)
    return summary(history.run(lines, silent=name != "blameless"), tally, across(name)), tally


@cache
def across(name: str) -> Across:
    """What shows across its contacts; nobody looked across those of the blameless one."""
    return history.across(HISTORIES[name]()) if name != "blameless" else None


@cache
def page(name: str, lang: str) -> str:
    """Its report."""
    return render(*found(name), lang, across(name).leads if across(name) else ())


class Reader(HTMLParser):
    """Reads a page strictly: every element is closed in its turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        """Opens an element."""
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """An element that closes itself."""
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        """Closes the element that was opened last, and no other."""
        assert self.open.pop() == tag

    def all(self, tag):
        """The attributes of every element of this name."""
        return [attrs for name, attrs in self.seen if name == tag]


everywhere = pytest.mark.parametrize(("name", "lang"), [(name, lang) for name in HISTORIES for lang in ("en", "zh")])


def text_of(html: str) -> str:
    """What a page shows, without its markup."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)))


@everywhere
def test_the_page_is_well_formed_and_says_its_language(name, lang):
    """Every run, an empty one and a blameless one too, gives a whole page with one title, whose tables and pictures are named."""
    read = Reader(page(name, lang))
    assert read.open == []
    assert read.all("html") == [{"lang": "zh-Hans" if lang == "zh" else "en"}]
    assert len(read.all("h1")) == 1
    assert len(read.all("caption")) == len(read.all("table"))
    assert all(attrs.get("aria-label") for attrs in read.all("svg") if attrs.get("role") == "img")
    assert all(attrs.get("scope") for attrs in read.all("th"))


@everywhere
def test_the_page_needs_nothing_from_outside(name, lang):
    """No address, script, style sheet, font or picture is fetched from anywhere: the file is the whole report."""
    html = page(name, lang)
    read = Reader(html)
    assert "http" not in html
    assert not re.search(r"@import|@font-face|url\((?!#)|<script|<link|<img|<iframe|javascript:", html)
    assert all(attrs["href"].startswith("#") for attrs in read.all("a"))
    ids = [attrs["id"] for _, attrs in read.seen if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {attrs["href"].removeprefix("#") for attrs in read.all("a")} <= set(ids)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_leads_and_oversight_stand_apart_from_breaches(lang):
    """A lead is told with its odds under words that say what it is not; what oversight shows is no ranking; neither is there unasked."""
    html = page("rich", lang)
    text = text_of(html)
    assert ("never a breach", "不是违规结论")[lang == "zh"] in text
    assert ("1 in 1,000", "约每 1,000 条")[lang == "zh"] in text
    assert ("this is no ranking", "不是排名")[lang == "zh"] in text
    assert "<b>西岸</b>" in text
    assert html.index('id="breach"') < html.index('id="leads"') < html.index('id="oversight"')
    assert 'id="leads"' not in page("blameless", lang)


@everywhere
def test_not_legal_advice_is_said_once(name, lang):
    """It is said, and it is not repeated until nobody reads it."""
    assert page(name, lang).count("not legal advice" if lang == "en" else "不构成法律意见") == 1


class Numbers:
    """Gives every count of a summary a number of its own, so that a page that leaves one out is found out."""

    def __init__(self) -> None:
        self.given: list[int] = []

    def next(self) -> int:
        """A number that no other count has."""
        self.given.append(10_001 + 7 * len(self.given))
        return self.given[-1]

    def of(self, one, *names):
        """The same struct or tuple with these fields replaced."""
        fresh = {name: self.next() for name in names}
        return one._replace(**fresh) if hasattr(one, "_replace") else msgspec.structs.replace(one, **fresh)

    def of_rule(self, rule):
        """The same rule with other counts, where it had any."""
        fresh = [name for name in ("breach", "departure", "unclear", "version") if getattr(rule, name)]
        return msgspec.structs.replace(self.of(rule, *fresh), needs={need: self.next() for need in rule.needs})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_holds_every_number_of_the_summary(lang):
    """What the summary counts, the page shows: rows, verdicts, rules, needs, agencies and hours."""
    s, tally = found("rich")
    numbers = Numbers()
    s = msgspec.structs.replace(
        s,
        counts=numbers.of(s.counts, *s.counts.__struct_fields__),
        files=tuple(numbers.of(file, "rows", "entries", "quarantined") for file in s.files),
        quarantine=tuple(numbers.of(one, "rows") for one in s.quarantine),
        givens=tuple(numbers.of(one, "rows") for one in s.givens),
        readings=tuple(numbers.of(one, "rows") for one in s.readings),
        rules=[numbers.of_rule(rule) for rule in s.rules],
        needs=[numbers.of(one, "findings", "alone") for one in s.needs],
        agencies=[numbers.of(one, "contacts", "breached", "unclear", "departed") for one in s.agencies],
        hours=[numbers.of(one, "contacts", "breached") for one in s.hours],
        duplicate_ids=numbers.next(),
        repeated=numbers.next(),
        hour_unknown=numbers.next(),
    )
    text = text_of(render(s, tally, lang)).replace(",", "")
    assert [n for n in numbers.given if str(n) not in text] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_names_the_law_that_was_used(lang):
    """Every rule with its title, clause, file, version and hash, every standing, and each agency with its rate and interval."""
    s, _ = found("rich")
    text = text_of(page("rich", lang))
    words = [word for rule in s.rules for word in (rule.rule, rule.file, rule.hash, rule.title.say(lang), *rule.clause.split("; "))]
    words += [word for one in s.standings for word in (one.standing, one.file, one.hash)]
    words += [s.forbear, s.settings.engine, *s.settings.laws]
    words += [f"{n:.1f}" for row in s.agencies for n in (row.rate, row.low, row.high)] + [row.agency for row in s.agencies]
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_silent_is_said_before_any_number(lang):
    """The kinds of fact that no source holds stand above the figures; a run that misses nothing says nothing of it."""
    html = page("rich", lang)
    assert 0 < html.index('class="silent"') < html.index('class="figures"')
    assert 'class="silent"' not in page("blameless", lang)


def test_sources_of_which_nothing_was_said_are_told_apart():
    """A run that says nothing of its sources is told so, and how to say it."""
    s, tally = found("rich")
    html = render(msgspec.structs.replace(s, holds_unsaid=True), tally, "en")
    assert "Nothing was said about which facts the sources hold" in html
    assert "--holds" in html


def test_departures_stand_apart_from_breaches():
    """A rule that only advises is never listed among the breaches."""
    html = page("rich", "en")
    breaches = html[html.index('<section id="breach"') : html.index('<section id="departure"')]
    departures = html[html.index('<section id="departure"') : html.index('<section id="unclear"')]
    assert "xx.test.attempts" in departures
    assert "xx.test.attempts" not in breaches


def test_the_guilty_contact_and_its_witness_are_named():
    """A worst timeline gives each breach in a sentence, and the ids and times of the entries behind it."""
    html = page("rich", "en")
    story = html[html.index("Timeline of zhou") :]
    assert "the 5th in that calendar month" in story
    for entry_id in ("zhou-0002", "zhou-0003", "zhou-0004", "zhou-0005", "zhou-0006"):
        assert entry_id in story


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_history_brings_is_never_markup(lang):
    """Names of consumers and agencies are shown as they are, also where they look like HTML."""
    nasty = '<script>alert("1")</script>'
    line = history.entries("2026-04-06 23:00 call conversation", consumer=nasty, agency=nasty)
    tally = history.tallied([line])
    html = render(summary(history.run([line]), tally), tally, lang)
    assert "<script" not in html
    assert Reader(html).open == []
    assert nasty in text_of(html)


def test_no_message_text_and_no_telephone_number_reaches_the_page():
    """The page shows ids and times; what was said and whose number was dialled stay in the records."""
    line = history.entries("2026-04-06 23:00 call conversation address=+12025550143 number=+12025550199", consumer="A")
    line = [msgspec.structs.replace(entry, text="a private word") for entry in line]
    tally = history.tallied([line])
    html = render(summary(history.run([line]), tally), tally, "en")
    assert "555" not in html
    assert "private word" not in html


def test_the_same_run_gives_the_same_bytes_but_for_its_timing():
    """Two runs differ in when they started and how long they took, and in nothing else."""
    lines = history.rich()
    timings = [Timing(dt.datetime(2026, 5, n, tzinfo=dt.UTC), n) for n in (1, 2)]
    runs = [msgspec.structs.replace(history.run(lines), timing=timing) for timing in timings]
    one, other = (summary(run, history.tallied(order)) for run, order in zip(runs, (lines, lines[::-1]), strict=True))
    pages = [render(s, history.tallied(lines), "en") for s in (one, other)]
    assert pages[0] != pages[1]
    assert len({re.sub(r'<span class="timing">.*?</span>', "", html) for html in pages}) == 1
    files = [json.loads(render_json(s)) for s in (one, other)]
    assert [file.pop("timing")["took_s"] for file in files] == [1, 2]
    assert files[0] == files[1]


def test_summary_json_names_what_it_holds():
    """Nothing in summary.json is a bare list of values: agencies, files, readings and constants are objects with named fields."""
    read = json.loads(render_json(found("rich")[0]))
    assert read["counts"]["read"] == read["counts"]["judged"] + read["counts"]["quarantined"]
    assert read["agencies"][0]["agency"] == "Z"
    assert read["files"][0]["quarantined"] == 12
    assert {"field", "value", "rows"} == set(read["givens"][0])
    assert read["rules"][0]["title"].keys() == {"en", "zh"}
