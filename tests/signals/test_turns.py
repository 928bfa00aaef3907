"""Transcripts: who said what, and only what the collector says counts."""

import json

import pytest

from forbear.signals import heard, transcript, turns, where


def said(text):
    """(side, words) of each turn."""
    return [(turn.speaker, text[turn.start : turn.end].strip()) for turn in turns(text)]


def test_lines_that_begin_with_their_speaker_are_turns():
    """In both languages, with times or numbers beside the name, and over several lines."""
    assert said("Agent: hello\nCustomer: yes?\nand more") == [("collector", "hello"), ("consumer", "yes?\nand more")]
    assert said("[00:12] 坐席1：您好\n[00:15] 客户：谁啊") == [("collector", "您好"), ("consumer", "谁啊")]
    assert said("2026-03-01 09:00 催收员: 还钱\n2026-03-01 09:01 借款人: 没钱") == [("collector", "还钱"), ("consumer", "没钱")]


def test_where_one_side_is_known_whoever_is_not_is_the_other():
    """In a chat with "me", the other is the collector; a third voice beside both is neither."""
    assert [side for side, _ in said("我：在吗\n风行：还钱")] == ["consumer", "collector"]
    assert [side for side, _ in said("Agent: a\nCustomer: b\nMother: c")] == ["collector", "consumer", "unknown"]


@pytest.mark.parametrize(
    "text",
    ["", "They called: me and my mother", "Dear sirs,\nnote: they called\nthank you very much\nbye", "A: b\nC: d", "Agent: only one line"],
)
def test_what_is_no_transcript_has_no_turns(text):
    """A letter with a colon, or voices of which none is known, is not cut up."""
    assert turns(text) == []


def test_the_consumers_own_swearing_is_nobodys_breach():
    """Only the collector's turns are read; a text of a call that shows no turns is not read at all, since nobody knows who speaks."""
    assert heard("Agent: please pay\nCustomer: you idiot", spoken=True) == heard("please pay")
    assert "insult" in heard("Agent: pay, you idiot\nCustomer: fine", spoken=True)
    assert heard("you idiot", spoken=True) is None
    assert where("Agent: pay, you idiot\nCustomer: you liar", {"insult"}, spoken=True) == ["idiot"]


def test_a_message_cannot_hide_behind_a_speaker():
    """What is sent as a message is the sender's, whatever turns it pretends to have."""
    assert "insult" in heard("Customer: you idiot\nAgent: hello")


def test_a_vcon_becomes_lines_with_their_speakers():
    """Text dialogs by their originator, and a transcript under analysis by its parties; roles before names."""
    vcon = {
        "vcon": "0.0.2",
        "parties": [{"name": "Jo", "role": "agent"}, {"name": "Li", "role": "customer"}],
        "dialog": [
            {"type": "text", "start": "2026-03-01T09:00:00Z", "parties": [0, 1], "originator": 0, "body": "Hello:\nLi"},
            {"type": "text", "start": "2026-03-01T09:00:05Z", "parties": [1, 0], "body": "Who is it?"},
            {"type": "recording", "parties": [0, 1], "url": "https://recordings.example/1"},
        ],
        "analysis": [{"type": "transcript", "dialog": 2, "body": [{"party": 0, "text": "Pay."}, {"speaker": "customer", "text": "No."}]}],
    }
    text = transcript(json.dumps(vcon))
    assert text == "agent: Hello: Li\ncustomer: Who is it?\nagent: Pay.\ncustomer: No."
    assert [side for side, _ in said(text)] == ["collector", "consumer"] * 2


def test_turns_that_overlap_in_time_are_all_kept():
    """A list of turns is taken in its order, whatever its times say."""
    rows = [
        {"speaker": "Agent", "text": "Hello", "stime": 0, "etime": 7},
        {"speaker": "Customer", "text": "Stop calling", "stime": 3, "etime": 5},
        {"speaker": "Agent", "text": "I will call again", "stime": 4, "etime": 9},
    ]
    assert len(said(transcript(json.dumps({"turns": rows})))) == 3


@pytest.mark.parametrize(
    "text", ["{", "{}", '{"vcon": 1}', '{"turns": [1]}', '{"vcon": "1", "dialog": [{"type": "text", "body": 3}]}', "[]"]
)
def test_what_is_no_vcon_is_not_read_as_one(text):
    """Broken JSON, other JSON, and fields of other kinds: no error, and nothing made up."""
    assert not transcript(text)
