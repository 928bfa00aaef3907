"""What was chosen and written becomes a case that loads."""

import datetime as dt
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from forbear.doors.dossier import case as cases
from forbear.doors.dossier.redact import clean
from forbear.doors.dossier.web import checks, written
from forbear.doors.dossier.web.written import Row
from forbear.records import hours
from forbear.terms import AGENCY_KIND, CHANNEL, CREDITOR_KIND, DEBT_KIND, FORM, PARTY

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
CLOCK = st.times().map(lambda at: at.strftime("%H:%M"))


def one(of):
    """A word, or nothing."""
    return st.sampled_from(["", *of])


def rows(**fields):
    """Up to four rows of a table; at least one."""
    return st.lists(st.fixed_dictionaries(fields).map(Row), min_size=1, max_size=4)


DRAFTS = st.fixed_dictionaries(
    {
        "number": rows(number=st.sampled_from(["+12025550111", "+12025550122"]), yes=st.sampled_from(["on", ""]), company=one("012")),
        "hand": rows(number=TEXT, company=one("0")),
        "company": rows(
            name=TEXT,
            kind=one(AGENCY_KIND),
            creditor=st.sampled_from(["First Example Bank", "某某消费金融", '"\\\n']),
            creditor_kind=st.sampled_from(["bank", "other"]),
            debt_kind=st.sampled_from(sorted(DEBT_KIND)),
            account=st.sampled_from(["", "blue"]),
        ),
        "person": rows(party=one(PARTY), name=st.sampled_from(["", "mother", "family"])),
        "fact": rows(
            kind=one(checks.FACTS),
            date=st.one_of(st.dates(dt.date(1970, 1, 1), dt.date(2030, 1, 1)), st.dates()).map(str),
            time=st.one_of(st.just(""), CLOCK),
            form=one(FORM),
            channel=one(CHANNEL),
            to=one("012"),
            person=one("012"),
            shown_by=TEXT,
            **{"from": CLOCK, "until": CLOCK},
        ),
        "stated": rows(words=TEXT, when=TEXT, channel=one(CHANNEL), to=TEXT),
        "me": st.fixed_dictionaries({"name": TEXT, "number": TEXT, "never": one(["on"]), "confirmed": st.just("on")}).map(
            lambda row: [Row(row)]
        ),
    }
)


@given(DRAFTS, st.sampled_from(["en", "zh"]), st.sampled_from(["Asia/Shanghai", "America/New_York"]))
def test_what_the_checks_let_through_is_a_case(draft, lang, zone):
    """Whatever people write: the text loads, each chosen number stands with its company, and no word of theirs becomes anything else."""
    draft = {table: [Row({key: clean(value) for key, value in row.items()}) for row in found] for table, found in draft.items()}
    of = written.chosen(draft)
    if any(n >= len(draft["company"]) for n in of) or [*checks.numbers(draft, lang), *checks.told(draft, zone, lang)]:
        return
    case = cases.parse(written.case(draft, "us", zone, lang), Path("case.toml"))
    assert case.confirmed
    assert case.name == draft["me"][0]["name"]
    assert case.complete == (["consent"] if draft["me"][0]["never"] else [])
    told = {(debt.creditor, each.name, number) for debt in case.debt for each in debt.collector for number in each.numbers}
    said = {(draft["company"][n]["creditor"], draft["company"][n]["name"], number) for n, numbers in of.items() for number in numbers}
    assert told == said
    assert len(case.person) == sum(bool(row["party"]) for row in draft["person"])
    assert len(case.fact) == len(draft["fact"])
    said = [[row[key].strip() for key in ("words", "when", "channel", "to")] for row in draft["stated"] if any(row.values())]
    assert [[told.words.strip(), str(told.at).strip(), told.channel, told.to.strip()] for told in case.told] == said


@given(CLOCK, CLOCK, CLOCK)
def test_hours_hold_from_their_begin_to_their_end(begin, end, now):
    """Over midnight too: a time is inside when one comes to it going on from the begin, before the end."""
    if begin == end:
        return

    def minutes(text):
        return int(text[:2]) * 60 + int(text[3:])

    inside = (minutes(now) - minutes(begin)) % 1440 < (minutes(end) - minutes(begin)) % 1440
    named = hours.named(written.hours(begin, end))["mon"]
    assert any(first <= minutes(now) * 60 < out for first, out in named) == inside


def test_words_of_kinds_are_all_words():
    """What the page offers as kinds of fact, the case knows."""
    assert set(checks.FACTS) <= set(cases.KIND)
    assert set(CREDITOR_KIND) >= {"bank", "other"}
