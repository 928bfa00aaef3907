"""`make soak`: random rulebooks over very many random timelines, by the plain engine and by the kernel; every judgement must be the same.

    python -m benchmarks.soak --timelines 20000 [--seed 7] [--batch 4]

Hypothesis draws the rulebooks, some entries with and without holes, and what the sources hold; from these many timelines are mixed by a
seeded generator, which is cheap. One batch in eight is judged by all of the law that we ship and of the law of nowhere, over entries of its
diaries. Exit code 1 on a difference: the smallest one is printed, and the seed brings it back.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

sys.path[:0] = [str(Path(__file__).parents[1] / "tests")]

import random_law  # noqa: E402
import timelines as diaries  # noqa: E402

from forbear.engines.judgement import Judgement, judge_timeline  # noqa: E402
from forbear.engines.kernel.host import Kernel  # noqa: E402
from forbear.records.coverage import COMPLETE, Coverage  # noqa: E402
from forbear.records.entry import Entry, order  # noqa: E402
from forbear.rulebook.book import Book  # noqa: E402
from forbear.rulebook.load import build  # noqa: E402
from forbear.rulebook.rule import Rule  # noqa: E402

BATCH = 2000
"""Timelines of one batch, whose seed is the run's seed and its own number."""
OF_A_LAW = 200
FAR = COMPLETE._replace(records_until=1 << 40)


class Difference(NamedTuple):
    """A timeline that the two engines judge differently, made as short as it stays so."""

    batch: int
    law: str
    coverage: Coverage
    entries: list[Entry]
    plain: list[str]
    kernel: list[str]

    @property
    def size(self) -> tuple[int, int]:
        """What makes one difference smaller than another."""
        return len(self.entries), len(self.law)


def joined(laws: Sequence[random_law.Law]) -> tuple[Book, str]:
    """Several random laws as one book, each with names of its own; and their text."""
    raws: dict[Path, Any] = {Path("ZZ/place.toml"): random_law.PLACE}
    for n, law in enumerate(laws):
        for raw in (law.rule, *law.standings.values()):
            raws[Path(f"ZZ/{n}/{raw['id']}.toml")] = _renamed(raw, f"zz.test{n}.")
    text = "\n".join(str(raw) for file, raw in raws.items() if file.name != "place.toml")
    return Book({file: build(raw, file) for file, raw in raws.items()}), text


def _renamed(value: Any, prefix: str) -> Any:  # noqa: ANN401 (a tree of TOML)
    if isinstance(value, dict):
        return {key: _renamed(each, prefix) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, prefix) for each in value]
    return value.replace("zz.test.", prefix) if isinstance(value, str) else value


def mixed(rng: random.Random, pool: Sequence[Entry], most: int = 10) -> list[Entry]:
    """A timeline of entries of the pool at other times, with ties, and facts learned late."""
    first = min(entry.at for entry in pool) // random_law.DAY * random_law.DAY
    found = []
    for n in range(rng.randint(1, most)):
        entry = rng.choice(pool)
        at = first + rng.randrange(15) * random_law.DAY + rng.choice(random_law.TIMES) if rng.random() < 0.7 or not found else found[-1].at
        late = 0 if entry.is_contact else rng.choice((0, 0, 0, 1, 3600, 3 * random_law.DAY))
        found.append(msgspec.structs.replace(entry, entry_id=f"{n:03}", at=at, known_at=at + late))
    return sorted(found, key=order)


def compare(book: Book, rules: list[Rule], lines: list[list[Entry]], coverage: Coverage) -> Iterator[list[Entry]]:
    """The timelines that the engines judge differently. A kernel that breaks on a timeline judges it differently, too."""
    found = _kernel(book, rules, lines, coverage)
    if found is None and len(lines) > 1:
        for line in lines:
            yield from compare(book, rules, [line], coverage)
        return
    for line, judged in zip(lines, [None] if found is None else found, strict=True):
        if list(judge_timeline(book, rules, line, coverage)) != judged:
            yield line


def _kernel(book: Book, rules: list[Rule], lines: list[list[Entry]], coverage: Coverage) -> list[list[Judgement]] | None:
    """What the kernel says of each timeline; None if it broke."""
    try:
        return list(Kernel(book, rules, coverage).judge(lines))
    except Exception as error:  # noqa: BLE001 (whatever it is, it is a finding of this run)
        print(f"the kernel broke: {error!r}", file=sys.stderr)
        return None


def shortest(book: Book, rules: list[Rule], line: list[Entry], coverage: Coverage) -> list[Entry]:
    """The timeline without the entries that the difference does not need."""
    n = 0
    while n < len(line):
        less = line[:n] + line[n + 1 :]
        if less and any(compare(book, rules, [less], coverage)):
            line = less
        else:
            n += 1
    return line


