import pytest
from hypothesis import given
from hypothesis import strategies as st

from forbear.records.quarantine import REASONS
from forbear.records.values import SAID_UNKNOWN, SEVERAL, Unreadable, column
from forbear.terms import FIELDS


def read(name, cell, translations=None):
    """What one cell says; the reason where it cannot be read."""
    found = column(name, translations)[cell]
    return found.reason if isinstance(found, Unreadable) else found


@pytest.mark.parametrize(
    ("name", "cell", "says"),
    [
        *(("outcome", "无人接听", "no-answer"), ("outcome", "NO ANSWER", "no-answer"), ("outcome", "空号", "not-in-service")),
        *(("outcome", "未接通", "no-answer|busy|rejected|not-in-service"), ("outcome", "接通", "conversation|answered|voicemail-left")),
        *(
            ("outcome", "有效通话", "conversation"),
            ("channel", "短信", "sms"),
            ("channel", "Phone Call", "call"),
            ("party", "本人", "consumer"),
        ),
        *(("direction", "呼出", "outbound"), ("kind", "债务异议", "dispute"), ("kind", "Cease Request", "cease-request")),
        *(("agency_kind", "委外", "third-party-agency"), ("automated", "机器人", "ai-voice"), ("debt_kind", "信用卡", "card")),
    ],
)
def test_words_of_the_field_are_read_in_both_languages(name, cell, says):
    """What an export says less exactly than our words becomes candidates, never a guess."""
    assert read(name, cell) == tuple(says.split("|"))


def test_every_word_of_ours_is_read_as_itself():
    """In the language of files, and by its names in English and Chinese unless a synonym says more carefully."""
    for name, field in FIELDS.items():
        for word, said in field.words.items():
            assert read(name, word) == (word,)
            assert word in read(name, said.en)
            assert word in read(name, said.zh)


def test_answered_is_ours_and_ANSWERED_is_a_dialers():  # noqa: N802
    """Only our own spelling means "picked up by a person"; a dialer's may be a machine."""
    assert read("outcome", "answered") == ("answered",)
    assert read("outcome", "ANSWERED") == ("conversation", "answered", "voicemail-left")


def test_candidates_and_several():
    """`|` makes candidates; `+` makes several values at once in debt and tags; a choice among several is refused."""
    assert read("zone", "America/New_York|America/Los_Angeles") == ("America/New_York", "America/Los_Angeles")
    assert read("debt", "1+2") == ("1", "2")
    assert read("tags", "threat+states-debt") == ("threat", "states-debt")
    assert read("collector", "a+b") == ("a+b",)
    assert read("debt", "1|2") == "choice-in-several"
    assert read("debt", SEVERAL.join("12")) == ("1", "2")
    assert read("party", SEVERAL.join(("friend", "family"))) == ("friend", "family")


def test_unknown_and_silent_are_two_things():
    """`?` and its like say unknown; an empty cell says nothing, and a constant may speak for it."""
    assert [read("party", cell) for cell in ("?", "NULL", "未知", "consumer|?")] == [SAID_UNKNOWN] * 4
    assert [read("party", cell) for cell in ("", "  ")] == [None, None]


@pytest.mark.parametrize(
    ("name", "cell", "reason"),
    [
        *(
            ("outcome", "没人理", "unknown-word"),
            ("zone", "Mars/Olympus", "unknown-zone"),
            ("jurisdiction", "China", "bad-jurisdiction"),
            ("hours", "evenings", "bad-hours"),
        ),
        *(("hours", "mon[22:00,08:00)", "bad-hours"), ("duration_s", "-5", "bad-number"), ("duration_s", "1:30", "bad-number")),
        *(
            ("amount", "1e3", "bad-number"),
            ("amount", "9" * 5000, "bad-number"),
            ("until", "soon", "bad-date"),
            ("until", "2025-02-30", "impossible-time"),
        ),
    ],
)
def test_a_bad_cell_gets_its_reason(name, cell, reason):
    """A bad word, zone, time of day, number or date is named as such."""
    assert read(name, cell) == reason


def test_numbers_and_durations_have_one_spelling():
    """Seconds as people write them; leading zeros, thousands and empty decimals do not make another value."""
    said = ["90", "090.0", "90秒", "1分30秒", "1m 30s", "00:01:30"]
    assert [read("duration_s", cell) for cell in said] == [("90",)] * 6
    assert read("amount", "1,234.50") == ("1234.5",)


def test_dates_have_one_spelling():
    """`until` is a date however it is written."""
    assert [read("until", cell) for cell in ("2025/2/28", "2025年2月28日", "2025-02-28T23:00+08:00")] == [("2025-02-28",)] * 3


def test_translations_of_the_mapping_go_first():
    """A mapping may say it better than the word list, or say unknown."""
    assert read("outcome", "未接通", {"未接通": "no-answer"}) == ("no-answer",)
    assert read("outcome", "99", {"99": "?"}) == SAID_UNKNOWN


def test_our_reading_stays_ours_in_a_mapping():
    """有效通话 read as conversation is printed as our reading, whether or not a mapping repeats it."""
    for translations in (None, {"有效通话": "conversation"}):
        found = column("outcome", translations)
        found.read(["有效通话", "busy"])
        assert found.readings == {"有效通话": "conversation"}


@given(st.sampled_from(sorted(FIELDS)), st.text(max_size=20))
def test_any_text_is_a_value_or_has_a_reason(name, cell):
    """No text breaks a reader, and every refusal has a text of what to do."""
    found = column(name)[cell]
    assert found.reason in REASONS if isinstance(found, Unreadable) else found is None or isinstance(found, tuple)
