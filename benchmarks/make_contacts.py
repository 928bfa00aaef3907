"""Invented contacts at any size, as Parquet in forbear's own columns, for measuring. The same size and seed give the same files.

    python -m benchmarks.make_contacts --size 5M --out FOLDER    ->    contacts.parquet, facts.parquet

What makes real files hard is in them: a few consumers with very many contacts (rank 0 has up to a million, mostly messages), calls in
bursts, several contacts of one second, debts with two consumers, zones that change their clocks on different dates or never under a dialer
that does not, fields that nobody filled in, texts on every fifth contact. The lender mostly keeps to the law: findings are rare.
Nobody in here exists; numbers are of ranges that are reserved or not assigned.
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.measure import number

FIRST_DAY = dt.date(2026, 2, 1)
DAYS = 90
PER_CONSUMER = 20
"""Contacts that a consumer has on average."""
ROW_GROUP = 250_000
DAY = 86400
MILLION = 1_000_000

PLACES = ("Asia/Shanghai", "America/New_York", "America/Los_Angeles", "Europe/London")
STANDARD_HOURS = np.array((8, -5, -8, 0))
"""What the dialer takes as local time, all the year round: where clocks change it is an hour late or early."""
PLACE_OF = np.array((0, 0, 0, 0, 0, 0, 1, 1, 2, 3), np.int8)
"""Tenth of the consumers -> their place."""
JURISDICTIONS = ("CN", "US-NY", "US-CA", "GB")
LINES = tuple([f"+86154000000{n:02}" for n in range(8)] + [f"+12025550{n}" for n in range(100, 108)])
"""The lender's own lines: rules8/ZZ/bench/lines.toml names them."""
OTHER_NUMBERS = tuple(f"+1{area}55501{n:02}" for area in range(300, 320) for n in range(50))
CHANNELS = ("call", "sms", "app-message", "email", "voicemail", "visit")
OUTCOMES = ("no-answer", "conversation", "answered", "busy", "rejected", "delivered", "failed")
PARTIES = ("consumer", "family", "colleague", "friend", "spouse")
AGENCIES = 40
CHINESE = "您好 账单 已经 到期 请 登录 查看 如有 疑问 可以 联系 客服 谢谢 本月 款项 提醒"
ENGLISH = "hello your statement is ready please sign in thank you"


def write(size: int, out: Path, seed: int = 1) -> None:
    """Writes `size` contacts, sorted by time, and facts about one consumer in fifty. Memory holds one day."""
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng([seed, size])
    texts = _texts(rng)
    writer = None
    for day in range(DAYS):
        first, after = size * day // DAYS, size * (day + 1) // DAYS
        table = _day(rng, day, after - first, size, first, texts)
        writer = writer or pq.ParquetWriter(out / "contacts.parquet", table.schema, compression="zstd")
        writer.write_table(table, row_group_size=ROW_GROUP)
    assert writer is not None
    writer.close()
    pq.write_table(_facts(rng, size), out / "facts.parquet", compression="zstd")


