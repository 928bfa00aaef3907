"""Everything that a dossier says: `words.en.toml` and `words.zh.toml`, each made to be proof-read in one sitting; so has the page."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from forbear.findings.phrases import Phrases
from forbear.terms import Language


@cache
def words(lang: Language, of: str = "") -> Phrases:
    """The texts of `lang`: of the pack, or of the page (`web`)."""
    raw = tomllib.loads((files("forbear.doors.dossier") / of / f"words.{lang}.toml").read_text(encoding="utf-8"))
    return Phrases(lang, {f"{section}.{key}": text for section, table in raw.items() for key, text in table.items()})
