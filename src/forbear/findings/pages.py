"""Pages that stand alone: no script, no link to anything outside. Every text of somebody else's is escaped."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from forbear.findings.phrases import number


@cache
def template(name: str) -> Template:
    """A template of this room; only our own charts, which escape what they show, may be `safe`."""
    return _room().get_template(name)


@cache
def _room() -> Environment:
    load = FunctionLoader(lambda name: (files("forbear.findings") / name).read_text(encoding="utf-8"))
    room = Environment(loader=load, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    room.filters["n"] = number
    return room
