"""How a phrase is written in the data files, and what it matches.

| written | means |
|---|---|
| `(a|b)` `(a|)` | one of these; this or nothing |
| `…` | a few characters (Chinese) or words (English) of the same sentence |
| `‥` | at most four characters, at most three words, and no comma between |
| `#` | a number, `1,234.50` |
| `@` | the rest of a web address |
| `_` | one character (Chinese) or word (English), such as a name |

Everything else is itself, folded as texts are. In English a phrase stands for whole words, and a space for what may part two words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

from forbear.signals.fold import fold
from forbear.terms import Language

_TOKEN: Final = re.compile(r"\(([^()]*\|[^()]*)\)|([…‥#@_])|([^()|…‥#@_]+)")
_GAP: Final = {"zh": r"[^。!?;\n]{0,10}?", "en": r"(?:[^.!?;\n]|\.(?=[0-9])){0,40}?"}
_STEP: Final = {"zh": r"[^,、。!?;:\n]{0,4}?", "en": r"(?:[^\s,.!?;\n]{1,20}\s+){0,3}?"}
# Bounded, so that a long text costs no more than its length.
_MARK: Final = {
    "#": r"[0-9][0-9,.]{0,20}",
    "@": r"[^\s\u3400-\u9fff\"]{1,150}+",
}
_ONE: Final = {"zh": "[\u3400-\u9fff]", "en": r"[a-z0-9][a-z0-9.&-]{0,30}"}
_BETWEEN_WORDS: Final = r"[\s,*\"-]{1,4}"
# Not inside a Latin word, in Chinese too: sb is not in usb.
_EDGE: Final = "(?!(?<=[a-z0-9])[a-z0-9])"
_MARKS: Final = re.compile("[…‥#@_ ]")
_SHORTEST: Final = 1
"""Characters that are too few to be worth looking for."""
_EXAMPLE: Final = {
    "zh": {"…": "", "‥": "", "#": "5", "@": ".a.cn/b", "_": "某"},
    "en": {"…": " ", "‥": "", "#": "5", "@": ".a.com/b", "_": "acme"},
}


@cache
def _pieces(said: str) -> tuple[tuple[str, ...], ...]:
    """A phrase cut into its choices; a mark is a choice of itself. Raises `ValueError`."""
    pieces: list[tuple[str, ...]] = []
    end = 0
    for found in _TOKEN.finditer(said):
        if found.start() != end:
            break
        end = found.end()
        pieces.append(tuple(found[1].split("|")) if found[1] is not None else (found[0],))
    if end != len(said) or not said.strip("…‥ "):
        raise ValueError(f"{said!r} cannot be read at character {end + 1}; brackets hold a|b, and do not nest")
    return tuple(pieces)


def regex(said: str, lang: Language) -> str:
    """A phrase as a regular expression over folded text."""
    parts = []
    for choices in _pieces(said):
        each = [_choice(choice, lang) for choice in choices]
        parts.append(each[0] if len(each) == 1 else f"(?:{'|'.join(each)})")
    return f"{_EDGE}{''.join(parts)}{'' if said[-1] in '@_' else _EDGE}"


def _choice(choice: str, lang: Language) -> str:
    parts = []
    for part in re.findall(r"[…‥#@_]|[^…‥#@_]+", choice):
        if part == "…":
            parts.append(_GAP[lang])
        elif part == "‥":
            parts.append(_STEP[lang])
        elif part == "_":
            parts.append(_ONE[lang])
        elif part in _MARK:
            parts.append(_MARK[part])
        else:
            words = (re.escape(fold(word)) for word in part.split(" "))
            parts.append((_BETWEEN_WORDS if lang == "en" else "").join(words))
    return "".join(parts)


def needs(said: str, lang: Language) -> frozenset[str]:
    """Pieces of folded text of which every match holds one, beside its beginning: in Chinese after a gap, for without one it is soon tried.

    Empty if the phrase has no such pieces.
    """
    best, far = frozenset[str](), False
    for choices in _pieces(said):
        if far:
            each = frozenset(max(_MARKS.split(choice), key=len) for choice in choices)
            best = max(best, each, key=lambda some: min(map(len, some), default=_SHORTEST))
        far = far or lang == "en" or any(mark in choice for choice in choices for mark in "…‥")
    return frozenset(map(fold, best))


def examples(said: str, lang: Language) -> Iterator[str]:
    """Texts that say the phrase, each choice at least once, with as little as possible in the gaps."""
    pieces = _pieces(said)
    first = [max(choices, key=len) for choices in pieces]
    for at, choices in enumerate(pieces):
        for choice in choices:
            marked = "".join([*first[:at], choice, *first[at + 1 :]]).replace("___", "_甲乙")  # folding shortens one character drawn out
            text = "".join(_EXAMPLE[lang].get(char, char) for char in marked)
            yield " ".join(text.split()) if lang == "en" else text


LONGEST_HEAD: Final = 3
"""Characters of Chinese by which a phrase is looked up."""
_HEAD: Final = {"en": re.compile(r"[a-z0-9']+"), "zh": re.compile(rf"[^\s#@…‥_]{{1,{LONGEST_HEAD}}}")}


def heads(said: str, lang: Language) -> set[str]:
    """What every match begins with: a word in English; in Chinese three characters, or fewer before a gap. Raises `ValueError`."""
    begun = {""}
    found: set[str] = set()
    for choices in (*_pieces(said), ("…",) if lang == "zh" else (" ",)):
        begun = {before + choice for before in begun for choice in choices}
        if lang == "zh":
            done = {each for each in begun if len(each) >= LONGEST_HEAD or "…" in each}
        else:
            done = {each for each in begun if " " in each.strip() or each.endswith(" ")}
        for each in done:
            starts = [f"{digit}…" for digit in range(10)] if each[0] == "#" else [each]
            for head in (_HEAD[lang].match(start) for start in starts):
                if head is None:
                    raise ValueError(f"{said!r} must begin with {'a character' if lang == 'zh' else 'a word'}, before any mark")
                found.add(fold(head[0]))
        begun -= done
    return found


class Before(NamedTuple):
    """What stands right before a phrase."""

    begins: re.Pattern[str]
    """Where it may begin."""
    whole: re.Pattern[str]
    """Matches from there to the end."""

    def stands(self, plain: str, since: int, until: int) -> bool:
        """Whether it ends at `until` in folded text, and begins at `since` or later."""
        found = self.begins.search(plain, since, until)
        while found and not self.whole.match(plain, found.start(), until):
            found = self.begins.search(plain, found.start() + 1, until)
        return found is not None


def before(these: Iterable[str], lang: Language) -> Before:
    """One of these. Raises `ValueError`."""
    said = list(these)
    return Before(_beginning(said, lang), re.compile(rf"(?:{_any(said, lang)})\s*\Z"))


def guard(denials: Iterable[str], fillers: Iterable[str], sayings: Iterable[str], lang: Language) -> Before:
    """What takes the guilt out: what denies it, perhaps with fillers between, or a sentence that tells of it. Raises `ValueError`."""
    denied, told = list(denials), list(sayings)
    whole = rf"(?:(?:{_any(denied, lang)})(?:\s*(?:{_any(fillers, lang)})){{0,10}}\s*|(?:{_any(told, lang)})\s*[\":]*)\Z"
    return Before(_beginning([*denied, *told], lang), re.compile(whole))


def _any(these: Iterable[str], lang: Language) -> str:
    return "|".join(regex(each, lang) for each in these)


def _beginning(these: Iterable[str], lang: Language) -> re.Pattern[str]:
    """Finds the beginning of any of these."""
    begun = "|".join(map(re.escape, sorted(set[str]().union(*(heads(each, lang) for each in these)))))
    return re.compile(rf"\b(?:{begun})\b" if lang == "en" else begun)
