"""What a pack says is in evidence: no more, and with what it rests on."""

import re
from typing import get_args

import msgspec
import pytest
from telephones import CEASED, CN, CN_COLLECTOR, COLLECTOR, FRIEND, US, at, export, item, made

from forbear.doors.dossier.case import Law
from forbear.doors.dossier.derive import proven
from forbear.doors.dossier.offices import last_day, offices
from forbear.doors.dossier.words import words
from forbear.records.errors import InputError
from forbear.rulebook.book import covers
from forbear.rulebook.load import load, places
from forbear.rulebook.lock import digest
from forbear.terms import FORCE, Verdict


def group(pack, rule):
    """The breaches of a rule."""
    return next((each for each in pack.breaches if each.rule == rule), None)


def test_each_breach_has_its_clause_force_record_and_witness(week):
    """The eighth call of a week, by Regulation F, shown by seven earlier ones."""
    pack = made(export(*week)).pack
    calls = group(pack, "us.reg-f.call-frequency")
    assert (calls.force, calls.verified) == ("regulation", "clause text read")
    first = calls.incidents[0]
    assert first.contact.when == "9 Mar 2026 16:05"
    assert len(first.witness) == 7
    assert first.contact.record == next(each for each in week if each.at == at("2026-03-09 16:05")).digest[:16]
    assert first.last_day == "8 Mar 2027"
    assert "1006.14" in calls.cite


@pytest.mark.parametrize("law", [law for law in get_args(Law) if "-" not in law])
def test_the_law_of_a_case_is_whole_without_that_of_other_places(law):
    """Loaded alone it has the same rules and caps, which mean the same, and the same places."""
    whole, alone = load(), load(places(law))
    here, there = [*alone.rules, *alone.rate_caps], [*whole.select([law], drafts=True), *whole.select_rate_caps([law], drafts=True)]
    assert [(each.id, digest(alone, each)) for each in here] == [(each.id, digest(whole, each)) for each in there]
    assert alone.places == {name: place for name, place in whole.places.items() if covers(law, name.lower())}


def test_words_are_quoted_and_an_insult_is_not_told_as_a_threat(week):
    """Page one counts what was said: one threat, one insult."""
    pack = made(export(*week)).pack
    assert "1 contact: with threats or intimidating words" in pack.summary
    assert "1 contact: with insults" in pack.summary
    assert group(pack, "us.reg-f.threat").incidents[0].contact.words == "If you do not pay by Friday we will have you arrested."


def test_a_letter_binds_from_the_day_after_it_came(week):
    """The person says so; the pack shows it as told, and the contact after it as a breach."""
    pack = made(export(*week), US + CEASED).pack
    assert [each.contact.when for each in group(pack, "us.reg-f.contact-after-cease").incidents] == ["23 Mar 2026 14:30"]
    assert pack.facts[0].when == "18 Mar 2026"
    assert "receipt" in pack.facts[0].words
    assert group(made(export(*week)).pack, "us.reg-f.contact-after-cease") is None


def test_what_turns_on_something_unknown_is_missing_and_no_breach():
    """A night call is no breach by Chinese rules while a consent is possible; then it is said how to get to know."""
    night = item(at("2026-03-09 23:10", "Asia/Shanghai"), CN_COLLECTOR)
    assert made(export(night), CN).pack.breaches
    open_ = made(export(night), CN.replace('complete = ["consent"]', "")).pack
    assert open_.breaches == []
    missing = next(each for each in open_.missing if each.what == "您是否同意过这样的联系")
    assert (missing.contacts, "合同" in missing.how) == (1, True)


def test_silence_of_a_message_is_no_breach():
    """A message in which no phrase was met that would meet a duty is for the reader to look at."""
    message = item(at("2026-03-09 11:00", "Asia/Shanghai"), CN_COLLECTOR, "您的欠款5000元已逾期，请今天还清。")
    found = made(export(message), CN)
    duties = [each for each in found.derived.findings if each.rule.require and each.verdict is not Verdict.UNCLEAR]
    assert duties
    assert not any(map(proven, duties))
    assert found.pack.breaches == []
    assert any(each.how.startswith("请自己看一遍所引信息") for each in found.pack.missing)


def test_leads_stand_apart():
    """A plan that rides the cap is a lead, and no group of breaches."""
    calls = [item(f"2026-03-{day:02} 0{hour}:00", COLLECTOR) for day in range(2, 16) for hour in (8, 9)]
    pack = made(export(*calls)).pack
    assert any("riding the cap" in lead for lead in pack.leads)
    assert not any("cap" in each.rule for each in pack.breaches)


def test_a_contact_that_breaks_nothing_is_not_accused():
    """And the pack says that this proves nothing."""
    pack = made(export(item("2026-03-09 11:00", COLLECTOR))).pack
    assert pack.breaches == []
    assert "does not mean that nothing was wrong" in pack.headline
    assert not any(office.draft for office in pack.offices)


