"""What files must agree on, and which rules a run takes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from random_law import PLACE, Raw
from small import rule, standing

from forbear.rulebook.book import ALWAYS, Book, RulebookError
from forbear.rulebook.load import build


def book(**raws: Raw) -> Book:
    """A book of tables; `__` in a name is a folder."""
    files = {Path("law") / f"{name.replace('__', '/')}.toml": raw for name, raw in raws.items()}
    return Book({file: build(raw, file) for file, raw in files.items()})


CALL = {"channel": "call"}


def named(rule_id: str, **parts: object) -> Raw:
    """A rule of this id."""
    return rule(forbid=CALL, **parts) | {"id": rule_id}


def test_a_changed_number_is_a_new_file_and_the_old_one_gets_an_until():
    """Of one id, dates may follow one another but not overlap."""
    old, new = named("zz.a.b", **{"from": dt.date(2020, 1, 1)}), named("zz.a.b", **{"from": dt.date(2026, 1, 1)})
    with pytest.raises(
        RulebookError, match=r"law/new.toml:1: from: 'zz.a.b' is in force already since 2020-01-01: give that file an until"
    ):
        book(new=new, old=old)
    with pytest.raises(RulebookError, match="is in force already"):
        book(new=new, old=old | {"until": dt.date(2026, 1, 1)})
    assert [r.from_.year for r in book(new=new, old=old | {"until": dt.date(2025, 12, 31)}).rules] == [2020, 2026]


def test_a_standing_is_defined_once():
    """Two files of one id contradict each other."""
    one = standing("zz.s", CALL)["zz.s"]
    with pytest.raises(RulebookError, match=r"standing 'zz.s' is defined twice"):
        book(one=one, two=one)


def test_standings_do_not_go_in_a_circle():
    """Through another, too; each of the circle is told."""
    first = standing("zz.s", {"while": "zz.t"})["zz.s"]
    second = standing("zz.t", CALL, {"while": "zz.s"})["zz.t"]
    with pytest.raises(RulebookError, match="standings in a circle") as error:
        book(one=first, two=second)
    assert [fault.file.name for fault in error.value.faults] == ["one.toml", "two.toml"]


def test_a_window_while_a_standing_holds_needs_something_that_ends_it():
    """A closer or a span; without either it is ever."""
    cap = {"limit": 1, "within": "while zz.s", "per": ["debt"]}
    for parts, ends in (({}, False), ({"closes": {"kind": "recalled"}}, True)):
        held = standing("zz.s", {"kind": "assigned"}, **parts)["zz.s"]
        if ends:
            assert book(rule=rule(cap=cap), held=held).rules
        else:
            with pytest.raises(RulebookError, match=r'nothing ends that standing; write "ever"'):
                book(rule=rule(cap=cap), held=held)
    assert book(rule=rule(cap=cap), held=standing("zz.s", {"kind": "assigned", "lasts": "30 days"})["zz.s"]).rules


def test_what_a_law_asks_reaches_through_other_standings():
    """Sorted, each once."""
    asked = standing("zz.a", CALL) | standing("zz.b", {"while": "zz.a"}) | standing("zz.c", {"while": ["zz.a", "zz.b"]})
    found = book(rule=rule(forbid={"while": "zz.c"}), a=asked["zz.a"], b=asked["zz.b"], c=asked["zz.c"])
    assert found.reach(found.rules[0]) == ["zz.a", "zz.b", "zz.c"]
    assert found.reach(found.standings["zz.a"]) == []


def test_what_rules_ask_for_includes_what_their_standings_ask():
    """Fields and kinds of fact, of rules of every verb and of the standings behind them; a standing itself is no field."""
    asked = standing("zz.a", {"kind": "consent", "form": "oral"}, per=["creditor"]) | standing(
        "zz.b", {"while": "zz.a", "channel": "sms"}, {"kind": "dispute"}, per=["person"]
    )
    ways = {
        "forbid": ({"forbid": {"while": "zz.b", "place": "work"}}, {"place", "form", "creditor", "channel", "person", "until"}),
        "cap": ({"cap": {"limit": 1, "within": "1 day", "per": ["debt"], "when": {"outcome": "busy"}}}, {"debt", "outcome"}),
        "of_values": ({"cap": {"limit": 1, "within": "1 day", "per": ["debt"], "count": "distinct number"}}, {"debt", "number"}),
        "owe": ({"owe": {"entry": {"kind": "verified"}, "within": "1 day", "per": ["agency"]}}, {"agency"}),
    }
    for verb, (parts, fields) in ways.items():
        found = book(rule=rule(**parts), a=asked["zz.a"], b=asked["zz.b"])
        kinds = {"forbid": {"consent", "dispute"}, "owe": {"verified"}}.get(verb, set())
        assert found.fields(found.rules) == fields | {"kind", "direction"}, verb
        assert found.kinds(iter(found.rules)) == kinds, verb
        behind = found.behind(iter(found.rules))
        assert [law.id for law in behind] == ["zz.test.rule", *(["zz.a", "zz.b"] if verb == "forbid" else [])], verb


def test_a_place_is_that_of_the_nearest_jurisdiction_around():
    """`ZZ-A` has its own, `ZZ-B` that of `ZZ`, `YY` none."""
    found = book(ZZ__place=PLACE, **{"ZZ-A__place": {"zones": ["Asia/Tokyo"]}}, rule=rule(forbid=CALL))
    assert found.place("ZZ-A").zones == ["Asia/Tokyo"]
    assert found.place("ZZ-A-1").zones == ["Asia/Tokyo"]
    assert found.place("ZZ-B") is found.place("ZZ")
    assert found.place("YY") is None
    assert found.place("") is None


def test_rules_are_selected_by_law_by_folder_and_by_status():
    """`us` covers `us-ma`; drafts are asked for; a folder brings its own; repealed rules judge their time; an unknown law is an error."""
    found = book(
        us__a=named("us.x.a"),
        us__ma=named("us-ma.x.a"),
        cn__a=named("cn.x.a"),
        cn__draft=named("cn.x.draft", status="draft"),
        cn__gone=named("cn.x.gone", status="repealed", until=dt.date(2030, 1, 1)),
        own__a=named("acme.x.a"),
    )

    def ids(*laws: str, **asked: Any) -> list[str]:
        return [rule.id for rule in found.select(laws, **asked)]

    assert ids("us") == ["us-ma.x.a", "us.x.a"]
    assert ids("us-ma") == ["us-ma.x.a"]
    assert ids("CN") == ["cn.x.a", "cn.x.gone"]
    assert ids("cn", drafts=True) == ["cn.x.a", "cn.x.draft", "cn.x.gone"]
    assert ids("cn", own=(Path("law/own"),)) == ["acme.x.a", "cn.x.a", "cn.x.gone"]
    assert ids(own=(Path("law/own"),)) == ["acme.x.a"]
    assert ids() == []
    with pytest.raises(RulebookError) as error:
        ids("xx", "us", "u")
    assert str(error.value) == "--law: no law xx, u; there is acme, cn, us, us-ma"


def test_one_file_may_be_replaced_by_another_content():
    """The other files stay, and the whole is checked again."""
    found = book(a=named("zz.a"), b=named("zz.b"))
    changed = found.replaced(Path("law/a.toml"), build(named("zz.c"), Path("law/a.toml")))
    assert [r.id for r in changed.rules] == ["zz.b", "zz.c"]
    assert [r.id for r in found.rules] == ["zz.a", "zz.b"]
    assert changed.file_of(changed.rules[1]) == Path("law/a.toml")


def test_a_draft_stands_in_the_place_of_all_versions_of_its_ids():
    """And judges whatever its status, without dates; what it leaves alone is the same object, and its file is known as it is written."""
    old = named("zz.a.b", until=dt.date(2025, 12, 31))
    new = named("zz.a.b", **{"from": dt.date(2026, 1, 1)})
    law = book(old=old, new=new, other=named("zz.a.c"), standing=standing("zz.s", CALL)["zz.s"], ZZ__place=PLACE)
    files = {"draft": named("zz.a.b", status="draft", **{"from": dt.date(2030, 1, 1)}), "added": named("yy.a.b")}
    draft = {Path("draft") / f"{name}.toml": raw for name, raw in files.items()}
    changed = law.amended({file: build(raw, file) for file, raw in draft.items()})

    assert [(rule.id, rule.from_) for rule in changed.rules] == [("yy.a.b", ALWAYS), ("zz.a.b", ALWAYS), ("zz.a.c", dt.date(2020, 1, 1))]
    assert [rule.id for rule in changed.select(["zz"])] == ["yy.a.b", "zz.a.b", "zz.a.c"]
    assert changed.rules[2] is law.rules[2]
    assert changed.standings["zz.s"] is law.standings["zz.s"]
    assert changed.written(changed.rules[1]).from_ == dt.date(2030, 1, 1)
    assert [rule.from_.year for rule in law.rules] == [2020, 2026, 2020]


def test_a_draft_that_has_an_id_twice_is_refused():
    """Of two versions that were both always in force nobody could say which is meant."""
    file = Path("draft") / "one.toml"
    two = {file: build(named("zz.a.b"), file), file.with_name("two.toml"): build(named("zz.a.b"), file)}
    with pytest.raises(RulebookError, match=r"draft/one.toml:1: id: stands twice in the draft; keep the version that is asked about"):
        book(law=named("zz.a.b")).amended(two)


def test_a_citation_leads_to_its_text():
    """By the clause's own address, else by the one that its place has for citations that begin so; elsewhere it is unknown."""
    place = PLACE | {"sources": {"s. 1": "https://law.invalid/act"}}
    cited, own, other = ({"cite": cite, **more} for cite, more in (("s. 1(2)", {}), ("s. 1", {"url": "https://own.invalid"}), ("s. 2", {})))
    clauses = [cited, own, other]
    made = book(ZZ__place=place, ZZ__rule=named("zz.a.b") | {"clause": clauses}, YY__rule=named("yy.a.b") | {"clause": clauses})
    links = {rule.id: [made.link(rule, clause) for clause in rule.clauses] for rule in made.rules}
    assert links == {"zz.a.b": ["https://law.invalid/act", "https://own.invalid", ""], "yy.a.b": ["", "https://own.invalid", ""]}
