"""Every fault of every file at once, each with file, line, what is wrong and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from small import HEAD

from forbear.rulebook.book import RulebookError
from forbear.rulebook.load import build, find, kind_of, load, parse, places, shipped
from forbear.rulebook.place import Place
from forbear.rulebook.rule import Rule, Standing

RULE = (
    HEAD
    + """\
[applies]
channel = "call"
[[unless]]
party = "friend"
[[unless]]
while = "zz.test.agreed"
[cap]
limit  = 2
within = "7 days"
per    = ["consumer"]
[given]
jurisdiction = "ZZ"
[[example]]
name  = "two"
diary = "2026-03-02 09:00 call busy"
"""
)
STANDING = """\
id       = "zz.test.agreed"
title.en = "agreed"
title.zh = "agreed"
per      = ["consumer"]
[[opens]]
kind = "consent"
[[opens]]
kind  = "opt-in"
lasts = "7 days"
[[closes]]
kind = "consent-revoked"
"""
PLACE = 'zones = ["Europe/Lisbon"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one place, one standing and one rule."""
    folder = tmp_path / "ZZ"
    folder.mkdir()
    for name, text in (("rule", RULE), ("agreed", STANDING), ("place", PLACE)):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path, name: str, old: str, new: str) -> list[str]:
    """What is said when one file is changed: each fault from its line number on."""
    file = folder / f"{name}.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(RulebookError) as error:
        load([folder])
    said = str(error.value).splitlines()
    assert said == [str(fault) for fault in error.value.faults]
    assert all(line.startswith(f"{folder}/") for line in said)
    return [line.removeprefix(f"{folder}/") for line in said]