def consumers(size: int) -> int:
    """How many consumers a file of that size has."""
    return max(4, size // PER_CONSUMER)


def giant(size: int) -> int:
    """How many contacts the consumer of rank 0 has."""
    return min(MILLION, size // 20)


def name_of(rank: np.ndarray) -> np.ndarray:
    """The id of a consumer. Ranks 2k and 2k + 1, who may share a debt, get neighbouring ids: id // 2 tells a sample that no debt leaves."""
    return ((rank // 2 + 1) * 2654435761 % (1 << 31)) * 2 + rank % 2


def _day(rng: np.random.Generator, day: int, count: int, size: int, first: int, texts: pa.Array) -> pa.Table:
    rank, session, second, channel = _sessions(rng, count, size)
    order = np.argsort(second, kind="stable")
    rank, session, channel = rank[order], session[order], channel[order]
    start = (FIRST_DAY.toordinal() - dt.date(1970, 1, 1).toordinal() + day) * DAY
    at = start + second[order]
    place = place_of(rank)
    american = (place == 1) | (place == 2)
    channel = np.where(american & (channel == 1), 2, channel)  # texts there call for a consent of each consumer: the lender uses its app
    calls = channel == 0
    by_hash = rng.integers(0, 1 << 30, size=count)
    inbound = by_hash % 40 == 0
    debt = np.where(by_hash % 5 > 0, 0, by_hash // 64 % 3)
    agency = np.where(american | (session % 10 > 0), rank // 2 % AGENCIES, session // 16 % AGENCIES)
    outcome = _pick(rng, count, (0.812, 0.002, 0.056, 0.06, 0.07))
    outcome = np.where(channel >= 4, np.where(channel == 5, 0, 5), np.where(calls, outcome, np.where(by_hash % 50 == 1, 6, 5)))
    party = np.where(by_hash % 1000 == 7, 1 + by_hash // 1000 % 3, np.where(by_hash % 100 == 9, 4, 0))
    line = np.where(session % 20 > 2, rank % len(LINES), session // 32 % len(LINES))
    line = np.where(session % 1000 == 11, len(LINES) + by_hash % len(OTHER_NUMBERS), line)
    said = rng.random(count)
    text = np.isin(channel, (1, 2, 3))
    unknown = {name: (by_hash // 7 + n * 977) % 1000 for n, name in enumerate(("outcome", "party", "place", "duration_s", "collector"))}
    columns = {
        "occurred_at": pa.array(at * MILLION, pa.timestamp("us", "UTC")),
        "contact_id": pa.array(10**11 + first + np.arange(count)),
        "consumer": pa.array(name_of(rank)),
        "debt": pa.array(debt_of(rank, debt)),
        "channel": _words(channel, CHANNELS),
        "direction": _words(inbound, ("outbound", "inbound")),
        "zone": _words(place, PLACES),
        "jurisdiction": _words(place, JURISDICTIONS),
        "debt_kind": _words(rank // 2 % 2, ("online-consumer", "card")),
        "creditor": _words(rank // 2 % 3, ("lender-1", "lender-2", "lender-3")),
        "creditor_kind": _words(rank // 2 % 3, ("bank", "consumer-finance", "bank")),
        "agency": _words(agency, [f"agency-{n:02}" for n in range(AGENCIES)]),
        "agency_kind": _words(np.zeros(count, np.int64), ("third-party-agency",)),
        "collector": _words(session % 2000, [f"collector-{n:04}" for n in range(2000)], unknown["collector"] < 20),
        "party": _words(party, PARTIES, unknown["party"] < 1),
        "address": pa.array(name_of(rank) * 2 + (by_hash // 128 % 10 > 7)),
        "number": _words(line, (*LINES, *OTHER_NUMBERS)),
        "place": _words(by_hash // 128 % 10, ("mobile",) * 8 + ("home",) * 2, unknown["place"] < 1),
        "outcome": _words(outcome, OUTCOMES, calls & (unknown["outcome"] < 1)),
        "duration_s": pa.array(
            np.where(outcome == 1, 30 + by_hash // 256 % 600, 0), pa.int32(), mask=~calls | (unknown["duration_s"] < 30)
        ),
        "automated": _words(text.astype(np.int64), ("person", "prerecorded")),
        "collectors_present": pa.array(np.full(count, 2), pa.int8(), mask=channel != 5),
        "tags": _words((said < 0.0002).astype(np.int64), ("no-tags", "threat")),
        "text": _text(texts, said, text),
    }
    return pa.table(columns)


def _sessions(rng: np.random.Generator, count: int, size: int) -> tuple[np.ndarray, ...]:
    """Consumer, session, UTC second of the day and channel of a day's contacts: short bursts, few wild, and the giant's share."""
    many = count + 16
    of_giant = giant(size) // DAYS
    shown = rng.random(many)
    wild = shown < 0.0002
    length = 1 + (shown > 0.8) + (shown > 0.95) + wild * rng.integers(3, 20, many)
    begins = np.cumsum(length)
    sessions = int(np.searchsorted(begins, count - of_giant)) + 1
    length, wild = length[:sessions], wild[:sessions]
    messages = rng.random(sessions) < 0.18
    people = consumers(size) - 1
    # Messages go to a few much more often than to most; calls are spread more evenly.
    rank = 1 + (people * rng.random(sessions) ** np.where(messages, 2.2, 1.15)).astype(np.int64)
    local = (8 + 13 * rng.random(sessions)) * 3600
    early = rng.random(sessions) < 0.001
    local = np.where(early, local - 8 * 3600, np.clip(local, 9.2 * 3600, 18.5 * 3600)).astype(np.int64)
    begin = local - STANDARD_HOURS[place_of(rank)] * 3600
    session = np.repeat(np.arange(sessions), length)[: count - of_giant]
    gap = (600 + rng.exponential(900, len(session))).astype(np.int64) * (rng.random(len(session)) > 0.04)
    opens = np.r_[True, session[1:] != session[:-1]][: len(session)]
    gap[opens] = 0
    passed = np.cumsum(gap)
    passed -= np.repeat(passed[opens], np.diff(np.r_[np.flatnonzero(opens), len(session)]))
    channel = np.where(messages, 1 + _pick(rng, sessions, (0.6, 0.25, 0.15)), np.where(rng.random(sessions) < 0.03, 4, 0))
    channel = np.where(rng.random(sessions) < 0.008, 5, channel)[session]
    second = (begin[session] + passed) % DAY
    numbers = rng.integers(0, 1 << 24, sessions)[session]
    hers = np.where(rng.random(of_giant) < 0.01, 0, 1 + _pick(rng, of_giant, (0.3, 0.4, 0.3)))
    when = (9.5 * 3600 + rng.random(of_giant) * 9 * 3600).astype(np.int64) - STANDARD_HOURS[place_of(np.zeros(1, np.int64))[0]] * 3600
    return (
        np.concatenate([rank[session], np.zeros(of_giant, np.int64)]),
        np.concatenate([numbers, rng.integers(0, 1 << 24, of_giant)]),
        np.concatenate([second, when % DAY]),
        np.concatenate([channel, hers]),
    )


def place_of(rank: np.ndarray) -> np.ndarray:
    """The place of a consumer; who may share a debt live in one."""
    return PLACE_OF[rank // 2 * 7 % 10]


def debt_of(rank: np.ndarray, debt: np.ndarray) -> np.ndarray:
    """The id of a debt. In one pair of consumers of twenty the first debt is of both."""
    owner = np.where((rank // 2 % 20 == 1) & (debt == 0), rank - rank % 2, rank)
    return name_of(owner) * 4 + debt


def _pick(rng: np.random.Generator, count: int, shares: tuple[float, ...]) -> np.ndarray:
    return np.searchsorted(np.cumsum(shares)[:-1], rng.random(count), side="right")


def _words(codes: np.ndarray, words: tuple[str, ...] | list[str], missing: np.ndarray | None = None) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32), mask=missing), pa.array(words)).cast(pa.string())


def _texts(rng: np.random.Generator) -> pa.Array:
    return pa.array([" ".join(rng.choice([*CHINESE.split(), *ENGLISH.split()], 12)) for _ in range(4000)])


def _text(texts: pa.Array, said: np.ndarray, text: np.ndarray) -> pa.Array:
    return texts.take(pa.array((said * len(texts)).astype(np.int64), mask=~text))


def _facts(rng: np.random.Generator, size: int) -> pa.Table:
    """A notice of each American debt before the first contact, and something that one consumer in fifty said."""
    people = np.arange(consumers(size))
    told = np.repeat(people[np.isin(place_of(people), (1, 2))], 3)
    said = rng.choice(people[1:], max(3, len(people) // 50))
    kinds = (
        "validation-notice",
        "consent",
        "consent-revoked",
        "cease-request",
        "dispute",
        "opt-out",
        "number-blocked",
        "hardship",
        "repaid",
    )
    rank = np.concatenate([told, said])
    kind = np.concatenate([np.zeros(len(told), np.int64), rng.integers(1, len(kinds), len(said))])
    debt = np.concatenate([np.arange(len(told)) % 3, np.zeros(len(said), np.int64)])
    start = (FIRST_DAY.toordinal() - dt.date(1970, 1, 1).toordinal()) * DAY
    at = start + np.concatenate([rng.integers(-9 * DAY, -2 * DAY, len(told)), rng.integers(0, DAYS * DAY, len(said))])
    order = np.argsort(at, kind="stable")
    rank, kind, debt = rank[order], kind[order], debt[order]
    return pa.table(
        {
            "occurred_at": pa.array(at[order] * MILLION, pa.timestamp("us", "UTC")),
            "consumer": pa.array(name_of(rank)),
            "kind": _words(kind, kinds),
            "fact_id": pa.array(10**9 + np.arange(len(rank))),
            "debt": pa.array(debt_of(rank, debt)),
            "creditor": _words(rank // 2 % 3, ("lender-1", "lender-2", "lender-3")),
            "agency": _words(rank // 2 % AGENCIES, [f"agency-{n:02}" for n in range(AGENCIES)]),
            "person": pa.array(name_of(rank)),
            "number": _words(rank % len(LINES), LINES),
            "declared_by": _words(np.zeros(len(rank), np.int64), ("consumer",)),
            "form": _words(kind % 2, ("written", "oral")),
            "scope": _words(kind % 2, ("more-calls", "all")),
            "zone": _words(place_of(rank), PLACES),
            "jurisdiction": _words(place_of(rank), JURISDICTIONS),
        }
    )


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=number, default=5 * MILLION, help="contacts, such as 20000, 300k or 5M")
    parser.add_argument("--out", type=Path, required=True, help="folder")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    write(asked.size, asked.out, asked.seed)


if __name__ == "__main__":
    main()
