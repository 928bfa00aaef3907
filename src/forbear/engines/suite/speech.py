"""How a program is asked: a case a line, an answer a line (`conformance/README.md`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from forbear.engines.suite.case import Answer, Case
from forbear.records.errors import InputError


def heard(lines: Iterable[bytes], name: str) -> Iterator[Case]:
    """The cases of a stream. Raises `InputError` with the line that is none."""
    decode = msgspec.json.Decoder(Case).decode
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                case = decode(line)
                case.timeline, case.coverage  # noqa: B018 (times are read now, so that a fault has its line)
            except (msgspec.DecodeError, ValueError) as error:
                raise InputError(name, f"no case ({error})", "write each as suite.json has it, one a line", number) from error
            yield case


def line(answer: Answer) -> str:
    """An answer as it is written."""
    return msgspec.json.encode(answer).decode()
