"""Everything that the pages and the table of rules say: `words.en.toml` and `words.zh.toml`, each made to be proof-read in one sitting."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from forbear.findings.phrases import Phrases
from forbear.terms import Language


@cache
def words(lang: Language) -> Phrases:
    """The texts of `lang`."""
    raw = tomllib.loads((files("forbear.doors.rules") / f"words.{lang}.toml").read_text(encoding="utf-8"))
    return Phrases(lang, {f"{section}.{key}": text for section, table in raw.items() for key, text in table.items()})
