"""What follows from a row's own columns, for all rows of a chunk at once: `derived` says what and why, here it is only done in bulk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc

from forbear.records import derived, phones, values
from forbear.records.columns.block import split
from forbear.records.columns.coded import Coded, Ids, Said, choose, together
from forbear.records.columns.loops import PLUS
from forbear.records.columns.phones import spell
from forbear.records.columns.texts import Ints, Mask
from forbear.records.mapping import Mapping
from forbear.records.schema import ENDS
from forbear.records.values import SEVERAL

Fields = dict[str, Said]
Note = Callable[[str, str, Mask], None]
"""Takes the code of a reading, its detail, and the rows that it decided."""


def derive(fields: Fields, mapping: Mapping, rows: int, note: Note) -> None:
    """Brings in all that `entries.Rows` derives, in its order."""
    silent = Coded.all(rows, None)
    contact = fields["kind"].says("contact")
    _spell_numbers(fields, mapping.region, rows)
    if "from" in fields or "to" in fields:
        _turn_ends(fields, fields.pop("from", silent), fields.pop("to", silent), silent)
    consumer = fields.get("consumer", silent)
    if mapping.readings.consumer_is_address and "address" in fields:
        taken = consumer.silent() & fields["address"].known()
        consumer = fields["consumer"] = choose(taken, fields["address"], consumer)
        note("consumer-is-address", "", taken)
    if "party" in fields:
        own = fields["party"].says("consumer") & fields.get("person", silent).silent()
        fields["person"] = choose(own, consumer, fields["person"]) if "person" in fields else choose(own, consumer, silent)
    if "hours" in fields:
        named = fields["hours"].known()
        minutes: Said = together([fields["hours"]], _minutes, named)
        fields["minutes_a_week"] = choose(named, minutes, fields.get("minutes_a_week", silent))
    least = mapping.readings.conversation_from_s
    if least is not None and "duration_s" in fields and "outcome" in fields and "channel" in fields:
        long = fields["duration_s"].coded().holds(lambda lasted: min(map(float, lasted)) >= least)
        open_question = fields["outcome"].coded().holds(lambda outcome: len(outcome) > 1 and "conversation" in outcome)
        taken = contact & long & open_question & fields["channel"].says("call")
        fields["outcome"] = choose(taken, Coded.all(rows, "conversation"), fields["outcome"])
        note("conversation-from", str(least), taken)


def hear(fields: Fields, texts: Coded, by: derived.Hear, note: Note) -> None:
    """Adds the tags of each contact's text to those that its row says; each text that occurs is read once."""
    rows = len(texts.code)
    silent = Coded.all(rows, None)
    beside = [fields.get(name, silent) for name in _BESIDE_TEXT]

    def heard(said: list[str | None]) -> str | None:
        text, *others = said
        one: derived.Fields = {name: split(each) for name, each in zip(_BESIDE_TEXT, others, strict=True) if each is not None}
        return SEVERAL.join(one["tags"]) if derived.hear(one, text or "", by) else None

    found = together([texts, *beside], heard, fields["kind"].says("contact") & texts.known())
    fields["tags"] = choose(found.known(), found, fields.get("tags", silent))
    note("text-read", "", found.known())


_BESIDE_TEXT: Final = ("channel", "direction", "automated", "tags")


def tags(fields: Fields, rows: int, note: Note) -> Coded:
    """The tags: empty where none were said, or where nobody picked up so that nothing was."""
    silent = Coded.all(rows, None)
    said = fields.get("tags", silent).coded()
    none = said.says(values.NO_TAGS[0])
    unanswered = fields.get("outcome", silent).coded().holds(derived.UNANSWERED.issuperset)
    unspoken = ~said.known() & unanswered & fields.get("channel", silent).says("call")
    note("nothing-said", "", unspoken)
    known = Coded(said.code, pc.if_else(pc.equal(said.texts, ""), pa.scalar(None, pa.string()), said.texts))
    return choose(none | unspoken, Coded.all(rows, ""), known).coded()


def _minutes(texts: list[str | None]) -> str:
    fields: derived.Fields = {"hours": split(texts[0] or "")}
    derived.count_minutes(fields)
    return SEVERAL.join(fields["minutes_a_week"])


def _spell_numbers(fields: Fields, default_region: str, rows: int) -> None:
    """Only texts that could be spelled otherwise are looked at, with the region of the jurisdictions beside which they stand."""
    where = fields.get("jurisdiction", Coded.all(rows, None)).coded()
    consumer = fields.get("consumer")
    for name in ENDS:
        if name not in fields:
            continue
        found = fields[name]
        if isinstance(found, Ids):
            value = _spell_ids(name, found, consumer, where, default_region)
            if value is not None:
                fields[name] = Ids(value)
                continue
        said = found.coded()
        odd = said.known() & ~said.where(spelled(said.texts))
        if name == "person" and consumer is not None and odd.any():
            odd &= ~_equal(said, consumer)
        for place in np.unique(where.code[odd]).tolist():
            # Nearly all the rest are digits without country code, of which length and region tell enough.
            region = _region(where.texts[place].as_py(), default_region)
            whole = in_region(said.texts, region)
            taken = odd & (where.code == place) & Coded(said.code, whole).known()
            fields[name] = choose(taken, Coded(said.code, whole), fields[name])
            odd &= ~taken
        if odd.any():
            fresh = together([where, said], lambda texts: _spell(texts[0], texts[1] or "", default_region), odd)
            fields[name] = choose(odd, fresh, fields[name])


