import hashlib

import pytest
from exports_made import ALICE, BOB, call, put, read, sms, xml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forbear.records.errors import InputError
from forbear.records.exports import elements
from forbear.records.exports.reasons import Break

SIXTEEN = 16 << 20

AT = 1735722000


def items(tmp_path, *inside, root="smses"):
    """What is read of a backup with these records."""
    return read(put(tmp_path / "b.xml", xml(root, *inside)))


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("1", ("call", True, "answered")),
        ("2", ("call", False, "")),
        ("3", ("call", True, "no-answer")),
        ("4", ("voicemail", True, "voicemail-left")),
        ("5", ("call", True, "rejected")),
        ("6", ("call", True, "rejected")),
    ],
)
def test_each_kind_of_call(tmp_path, kind, told):
    """The number of its kind says direction and outcome; what it does not say stays empty."""
    (item,) = items(tmp_path, call(kind=kind), root="calls").items
    assert (item.channel, item.incoming, item.outcome) == told
    assert (item.at, item.other, item.seconds, item.name, item.place) == (AT, ALICE, 12, "", "call 1")


def test_one_number_in_four_spellings_is_one(tmp_path):
    """With and without country code, with brackets and hyphens; a short code stays as it is, a withheld number is empty."""
    spelled = ("2025550123", "(202) 555-0123", "1-202-555-0123", "+1 202 555 0123", "72345", "-2", "null")
    found = items(tmp_path, *(sms(each, date=str(AT + k)) for k, each in enumerate(spelled)))
    assert [item.other for item in found.items] == [ALICE] * 4 + ["72345", "", ""]


def test_seconds_and_milliseconds_are_told_apart(tmp_path):
    """A date of ten digits is the same instant as the one of thirteen."""
    found = items(tmp_path, sms(date=str(AT), body="a"), sms(date=f"{AT}999", body="b"))
    assert [item.at for item in found.items] == [AT, AT]


def test_what_became_of_a_message(tmp_path):
    """One that came in was delivered; of one sent the status says it; a draft was never sent, and is told."""
    kinds = (("1", "-1"), ("2", "-1"), ("2", "0"), ("2", "32"), ("2", "64"), ("5", "-1"), ("3", "-1"))
    found = items(tmp_path, *(sms(kind=kind, status=status, body=str(k)) for k, (kind, status) in enumerate(kinds)))
    assert [item.outcome for item in found.items] == ["delivered", "", "delivered", "pending", "failed", "failed"]
    assert found.sources[0].unread == (("sms 7", "not-sent"),)
    assert (found.sources[0].said, found.sources[0].held) == (7, 7)


def test_a_file_that_says_two_and_holds_nine(tmp_path):
    """Both numbers are told, and all nine are read."""
    found = read(put(tmp_path / "b.xml", xml("smses", *(sms(body=str(k)) for k in range(9)), count=2)))
    assert (found.sources[0].said, found.sources[0].held, len(found.items)) == (2, 9, 9)


def test_a_name_that_says_nothing_is_none(tmp_path):
    """`(Unknown)`, `null` and the number itself are no names."""
    names = ("Pat", "(Unknown)", "null", "(202) 555-0123")
    assert [item.name for item in items(tmp_path, *(sms(name=each, body=each) for each in names)).items] == ["Pat", "", "", ""]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("&#55357;&#56832;", "\U0001f600"),
        ("&#xD83D;&#xDE00;", "\U0001f600"),
        ("&#55357;&#56832;&#55357;&#56833;!", "\U0001f600\U0001f601!"),
        ("&#55357;", "\ufffd"),
        ("&#56832;&#55357;", "\ufffd\ufffd"),
        ("a&#0;b&#11;c", "a\tb c"),
        ("a&#10;b&#128512;&amp;&#57999;", "a\nb\U0001f600&\ue28f"),
    ],
)
def test_halves_of_an_emoji_are_read_as_the_emoji(tmp_path, written, meant):
    """The app writes references that XML does not allow; they are read as what was meant, and the digest is that of the file's bytes."""
    element = sms(body=written)
    (item,) = items(tmp_path, element).items
    assert item.text == meant
    assert item.digest == hashlib.sha256(element.encode()).hexdigest()


@pytest.mark.parametrize("chunk", [1, 7, 64, 333])
def test_digests_and_emoji_do_not_depend_on_where_a_piece_of_the_file_ends(tmp_path, monkeypatch, chunk):
    """Elements, references and long texts may lie across the pieces that are read at once."""
    monkeypatch.setattr(elements, "_CHUNK", chunk)
    inside = [sms(body="&#55357;&#56832;" * k, date=str(AT + k)) for k in range(30)] + [MMS]
    found = items(tmp_path, *inside)
    assert [item.text for item in found.items][:30] == ["\U0001f600" * k for k in range(30)]
    assert [item.digest for item in found.items] == [hashlib.sha256(each.encode()).hexdigest() for each in inside]


