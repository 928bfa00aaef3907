"""What importers and cases say is wrong, in the person's language. They speak English; `errors.zh.toml` has the same in Chinese."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files

from forbear.doors.dossier.words import words
from forbear.records.errors import InputError
from forbear.terms import Language


def told(error: InputError, lang: Language) -> str:
    """What is wrong and what to do, without the path, which is of no use to who gave the file by a page."""
    if lang == "en":
        return f"{error.what[:1].upper()}{error.what[1:]}; {error.do}."
    what, do = _chinese(error.what), _chinese(error.do)
    return f"{what}。{do}。" if what and do else words("zh", "web")("wrong.other", what=f"{error.what}; {error.do}")


def _chinese(text: str) -> str:
    """The text in Chinese, or nothing where the file does not have it."""
    return next((chinese for english, chinese in _table().items() if fnmatchcase(text, english)), "")


@cache
def _table() -> dict[str, str]:
    """English, with `*` where a number or name stands -> Chinese."""
    text = (files("forbear.doors.dossier.web") / "errors.zh.toml").read_text(encoding="utf-8")
    return {english: str(chinese) for english, chinese in tomllib.loads(text).items()}
