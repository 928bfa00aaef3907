"""What rows say of tags, and what they need not say."""

from forbear.records.history import Intake, read, take_in


def _tags(tmp_path, rows):
    file = tmp_path / "contacts.csv"
    file.write_text(
        "occurred_at,consumer,channel,outcome,tags\n" + "".join(f"2026-03-02T09:0{n}:00Z,A,{row}\n" for n, row in enumerate(rows))
    )
    history = read([file])
    return [entry.fields.get("tags") for entry in history.entries], {reading.code: reading.rows for reading in history.readings}


def test_an_empty_cell_is_unknown_and_no_tags_is_known(tmp_path):
    """Nobody having looked, and somebody having looked and found nothing, are two things."""
    tags, readings = _tags(tmp_path, ["sms,delivered,", "sms,delivered,no-tags", "sms,delivered,无标签", "sms,delivered,threat+insult"])

    assert tags == [None, (), (), ("threat", "insult")]
    assert readings == {}


def test_a_call_that_nobody_answered_says_nothing(tmp_path):
    """Where no one picked up, nothing was said: no tags, by a reading that is counted and printed."""
    tags, readings = _tags(
        tmp_path, ["call,no-answer,", "call,busy|rejected,", "call,answered|no-answer,", "call,,", "call,voicemail-left,", "sms,failed,"]
    )

    assert tags == [(), (), None, None, None, None]
    assert readings == {"nothing-said": 2}


def _heard(tmp_path, rows):
    file = tmp_path / "contacts.csv"
    head = "occurred_at,consumer,channel,direction,outcome,automated,tags,text\n"
    file.write_text(head + "".join(f"2026-03-02T09:0{n}:00Z,A,{row}\n" for n, row in enumerate(rows)))
    asked = []

    def hear(text, spoken):
        asked.append((text, spoken))
        return None if spoken else frozenset({"threat"} if "jail" in text else ())

    history = take_in(Intake([file], hear=hear))
    return [entry.fields.get("tags") for entry in history.entries], asked, {reading.code: reading.rows for reading in history.readings}


def test_what_goes_out_is_heard_beside_what_the_row_says(tmp_path):
    """The words of a message add to its tags; none found is known to be none; a text that was not there leaves them unknown."""
    tags, _, readings = _heard(
        tmp_path,
        [
            "sms,outbound,delivered,,insult,go to jail",
            "sms,outbound,delivered,,,hello",
            "sms,outbound,delivered,,,",
            "sms,outbound,delivered,,no-tags,jail",
        ],
    )
    assert tags == [("insult", "threat"), (), None, ("threat",)]
    assert readings == {"text-read": 3}


def test_what_the_other_side_wrote_is_nobodys_breach(tmp_path):
    """A consumer's message, and one of which nobody says who sent it, are not heard."""
    tags, asked, _ = _heard(tmp_path, ["sms,inbound,delivered,,,jail", "sms,,delivered,,,jail"])
    assert tags == [None, None]
    assert asked == []


def test_in_a_call_several_speak(tmp_path):
    """Whoever hears is told so, unless it was prerecorded; where the text does not show who speaks, tags stay unknown."""
    tags, asked, _ = _heard(
        tmp_path,
        ["call,outbound,conversation,,,jail", "call,outbound,conversation,prerecorded,,jail", "visit,outbound,conversation,,,jail"],
    )
    assert asked == [("jail", True), ("jail", False), ("jail", True)]
    assert tags == [None, ("threat",), None]