def batch(number: int, start: int, count: int) -> tuple[int, Difference | None]:
    """Judges `count` timelines; how many they were, and the smallest difference."""
    smallest: list[Difference] = []
    done = 0

    def judge(book: Book, law: str, pool: Sequence[Entry], coverage: Coverage, rng: random.Random) -> None:
        nonlocal done
        if done == count:
            return
        rules = list(book.rules)
        lines = [mixed(rng, pool) for _ in range(min(OF_A_LAW, count - done))]
        done += len(lines)
        for line in compare(book, rules, lines, coverage):
            alone = next(([rule] for rule in rules if any(compare(book, [rule], [line], coverage))), rules)
            few = shortest(book, alone, line, coverage)
            mine = _kernel(book, alone, [few], coverage)
            plain = list(judge_timeline(book, alone, few, coverage))
            said = _apart(plain, mine[0]) if mine else (["..."], ["it broke"])
            family = alone[0].id.rpartition(".")[0]
            text = "\n".join(each for each in law.splitlines() if len(alone) > 1 or family in each)
            smallest.append(Difference(number, text, coverage, few, *said))
            smallest[:] = [min(smallest, key=lambda each: each.size)]

    while done < count:
        source = _shipped if number % 8 == 7 else _random
        source(judge, start * 1_000_003 + number * 1009 + done)
    return done, smallest[0] if smallest else None


def _apart(plain: list[Judgement], kernel: list[Judgement]) -> tuple[list[str], list[str]]:
    """The judgements of each that the other does not share, rules by their ids."""

    def told(these: list[Judgement], those: list[Judgement]) -> list[str]:
        return [str({**each._asdict(), "rule": each.rule.id}) for each in these if each not in those]

    return told(plain, kernel), told(kernel, plain)


Judge = Callable[[Book, str, Sequence[Entry], Coverage, random.Random], None]
_QUIET = settings(
    max_examples=BATCH // OF_A_LAW, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


def _random(judge: Judge, number: int) -> None:
    rng = random.Random(number)

    @seed(number)
    @_QUIET
    @given(st.lists(random_law.laws(), min_size=1, max_size=6), random_law.timelines(), random_law.timelines(), st.data())
    def draw(laws: list[random_law.Law], one: list[Entry], other: list[Entry], data: st.DataObject) -> None:
        book, text = joined(laws)
        pool = [*one, *other, *data.draw(random_law.holed(other))] or one
        coverage = rng.choice((FAR, FAR, Coverage(), data.draw(random_law.silenced(one)).coverage))
        if pool:
            judge(book, text, pool, coverage, rng)

    draw()


def _shipped(judge: Judge, number: int) -> None:
    rng = random.Random(number)
    book = diaries.book()
    for _ in range(BATCH // OF_A_LAW):
        place = rng.choice(("xx.", "us.", "cn."))
        numbers = rng.sample(diaries.rules_where(lambda rule, place=place: rule.id.startswith(place)), 3)
        pool = [entry for n in numbers for entry in diaries.pool(n)]
        holes = [entry.but(**{rng.choice(diaries.HOLES): None}) for entry in pool[::3]]
        chosen = Book({file: law for file, law in book.laws.items() if not isinstance(law, Rule) or law.id.startswith(place)})
        judge(chosen, f"shipped law {place}", [*pool, *holes], rng.choice((FAR, FAR, Coverage())), rng)


def main() -> int:
    """Returns 1 where a judgement differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--timelines", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000), help="drawn if left out, and printed")
    parser.add_argument("--batch", type=int, help="judge this batch of the seed alone, as a difference names it")
    parser.add_argument("--jobs", type=int, default=2)
    given_ = parser.parse_args()
    print(f"seed {given_.seed}", flush=True)
    sizes = {n: min(BATCH, given_.timelines - n * BATCH) for n in range(-(-given_.timelines // BATCH))}
    if given_.batch is not None:
        sizes = {given_.batch: BATCH}
    done, found, told = 0, list[Difference](), time.monotonic()
    # Fresh processes: what is compiled is shared through the cache, what is drawn is not.
    with ProcessPoolExecutor(given_.jobs, get_context("spawn")) as pool:
        for task in as_completed([pool.submit(batch, number, given_.seed, size) for number, size in sizes.items()]):
            count, difference = task.result()
            done += count
            found += [difference] if difference else []
            if time.monotonic() - told > 20:
                told = time.monotonic()
                print(f"{done:,} timelines, {len(found)} batches with a difference", flush=True)
    print(f"{done:,} timelines judged by plain and by the kernel, seed {given_.seed}: {len(found)} batches with a difference")
    if not found:
        return 0
    worst = min(found, key=lambda each: each.size)
    print(f"the smallest, of batch {worst.batch}:\n{worst.law}\n{worst.coverage}")
    print("\n".join(str(entry) for entry in worst.entries))
    print("plain:", *worst.plain, "kernel:", *worst.kernel, sep="\n  ")
    return 1


if __name__ == "__main__":
    sys.exit(main())
