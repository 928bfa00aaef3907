"""The eight rules as Polars expressions, lazy: `python -m benchmarks.frames SOURCE OUT`.

The shape is that of the best SQL: shifts for caps, one sort, a sweep.
"""

from __future__ import annotations

import os
import sys
from functools import reduce
from operator import add

from benchmarks.clocks import offsets
from benchmarks.make_contacts import LINES, PLACES

os.environ["POLARS_MAX_THREADS"] = "2"  # before Polars is loaded

import polars as pl

SEVEN_DAYS = 7 * 86400


def offset() -> pl.Expr:
    """Seconds to add for the local time of each contact's zone."""
    chosen: pl.Expr = pl.lit(0)
    for place in PLACES:
        (_, now), *later = offsets(place)
        told: pl.Expr = pl.lit(now)
        for since, value in later:
            told = pl.when(pl.col("t") >= since).then(value).otherwise(told)
        chosen = pl.when(pl.col("zone") == place).then(told).otherwise(chosen)
    return chosen


def bits(tests: dict[int, pl.Expr]) -> pl.Expr:
    """One number of which each test that holds gives a bit."""
    return reduce(add, (pl.when(test).then(1 << bit).otherwise(0) for bit, test in tests.items()), pl.lit(0)).cast(pl.Int32)


def answer(source: str) -> pl.LazyFrame:
    """(contact_id, breach, unclear)."""
    out, call = pl.col("direction") == "outbound", (pl.col("channel") == "call") & (pl.col("direction") == "outbound")
    entries = (
        pl.scan_parquet(source)
        .select(
            *("contact_id", "consumer", "debt", "number", "zone"),
            t=pl.col("occurred_at").dt.epoch("s"),
            out=out,
            call=call,
            third=pl.col("party").is_in(["family", "colleague", "friend"]),
            talk=pl.col("outcome") == "conversation",
            unsaid=pl.col("outcome").is_null(),
        )
        .with_columns(shown=pl.col("t") + offset())
        .with_columns(day=(pl.col("shown") // 86400).cast(pl.Int32), second=(pl.col("shown") % 86400).cast(pl.Int32))
        .drop("shown", "zone")
    )
    late = (pl.col("second") < 28800) | (pl.col("second") >= 75600)
    alone = entries.select(
        "contact_id",
        breach=bits({5: pl.col("out") & late, 6: pl.col("out") & pl.col("third"), 7: pl.col("call") & ~pl.col("number").is_in(LINES)}),
        unclear=bits({6: pl.col("out") & pl.col("third").is_null()}),
    )
    calls = entries.filter("call").select("contact_id", "consumer", "debt", "number", "t", "day", "talk", "unsaid").sort("t", "contact_id")
    calls = calls.with_columns(
        talked=pl.when("talk").then("day").shift(1).forward_fill().over("debt"),
        asked=pl.when("unsaid").then("day").shift(1).forward_fill().over("debt"),
    )
    talked = (pl.col("talked") >= pl.col("day") - 6).fill_null(value=False)
    caps = calls.select(
        "contact_id",
        breach=bits(
            {
                0: pl.col("t").shift(7).over("debt") > pl.col("t") - SEVEN_DAYS,
                1: pl.col("day").shift(7).over("debt") >= pl.col("day") - 6,
                2: talked,
                3: pl.col("day").shift(3).over("consumer") == pl.col("day"),
            }
        ),
        unclear=bits({2: (pl.col("asked") >= pl.col("day") - 6) & ~talked}),
    )
    parts = [part.filter(pl.col("breach") + pl.col("unclear") > 0) for part in (alone, caps, numbers(calls))]
    return pl.concat(parts).group_by("contact_id").agg(pl.col("breach", "unclear").sum())


def numbers(calls: pl.LazyFrame) -> pl.LazyFrame:
    """The cap on different numbers: a sweep over +1 (a number comes into the window) and -1 (it leaves it)."""
    hot = calls.group_by("consumer").agg(n=pl.col("number").n_unique()).filter(pl.col("n") > 3).select("consumer")
    used = calls.select("contact_id", "consumer", "number", "t").join(hot, on="consumer", how="semi", maintain_order="left")
    used = used.with_columns(
        before=pl.col("t").shift(1).over("consumer", "number"),
        after=pl.col("t").shift(-1).over("consumer", "number"),
    )
    seen = (pl.col("before") > pl.col("t") - SEVEN_DAYS).fill_null(value=False)
    comes = used.select("contact_id", "consumer", "t", step=pl.when(seen).then(0).otherwise(1).cast(pl.Int32))
    ends = (pl.col("after") >= pl.col("t") + SEVEN_DAYS).fill_null(value=True)
    leaves = used.filter(ends).select(
        pl.lit(-1, pl.Int64).alias("contact_id"), "consumer", pl.col("t") + SEVEN_DAYS, step=pl.lit(-1, pl.Int32)
    )
    swept = pl.concat([comes, leaves]).sort("t", "contact_id").with_columns(held=pl.col("step").cum_sum().over("consumer"))
    over = swept.filter((pl.col("step") == 1) & (pl.col("held") > 3))
    return over.select("contact_id", breach=pl.lit(16, pl.Int32), unclear=pl.lit(0, pl.Int32))


if __name__ == "__main__":
    answer(sys.argv[1]).sink_parquet(sys.argv[2], engine="streaming")
