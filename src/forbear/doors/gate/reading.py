"""A request becomes an entry, read by the same reader as the audit's files, so that both doors understand the same words alike."""

from __future__ import annotations

from typing import Final

import msgspec

from forbear.doors.gate.api import Fact, Happened, Planned, Question, Refused
from forbear.doors.gate.job import Asker, Job
from forbear.records import instants
from forbear.records.entries import Rows
from forbear.records.entry import Entry
from forbear.records.mapping import Mapping
from forbear.records.quarantine import REASONS
from forbear.records.readings import Tally
from forbear.records.schema import ALL, PERMITS
from forbear.records.tables import Batch
from forbear.records.values import NO_TAGS, SEVERAL
from forbear.signals import tags

_BESIDE: Final = ("asked_at", "days", "text", "occurred_at", "contact_id", "fact_id")
"""What a request says beside the columns of its entry."""


class Reader:
    """Reads requests under the mapping of this gate: its constants, its words."""

    def __init__(self, mapping: Mapping) -> None:
        _sent("好")  # phrases are loaded at the first text, and nobody should wait for them
        self._rows = {table: Rows("request", mapping, table, Tally(), hear=_sent) for table in ("contacts", "facts")}

    def entry(self, job: Job, now: int) -> Entry | None:
        """What a job asks about or tells, as if at `now`; None where it speaks of a decision. Raises `Refused`."""
        request = job.request
        if isinstance(request, Question | Planned):
            return self.question(request, job.asker, now)
        if isinstance(request, Happened):
            return self.happened(request, job.asker)
        return self.fact(request, job.asker, now) if isinstance(request, Fact) else None

    def question(self, request: Question | Planned, asker: Asker, at: int) -> Entry:
        """A contact that is asked about, placed at `at`. Its outcome is nobody's to know. Raises `Refused`."""
        entry = self._contact(request, asker, str(at))
        if entry.fields.get("direction") != ("outbound",):
            raise Refused("not-outbound", 422, "Only what the asker does itself is asked about", "POST /v1/contacts tells what others did")
        return entry

    def happened(self, request: Happened, asker: Asker) -> Entry:
        """A contact that took place. Raises `Refused`."""
        return self._contact(request, asker, str(request.occurred_at))

    def fact(self, request: Fact, asker: Asker, known_at: int) -> Entry:
        """A fact that is known from `known_at` on. Raises `Refused`."""
        cells = _cells(request)
        if request.consumer.strip() == ALL and "creditor" not in asker.roles:
            raise Refused("not-allowed", 403, "Only the creditor tells something for all consumers", "name one consumer", field="consumer")
        # What restricts may be told for all agencies by any of them.
        if cells.get("agency") != ALL or request.kind in PERMITS:
            self._speak_for(cells, asker)
        cells.setdefault("declared_by", "creditor" if "creditor" in asker.roles else "agency")
        cells["occurred_at"] = str(known_at if request.occurred_at is None else request.occurred_at)
        cells["known_at"] = str(known_at)
        return self._read("facts", cells, request.text or "")

    def _contact(self, request: Question | Planned | Happened, asker: Asker, at: str) -> Entry:
        cells = _cells(request)
        self._speak_for(cells, asker)
        cells["occurred_at"] = at
        cells.setdefault("direction", "outbound")
        cells.setdefault("tags", NO_TAGS[0])  # what was sent along speaks for itself; what nobody sent holds no words
        return self._read("contacts", cells, request.text or "")

    @staticmethod
    def _speak_for(cells: dict[str, str], asker: Asker) -> None:
        """An asker speaks for its own agency; the creditor for any."""
        if "creditor" in asker.roles:
            cells.setdefault("agency", asker.agency)
        elif cells.setdefault("agency", asker.agency) != asker.agency:
            raise Refused("not-allowed", 403, "A key speaks for its own agency only", "leave agency out", field="agency")
        if cells["agency"] == asker.agency:
            cells.setdefault("agency_kind", asker.agency_kind)

    def _read(self, table: str, cells: dict[str, str], text: str) -> Entry:
        header = (*cells, "text")
        drafts, lost = self._rows[table].read(Batch(header, [1], [[*cells.values(), text]], [], 0))
        if lost:
            what = REASONS[lost[0].reason].en
            raise Refused("unreadable", 422, "A column cannot be read", what, field=lost[0].column)
        return drafts[0].entry


def _sent(text: str, spoken: bool = False) -> frozenset[str]:  # noqa: ARG001 (what `records.derived.Hear` asks)
    """All that is sent to the gate as a text is the asker's, whatever turns it pretends to have."""
    return tags(text)


def clock(said: str | int) -> int:
    """The asker's clock as a Unix second. Raises `Refused`."""
    try:
        shown = instants.read(str(said), "auto")
    except instants.BadTime as error:
        raise _no_time() from error
    if shown.instant is None:
        raise _no_time()
    return shown.instant


def _no_time() -> Refused:
    return Refused("unreadable", 422, "A column cannot be read", "write an instant with its offset, or Unix seconds", field="asked_at")


def _cells(request: msgspec.Struct) -> dict[str, str]:
    """Columns as a file would hold them."""
    said = msgspec.structs.asdict(request)
    return {
        name: SEVERAL.join(value) if isinstance(value, list) else str(value)
        for name, value in said.items()
        if value is not None and name not in _BESIDE
    }
