"""What Spark answers: all cases in one history, read, brought together and judged on executors as an audit is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import islice
from typing import Final, NamedTuple

import msgspec
import pyarrow as pa

from forbear.engines.kernel.host import Kernel
from forbear.engines.spark.cut import Note
from forbear.engines.spark.host import Shared, gathered
from forbear.engines.spark.session import session
from forbear.engines.suite.answers import audit, of
from forbear.engines.suite.case import Answer, Case
from forbear.records.columns.block import of_entries, to_arrow
from forbear.records.coverage import Coverage
from forbear.records.entry import Entry
from forbear.rulebook.book import Book
from forbear.rulebook.load import load

_PIECE: Final = 200
"""Cases that one task reads."""
_BUCKETS: Final = 4
_MARK: Final = "/"
"""Between the number of a case and the id of its entry."""


class Asked(NamedTuple):
    """By what a case is judged."""

    rules: tuple[str, ...]
    coverage: Coverage


def spark(cases: Iterable[Case], master: str) -> Iterator[Answer]:
    """Answers in the order of the cases, the gate's part aside. What is told for all consumers gets a history of its own."""
    cases = list(cases)
    together = [n for n, case in enumerate(cases) if not case.tells_all]
    alone = [[n] for n, case in enumerate(cases) if case.tells_all]
    found: dict[int, Answer] = {}
    with session(master) as running:
        for numbers in [together, *alone]:
            some = iter(numbers)
            pieces = [[(n, cases[n]) for n in piece] for piece in iter(lambda: list(islice(some, _PIECE)), [])]  # noqa: B023 (used at once)
            asked = {n: Asked(tuple(cases[n].rules), cases[n].coverage) for n in numbers}
            with gathered(running, pieces, _read, _BUCKETS) as spread:
                for answers in spread.judge(partial(_judge, asked=asked)):
                    found |= answers
    for n, case in enumerate(cases):
        yield msgspec.structs.replace(found[n], id=case.id) if n in found else Answer(case.id, [])


def _read(piece: Sequence[tuple[int, Case]]) -> Iterator[pa.RecordBatch | Note]:
    entries = [msgspec.structs.replace(e, brought_id=f"{n}{_MARK}{e.entry_id}") for n, case in piece for e in case.numbered(n)]
    yield to_arrow(of_entries(entries))
    yield Note(None)


def _judge(batches: Sequence[pa.RecordBatch], shared: Shared, asked: dict[int, Asked]) -> Iterator[dict[int, Answer]]:
    lines, found = shared.lines(batches), dict[int, Answer]()
    of_case = defaultdict[int, list[list[Entry]]](list)
    for first, last in zip(lines.start.tolist(), lines.start[1:].tolist(), strict=False):
        entries = lines.entries(range(first, last))
        of_case[int(entries[0].entry_id.partition(_MARK)[0])].append(entries)
    for number, timelines in of_case.items():
        judged = _kernel(asked[number]).judge(timelines)
        said = [each for line, judgements in zip(timelines, judged, strict=True) for each in audit(_own(line), judgements)]
        found[number] = Answer("", sorted(said))
    yield found


def _own(entries: list[Entry]) -> list[Entry]:
    """The entries with the ids that their case gave them."""
    return [msgspec.structs.replace(entry, entry_id=entry.entry_id.partition(_MARK)[2]) for entry in entries]


@lru_cache(maxsize=64)
def _kernel(asked: Asked) -> Kernel:
    return Kernel(_book(), of(_book(), asked.rules), asked.coverage)


@lru_cache(maxsize=1)
def _book() -> Book:
    return load()
