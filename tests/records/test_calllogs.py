import os
from pathlib import Path

import pytest

from forbear.records import calllogs, history, mapping
from forbear.terms import OUTCOME

SAMPLES = Path(os.environ.get("FORBEAR_DATA", Path(__file__).parents[3] / "shared" / "data")) / "formats"
ASTERISK = (
    '""""" <client1>","1001","2025550123","default","PJSIP/client1-02","PJSIP/trunk-03","Dial","PJSIP/trunk","2023-07-26 01:51:32",'
    '"2023-07-26 01:51:50","2023-07-26 01:52:04","31","13","{}","DOCUMENTATION","","{}","",2\n'
)
FREESWITCH = "{},{},{},default,2020/2/10 22:41,{},2020/2/10 22:42,24,21,{},e56b68e4-4c15-11ea-97b4-9dd79410affb,,1002,PCMU,PCMU\n"
MAPPING = mapping.parse('[time]\nzone = "Asia/Shanghai"\n[given]\njurisdiction = "US"', Path("m.toml"))


def read(tmp_path, text, said=MAPPING):
    """A call log of one or more rows, read."""
    path = tmp_path / "Master.csv"
    path.write_text(text)
    return history.read([path], mapping=said)


@pytest.mark.parametrize(
    ("disposition", "says"),
    [
        ("ANSWERED", "conversation|answered|voicemail-left"),
        ("NO ANSWER", "no-answer"),
        ("BUSY", "busy"),
        ("FAILED", "not-in-service|rejected|failed"),
        ("UNKNOWN", ""),
    ],
)
def test_an_asterisk_row_says_no_more_than_the_switch_knew(tmp_path, disposition, says):
    """ANSWERED may be a machine; FAILED may be their line or ours; the mangled caller id does no harm."""
    (entry,) = read(tmp_path, ASTERISK.format(disposition, "")).entries
    assert entry.one("outcome") == says
    assert (entry.one("address"), entry.one("number"), entry.one("duration_s")) == ("+12025550123", "1001", "13")
    assert (entry.one("channel"), entry.one("direction"), entry.one("consumer")) == ("call", "outbound", "+12025550123")


def test_the_epoch_of_an_asterisk_id_is_the_instant(tmp_path):
    """It was written without any zone in mind, so it goes before the local time; one that cannot be the call's start is not believed."""
    for unique, at in (("1690325492.2", 1690325492), ("pbx1-1690325492.2", 1690325492), ("1690000000.2", 1690307492), ("", 1690307492)):
        (entry,) = read(tmp_path, ASTERISK.format("BUSY", unique)).entries
        assert entry.at == at


def test_both_asterisk_layouts_are_known():
    """cdr_csv begins with the account, cdr_custom with the caller id."""
    tail = ["2023-07-26 01:51:32", "", "2023-07-26 01:52:04", "31", "13", "BUSY", "DOCUMENTATION"]
    custom = ["clid", "src", "dst", "ctx", "ch", "dch", "Dial", "data", *tail, "", "1.2", ""]
    plain = ["", "src", "dst", "ctx", "clid", "ch", "dch", "Dial", "data", *tail]
    found = [calllogs.recognise(row) for row in (custom, plain, ["a", "b"], ["x"] * 15)]
    assert [each.id if each else None for each in found] == ["asterisk-cdr-custom", "asterisk-cdr-csv", None, None]


@pytest.mark.parametrize(
    ("answered", "cause", "says"),
    [
        ("2020/2/10 22:41", "NORMAL_CLEARING", "conversation|answered|voicemail-left"),
        ("2020/2/10 22:41", "USER_BUSY", "conversation|answered|voicemail-left"),
        ("", "USER_BUSY", "busy"),
        ("", "NO_USER_RESPONSE", "no-answer|not-in-service"),
        ("", "UNALLOCATED_NUMBER", "not-in-service"),
        ("", "CALL_REJECTED", "rejected"),
        ("", "EXCHANGE_ROUTING_ERROR", ""),
    ],
)
def test_a_freeswitch_row_is_read_by_answer_and_cause(tmp_path, answered, cause, says):
    """With a time of answer the line was picked up, however it ended; without one the Q.850 cause speaks; an unlisted cause is unknown."""
    (entry,) = read(tmp_path, FREESWITCH.format("", "1002", "2025550123", answered, cause)).entries
    assert entry.one("outcome") == says
    assert (entry.one("number"), entry.one("address")) == ("1002", "+12025550123")


def test_a_leg_that_freeswitch_placed_itself_names_the_callee_as_caller(tmp_path):
    """`originate` shows `&park` as destination: the other end is the one who was called, and our number is unknown."""
    (entry,) = read(tmp_path, FREESWITCH.format("Outbound Call", "2025550123", "&", "", "NO_ANSWER")).entries
    assert (entry.one("number"), entry.one("address")) == ("", "+12025550123")


def test_a_log_without_zone_goes_to_the_quarantine_whole(tmp_path):
    """Nothing says whose clock it was, so nothing is guessed; the reason says what to add."""
    found = read(tmp_path, FREESWITCH.format("", "1002", "2025550123", "", "NO_ANSWER"), mapping.PLAIN)
    assert [(row.line, row.column, row.reason) for row in found.quarantine] == [(1, "occurred_at", "no-zone")]


def test_rows_too_short_for_their_log_are_kept(tmp_path):
    """A log cut off in its last row loses no row."""
    found = read(tmp_path, ASTERISK.format("BUSY", "") + '"x","1001"\n')
    assert [row.reason for row in found.quarantine] == ["row-too-short"]
    assert found.rows == 2


def test_every_outcome_of_the_data_is_a_word():
    """The built-in table speaks our words only, and every layout names the columns that its family needs."""
    book = calllogs._book()
    for family in book.family.values():
        said = [word for text in (*family.outcomes.values(), family.answered) for word in text.split("|") if word]
        assert set(said) <= set(OUTCOME)
    for layout in book.layout:
        assert layout.used - {""} <= set(layout.names)
        assert set(layout.tests) <= set(layout.names)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of real exports are not here: set FORBEAR_DATA")
@pytest.mark.parametrize(
    ("name", "log", "rows"), [("asterisk_Master_sample.csv", "asterisk-cdr-custom", 5), ("freeswitch_Master.csv", "freeswitch-cdr-csv", 10)]
)
def test_real_samples_are_read_whole(name, log, rows):
    """Logs seen in public repositories: every row becomes an entry; three rows share an id and are all kept."""
    found = history.read([SAMPLES / name], mapping=MAPPING)
    assert (found.files[0].log, len(found.entries), found.quarantine) == (log, rows, [])
    assert list(found.duplicate_ids.values()) == ([3] if rows == 10 else [])