def _spell_ids(name: str, said: Ids, consumer: Said | None, where: Coded, default_region: str) -> Ints | None:
    if bool((said.value >= PLUS).any()):
        return None
    rows = said.known()
    if name == "person" and consumer is not None:
        rows &= ~_equal(said, consumer)
    of_text = [_region(text, default_region) for text in where.texts.to_pylist()]
    regions = list(dict.fromkeys(of_text))
    return spell(said.value, rows, np.array([regions.index(each) for each in of_text])[where.code], regions)


def _spell(jurisdiction: str | None, text: str, default_region: str) -> str:
    region = _region(jurisdiction, default_region)
    return SEVERAL.join(dict.fromkeys(phones.e164(each, region) for each in split(text)))


def _region(jurisdiction: str | None, default_region: str) -> str | None:
    places = split(jurisdiction or "")
    return (phones.region_of(places[0]) if len(places) == 1 else None) or default_region or None


def _equal(a: Said, b: Said) -> Mask:
    """Rows where two columns say the same."""
    if isinstance(a, Ids) and isinstance(b, Ids):
        return np.asarray((a.value == b.value) & (a.value >= 0))
    a, b = a.coded(), b.coded()
    number = np.asarray(pc.fill_null(pc.index_in(a.texts, b.texts), -1)).astype(np.int64)
    # A text may stand twice in a column that was chosen from two.
    first = np.asarray(pc.index_in(b.texts, b.texts)).astype(np.int64)
    same: Mask = number[a.code] == first[b.code]
    return same


def spelled(texts: pa.StringArray) -> pa.BooleanArray:
    """Texts that are E.164 as they stand, so that reading them as telephone numbers gives them back.

    They are no number at all, or hold `+`, a country code, and a national number without a prefix that could be taken off.
    """
    like = pc.match_substring_regex(texts, r"^\+[1-9][0-9]{6,14}$")
    codes = pc.utf8_slice_codeunits(texts, 1, 4)
    # A number begins with a digit, a plus or a bracket: what begins with another sign of ASCII is none.
    found = pc.fill_null(pc.match_substring_regex(texts, r"^[!-'*,-/:-~][ -~]*$"), fill_value=False)
    for start in pc.unique(pc.filter(codes, pc.fill_null(like, fill_value=False))).to_pylist():
        code = next((start[:size] for size in (1, 2, 3) if int(start[:size]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE), None)
        mine = pc.and_(like, pc.equal(codes, start))
        if code is None:
            found = pc.or_(found, pc.fill_null(mine, fill_value=False))
            continue
        region = phonenumbers.region_code_for_country_code(int(code))
        metadata = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(int(code), region)
        prefix = metadata.national_prefix_for_parsing if metadata else "."
        national = pc.utf8_slice_codeunits(texts, 1 + len(code), 20)
        cut = pc.match_substring_regex(national, f"^(?:{prefix or '0'}|0)")
        found = pc.or_(found, pc.fill_null(pc.and_not(mine, cut), fill_value=False))
    return found


def in_region(texts: pa.StringArray, region: str | None) -> pa.StringArray:
    """Ten digits or more without any prefix, as `phones.e164` spells them in a region; null for texts that it must read itself."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region) if region else None
    if metadata is None or metadata.country_code is None:
        return pa.nulls(len(texts), pa.string())
    code = metadata.country_code
    main = phonenumbers.PhoneMetadata.metadata_for_region(phonenumbers.region_code_for_country_code(code)) or metadata
    possible = main.general_desc.possible_length if main.general_desc else ()
    prefixes = "|".join(each for each in ("0", str(code), metadata.international_prefix, metadata.national_prefix_for_parsing) if each)
    digits = pc.match_substring_regex(texts, r"^[1-9][0-9]{9,16}$")
    bare = pc.and_not(digits, pc.match_substring_regex(texts, f"^(?:{prefixes})"))
    length = pc.is_in(pc.binary_length(texts), value_set=pa.array(possible, pa.int32()))
    spelled_so = pc.if_else(length, pc.binary_join_element_wise(f"+{code}", texts, ""), texts)
    return pc.if_else(bare, spelled_so, pa.scalar(None, pa.string()))


def _turn_ends(fields: Fields, source: Said, to: Said, silent: Coded) -> None:
    direction = fields.get("direction", silent)
    out, back = direction.says("outbound"), direction.says("inbound")
    either = together([source, to], _either, ~out & ~back & source.known() & to.known())
    for name, first, second in (("number", source, to), ("address", to, source)):
        end = choose(out, first, choose(back, second, either))
        before = fields.get(name, silent)
        fields[name] = choose(before.silent() & end.known(), end, before)


def _either(texts: list[str | None]) -> str:
    return SEVERAL.join(dict.fromkeys(each for text in texts for each in split(text or "")))
