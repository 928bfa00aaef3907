"""The pack as PDF, set by Typst. What a telephone brings reaches it as data, never as markup, so nothing of it can be executed.

The font is in a package of its own (Noto Sans CJK, SIL Open Font License), so that Chinese is set on any machine; no font of the system is
asked.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import msgspec
import typst

from forbear.doors.dossier.pack import Pack
from forbear.doors.dossier.words import words
from forbear.findings.charts import PALETTE

FONT: Final = "Noto Sans CJK SC"
_NARROW: Final = "Noto Sans CJK KR"
"""Its quotation marks and dashes are as narrow as English has them; those of the other are as wide as Chinese has them."""


def render(pack: Pack, mark: str, picture: str) -> bytes:
    """The PDF. `picture`: SVG, or empty."""
    inputs = {"data": msgspec.json.encode(said(pack, mark, picture)).decode()}
    source = files("forbear.doors.dossier").joinpath("paper.typ").read_bytes()
    made = typst.Compiler(source, font_paths=fonts(), sys_inputs=inputs).compile(format="pdf", timestamp=0)
    assert isinstance(made, bytes)
    return made


def fonts() -> typst.Fonts:
    """The only fonts that a pack is set in."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(files("manimgx_fonts_cjk"))])


def said(pack: Pack, mark: str, picture: str) -> dict[str, object]:
    """What the paper is set from."""
    lang = "zh" if pack.lang == "zh" else "en"
    t = words(lang)
    texts = {key: text for key, text in t.texts.items() if "{" not in text}
    groups = [*pack.breaches, *pack.departures]
    return {
        "pack": msgspec.to_builtins(pack),
        "mark": mark,
        "lang": lang,
        "words": texts,
        "colours": dict(PALETTE),
        "fonts": [{"name": _NARROW, "covers": "[\u0020-\u2fff]"}] * (lang == "en") + [{"name": FONT, "covers": None}],
        # Inside a picture the font, of all weights in one file, is set in its thinnest: a line round the letters makes them strong enough.
        "picture": picture.replace("sans-serif", FONT).replace("<text ", f'<text stroke="{PALETTE["ink"]}" stroke-width="0.4" '),
        "rest": {str(n): t("page.more", n=n) for n in {each.more for each in groups} if n},
        "hidden": {str(n): t("page.more-witness", n=n) for n in {one.more for each in groups for one in each.incidents} if n},
        "limits": {
            one.last_day: t("page.passed" if one.passed else "page.last-day", day=one.last_day)
            for each in groups
            for one in each.incidents
            if one.last_day
        },
        "advice": t("page.advice", version=pack.program),
    }
