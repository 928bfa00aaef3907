import base64
import json

import pytest
from exports_made import ALICE, put, read

from forbear.records.errors import InputError

PARTIES = [{"tel": "tel:+12025550123", "name": "Pat", "role": "agent"}, {"tel": "+12025550145", "role": "customer"}]
START = "2025-01-01T09:00:00+00:00"


def vcon(*dialog, parties=PARTIES):
    """A vCon with this dialog."""
    return json.dumps({"vcon": "0.0.2", "uuid": "x", "created_at": START, "parties": parties, "dialog": dialog})


CALL = {
    "type": "recording",
    "start": START,
    "duration": 61.2,
    "parties": [0, 1],
    "mediatype": "audio/x-wav",
    "url": "https://example.org/a",
}
TEXT = {"type": "text", "start": START, "parties": [0, 1], "originator": 1, "body": "stop", "encoding": "none"}
MISSED = {"type": "incomplete", "start": START, "parties": [0, 1], "disposition": "no-answer"}


def test_calls_and_texts(tmp_path):
    """The first party began a call unless another is named; the owner is the one whose role says so."""
    found = read(put(tmp_path / "v", vcon(CALL, TEXT, MISSED)))
    assert [
        (item.at, item.channel, item.incoming, item.other, item.name, item.outcome, item.seconds, item.text) for item in found.items
    ] == [
        (1735722000, "call", True, ALICE, "Pat", "", 61, ""),
        (1735722000, "sms", False, ALICE, "Pat", "", None, "stop"),
        (1735722000, "call", True, ALICE, "Pat", "no-answer", None, ""),
    ]
    assert (found.sources[0].format, found.sources[0].said, found.items[2].place) == ("vcon", 3, "dialog 3")


def test_a_text_may_be_packed(tmp_path):
    """Base64url is undone; what is no text is told."""
    packed = TEXT | {"body": base64.urlsafe_b64encode("停止".encode()).decode().rstrip("="), "encoding": "base64url"}
    found = read(put(tmp_path / "v", vcon(packed, packed | {"body": "_w"})))
    assert [item.text for item in found.items] == ["停止"]
    assert found.sources[0].unread == (("dialog 2", "text-unreadable"),)


def test_a_group_an_address_an_account(tmp_path):
    """The channel follows from what the other end has."""
    parties = [{"mailto": "mailto:a@example.org"}, {"sip": "sip:b@example.org", "name": "B"}, {"role": "consumer"}]
    pairs = ([0, 2], [1, 2], [0, 1, 2])
    found = read(put(tmp_path / "v", vcon(*(TEXT | {"parties": pair, "originator": pair[0]} for pair in pairs), parties=parties)))
    assert [(item.channel, item.other) for item in found.items] == [
        ("email", "a@example.org"),
        ("social-message", "sip:b@example.org"),
        ("group-chat", "a@example.org"),
    ]


@pytest.mark.parametrize(
    ("dialog", "why"),
    [
        ({"type": "transfer", "start": START}, "not-a-message"),
        (CALL | {"start": "soon"}, "no-time"),
        (CALL | {"start": ""}, "no-time"),
        (CALL | {"start": "2025-01-01T09:00:00"}, "no-time"),
        (CALL | {"duration": "long"}, "unknown-type"),
        (CALL | {"parties": [0, 7]}, "side-unknown"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path, dialog, why):
    """With its reason, and the rest is read."""
    found = read(put(tmp_path / "v", vcon(dialog, TEXT)))
    assert (len(found.items), found.sources[0].unread) == (1, (("dialog 1", why),))


def test_without_a_role_nobody_is_the_owner(tmp_path):
    """Which side is which is not guessed."""
    found = read(put(tmp_path / "v", vcon(CALL, parties=[{"tel": "+12025550123"}, {"tel": "+12025550145"}])))
    assert found.sources[0].unread == (("dialog 1", "side-unknown"),)


def test_signed_is_read_and_encrypted_refused(tmp_path):
    """A signed vCon holds one as its payload."""
    payload = base64.urlsafe_b64encode(vcon(CALL).encode()).decode().rstrip("=")
    assert len(read(put(tmp_path / "s", json.dumps({"payload": payload, "signatures": []}))).items) == 1
    with pytest.raises(InputError, match="encrypted"):
        read(put(tmp_path / "e", json.dumps({"ciphertext": "x"})))
    with pytest.raises(InputError, match="no vCon"):
        read(put(tmp_path / "n", '{"a": 1}'))
    with pytest.raises(InputError, match="no whole vCon"):
        read(put(tmp_path / "c", vcon(CALL)[:-9]))
