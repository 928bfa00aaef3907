"""The pack as one HTML page: no script, nothing from outside; it prints well and can be read on a telephone."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from forbear.doors.dossier.pack import Pack
from forbear.doors.dossier.words import words
from forbear.findings.charts import PALETTE


def render(pack: Pack, mark: str, picture: str) -> str:
    """The page. `mark`: the digest of the pack; `picture`: SVG, empty where there is nothing to draw."""
    lang = "zh" if pack.lang == "zh" else "en"
    return _template().render(pack=pack, mark=mark, picture=picture, lang=lang, t=words(lang), colours=PALETTE)


@cache
def _template() -> Template:
    # All that a telephone brings is escaped; only our own picture, which holds none of it, is `safe`.
    text = files("forbear.doors.dossier").joinpath("page.html.j2").read_text("utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(text)
