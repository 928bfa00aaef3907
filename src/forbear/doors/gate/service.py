"""The gate: jobs in, answers out. One transaction for all jobs that come together; each is decided on its timeline, one after another.

No answer leaves before the store has said that what it rests on is durable.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final, Literal, NamedTuple

import msgspec

from forbear.doors.gate.api import Refused, instant
from forbear.doors.gate.batch import Batch, Means, Task
from forbear.doors.gate.ids import Ids
from forbear.doors.gate.job import Asker, Job, Settings
from forbear.doors.gate.ledger import ledger
from forbear.doors.gate.ledger.signing import Signer
from forbear.doors.gate.line import Line
from forbear.doors.gate.reading import Reader
from forbear.doors.gate.store.opening import open_store
from forbear.doors.gate.store.store import EVERYONE, Again, Broken, Held, Store
from forbear.doors.gate.timelines import Timelines
from forbear.engines.kernel.desk import Desk
from forbear.records import mapping as mappings
from forbear.records.coverage import Coverage, coverage_of
from forbear.records.entry import Entry
from forbear.records.mapping import PLAIN
from forbear.records.packed import Packed
from forbear.rulebook.book import Book
from forbear.rulebook.choice import Choice
from forbear.rulebook.rule import Rule

CACHED: Final = 20_000
"""Timelines kept in memory."""
_TRIES: Final = 5
"""How often a transaction is done that the store undoes for the sake of others."""
_WINDOW_S: Final = 86400
"""How long an answer is kept for its idempotency key."""


class Gate:
    """The gate over one store, one rulebook, one signing key. Threads may share it."""

    def __init__(
        self,
        store: Store,
        book: Book,
        rules: Sequence[Rule],
        coverage: Coverage,
        signer: Signer,
        settings: Settings = Settings(),  # noqa: B008 (it cannot be changed)
        now: Callable[[], float] = time.time,
    ) -> None:
        """`now`: the server's clock, in Unix seconds."""
        self.store, self.book, self.rules, self.coverage, self.signer, self.settings = store, book, list(rules), coverage, signer, settings
        self.desk, self.ids = Desk(book, rules, coverage), Ids(signer)
        owing = [rule for rule in self.rules if rule.owe]
        self._means = Means(book, owing, coverage, self.desk, Reader(settings.mapping), self.ids, signer, settings)
        self.failed: BaseException | None = None
        self._now, self._lock = now, threading.Lock()
        self._kept: OrderedDict[int, Line] = OrderedDict()
        self._forgot = 0.0
        # The compiled code is loaded at the first question, and nobody should wait for it.
        self.desk.ask(Packed.of(()), Entry(entry_id="", at=int(now()), known_at=int(now()), fields={"kind": ("contact",)}))
        if store.public_key() != signer.public_pem:
            store.put_public_key(signer.public_pem)

    def do(self, jobs: Sequence[Job]) -> list[bytes | Refused]:
        """What each job is answered. All of it is durable when this returns. Raises `Broken` for good once a commit has failed."""
        with self._lock:
            if self.failed:
                raise Broken("the store failed before") from self.failed
            left = _TRIES
            while True:
                left -= 1
                try:
                    return self._do(jobs)
                except BaseException as error:
                    # What is in memory may be ahead of what was written.
                    self._kept.clear()
                    if isinstance(error, Again) and left:
                        continue
                    if isinstance(error, Broken):
                        self.failed = error
                    raise

    def _do(self, jobs: Sequence[Job]) -> list[bytes | Refused]:
        tasks = [Task.of(job, self._means.reader, int(self._now())) for job in jobs]
        names = [name for task in tasks for name in task.names]
        ids = [line for job in jobs if job.target and (line := self.ids.line(job.target)) is not None]
        keys = [(job.asker.key, job.idempotency) for job in jobs if job.idempotency]
        with self.store.transaction() as transaction:
            held = transaction.hold(names, ids, keys, everyone=EVERYONE in names)
            batch = Batch(self._means, Timelines(transaction, held, self._lines(held)), self._now())
            answers = [self._one(batch, held, task) for task in tasks]
            batch.write()
        self._keep(batch)
        return answers

    def _one(self, batch: Batch, held: Held, task: Task) -> bytes | Refused:
        job = task.job
        key, digest = (job.asker.key, job.idempotency), _digest(job)
        if job.idempotency and (before := batch.answered.get(key) or held.answers.get(key)):
            if before[0] != digest:
                return Refused("idempotency-key-reused", 409, "This key came with another request", "use a new key for a new request")
            return before[1]
        try:
            answer = msgspec.json.encode(batch.do(task))
        except Refused as refused:
            return refused
        if job.idempotency:
            batch.answered[key] = (digest, answer)
        return answer

    def _lines(self, held: Held) -> dict[int, Line]:
        """Timelines as they are in the store: from memory where they have not changed."""
        found = {}
        for row in held.rows.values():
            if row.moved is None:
                kept = self._kept.get(row.id)
                found[row.id] = kept if kept and kept.version == row.version else Line(row.id, row.version, row.body)
        return found

    def _keep(self, batch: Batch) -> None:
        for line in batch.timelines.lines.values():
            self._kept[line.id] = line
            self._kept.move_to_end(line.id)
        while len(self._kept) > CACHED:
            self._kept.popitem(last=False)

    def decisions(self, asker: Asker, consumer: str) -> bytes:
        """The ledger entries of a consumer as JSON: all of them for the creditor and the auditor, else what the asker's key or agency did.

        Raises `Refused` where there is nothing to tell, whether or not the consumer is known to others.
        """
        found = []
        for _, seq, epoch, body, digest in self.store.records(consumer):
            record = ledger.decode(body)
            mine = record.body.get("agency") == asker.agency
            if asker.sees_all:
                found.append({"seq": seq, "epoch": epoch, "hash": digest.hex(), **msgspec.to_builtins(record)})
            elif mine:
                found.append({"at": instant(record.at), "what": record.what, "answer": record.body.get("told")})
        if not found:
            raise Refused("unknown-consumer", 404, "Nothing of yours is known about this consumer", "check the consumer's id")
        return msgspec.json.encode(found)

    def checkpoint(self) -> bytes:
        """Ends an epoch: a signed checkpoint over all chains that grew, as JSON. Raises `Broken`."""
        with self._lock:
            if self.failed:
                raise Broken("the store failed before") from self.failed
            try:
                with self.store.transaction() as transaction:
                    # Only what is read under the lock is surely the last: another process may be making one as well.
                    epoch, before, heads, entries = transaction.heads()
                    made = ledger.checkpoint(epoch, int(self._now()), before, heads, entries, self.signer)
                    transaction.put_checkpoint(epoch, made)
            except Broken as error:
                self.failed = error
                raise
            if self._now() > self._forgot + 3600:
                self._forgot = self._now()
                self.store.forget_answers(int(self._forgot) - _WINDOW_S)
        return made

    def close(self) -> None:
        """A last checkpoint, and the store is closed."""
        if not self.failed:
            self.checkpoint()
        self.store.close()


class Opening(NamedTuple):
    """A gate as the command line asks for it."""

    store: str
    """The URL of its store."""
    law: Choice
    mapping: Path | None = None
    """A mapping file: constants that requests leave out, and what reaches this gate completely."""
    holds: Iterable[str] | Literal["all"] = ()
    """Kinds of fact that reach this gate completely, beside what the mapping says."""
    key_file: Path = Path("gate.key")
    lease_s: int = 900
    skew_s: int = 30


def open_gate(opening: Opening) -> Gate:
    """Loads the law, opens the store and the signing key. Raises `InputError` and `RulebookError`."""
    book = opening.law.book()
    mapping = mappings.load(opening.mapping) if opening.mapping else PLAIN
    coverage = coverage_of([mapping], opening.holds, None)
    rules = opening.law.rules(book)
    signer, settings = Signer.load_or_create(opening.key_file), Settings(mapping, opening.lease_s, opening.skew_s)
    return Gate(open_store(opening.store), book, rules, coverage, signer, settings)


def _digest(job: Job) -> bytes:
    return blake2b(msgspec.json.encode([job.what, job.target, job.request]), digest_size=16).digest()