def test_a_folder_is_read_as_places_standings_and_rules(folder):
    """What a file is stands in its keys, not in its name."""
    book = load([folder])
    assert [type(law) for law in book.laws.values()] == [Standing, Place, Rule]
    assert [rule.id for rule in book.rules] == ["zz.test.rule"]
    assert kind_of({"opens": []}) is Standing


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("rule", "[applies]", "[applies", "rule.toml:14: not TOML ("),
        ("rule", 'title.en = "rule"', "title.en = rule", "rule.toml:2: not TOML ("),
        (
            "rule",
            "version  = 1",
            'version  = 1\ncolour = "red"',
            "rule.toml:10: colour: no key 'colour' in the rule language; correct or remove it",
        ),
        ("rule", 'jurisdiction = "ZZ"', "jurisdiction = 7", "rule.toml:24: given: a text belongs here, not a whole number; correct it"),
        (
            "rule",
            "from     = 2026-01-05",
            "from     = 2026-01-05\nuntil = 7",
            "rule.toml:12: until: a date belongs here, not a whole number; correct it",
        ),
        (
            "rule",
            '[clause]\ncite = "s. 1"',
            "clause = 7",
            "rule.toml:12: clause: a table or a list belongs here, not a whole number; correct it",
        ),
        ("rule", "version  = 1", "version  = 07:30:00", "rule.toml:9: version: a whole number belongs here, not time; correct it"),
        ("rule", "version  = 1", "version  = 0", "rule.toml:9: version: too low; versions begin with 1"),
        ("rule", "version  = 1", 'version  = "1"', "rule.toml:9: version: a whole number belongs here, not a text; correct it"),
        (
            "rule",
            'conduct  = "frequency"',
            'conduct  = "often"',
            "rule.toml:4: conduct: there is no 'often'; write one of frequency, hours",
        ),
        ("rule", "from     = 2026-01-05\n", "", "rule.toml:1: the key 'from' is missing; add it"),
        ("rule", "per    =", "pre    =", "rule.toml:23: cap.pre: no key 'pre' in the rule language; correct or remove it"),
        ("rule", 'per    = ["consumer"]\n', "", "rule.toml:20: cap: the key 'per' is missing; add it"),
        ("rule", "limit  = 2", "limit  = 0", "rule.toml:21: cap.limit: at least 1; write [forbid] for what is never allowed"),
        ("rule", '"7 days"', '"24 hours"', "rule.toml:22: cap.within: '24 hours' is no span"),
        ("rule", '["consumer"]', '["customer"]', "rule.toml:23: cap.per: no field 'customer'; the fields are kind"),
        ("rule", '["consumer"]', "[]", "rule.toml:23: cap.per: there is none, and everything would be summed; name at least one field"),
        ("rule", 'channel = "call"', 'channel = "phone"', "rule.toml:15: applies.channel: channel has no value 'phone'"),
        ("rule", 'channel = "call"', 'chanel = "call"', "rule.toml:15: applies.chanel: no field 'chanel'"),
        ("rule", '"zz.test.agreed"', "7", "rule.toml:19: unless[1].while: 7 is no test; write a word"),
        ("rule", '"zz.test.agreed"', '"zz.test.other"', "rule.toml:1: no standing 'zz.test.other'; define it in a file of its own"),
        ("rule", '"7 days"', '"while zz.test.other"', "rule.toml:1: no standing 'zz.test.other'"),
        ("rule", '"7 days"', '"while "', "rule.toml:1: no standing ''"),
        ("rule", '"7 days"', '"2 business days after"', "rule.toml:1: business days need a calendar"),
        ("rule", "[clause]", 'calendar = "YY"\n[clause]', "rule.toml:12: calendar: 'YY' has no place.toml with a [calendar]"),
        ("rule", "[clause]", 'calendar = "ZZ"\n[clause]', "rule.toml:12: calendar: 'ZZ' has no place.toml with a [calendar]"),
        (
            "rule",
            "[clause]",
            'clock = "Mars/Olympus"\n[clause]',
            "rule.toml:12: clock: 'Mars/Olympus' is no time zone; write \"consumer\", or an IANA name",
        ),
        ("rule", "[clause]", "until = 2026-01-04\n[clause]", "rule.toml:12: until: lies before from; write the last date in force"),
        ("rule", '[clause]\ncite = "s. 1"', "clause = []", "rule.toml:12: clause: there is none; add [[clause]]"),
        ("rule", "jurisdiction =", "jurisdicton =", "rule.toml:24: given: no field jurisdicton; the fields are kind"),
        (
            "rule",
            'name  = "two"',
            'name  = "two"\ngiven = { who = "x" }',
            "rule.toml:28: example[0].given: no field who; the fields are kind",
        ),
        (
            "rule",
            'name  = "two"',
            'name  = "two"\nsilent = ["consnt"]',
            "rule.toml:28: example[0].silent: no kind of fact consnt; write some of consent",
        ),
        (
            "rule",
            "[given]",
            '[require]\nchannel = "sms"\n[given]',
            "rule.toml:1: a rule has exactly one verb of hours, forbid, require, cap, owe, and this one has require and cap; make",
        ),
        ("rule", 'verified = "clause"', 'verified = "memory"', "rule.toml:8: status: what is known from memory alone stays a draft"),
        ("agreed", 'kind  = "opt-in"', 'kind  = "opt-inn"', "agreed.toml:8: opens[1].kind: kind has no value 'opt-inn'"),
        ("agreed", 'kind = "consent-revoked"', 'kid = "consent-revoked"', "agreed.toml:11: closes[0].kid: no field 'kid'"),
        ("agreed", '"7 days"', '"a week"', "agreed.toml:7: opens[1]: 'a week' is no span"),
        (
            "agreed",
            'lasts = "7 days"',
            "in_a_row = 1",
            "agreed.toml:9: opens[1].in_a_row: 1 does not count in a row; write a whole number of at least 2",
        ),
        (
            "agreed",
            'lasts = "7 days"',
            "in_a_row = 2\ndays_in_a_row = 2",
            "agreed.toml:9: opens[1].in_a_row: not together with days_in_a_row",
        ),
        ("agreed", 'lasts = "7 days"', 'starts = "7 days"', "agreed.toml:9: opens[1].starts: '7 days' is no start; write \"1 day after\""),
        (
            "agreed",
            'lasts = "7 days"',
            'starts = "1 day after"\nlasts = "5 minutes"',
            "agreed.toml:10: opens[1].lasts: '5 minutes' is too short; what starts",
        ),
        ("agreed", '"7 days"', '"2 business days after"', "agreed.toml:1: business days need a calendar"),
        (
            "agreed",
            'per      = ["consumer"]',
            "per      = []",
            "agreed.toml:4: per: there is none, and everything would be summed; name at least one field",
        ),
        (
            "agreed",
            'kind = "consent-revoked"',
            'while = "zz.test.agreed"',
            "agreed.toml:1: standings in a circle: 'zz.test.agreed' asks itself",
        ),
        ("place", "Europe/Lisbon", "Lisbon", "place.toml:1: zones: 'Lisbon' is no IANA time zone"),
    ],
)
def test_a_fault_says_where_it_is_and_what_to_do(folder, name, old, new, said):
    """File, line of the key (or of the nearest table), what, and what to do."""
    found = faults(folder, name, old, new)
    assert [line for line in found if line.startswith(said)], found


