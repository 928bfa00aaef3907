"""What rows say of tags, and what they need not say."""

from forbear.records.history import read


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
