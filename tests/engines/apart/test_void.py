"""Law that says nothing."""

from __future__ import annotations

import pytest
from random_law import law
from small import rule, standing

from forbear.engines.apart.void import unopened, void

CAP = {"limit": 2, "within": "7 days", "per": ["consumer"]}
CHANNELS = ["call", "voicemail", "sms", "email", "letter", "visit", "app-message", "social-message", "group-chat"]


def found(*asked: dict, **parts) -> list[tuple[str, str]]:
    """What is wrong with a rule that has no examples: the path, and the words before the colon."""
    standings = {name: raw for one in asked for name, raw in one.items()}
    made = law(rule(given={"jurisdiction": "ZZ"}, **parts), standings)
    return [(one.path, one.what.partition(":")[0]) for one in void(made.book, made.judged, [])]


AGREED = standing("zz.test.agreed", {"kind": "consent"})


@pytest.mark.parametrize(
    "parts",
    [
        {"cap": CAP},
        {"hours": {"daily": "[08:00,20:00)"}},
        {"hours": {"sun": "[08:00,08:01)"}},
        {"forbid": {"party": "family"}},
        {"require": {"collectors_present": {"at_least": 2}}},
        {"owe": {"entry": {"kind": "verified"}, "within": "2 days", "per": ["consumer"]}, "applies": {"kind": "dispute"}},
        # A ban of all that it sees is a rule like any other.
        {"forbid": {}},
        {"forbid": {"channel": "call"}, "applies": {"channel": "call"}},
    ],
)
def test_a_rule_that_refuses_something_and_allows_something_is_sound(parts):
    """Without one example; a ban need allow nothing of what it sees."""
    assert found(**parts) == []


def test_a_permit_by_a_standing_is_found():
    """What is allowed takes a fact before it."""
    assert found(AGREED, require={"while": "zz.test.agreed"}) == []
    assert found(AGREED, forbid={}, unless=[{"while": "zz.test.agreed"}]) == []


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("applies.channel", {"applies": {"channel": {"not": CHANNELS}}, "forbid": {}}),
        ("applies.collectors_present", {"applies": {"collectors_present": {"at_least": 3, "at_most": 2}}, "forbid": {}}),
        ("forbid.direction", {"forbid": {"direction": {"not": ["inbound", "outbound"]}}}),
        ("unless[0]", {"cap": CAP, "unless": [{}]}),
        # Text alone does not tell: the search does.
        ("applies", {"applies": {"channel": "call"}, "forbid": {"channel": "sms"}}),
        ("applies", {"applies": {"channel": "call"}, "unless": [{"channel": "call"}], "cap": CAP}),
        ("applies", {"applies": {"channel": "call"}, "require": {"channel": ["call", "sms"]}}),
    ],
)
def test_a_rule_that_can_never_fire_is_told(path, parts):
    """By its text where that is enough, else by a search in vain."""
    told = found(**parts)
    assert (path, "can never fire") in told


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("hours", {"hours": {"daily": []}}),
        ("require", {"applies": {"channel": "call"}, "require": {"channel": "sms"}}),
        ("require.collectors_present", {"require": {"collectors_present": {"at_least": 3, "at_most": 2}}}),
    ],
)
def test_a_rule_that_is_never_content_is_told(path, parts):
    """It says what is lawful, and nothing is."""
    assert found(**parts) == [(path, "always fires")]


def test_a_standing_that_nobody_can_open_is_told():
    """Only where every opener is impossible."""
    never = {"kind": "consent", "form": {"not": ["written", "oral", "click"]}}
    for opens, said in (([never], "opens[0].form"), ([never, {"kind": "opt-in"}], None)):
        made = law(rule(require={"while": "zz.test.s"}), standing("zz.test.s", opens))
        one = unopened(made.book.standings["zz.test.s"])
        assert (one and one.path) == said