def test_all_faults_of_all_files_are_told_at_once(folder):
    """Two files, two faults."""
    (folder / "other.toml").write_bytes('title = "é"'.encode("latin-1"))
    found = faults(folder, "rule", "version  = 1", "version  = 0")
    assert found == ["other.toml:1: not UTF-8; save it as UTF-8", "rule.toml:9: version: too low; versions begin with 1"]


def test_a_folder_without_rules_is_an_error(tmp_path):
    """Also one that does not exist; the lock is no rule file."""
    (tmp_path / "lock.jsonl").write_text("", encoding="utf-8")
    for folder in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(RulebookError) as error:
            find([folder])
        assert str(error.value) == f"{folder}: there are no rule files (*.toml) here; name a folder that holds some"


def test_one_file_may_be_named(folder):
    """A path to a file is that file."""
    assert find([folder / "rule.toml"]) == [folder / "rule.toml"]


def test_several_folders_are_read_one_after_another(folder):
    """In the order in which they are named, each sorted, with all folders inside."""
    (folder / "deeper").mkdir()
    (folder / "deeper" / "b.toml").write_text(PLACE, encoding="utf-8")
    found = find([folder / "rule.toml", folder])
    assert [str(file.relative_to(folder)) for file in found] == ["rule.toml", "agreed.toml", "deeper/b.toml", "place.toml", "rule.toml"]


def test_the_shipped_law_loads_and_every_file_has_its_title_in_both_languages():
    """No file of the shipped law is at fault."""
    book = load()
    assert len(book.rules) > 50
    for law in (*book.rules, *book.standings.values()):
        assert law.title.say("en")
        assert any(ord(c) > 0x4E00 for c in law.title.say("zh")), law.id
    assert all(rule.force != "policy" for rule in book.rules), "policies are for rulebooks that users bring"
    assert shipped().is_dir()


def test_the_folders_of_a_law_are_those_of_its_place_and_of_the_places_in_it():
    """`us` is US-MA too, and not AU; `us-ma` is not US."""
    assert {folder.name for folder in places("us")} > {"US", "US-MA"}
    assert not {"AU", "CN"} & {folder.name for folder in places("us")}
    assert [folder.name for folder in places("us-ma")] == ["US-MA"]


def test_clauses_may_be_several_and_hours_may_be_none():
    """`[[clause]]`, `holiday = []`, ranges of days; a day is not named twice."""
    file = Path("ZZ/rule.toml")
    text = RULE.split("[[unless]]", maxsplit=1)[0]
    text = text.replace('[clause]\ncite = "s. 1"', '[[clause]]\ncite = "s. 1"\n[[clause]]\ncite = "s. 2"').replace(
        "[[clause]]", 'calendar = "ZZ"\n[[clause]]', 1
    )
    found = build(parse(text + '[hours]\nmon-fri = "[08:00,20:00]"\nholiday = []\n', file), file)
    assert isinstance(found, Rule)
    assert found.cite == "s. 1; s. 2"
    assert found.verb == "hours"
    assert found.hours is not None
    assert found.hours.days["fri"] == ((28800, 72001),)
    assert found.hours.days["holiday"] == ()
    assert "sat" not in found.hours.days
    for hours, said in (
        ('mon-fri = "[08:00,20:00]"\nfri = "[08:00,12:00)"', "hours.fri: fri is named twice"),
        ("daily = []\nsomeday = []", "hours: 'someday' names no day; write daily, mon"),
        ('daily = "8-20"', "hours: '8-20' is no interval; write intervals like"),
        ("daily = 8", "hours.daily: 8 are no hours; write them like"),
        ("", "hours: no day is named; write days and their hours"),
    ):
        with pytest.raises(RulebookError, match=r"rule.toml:1: hours") as error:
            build(parse(f"{text}[hours]\n{hours}\n", file), file)
        assert said in str(error.value)
    without = text.replace('calendar = "ZZ"\n', "")
    with pytest.raises(RulebookError, match="hours: holidays need a calendar"):
        build(parse(f"{without}[hours]\ndaily = []\nholiday = []\n", file), file)


@pytest.mark.parametrize("count", ["channel", "distinct", "distinct chanel", "distinct debt", "different channel"])
def test_a_cap_counts_entries_or_distinct_values_of_a_field_that_holds_one(count):
    """Anything else is refused."""
    file = Path("ZZ/rule.toml")
    with pytest.raises(RulebookError, match=r'cap\.count: .* cannot be counted; write "entries", or "distinct" and a field that'):
        build(parse(RULE.replace("limit  = 2", f'limit  = 2\ncount = "{count}"'), file), file)