def test_drafts_state_facts_and_quote(week):
    """To each office only what concerns it; every quoted line is a record's; no word that judges."""
    pack = made(export(*week), US + CEASED).pack
    draft = next(office.draft for office in pack.offices if "CFPB" in office.name)
    assert "“If you do not pay by Friday we will have you arrested.”" in draft
    assert "Hilltop Recovery (for First Example Bank)" in draft
    records = {each.digest[:16] for each in week}
    assert set(re.findall(r"\[record (\w+)\]", draft)) <= records
    assert not re.search(
        r"illegal|unlawful|crime|criminal|guilty|harass", draft.replace("Violence or crime used or threatened", ""), re.IGNORECASE
    )


def test_the_police_get_words_and_no_hours():
    """Of a night call and an insult only the insult is theirs."""
    when = at("2026-03-09 23:10", "Asia/Shanghai")
    pack = made(export(item(when, CN_COLLECTOR), item(when + 60, CN_COLLECTOR, "你这个骗子，不要脸的东西")), CN).pack
    police = next(office.draft for office in pack.offices if office.name == "公安机关")
    assert "不要脸" in police
    assert "22:00" not in police


@pytest.mark.parametrize("law", ["cn", "us", "us-ma"])
def test_offices_have_sources_and_no_telephone_number(law):
    """No number was read at its source, so none is printed; 12321 is a name."""
    rules = {rule.id for rule in load().rules}
    for office in offices(law):
        for lang in ("en", "zh"):
            said = office.name.say(lang) + office.purpose.say(lang)
            assert office.source.say(lang)
            assert not re.search(r"\d{3,}", said.replace("12321", "").replace("2026", ""))
        assert all(any(rule.startswith(begin) for rule in rules) for begin in office.rules)


def test_the_last_day_is_never_late():
    """One year from the day: the day before the anniversary, also from a leap day."""
    assert str(last_day(at("2026-03-09 23:59"), "America/New_York", 1)) == "2027-03-08"
    assert str(last_day(at("2028-02-29 12:00"), "America/New_York", 1)) == "2029-02-27"


def test_both_languages_say_the_same_things():
    """The same keys, with the same places to fill, but for the plural that Chinese has not."""
    en, zh = words("en").texts, words("zh").texts
    assert en.keys() == zh.keys()
    plural = {"s", "are"}
    for key, text in en.items():
        assert set(re.findall(r"{(\w+)", text)) - plural == set(re.findall(r"{(\w+)", zh[key])) - plural, key


def test_two_files_of_one_name_and_a_mothers_telephone():
    """What reached the mother is a contact to a third person; each file is a source of its own."""
    when = at("2026-03-09 11:00", "Asia/Shanghai")
    told = item(when, CN_COLLECTOR, "你女儿欠我们五千元，叫她还钱", source=1)
    files = export(item(when - 60, CN_COLLECTOR), told, names=("sms.xml", "mother.xml", "sms.xml"))
    text = CN + '[[person]]\nname = "母亲"\nparty = "family"\nfiles = ["mother.xml"]\n'
    pack = made(files, text).pack
    thirds = [one.contact for each in pack.breaches for one in each.incidents if "亲属1" in one.contact.what]
    assert thirds
    assert all(each.words == "你女儿欠我们五千元，叫她还钱" for each in thirds)
    assert [each.name for each in pack.sources] == ["sms.xml", "mother.xml", "sms.xml"]


def test_the_strongest_force_stands_first(week):
    """Statutes before regulations before standards."""
    forces = [each.force for each in made(export(*week), US + CEASED).pack.breaches]
    order = [word.en for word in FORCE.values()]
    assert forces == sorted(forces, key=order.index)
    assert len(set(forces)) > 1


def test_no_collector_in_the_records_is_said_clearly():
    """Which numbers, and what to do."""
    with pytest.raises(InputError, match=r"none of its numbers stands in the records; .*propose"):
        made(export(item(1, FRIEND)))


def test_a_case_that_nobody_confirmed_is_not_used(week):
    """A proposal is no case."""
    with pytest.raises(InputError, match=r"not confirmed; read it"):
        made(export(*week), US.replace("confirmed = true", "confirmed = false"))


def test_a_pack_holds_nothing_of_when_or_where_it_was_made(week):
    """The same sources and case make the same pack."""
    one, other = (msgspec.json.encode(made(export(*week), US + CEASED).pack) for _ in range(2))
    assert one == other


def test_a_recommendation_is_no_breach_and_has_no_day_in_court(week):
    """What only loses a protection stands apart, after the breaches."""
    pack = made(export(*week), US + CEASED).pack
    assert pack.departures
    assert not {each.rule for each in pack.departures} & {each.rule for each in pack.breaches}
    assert not any(one.last_day for each in pack.departures for one in each.incidents)
