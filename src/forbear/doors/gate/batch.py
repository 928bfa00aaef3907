"""The jobs of one transaction, done one after another on the timelines that it holds; and what is to be written at its end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import msgspec

from forbear.doors.gate.answers import owed, permits, reason
from forbear.doors.gate.api import Answer, Fact, Happened, Noted, Outcome, Owed, Plan, Planned, Question, Refused, Window, instant
from forbear.doors.gate.job import Asker, Job
from forbear.doors.gate.ledger import ledger
from forbear.doors.gate.line import Head, Line
from forbear.doors.gate.outcomes import settled
from forbear.doors.gate.reading import clock
from forbear.doors.gate.store.store import EVERYONE, Held, Row, Transaction, Written
from forbear.engines.earliest import unsettled
from forbear.records.entry import Entry
from forbear.records.packed import Packed
from forbear.records.values import Unreadable, column

if TYPE_CHECKING:
    from forbear.doors.gate.service import Gate

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


class Batch:
    """One transaction's work."""

    def __init__(self, gate: Gate, transaction: Transaction, held: Held, lines: dict[int, Line], now: float) -> None:
        self.lines = lines
        self.answered: dict[tuple[str, str], tuple[bytes, bytes]] = {}
        """(key, idempotency key) -> (digest of the request, answer)."""
        self._gate, self._transaction, self._now = gate, transaction, int(now)
        self._moved = {row.id: row.moved for row in held.rows.values() if row.moved is not None}
        self._of_name, self._epoch = dict(held.lines), held.epoch
        self._held = held.names
        self._changed: set[int] = set()
        self._swallowed: dict[int, int] = {}
        self._names: dict[str, int] = {}
        self._records: list[tuple[str, int, int, bytes, bytes]] = []

    def do(self, job: Job) -> Answer | Plan | Noted:
        """Does one job. Raises `Refused`, and has then changed nothing."""
        if not job.asker.roles & {_NEEDS[job.what], "creditor"}:
            raise Refused("not-allowed", 403, "This key has no role for that", f"ask for a key with the role {_NEEDS[job.what]}")
        request = job.request
        if isinstance(request, Planned):
            return self._plan(job.asker, request)
        if isinstance(request, Question):
            return self._ask(job.asker, request, dry=job.what == "dry-run")
        if isinstance(request, Fact):
            return self._fact(job.asker, request)
        if isinstance(request, Happened):
            return self._happened(job.asker, request)
        return self._outcome(job.asker, job.target, request) if request else self._cancel(job.asker, job.target)

    # Questions.

    def _ask(self, asker: Asker, request: Question, *, dry: bool) -> Answer:
        gate = self._gate
        if request.asked_at is not None and abs(clock(request.asked_at) - self._now) > gate.settings.skew_s:
            raise self._skewed(clock(request.asked_at))
        names, around, entry = self._question(asker, request)
        consumer = entry.fields["consumer"][0]
        own = self._line(names[:1])
        known = self._joined(around)
        question = unsettled(entry)
        asked = gate.desk.ask(known, question)
        allowed = asked.allowed
        if allowed and not dry:
            own = self._line(names)
        entry_id = gate.ids.make(own.id, _last_id(known))
        no = [found for found in asked.judgements if not found.rule.warns]
        warnings = [found for found in asked.judgements if found.rule.warns]
        at = None if allowed else gate.desk.earliest(known, question)
        answer = Answer(
            decision="allow" if allowed else "deny",
            id=entry_id,
            at=instant(entry.at),
            reasons=[reason(found, known, asker) for found in no],
            warnings=[reason(found, known, asker) for found in warnings],
            permits=permits(asked.permits, known, asker) if allowed else [],
            earliest=None if at is None else instant(at),
            never=not allowed and at is None,
            cancel_until=instant(entry.at + gate.settings.lease_s) if allowed and not dry else None,
        )
        entry = msgspec.structs.replace(question, entry_id=entry_id)
        whole = [msgspec.to_builtins(reason(found, known, None)) for found in asked.judgements]
        body = {"agency": asker.agency, "entry": _plain(entry), "told": msgspec.to_builtins(answer), "reasons": whole}
        if not allowed:
            body["witness"] = [_plain(known.entry(k)) for k in sorted({k for found in no for k in found.witness})]
        what = "dry-run" if dry else answer.decision
        record, head = self._write_down(own, consumer, entry.at, what, asker, body)
        if allowed and not dry:
            own.put(_wordless(entry))
            answer.receipt = ledger.receipt(record, head, entry_id, gate.signer)
        return answer

    def _question(self, asker: Asker, request: Question | Planned) -> tuple[list[str], list[Line], Entry]:
        """The names that a question speaks of, their timelines, and the contact at the second at which it is asked."""
        entry = self._gate.reader.question(request, asker, self._now)
        names = self._names_of(entry)
        around = self._around(names)
        at = self._moment(around)
        return names, around, msgspec.structs.replace(entry, at=at, known_at=at)

    def _plan(self, asker: Asker, request: Planned) -> Plan:
        gate = self._gate
        names, around, entry = self._question(asker, request)
        entry = unsettled(entry)
        found = gate.desk.windows(self._joined(around), entry, entry.at + request.days * _DAY)
        own = self._line(names[:1])
        plan_id = gate.ids.make(own.id)
        windows = [Window(instant(since), instant(until)) for since, until in found]
        body = {"agency": asker.agency, "entry": _plain(entry), "told": {"days": request.days, "windows": msgspec.to_builtins(windows)}}
        self._write_down(own, entry.fields["consumer"][0], entry.at, "plan", asker, body)
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
            self._write_down(line, entry.fields["consumer"][0], self._now, "outcome", asker, body)
        return Noted(id=target, at=instant(self._now), owed=self._owed(line, target))

    def _owed(self, line: Line, entry_id: str) -> list[Owed]:
        gate = self._gate
        return list(owed(gate.book, gate.owing, line.packed, entry_id, gate.coverage))

    def _cancel(self, asker: Asker, target: str) -> Noted:
        line, entry, cancelled = self._decision(asker, target)
        if "outcome" in entry.fields:
            raise Refused("already-reported", 409, "The contact was placed: its outcome is reported", "a contact that took place stays")
        if not cancelled:
            if self._now > entry.at + self._gate.settings.lease_s:
                raise Refused("lease-ended", 409, "The time in which it could be cancelled is over", "report its outcome")
            line.drop(target)
            line.cancelled[target] = entry
            body = {"agency": asker.agency, "decision": target}
            self._write_down(line, entry.fields["consumer"][0], self._now, "cancel", asker, body)
        return Noted(id=target, at=instant(self._now), status="cancelled")

    def _decision(self, asker: Asker, target: str) -> tuple[Line, Entry, bool]:
        """The timeline and the contact of a decision, and whether it was cancelled. Another agency's is as unknown as none."""
        number = self._gate.ids.line(target)
        line = None if number is None else self.lines.get(self._follow(number))
        place = None if line is None else line.packed.find(target)
        entry = None if line is None else line.cancelled.get(target) if place is None else line.packed.entry(place)
        own = entry is not None and ("creditor" in asker.roles or entry.fields.get("agency") == (asker.agency,))
        if line is None or entry is None or not own or not entry.is_contact:
            raise Refused("unknown-decision", 404, "No allowed contact of yours has this id", "use the id of an answer that allowed")
        return line, entry, place is None

    def _fact(self, asker: Asker, request: Fact) -> Noted:
        reader = self._gate.reader
        names = self._names_of(reader.fact(request, asker, self._now))
        # A question may have been put a second later than the clock says, on any timeline: see `_moment`.
        now = self._now + (names == [EVERYONE])
        known_at = max([now, *(line.packed.last for line in self._around(names))])
        entry = reader.fact(request, asker, known_at)
        if entry.known_at > known_at:
            raise Refused(
                "in-the-future", 422, "A fact cannot be known before it happened", "send it when it has happened", field="occurred_at"
            )
        return self._put_down(asker, entry, names, "fact", request.fact_id or "")

    def _happened(self, asker: Asker, request: Happened) -> Noted:
        entry = self._gate.reader.happened(request, asker)
        if entry.at > self._now + self._gate.settings.skew_s:
            raise Refused(
                "in-the-future", 422, "A contact that is to come is asked about, not reported", "POST /v1/ask", field="occurred_at"
            )
        return self._put_down(asker, entry, self._names_of(entry), "contact", request.contact_id or "")

    def _put_down(self, asker: Asker, entry: Entry, names: list[str], what: str, theirs: str) -> Noted:
        line = self._line(names)
        entry = msgspec.structs.replace(entry, entry_id=self._gate.ids.make(line.id), brought_id=theirs)
        line.put(_wordless(entry))
        told = Noted(id=entry.entry_id, at=instant(entry.known_at), owed=self._owed(line, entry.entry_id))
        body = {"agency": asker.agency, "entry": _plain(entry), "told": msgspec.to_builtins(told)}
        self._write_down(line, entry.fields["consumer"][0], self._now, what, asker, body)
        return told

    # Timelines.

    def _names_of(self, entry: Entry) -> list[str]:
        """The names whose timelines an entry is on."""
        (consumer,) = entry.fields["consumer"]
        debts = [f"debt {debt}" for debt in entry.fields.get("debt", ()) if debt != EVERYONE]
        names = [EVERYONE] if consumer == EVERYONE else [f"consumer {consumer}", *debts]
        if not self._held.issuperset(names):
            raise Refused("unreadable", 422, "A column cannot be read", "consumer and debt are taken as they stand: no translations")
        return names

    def _follow(self, number: int) -> int:
        while number in self._moved:
            number = self._moved[number]
        return number

    def _around(self, names: Iterable[str]) -> list[Line]:
        """The timelines that these names are on; nothing is changed."""
        numbers = dict.fromkeys(self._follow(self._of_name[name]) for name in names if name in self._of_name)
        return [self.lines[number] for number in numbers]

    def _everyone(self) -> Line | None:
        return self.lines.get(self._of_name.get(EVERYONE, -1))

    def _joined(self, around: list[Line]) -> Packed:
        everyone = self._everyone()
        others = [*around[1:], *([everyone] if everyone else [])]
        first = around[0] if around else Line(0)
        return first.joined(tuple(others))

    def _line(self, names: list[str]) -> Line:
        """The one timeline of these names: made where there is none, and of several one."""
        around = self._around(names)
        if around:
            line = min(around, key=lambda each: each.id)
        else:
            line = self.lines.setdefault(number := self._transaction.new_line(), Line(number))
        for other in around:
            if other is not line:
                for name in other.names:
                    self._of_name[name] = self._names[name] = line.id
                line.swallow(other)
                self._moved[other.id] = self._swallowed[other.id] = line.id
                self._changed.discard(other.id)
        for name in names:
            if self._follow(self._of_name.get(name, -1)) != line.id:
                self._of_name[name] = self._names[name] = line.id
        self._changed.add(line.id)
        return line

    def _moment(self, around: list[Line]) -> int:
        """The second at which a question is asked: now, but never before what is on the timeline.

        A contact goes before a fact of the same second, so one that comes after such a fact is asked a second later: the order of time
        is then the order in which the gate was asked.
        """
        at = self._now
        everyone = self._everyone()
        for line in [*around, *([everyone] if everyone else [])]:
            if (last := line.packed.last) >= at:
                at = last if line.packed.entry(len(line.packed) - 1).is_contact else last + 1
        if at > self._now + self._gate.settings.skew_s:
            raise self._skewed(at)
        return at

    def _skewed(self, other: int) -> Refused:
        told = f"the server's clock says {instant(self._now)}, the other {instant(other)}"
        return Refused("clock-skew", 409, "Two clocks are too far apart", "set the clock, and ask again", told)

    # The ledger.

    def _write_down(self, line: Line, chain: str, at: int, what: str, asker: Asker, body: dict[str, Any]) -> tuple[ledger.Record, bytes]:
        before = line.heads.get(chain)
        seq, previous = (before.seq + 1, before.hash) if before else (1, ledger.start(chain))
        record = ledger.Record(chain=chain, seq=seq, epoch=self._epoch, at=at, what=what, by=asker.key, body=body)
        encoded = ledger.encode(record)
        head = ledger.link(previous, encoded)
        line.heads[chain] = Head(seq, head)
        self._changed.add(line.id)
        self._records.append((chain, seq, self._epoch, encoded, head))
        return record, head

    def write(self) -> None:
        """Hands everything to the transaction."""
        rows = []
        for number in sorted(self._changed):
            line = self.lines[number]
            line.version += 1
            rows.append(Row(number, line.version, None, line.pack()))
        for number, winner in self._swallowed.items():
            rows.append(Row(number, self.lines.pop(number).version + 1, winner, b""))
        names = [*self._names.items()]
        answers = [(key, name, digest, answer, self._now) for (key, name), (digest, answer) in self.answered.items()]
        self._transaction.write(Written(rows, names, self._records, answers))


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