MMS = """<mms date="1735722100000" msg_box="1" address="2025550123~2025550145" sub="null" contact_name="Pat, Sam">
  <parts><part seq="-1" ct="application/smil" text="null" /><part seq="0" ct="text/plain" text="to &amp; both" />
  <part ct="image/png" text="null" data="AAAA" /></parts>
  <addrs><addr address="2025550145" type="137" /><addr address="2025550123" type="151" /></addrs>
</mms>"""


def test_a_message_with_parts_among_several_is_said_in_a_group(tmp_path):
    """The sender is the address of type 137, the group all others; the text that of its plain parts, the pictures are left."""
    (item,) = items(tmp_path, MMS).items
    assert (item.channel, item.incoming, item.other, item.group) == ("group-chat", True, BOB, f"{ALICE}, {BOB}")
    assert (item.text, item.at, item.name, item.place) == ("to & both", AT + 100, "", "mms 1")


def test_a_message_with_parts_between_two_is_a_text_message(tmp_path):
    """It has no group, and the contact's name."""
    sent = MMS.replace('msg_box="1"', 'msg_box="2"').replace("~2025550145", "").replace("Pat, Sam", "Pat")
    (item,) = items(tmp_path, sent).items
    assert (item.channel, item.incoming, item.other, item.name, item.group) == ("sms", False, ALICE, "Pat", "")


def test_wrong_types_in_one_record_lose_no_other(tmp_path):
    """A date, a duration or a kind that is none sends that record to `unread`, with place and reason."""
    found = items(
        tmp_path, call(), call(date="soon"), call(duration="-1"), call(kind="99"), call(date="0"), "<call/>", "<note/>", root="calls"
    )
    assert len(found.items) == 1
    assert found.sources[0].unread == (
        *(("call 2", "no-time"), ("call 3", "bad-number"), ("call 4", "unknown-type"), ("call 5", "no-time")),
        *(("call 6", "unknown-type"), ("note 7", "unknown-type")),
    )


def test_a_file_cut_off_gives_what_stands_before_the_cut(tmp_path):
    """Its source says at which line it breaks."""
    whole = xml("smses", *(sms(body=str(k)) for k in range(5)))
    found = read(put(tmp_path / "b.xml", whole[: whole.index('body="3"')]))
    assert [item.text for item in found.items] == ["0", "1", "2"]
    assert found.sources[0].broken == Break("line 6", "cut-off")
    assert (found.sources[0].said, found.sources[0].held) == (5, 3)


BOMB = '<!DOCTYPE smses [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("head", [BOMB, '<!DOCTYPE smses SYSTEM "file:///etc/hostname">'])
def test_a_document_type_is_refused(tmp_path, head):
    """No entity is ever defined by a file."""
    with pytest.raises(InputError, match="document type of its own"):
        read(put(tmp_path / "b.xml", xml("smses", sms(body="&b;")).replace("<smses", head + "<smses")))


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=40)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.integers(10**8, 4 * 10**9), st.sampled_from("12"), TEXTS), max_size=20, unique=True))
def test_what_is_written_is_read(tmp_path, told):
    """Random messages, with emoji as the app writes them, come back in the order of time, each once."""

    def written(text):
        units = [int.from_bytes(text.encode("utf-16-be")[k : k + 2], "big") for k in range(0, len(text.encode("utf-16-be")), 2)]
        return "".join(f"&#{unit};" if unit > 126 or chr(unit) in "<>&\"'" else chr(unit) for unit in units)

    found = items(tmp_path, *(sms(date=str(at), kind=kind, body=written(text)) for at, kind, text in told))
    meant = sorted(((at, kind == "1", "" if text == "null" else text) for at, kind, text in told), key=lambda one: one[0])
    assert [(item.at, item.incoming, item.text) for item in found.items] == meant
    assert not found.sources[0].unread
    assert not found.sources[0].broken


def test_a_long_video_costs_no_more_than_as_many_short_ones(tmp_path):
    """It is read in ever larger pieces, so that it is copied a few times, and parsed in one; the parser would begin it anew with each."""
    part = f'<part seq="0" ct="video/mp4" text="null" data="{"A" * SIXTEEN}" /><part seq="0" ct="text/plain" text="look" />'
    mms = f'<mms date="1735722000000" msg_box="1" address="2025550123"><parts>{part}</parts></mms>'
    path = put(tmp_path / "b.xml", xml("smses", mms))
    assert [item.text for item in read(path).items] == ["look"]
    asked = []
    with path.open("rb") as file:
        fed = [given for _, given in elements._chunks(lambda size: asked.append(size) or file.read(size))]
    assert [len(piece) > SIXTEEN for piece in fed].count(True) == 1
    assert len(asked) < 12
    assert sum(map(len, fed)) == path.stat().st_size


def test_a_tag_that_has_no_end_in_sight_is_handed_on_in_pieces(tmp_path, monkeypatch):
    """So that a damaged file never fills the memory; what it says is the same."""
    monkeypatch.setattr(elements, "_LONGEST", 1000)
    said = "y" * 300_000
    found = read(put(tmp_path / "b.xml", xml("smses", sms(body=said), sms(body="z", number="2025550145"))))
    assert [item.text for item in found.items] == [said, "z"]
