"""A record of somebody's own telephone, whatever the format it came in, and what is known of the file that held it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

from forbear.records.exports.reasons import Break

Format = Literal["sms-backup", "ios-calls", "ios-messages", "wechat", "chatlog", "table", "vcon"]
"""Which program wrote a file: see docs/dossier.md."""


class Item(NamedTuple):
    """One call or message, as the telephone tells it. What it does not tell is empty, or None."""

    at: int
    """Unix second at which it began, or was sent."""
    channel: str
    """A word of `terms.CHANNEL`: call, voicemail, sms, email, social-message or group-chat."""
    incoming: bool
    other: str
    """The other end: E.164 if it can be read as a number, else what stands there (a short code, an account, a name); empty if withheld."""
    name: str = ""
    """What the telephone calls the other end; empty where it only repeats the number or says that it does not know."""
    group: str = ""
    """The chat group it was said in."""
    outcome: str = ""
    """A word of `terms.OUTCOME`."""
    seconds: int | None = None
    text: str = ""
    place: str = ""
    """Where in its file it stands: `line 12`, `row 7`, `ZCALLRECORD 93`."""
    digest: str = ""
    """SHA-256, in hex, of the record as its file holds it: bytes of the element or row, its cells or columns as JSON. Empty until kept."""
    source: int = 0
    """Position of its file in `Export.sources`."""


class Source(NamedTuple):
    """A file that was read."""

    path: Path
    format: Format
    sha256: str
    """Of the whole file, in hex."""
    size: int
    """Bytes."""
    said: int | None
    """How many records the file says it has; None if it says nothing of that."""
    held: int
    """How many it holds."""
    unread: tuple[tuple[str, str], ...]
    """(place, why) of records that could not be read."""
    broken: Break | None = None
    """Where and why the file ends before its end; None if it does not. What stands before that was read."""
    called: str = ""
    """What it is called on the telephone, where the name of the file is another."""

    @property
    def name(self) -> str:
        """What to call it."""
        return self.called or self.path.name


class Export(NamedTuple):
    """What was read of one or several files."""

    items: tuple[Item, ...]
    """What is kept, in the order of time, each record once however many files hold it."""
    sources: tuple[Source, ...]
    repeated: int
    """Records that another file, or the same one, holds too."""
    named: frozenset[tuple[str, str]]
    """(other end, name): what the telephone calls whom in any record, kept or not."""
    until: int | None
    """Unix second of the last record, kept or not; None without any."""
    skipped: tuple[tuple[Path, str], ...] = ()
    """Files of a folder that are no export, and why: to be told, never dropped in silence."""

    @property
    def held(self) -> int:
        """How many records its files hold that could be read, kept or not; one in two files counts twice."""
        return sum(each.held - len(each.unread) for each in self.sources)
