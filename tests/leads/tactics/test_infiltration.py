"""Collectors who pose as debtors in groups: which accounts are looked at, and what is said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forbear.leads.find import find
from forbear.leads.rates import weight
from forbear.leads.tactics.infiltration import accounts, groups, said, seen
from forbear.records.entry import Entry
from forbear.signals.patterns import examples

MONDAY, HOUR = 1_770_595_200, 3600
ACCOUNT, OTHER = "+15550100001", "+15550100002"
PHRASES = [(lang, what, group) for lang in ("zh", "en") for what, some in groups(lang).items() for group in some]


def entry(n, text="", **fields):
    """A message in a group, by an account of an agency that does not say who it is, unless said otherwise; None: unknown."""
    usual = {"kind": "contact", "consumer": "c", "channel": "group-chat", "direction": "outbound", "agency": "a", "number": ACCOUNT}
    known = {"tags": ()} | {name: (value,) for name, value in (usual | {"address": "g"} | fields).items() if value}
    at = MONDAY + n * HOUR
    return Entry(entry_id=f"e{n}", at=at, known_at=at, fields=known, text=text)


def fact(n, kind="staff-account-registered", number=ACCOUNT, **fields):
    """A fact that is told of all."""
    usual = {"kind": kind, "consumer": "*", "agency": "a", "number": number} | fields
    at = MONDAY + n * HOUR
    return Entry(entry_id=f"f{n}", at=at, known_at=at, fields={name: (value,) for name, value in usual.items()})


PRIVATE = entry(0, channel="social-message", consumer="d", address="address of d")
POSE = [entry(1, "我也欠了三家"), entry(2, "I owe them too."), entry(3, "都退群吧"), entry(4, "Good morning.")]


def test_who_poses_as_a_debtor_brings_a_lead():
    """With an account that writes to another consumer elsewhere; told of the timeline in which it spoke, with what shows it."""
    (lead,) = [each for each in find([PRIVATE, *POSE]) if each.tactic == "group-infiltration"]
    assert (lead.agency, lead.consumer, lead.entries) == ("a", "c", ("e1", "e2", "e3", "e4"))
    assert lead.observed == {"messages": 4, "accounts": 1, "silent": 4, "persona": 2, "leave": 1}
    assert lead.base_rate < 1 / 1000
    assert lead.ratio > 100


def test_an_account_that_is_registered_for_all_is_known_too_and_its_silence_is_no_sign():
    """The registration is told once, for everybody; what the account says counts, and that it does not say who it is does not."""
    (lead,) = [each for each in find([fact(0), *POSE]) if each.tactic == "group-infiltration"]
    assert lead.observed == {"messages": 3, "accounts": 1, "silent": 0, "persona": 2, "leave": 1}
    assert find([fact(0), *(entry(n, "Good morning.") for n in range(1, 9))]) == []


def test_who_speaks_openly_is_no_infiltrator():
    """Whoever has said in a group who he is may speak there; in another group nobody knows him."""
    hello = entry(0, "This is Lee of A.", tags="identifies-caller")
    assert seen([hello, *POSE], accounts([PRIVATE])) == []
    (found,) = seen([hello, *POSE, entry(5, "I owe them too.", address="h")], accounts([PRIVATE]))
    assert (found.entries, found.score) == (("e5",), 2.5)
    assert weight("group-infiltration", found.score) is None


def test_two_accounts_of_an_agency_say_more_than_one():
    """And messages of which the tags are unknown say nothing by their silence."""
    both = accounts([PRIVATE, entry(1, channel="call", number=OTHER, address=None)])
    (one,) = seen([entry(2), entry(3)], both)
    (two,) = seen([entry(2), entry(3, number=OTHER)], both)
    assert two.score > one.score
    assert two.observed["accounts"] == 2
    assert weight("group-infiltration", seen([entry(n) for n in range(2, 40)], both)[0].score) is None
    unknown = [each.but(tags=None) for each in (entry(2), entry(3))]
    assert seen(unknown, both) == []


def test_an_agency_that_a_message_does_not_name_is_known_by_its_account():
    """Unless two agencies use the account."""
    unnamed = [entry(n, "I owe them too.", agency=None) for n in range(1, 4)]
    assert [each.agency for each in seen(unnamed, accounts([PRIVATE]))] == ["a"]
    shared = accounts([PRIVATE, entry(5, channel="call", agency="b", address=None)])
    assert [each.agency for each in seen(unnamed, shared)] == [""]


@settings(max_examples=1000)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("outbound", "inbound", None)),
            st.sampled_from(("group-chat", "call")),
            st.sampled_from(("a", None)),
            st.sampled_from((ACCOUNT, OTHER, None)),
            st.sampled_from(("g", "h", ACCOUNT, OTHER)),
            st.sampled_from(("contact", "contact", "staff-account-registered", "number-checked")),
        ),
        min_size=3,
        max_size=6,
    )
)
def test_only_accounts_that_are_surely_collectors_are_ever_looked_at(rows):
    """Whatever a history holds: made contacts by an agency elsewhere, or registered; never one at which anybody was reached, and never a
    message that was not surely sent by it. A consumer's own words bring no lead.
    """
    names = ("direction", "channel", "agency", "number", "address", "kind")
    history = [entry(n, "I owe them too. 都退群吧", **dict(zip(names, row, strict=True))) for n, row in enumerate(rows)]
    ours = {
        number
        for direction, channel, agency, number, _, kind in rows
        if kind == "staff-account-registered" or (kind == "contact" and direction == "outbound" and channel != "group-chat" and agency)
    } - {address for *_, address, _ in rows}
    ours -= {number for direction, _, _, number, _, _ in rows if direction == "inbound"}
    right = {
        f"e{n}"
        for n, (direction, channel, _, number, _, kind) in enumerate(rows)
        if (kind, direction, channel) == ("contact", "outbound", "group-chat") and number and number in ours
    }
    assert {each for found in seen(history) for each in found.entries} == right


def test_a_debtors_account_is_left_alone():
    """One that wrote to an agency, one at which somebody was reached, though it was also used to make a contact; and words of which nobody
    says who sent them, or that were received from an account of the agency's.
    """
    assert seen(POSE, accounts([PRIVATE.but(direction=("inbound",))])) == []
    assert seen(POSE, accounts([PRIVATE, entry(9, channel="call", number=OTHER, address=ACCOUNT)])) == []
    for side in (None, ("inbound",), ("inbound", "outbound")):
        assert seen([each.but(direction=side) for each in POSE], accounts([PRIVATE])) == []


@pytest.mark.parametrize(("lang", "what", "group"), PHRASES, ids=[f"{lang}-{what}-{group.why[:20]}" for lang, what, group in PHRASES])
def test_a_phrase_says_what_it_is_listed_for(lang, what, group):
    """Every reading of every phrase and its example do; its counter-example says neither."""
    for text in (group.example, *(reading for phrase in group.say for reading in examples(phrase, lang))):
        assert what in said(text), text
    assert said(group.counter) == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "有人说我也欠了三家，别信。",
        "请不要退群，有问题随时问。",
        "本群将于周五解散，请拨打热线。",
        "Nobody who says I also owe is one of us.",
        "Please do not leave this group now.",
        "You can leave this group at any time.",
        "",
    ],
)
def test_who_only_tells_of_it_or_denies_it_does_not_say_it(text):
    """What is told of others, denied, or an announcement."""
    assert said(text) == frozenset()


def test_what_is_disguised_is_read_like_the_rest():
    """Texts are folded like all that is read: gaps, width, traditional script."""
    assert said("我 也 欠 了三家") == said("我也欠了三傢") == frozenset({"persona"})
    assert said("Ｉ ｏｗｅ them too") == frozenset({"persona"})
