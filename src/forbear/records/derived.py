"""What follows from a row's own columns: one spelling for numbers, the two ends of a call by direction, whom it was placed to, minutes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from forbear.records import hours, phones, values
from forbear.records.entry import Values
from forbear.records.schema import ENDS

Fields = dict[str, Values]
"""The fields of one row while it is put together; an empty tuple is a field that the row says is unknown."""
Hear = Callable[[str, bool], frozenset[str] | None]
"""The tags of what a collector wrote or said. `True`: several may speak in the text; then None if it does not show who does."""
WRITTEN = frozenset({"sms", "email", "letter", "voicemail", "app-message", "social-message", "group-chat"})
"""Channels whose text is all by one side."""
UNANSWERED = frozenset({"no-answer", "busy", "rejected", "not-in-service"})


def spell_numbers(fields: Fields, default_region: str) -> None:
    """Brings every end to E.164, by the region of the row's jurisdiction if it is one, else by `default_region`.

    A person who is the consumer keeps the name that the consumer has.
    """
    where = fields.get("jurisdiction", ())
    region = (phones.region_of(where[0]) if len(where) == 1 else None) or default_region or None
    for name in ENDS:
        if fields.get(name) and not (name == "person" and fields[name] == fields.get("consumer")):
            fields[name] = tuple(dict.fromkeys(phones.e164(each, region) for each in fields[name]))


def turn_ends(fields: Fields) -> None:
    """Makes `number` and `address` of `from` and `to`: by direction, and either of the two where the direction is not known."""
    source, to = fields.pop("from", ()), fields.pop("to", ())
    direction = fields.get("direction")
    if direction == ("outbound",):
        number, address = source, to
    elif direction == ("inbound",):
        number, address = to, source
    else:
        number = address = tuple(dict.fromkeys((*source, *to))) if source and to else ()
    for name, value in (("number", number), ("address", address)):
        if value and name not in fields:
            fields[name] = value


def default_person(fields: Fields) -> None:
    """A contact placed to the consumer was placed to that person, unless the row says otherwise."""
    if fields.get("party") == ("consumer",) and "person" not in fields:
        fields["person"] = fields["consumer"]


def count_minutes(fields: Fields) -> None:
    """`minutes_a_week` of the hours that were named."""
    if fields.get("hours"):
        fields["minutes_a_week"] = tuple(dict.fromkeys(str(hours.minutes_a_week(hours.named(each))) for each in fields["hours"]))


def spoken(fields: Mapping[str, Values]) -> bool:
    """Whether several may speak in the text of a contact."""
    return not WRITTEN.issuperset(fields.get("channel", ("",))) and fields.get("automated") != ("prerecorded",)


def hear(fields: Fields, text: str, by: Hear) -> bool:
    """Adds the tags of the contact's text to those that the row says; whether the text was read.

    A message is the collector's if it goes out. In the text of a call several speak, unless it was prerecorded.
    """
    if not text.strip() or (not spoken(fields) and fields.get("direction") != ("outbound",)):
        return False
    heard = by(text, spoken(fields))
    if heard is None:
        return False
    said = {tag for tag in fields.get("tags", ()) if tag not in values.NO_TAGS}
    fields["tags"] = tuple(sorted(said | heard)) or values.NO_TAGS[:1]
    return True


def settle_tags(fields: Fields) -> bool:
    """No tags where the row says so; and none where nobody picked up, since nothing was said. Whether that second reading was made.

    Here a field that is unknown is not in `fields`.
    """
    tags, outcome = fields.get("tags"), fields.get("outcome")
    if tags == values.NO_TAGS[:1]:
        fields["tags"] = ()
        return False
    if tags is not None or fields.get("channel") != ("call",) or outcome is None or not UNANSWERED.issuperset(outcome):
        return False
    fields["tags"] = ()
    return True


def read_conversation(fields: Fields, from_s: int) -> bool:
    """Reads a call that may have been a conversation and surely lasted `from_s` seconds as one; whether it did so."""
    outcome, lasted = fields.get("outcome", ()), fields.get("duration_s", ())
    open_question = len(outcome) > 1 and "conversation" in outcome
    if fields.get("channel") != ("call",) or not open_question or not lasted or min(map(float, lasted)) < from_s:
        return False
    fields["outcome"] = ("conversation",)
    return True
