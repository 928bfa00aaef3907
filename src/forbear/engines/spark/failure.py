"""Brings what went wrong on an executor home: the error itself, not the story of how Spark saw it."""

from __future__ import annotations

import base64
import json
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, ParamSpec, TypeVar

from forbear.records.errors import InputError, UserError

Given = ParamSpec("Given")
Made = TypeVar("Made")
_SIGN: Final = re.compile(r"forbear-failure:([A-Za-z0-9+/=]+)")


class ExecutorError(UserError):
    """Something went wrong on an executor, or with Spark itself. Its text is what was last said; `note` says where."""

    def __init__(self, what: str, note: str = "") -> None:
        super().__init__(what)
        if note:
            self.add_note(note)


class _Carried(Exception):
    """An error on its way to the driver, in its own text."""


def carried(do: Callable[Given, Iterator[Made]]) -> Callable[Given, Iterator[Made]]:
    """`do` for an executor: what it raises is put into words that survive Spark, which tries a failed task again and then gives up."""

    def run(*args: Given.args, **named: Given.kwargs) -> Iterator[Made]:
        try:
            yield from do(*args, **named)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told at home
            said = {"text": f"{type(error).__name__}: {error}", "where": traceback.format_exc()}
            if isinstance(error, InputError):
                said |= {"path": error.path, "what": error.what, "do": error.do, "line": "" if error.line is None else str(error.line)}
            raise _Carried("forbear-failure:" + base64.b64encode(json.dumps(said).encode()).decode()) from None

    return run


@contextmanager
def home() -> Iterator[None]:
    """Raises here what was raised on an executor: an `InputError` as it was, all else as `ExecutorError`."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        raise _found(error) from None


def _found(error: Exception) -> Exception:
    text = str(error)
    sign = _SIGN.search(text)
    if sign is None:
        java = getattr(error, "java_exception", None)
        what = str(java.getMessage() if java is not None else error).partition("\n")[0]
        return ExecutorError(f"Spark gave up ({what}); check the cluster, and try again", text)
    said = json.loads(base64.b64decode(sign[1]))
    if "what" in said:
        return InputError(said["path"], said["what"], said["do"], int(said["line"]) if said["line"] else None)
    return ExecutorError(f"an executor failed ({said['text']}); this is a fault of ours: please tell us", said["where"])
