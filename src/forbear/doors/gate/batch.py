"""The jobs of one transaction, done one after another on the timelines that it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import msgspec

from forbear.doors.gate.answers import owed, permits, reason
from forbear.doors.gate.api import Answer, Fact, Happened, Noted, Outcome, Owed, Plan, Planned, Question, Refused, Window, instant
from forbear.doors.gate.ids import Ids
from forbear.doors.gate.job import Asker, Job, Settings
from forbear.doors.gate.ledger import ledger
from forbear.doors.gate.ledger.signing import Signer
from forbear.doors.gate.line import Line, name, names
from forbear.doors.gate.outcomes import settled
from forbear.doors.gate.reading import Reader, clock
from forbear.doors.gate.store.store import EVERYONE
from forbear.doors.gate.timelines import Timelines
from forbear.engines.earliest import unsettled
from forbear.engines.kernel.desk import Desk
from forbear.records.coverage import Coverage
from forbear.records.entry import Entry
from forbear.records.packed import Packed
from forbear.records.values import Unreadable, column
from forbear.rulebook.book import Book
from forbear.rulebook.rule import Rule

_NEEDS: Final = {
    "ask": "decide",
    "dry-run": "decide",
    "plan": "decide",
    "cancel": "decide",
    "outcome": "report",
    "fact": "report",
    "contact": "report",
}
"""What is to be done -> the role that is needed; the creditor may do everything."""
_DAY: Final = 86400


class Means(NamedTuple):
    """What a gate decides with."""

    book: Book
    owing: Sequence[Rule]
    """Rules that say what must follow."""
    coverage: Coverage
    desk: Desk
    reader: Reader
    ids: Ids
    signer: Signer
    settings: Settings


class Task(NamedTuple):
    """A job whose request was read before anything is locked: reading tells which timelines it needs."""

    job: Job
    entry: Entry | None = None
    """What it asks about or tells; none where it speaks of a decision."""
    refused: Refused | None = None
    """Why the request cannot be read."""

    @classmethod
    def of(cls, job: Job, reader: Reader, now: int) -> Task:
        """Reads the request, as if at `now`."""
        try:
            return cls(job, reader.entry(job, now))
        except Refused as refused:
            return cls(job, refused=refused)

    @property
    def names(self) -> list[str]:
        """The names whose timelines it needs."""
        return names(self.entry) if self.entry else []


class Batch:
    """One transaction's work."""

    def __init__(self, means: Means, timelines: Timelines, now: float) -> None:
        self.timelines = timelines
        self.answered: dict[tuple[str, str], tuple[bytes, bytes]] = {}
        """(key, idempotency key) -> (digest of the request, answer)."""
        self._means, self._now = means, int(now)

    def write(self) -> None:
        """Hands everything to the transaction."""
        self.timelines.write(self.answered, self._now)

    def do(self, task: Task) -> Answer | Plan | Noted:
        """Does one job. Raises `Refused`, and has then changed nothing."""
        (asker, what, request, _, target), entry = task.job, task.entry
        if not asker.roles & {_NEEDS[what], "creditor"}:
            raise Refused("not-allowed", 403, "This key has no role for that", f"ask for a key with the role {_NEEDS[what]}")
        if task.refused:
            raise task.refused
        if entry is None:
            return self._outcome(asker, target, request) if isinstance(request, Outcome) else self._cancel(asker, target)
        if isinstance(request, Planned):
            return self._plan(asker, entry, request.days)
        if isinstance(request, Question):
            self._check_clock(request.asked_at)
            return self._ask(asker, entry, dry=what == "dry-run")
        if isinstance(request, Fact):
            return self._fact(asker, entry, request)
        assert isinstance(request, Happened)
        return self._happened(asker, entry, request.contact_id or "")

    # Questions.

    def _check_clock(self, asked_at: str | int | None) -> None:
        """The asker's clock must not be too far from ours."""
        if asked_at is not None and abs(clock(asked_at) - self._now) > self._means.settings.skew_s:
            raise self._skewed(clock(asked_at))

    def _ask(self, asker: Asker, entry: Entry, *, dry: bool) -> Answer:
        means = self._means
        around, entry = self._asked_now(entry)
        consumer = entry.fields["consumer"][0]
        own = self.timelines.line([name(consumer)])
        known = self.timelines.joined(around)
        question = unsettled(entry)
        asked = means.desk.ask(known, question)
        allowed = asked.allowed
        if allowed and not dry:
            own = self.timelines.line(names(entry))
        entry_id = means.ids.make(own.id, _last_id(known))
        no = [found for found in asked.judgements if not found.rule.warns]
        warnings = [found for found in asked.judgements if found.rule.warns]
        at = None if allowed else means.desk.earliest(known, question)
        answer = Answer(
            decision="allow" if allowed else "deny",
            id=entry_id,
            at=instant(entry.at),
            reasons=[reason(found, known, asker) for found in no],
            warnings=[reason(found, known, asker) for found in warnings],
            permits=permits(asked.permits, known, asker) if allowed else [],
            earliest=None if at is None else instant(at),
            never=not allowed and at is None,
            cancel_until=instant(entry.at + means.settings.lease_s) if allowed and not dry else None,
        )
        entry = msgspec.structs.replace(question, entry_id=entry_id)
        whole = [msgspec.to_builtins(reason(found, known, None)) for found in asked.judgements]
        body = {"agency": asker.agency, "entry": _plain(entry), "told": msgspec.to_builtins(answer), "reasons": whole}
        if not allowed:
            body["witness"] = [_plain(known.entry(k)) for k in sorted({k for found in no for k in found.witness})]
        what = "dry-run" if dry else answer.decision
        record, head = self.timelines.write_down(own, consumer, entry.at, what, asker, body)
        if allowed and not dry:
            own.put(_wordless(entry))
            answer.receipt = ledger.receipt(record, head, entry_id, means.signer)
        return answer

    def _asked_now(self, entry: Entry) -> tuple[list[Line], Entry]:
        """The timelines that a question is about, and the contact at the second at which it is asked."""
        around = self.timelines.around(names(entry))
        at = self._moment(around)
        return around, msgspec.structs.replace(entry, at=at, known_at=at)

    def _plan(self, asker: Asker, entry: Entry, days: int) -> Plan:
        means = self._means
        around, entry = self._asked_now(entry)
        entry, consumer = unsettled(entry), entry.fields["consumer"][0]
        found = means.desk.windows(self.timelines.joined(around), entry, entry.at + days * _DAY)
        own = self.timelines.line([name(consumer)])
        plan_id = means.ids.make(own.id)
        windows = [Window(instant(since), instant(until)) for since, until in found]
        body = {"agency": asker.agency, "entry": _plain(entry), "told": {"days": days, "windows": msgspec.to_builtins(windows)}}
        self.timelines.write_down(own, consumer, entry.at, "plan", asker, body)
        return Plan(id=plan_id, at=instant(entry.at), windows=windows)

    # What happened.

    def _outcome(self, asker: Asker, target: str, request: Outcome) -> Noted:
        line, entry, cancelled = self._decision(asker, target)
        said = _read("outcome", request.outcome)
        lasted = None if request.duration_s is None else _read("duration_s", str(request.duration_s))
        if len(said) != 1 or said == ("pending",):
            raise Refused(
                "unreadable", 422, "A column cannot be read", "report one outcome: conversation, no-answer, busy ...", field="outcome"
            )
        duration = lasted[0] if lasted else None
        after = settled(entry, said[0], duration)
        if after != entry or cancelled:
            line.cancelled.pop(target, None)
            line.put(after)
            body = {"agency": asker.agency, "decision": target, "outcome": said[0], "duration_s": duration}
            self.timelines.write_down(line, entry.fields["consumer"][0], self._now, "outcome", asker, body)
        return Noted(id=target, at=instant(self._now), owed=self._owed(line, target))

    def _owed(self, line: Line, entry_id: str) -> list[Owed]:
        means = self._means
        return list(owed(means.book, means.owing, line.packed, entry_id, means.coverage))

    def _cancel(self, asker: Asker, target: str) -> Noted:
        line, entry, cancelled = self._decision(asker, target)
        if "outcome" in entry.fields:
            raise Refused("already-reported", 409, "The contact was placed: its outcome is reported", "a contact that took place stays")
        if not cancelled:
            if self._now > entry.at + self._means.settings.lease_s:
                raise Refused("lease-ended", 409, "The time in which it could be cancelled is over", "report its outcome")
            line.drop(target)
            line.cancelled[target] = entry
            body = {"agency": asker.agency, "decision": target}
            self.timelines.write_down(line, entry.fields["consumer"][0], self._now, "cancel", asker, body)
        return Noted(id=target, at=instant(self._now), status="cancelled")

    def _decision(self, asker: Asker, target: str) -> tuple[Line, Entry, bool]:
        """The timeline and the contact of a decision, and whether it was cancelled. Another agency's is as unknown as none."""
        number = self._means.ids.line(target)
        line = None if number is None else self.timelines.numbered(number)
        place = None if line is None else line.packed.find(target)
        entry = None if line is None else line.cancelled.get(target) if place is None else line.packed.entry(place)
        own = entry is not None and ("creditor" in asker.roles or entry.fields.get("agency") == (asker.agency,))
        if line is None or entry is None or not own or not entry.is_contact:
            raise Refused("unknown-decision", 404, "No allowed contact of yours has this id", "use the id of an answer that allowed")
        return line, entry, place is None

    def _fact(self, asker: Asker, entry: Entry, request: Fact) -> Noted:
        # A question may have been put a second later than the clock says, on any timeline: see `_moment`.
        now = self._now + (entry.fields["consumer"] == (EVERYONE,))
        known_at = max([now, *(line.packed.last for line in self.timelines.around(names(entry)))])
        at = known_at if request.occurred_at is None else entry.at
        if at > known_at:
            raise Refused(
                "in-the-future", 422, "A fact cannot be known before it happened", "send it when it has happened", field="occurred_at"
            )
        return self._put_down(asker, msgspec.structs.replace(entry, at=at, known_at=known_at), "fact", request.fact_id or "")

    def _happened(self, asker: Asker, entry: Entry, theirs: str) -> Noted:
        if entry.at > self._now + self._means.settings.skew_s:
            raise Refused(
                "in-the-future", 422, "A contact that is to come is asked about, not reported", "POST /v1/ask", field="occurred_at"
            )
        return self._put_down(asker, entry, "contact", theirs)

    def _put_down(self, asker: Asker, entry: Entry, what: str, theirs: str) -> Noted:
        line = self.timelines.line(names(entry))
        entry = msgspec.structs.replace(entry, entry_id=self._means.ids.make(line.id), brought_id=theirs)
        line.put(_wordless(entry))
        told = Noted(id=entry.entry_id, at=instant(entry.known_at), owed=self._owed(line, entry.entry_id))
        body = {"agency": asker.agency, "entry": _plain(entry), "told": msgspec.to_builtins(told)}
        self.timelines.write_down(line, entry.fields["consumer"][0], self._now, what, asker, body)
        return told

    def _moment(self, around: list[Line]) -> int:
        """The second at which a question is asked: now, but never before what is on the timeline.

        A contact goes before a fact of the same second, so one that comes after such a fact is asked a second later: the order of time
        is then the order in which the gate was asked.
        """
        at = self._now
        for line in (*around, *self.timelines.everyone):
            if (last := line.packed.last) >= at:
                at = last if line.packed.entry(len(line.packed) - 1).is_contact else last + 1
        if at > self._now + self._means.settings.skew_s:
            raise self._skewed(at)
        return at

    def _skewed(self, other: int) -> Refused:
        told = f"the server's clock says {instant(self._now)}, the other {instant(other)}"
        return Refused("clock-skew", 409, "Two clocks are too far apart", "set the clock, and ask again", told)


def _last_id(line: Packed) -> str:
    return line.entry(len(line) - 1).entry_id if len(line) else ""


def _wordless(entry: Entry) -> Entry:
    """An entry as a timeline keeps it: its text is the ledger's to keep, and no rule reads it."""
    return msgspec.structs.replace(entry, text="")


def _plain(entry: Entry) -> dict[str, Any]:
    """An entry as the ledger keeps it."""
    found: dict[str, Any] = msgspec.to_builtins(entry)
    return found


def _read(name: str, cell: str) -> tuple[str, ...]:
    try:
        found = column(name)[cell]
    except Unreadable as error:
        found = error
    if not isinstance(found, tuple):
        raise Refused("unreadable", 422, "A column cannot be read", "use the words of the records page", field=name)
    return found
