"""Everything that findings and reports say: `phrases.en.toml` and `phrases.zh.toml`, each made to be proof-read in one sitting."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from forbear.terms import Language


class Phrases:
    """The texts of one language by key, such as `sentence.whole`.

    Where a text is given `n`, English finds its plural in `{s}` and `{are}`; Chinese needs neither.
    """

    def __init__(self, lang: Language, texts: Mapping[str, str]) -> None:
        self.lang: Language = lang
        self.texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key` with its places filled. Raises `KeyError` for a key that is not in the file."""
        text = self.texts[key]
        if not values:
            return text
        if "n" in values:
            one = values["n"] == 1
            values |= {"s": "" if one else "s", "are": "is" if one else "are"}
            values["n"] = number(values["n"]) if isinstance(values["n"], int) else values["n"]
        return text.format(**values)

    def listed(self, items: list[str], last: str = "list.and") -> str:
        """Items as people list them: `a, b and c`; `last` is the key of what stands before the last one."""
        if len(items) < 2:
            return "".join(items)
        return f"{self('list.comma').join(items[:-1])}{self(last)}{items[-1]}"


@cache
def phrases(lang: Language, of: str = "phrases") -> Phrases:
    """The texts of `lang`: of findings and reports, or of rules in plain words (`plainly`)."""
    raw = tomllib.loads((files("forbear.findings") / f"{of}.{lang}.toml").read_text(encoding="utf-8"))
    return Phrases(lang, {f"{section}.{key}": text for section, table in raw.items() for key, text in table.items()})


def number(n: int) -> str:
    """A number with its thousands set apart."""
    return f"{n:,}"


def ordinal(n: int) -> str:
    """`1st`, `2nd`, `3rd`, `4th`, `11th`, `21st`: for English; Chinese says 第n."""
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n:,}{ending}"
