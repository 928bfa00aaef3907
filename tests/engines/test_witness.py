"""The entries that prove a breach, and no others."""

from __future__ import annotations

from small import entries, law, rule, standing

from forbear.engines.plain import Judge
from forbear.engines.witness import witness


def proof(found, diary, **given):
    """Which lines of the diary, from 0, prove the breach of its last."""
    timeline = entries(found, diary, **given)
    if not found.judged.owe:
        assert Judge(found.book, timeline).judge(found.judged, timeline[-1], len(timeline) - 1).value is True, "no breach, nothing to prove"
    return witness(found.book, found.judged, timeline, timeline[-1], len(timeline) - 1)


def test_what_stands_by_itself_needs_no_witness():
    """A call at night, a threat."""
    assert proof(law(rule(hours={"daily": "[08:00,20:00)"})), "2026-03-02 09:00 call\n2026-03-02 22:00 call") == []


def test_of_more_than_enough_the_latest_are_chosen():
    """Two would do: of four the last two, and never what did not count."""
    found = law(rule(cap={"limit": 2, "within": "7 days", "per": ["debt"]}))
    times = [f"2026-03-02 09:0{n} call busy" for n in range(5)]
    assert proof(found, "\n".join(times)) == [2, 3]
    times[3] += " debt=2"
    assert proof(found, "\n".join(times)) == [1, 2]


def test_of_different_values_one_entry_each_is_enough():
    """Two channels before the third, each by its latest entry."""
    found = law(rule(cap={"limit": 2, "count": "distinct channel", "within": "7 days", "per": ["debt"]}))
    channels = ["call", "sms", "call", "call", "letter"]
    assert proof(found, "\n".join(f"2026-03-02 09:0{n} {channel}" for n, channel in enumerate(channels))) == [1, 3]


def test_a_standing_is_proven_by_what_opened_it_and_by_what_that_leaned_on():
    """The row of calls, and the consent that one of its openers asks for."""
    lost = standing("zz.lost", {"outcome": "busy", "in_a_row": 2}, {"outcome": "conversation"})
    asked = standing("zz.asked", {"kind": "dispute"}) | standing("zz.told", {"outcome": "rejected", "while": "zz.asked"})
    times = [
        "2026-03-02 09:00 call busy",
        "2026-03-02 09:01 call no-answer",
        "2026-03-02 09:02 call busy",
        "2026-03-02 09:03 call no-answer",
    ]
    assert proof(law(rule(forbid={"while": "zz.lost"}), lost), "\n".join(times)) == [0, 2]
    diary = "2026-03-02 09:00 dispute\n2026-03-02 09:01 call rejected\n2026-03-02 09:02 sms failed\n2026-03-02 09:03 call busy"
    assert proof(law(rule(forbid={"while": "zz.told"}), asked), diary) == [0, 1]


def test_it_holds_the_closer_of_an_exemption_that_its_own_entries_would_open():
    """Each inbound call permits one answer; the answer that used the permit up is part of the proof."""
    permit = standing("zz.permit", {"direction": "inbound"}, {"direction": "outbound"})
    cap = {"limit": 1, "within": "7 days", "per": ["consumer"]}
    found = law(rule(applies={"channel": "call"}, unless=[{"while": "zz.permit"}], cap=cap), permit)
    diary = "2026-03-02 09:00 call inbound busy\n2026-03-02 09:01 sms failed\n2026-03-02 09:02 call busy"
    assert proof(found, diary) == [0, 1]


def test_it_holds_what_kept_an_exemption_shut_though_nobody_had_to_look():
    """An opener that counts only while nothing is disputed: the dispute is part of the proof."""
    asked = standing("zz.disputed", {"kind": "dispute"})
    permit = standing("zz.permit", {"direction": "inbound", "while": {"not": ["zz.disputed"]}})
    cap = {"limit": 1, "within": "7 days", "per": ["consumer"]}
    found = law(rule(applies={"channel": "call"}, unless=[{"while": "zz.permit"}], cap=cap), asked | permit)
    diary = """
        2026-03-02 08:00 sms failed
        2026-03-02 08:30 dispute
        2026-03-02 09:00 call inbound busy
        2026-03-02 09:01 call busy
    """
    assert proof(found, diary) == [1, 2]


def test_what_is_owed_and_never_came_has_no_witness():
    """Nothing can be shown that did not happen."""
    found = law(rule(applies={"kind": "dispute"}, owe={"entry": {"kind": "verified"}, "within": "2 days", "per": ["consumer"]}))
    assert proof(found, "2026-03-02 09:00 call busy\n2026-03-03 09:00 dispute") == []
