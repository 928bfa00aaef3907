"""What several commands are told alike: their common options, and what the texts of options mean."""

from __future__ import annotations

import datetime as dt
import re
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, cast, get_args

import typer

from forbear.terms import Language

Lang = Annotated[str, typer.Option("--lang", help="en or zh.", metavar="en|zh")]
Law = Annotated[str, typer.Option("--law", help="Whose law, joined by commas: cn,us. Empty with --rules alone.")]
LawOf = Annotated[
    dt.datetime | None,
    typer.Option("--law-of", formats=["%Y-%m-%d"], help="Judge all by the law of this one day, not each contact by that of its own."),
]
Contacts = Annotated[list[Path], typer.Argument(help="Files or folders of contacts, as for audit.")]
Facts = Annotated[list[Path] | None, typer.Option("--facts", help="Files of facts.")]
Mappings = Annotated[list[Path] | None, typer.Option("--mapping", help="What your columns mean.")]
Rules = Annotated[list[Path] | None, typer.Option("--rules", help="A folder of your own rules, beside the shipped law; may be repeated.")]
Holds = Annotated[str, typer.Option("--holds", help="Kinds of fact that these files hold completely, joined by commas, or all.")]
RecordsUntil = Annotated[
    dt.datetime | None, typer.Option("--records-until", formats=["%Y-%m-%d"], help="Last date that the records cover.")
]
Engine = Annotated[
    str,
    typer.Option(
        "--engine", metavar="kernel|plain|spark", help="kernel: compiled. plain: slow, its meaning. spark: the kernel on a cluster."
    ),
]
Master = Annotated[str, typer.Option("--master", help="With --engine spark: the URL of the cluster.")]
Threads = Annotated[int, typer.Option("--threads", help="Parts judged at once; one a core if left out.", min=0)]
Memory = Annotated[str, typer.Option("--memory", help="About how much memory to take; the rest waits on disk.")]
Store = Annotated[str, typer.Option("--store", help="sqlite:///gate.db (four slashes: an absolute path) or postgresql://USER@HOST/NAME.")]

if TYPE_CHECKING:
    from forbear.rulebook.choice import Choice

Engines = Literal["kernel", "plain", "spark"]
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}
_BYTES: Final = {"M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


class Exit(IntEnum):
    """What a command's exit code says."""

    DONE = 0
    FOUND = 1
    """`--fail-on` met, or a check that did not pass."""
    BAD_INPUT = 2
    QUARANTINE = 3
    """More rows in quarantine than `--max-quarantine`."""
    STOPPED = 130
    """Ctrl-C, as shells say it."""


def example(*lines: str, given: str = "") -> str:
    """The end of a command's help: lines that work as they stand, and what has to be there first."""
    head = f"Example, {given}:" if given else "Example:"
    # The first character keeps the lines unbroken, however narrow the terminal is.
    return "\n".join(["\b", head, *(f"  {line}" for line in lines)])


def listed(text: str) -> list[str]:
    """Words joined by commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def choice(law: str, rules: list[Path] | None, *, drafts: bool = False, day: dt.date | None = None) -> Choice:
    """The law that is named; none is too little, unless there are rules of one's own."""
    from forbear.rulebook.choice import Choice

    if not law and not rules:
        raise typer.BadParameter("name a law such as cn or us, or a folder with --rules", param_hint="--law")
    return Choice(tuple(listed(law)), tuple(rules or ()), drafts, day)


def changed(law: str, rules: list[Path] | None, *, drafts: bool, day: dt.date | None) -> tuple[Choice, Choice]:
    """The law that is named, and what a draft, the shipped drafts or a day make of it."""
    from forbear.rulebook.choice import Choice

    if not law:
        raise typer.BadParameter("name the law that is compared with, such as cn or us", param_hint="--law")
    if not (rules or drafts or day):
        raise typer.BadParameter(
            "there is no second rulebook; give a draft with --rules, or --drafts for the shipped drafts, or a day with --law-of",
            param_hint="--rules",
        )
    first = Choice(tuple(listed(law)))
    return first, Choice(first.laws, drafts=drafts, day=day, draft=tuple(rules or ()))


def engine(text: str) -> Engines:
    """The name of an engine."""
    for name in get_args(Engines):
        if text == name:
            return cast("Engines", name)
    raise typer.BadParameter("write kernel, plain or spark", param_hint="--engine")


def held(text: str) -> list[str] | Literal["all"]:
    """Kinds of fact that are held."""
    return "all" if text == "all" else listed(text)


def language(text: str) -> Language:
    """English or Chinese."""
    if text not in ("en", "zh"):
        raise typer.BadParameter("write en or zh", param_hint="--lang")
    return "zh" if text == "zh" else "en"


def seconds(text: str, option: str) -> int:
    """A duration: `15m`."""
    said = re.fullmatch(r"(\d{1,6})\s*([smh])", text.strip())
    if not said:
        raise typer.BadParameter(f"{text!r} is no length of time; write a number and s, m or h, such as 15m", param_hint=option)
    return int(said[1]) * _SECONDS[said[2]]


def size(text: str, option: str) -> int:
    """Bytes: `2GB`."""
    said = re.fullmatch(r"(\d+(?:\.\d+)?) ?([MGT])B", text.strip(), re.IGNORECASE)
    found = int(float(said[1]) * _BYTES[said[2].upper()]) if said else 0
    if found < 1 << 28:
        raise typer.BadParameter(f"{text!r} is no size of 256MB or more; write one such as 2GB", param_hint=option)
    return found


def share(text: str, option: str) -> float:
    """A percentage, as a fraction."""
    try:
        found = float(text.removesuffix("%")) / 100
    except ValueError:
        found = -1
    if not 0 <= found <= 1:
        raise typer.BadParameter(f"{text!r} is no share of the rows; write a percentage such as 1%", param_hint=option)
    return found
