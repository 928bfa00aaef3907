"""Telephone numbers that came as digits alone, spelled as `phones.e164` spells them, and most of them by their length and first digits.

What those do not settle, it is asked itself.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forbear.records import phones
from forbear.records.columns import loops
from forbear.records.columns.kinds import Numbers
from forbear.records.columns.loops import PLUS
from forbear.records.columns.texts import Ints, Mask, numbers

_TENS = 10 ** np.arange(19, dtype=np.int64)
_SHORTEST, _WHOLE, _LONGEST = 6, 10, 18
"""Digits from which a text may be a number, and from which it is one without being assigned; and that one may have with its code."""
_REMEMBERED = 1 << 20
"""Numbers of one region whose spellings are remembered, about."""
_FIRST = 6
"""Digits in which a prefix must end, to be known here."""
_BARE, _PLAIN, _OPEN = range(3)


_KINDS = ("premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail", "fixed_line", "mobile")
"""Kinds of which a number must be one to be assigned."""


class _Region(NamedTuple):
    """What length and first digits tell of a number without country code."""

    code: int
    width: int
    """How many first digits are looked at."""
    lead: NDArray[np.int8]
    """First digits -> `_BARE`: nothing can be taken off; `_PLAIN`: a national prefix or country code of its own could; `_OPEN`: unknown."""
    possible: frozenset[int]
    """Lengths of whole numbers."""
    kept: frozenset[int]
    """Those at which nothing `_PLAIN` is taken off, since no number has the length of what would be left."""
    pattern: str
    """What a number of any country of this code matches."""
    kinds: str
    """What one of some kind matches: what matches not both is not assigned."""
    alone: bool
    """Whether no other country has this code: what matches both is assigned."""


def spell(value: Ints, rows: Mask, region_of: NDArray[np.int64], regions: list[str | None]) -> Ints | None:
    """Numbers without a plus, and those of `rows` as `e164` spells them in the region of each; None if some spelling is no number."""
    found = value.copy()
    rows = rows & (value >= _TENS[_SHORTEST - 1])
    for number, region in enumerate(regions):
        mine = np.flatnonzero(rows & (region_of == number)) if region else np.empty(0, np.int64)
        if not region or not len(mine):
            continue
        said = value[mine]
        spelled, settled = _at_once(said, _region(region))
        if not settled.all():
            once, place = np.unique(said[~settled], return_inverse=True)
            known = _known(region)(once)
            if known is None:
                return None
            spelled[~settled] = known[place.reshape(-1)]
        found[mine] = spelled
    return found


def _at_once(value: Ints, facts: _Region | None) -> tuple[Ints, Mask]:
    """The spellings as far as length and first digits tell them, and where they do."""
    spelled, settled = value.copy(), np.zeros(len(value), np.bool_)
    if facts is not None:
        possible, kept = (np.isin(np.arange(20), list(each)) for each in (facts.possible, facts.kept))
        most = _LONGEST - len(str(facts.code))
        loops.led(value, facts.lead, (10**facts.width, facts.code, _WHOLE, most), (possible, kept), spelled, settled)
    return spelled, settled


class _Known:
    """Numbers of a region that had to be looked at one by one, with their spellings: exports repeat themselves."""

    def __init__(self, region: str) -> None:
        self._region = region
        self._seen = np.empty(0, np.int64), np.empty(0, np.int64)

    def __call__(self, once: Ints) -> Ints | None:
        """The spellings of different numbers; None if one of them is no number."""
        seen, spelled = self._seen  # two threads may lose what the other one learnt, no more
        if not len(seen):
            place, new = np.zeros(len(once), np.int64), np.ones(len(once), np.bool_)
        else:
            place = np.minimum(np.searchsorted(seen, once), len(seen) - 1)
            new = seen[place] != once
        if not new.any():
            return spelled[place]
        asked = _asked(once[new], self._region)
        if asked is None:
            return None
        found = np.empty(len(once), np.int64)
        found[new] = asked
        found[~new] = spelled[place[~new]]
        if len(seen) < _REMEMBERED:
            every = np.concatenate([seen, once[new]])
            order = np.argsort(every)
            self._seen = every[order], np.concatenate([spelled, asked])[order]
        return found


_known = lru_cache(_Known)


def _asked(once: Ints, region: str) -> Ints | None:
    facts, open_, spelled = _region(region), np.ones(len(once), np.bool_), once.copy()
    if facts is not None:
        length = np.searchsorted(_TENS, once, side="right")
        short = np.flatnonzero((length < _WHOLE) & (facts.lead[once // _TENS[length - facts.width]] == _BARE))
        texts = Numbers(once[short]).texts()
        likely = np.asarray(pc.match_substring_regex(texts, facts.pattern)) & np.asarray(pc.match_substring_regex(texts, facts.kinds))
        open_[short] = likely & (not facts.alone)
        short = short[likely & facts.alone]
        spelled[short] += PLUS + facts.code * _TENS[length[short]]
    texts = [phones.e164(str(each), region) for each in once[open_].tolist()]
    asked = numbers(pa.array(texts, pa.string()))
    if asked is None:
        return None
    spelled[open_] = asked
    return spelled


@lru_cache
def _region(region: str) -> _Region | None:
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    if metadata is None or metadata.country_code is None:
        return None
    code = metadata.country_code
    every = [phonenumbers.PhoneMetadata.metadata_for_region(each) for each in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]]
    main = every[0] or metadata
    if not main.general_desc or any(each is None or not each.general_desc for each in every):
        return None
    possible = frozenset(main.general_desc.possible_length)
    prefix = metadata.national_prefix_for_parsing or ""
    plain = [str(code), *([prefix] if prefix.isdigit() else [])]
    own = [] if prefix.isdigit() else _branches(prefix)
    # What begins as a national prefix does is open anyway; and none of the numbers here begins with a zero.
    begun = tuple(each.removeprefix("(").removesuffix(")") for each in own)
    other = [
        each for each in (*own, *(b for b in _branches(metadata.international_prefix or "") if not b.startswith(begun))) if not _zero(each)
    ]
    width = max(len(each) for each in plain)
    for pattern in other:
        if any(sign in pattern for sign in ("(?=", "(?!", "(?<", "$", "~")):
            return None
        width = max(width, _width(pattern))
    if width > _FIRST:
        return None
    texts = pa.array(np.arange(10**width)).cast(pa.string())
    lead = np.where(pc.match_substring_regex(texts, f"^(?:{'|'.join(plain)})"), _PLAIN, _BARE).astype(np.int8)
    if other:
        lead[np.asarray(pc.match_substring_regex(texts, f"^(?:{'|'.join(other)})"))] = _OPEN
    left = {size: [size - len(each) for each in plain] for size in possible}
    kept = frozenset(size for size, rest in left.items() if not possible & {*rest})
    patterns = [each.general_desc.national_number_pattern or "" for each in every if each and each.general_desc]
    kinds = [getattr(each, name) for each in every for name in _KINDS]
    of_kinds = [each.national_number_pattern for each in kinds if each and each.national_number_pattern]
    alone = len(every) == 1
    return _Region(code, width, lead, possible, kept, _whole(patterns), _whole(of_kinds), alone)


def _whole(patterns: list[str]) -> str:
    return f"^(?:{'|'.join(patterns)})$"


def _width(pattern: str) -> int:
    """The most characters that a pattern can match; more than are looked at where nobody knows."""
    plain = re.sub(r"\[[^\]]*\]|\\.", "0", pattern)
    if any(each in plain for each in "*+{"):
        return _FIRST + 1
    while "(" in plain:
        plain = re.sub(r"\((?:\?:)?([^()]*)\)", lambda found: "0" * max(map(len, found[1].split("|"))), plain)
    return max(map(len, plain.split("|")))


def _zero(pattern: str) -> bool:
    """Whether all that it matches begins with a zero."""
    begin = pattern.lstrip("(?:")
    return begin.startswith("0") and not begin[1:].startswith(("?", "*", "{")) and "|" not in pattern


def _branches(pattern: str) -> list[str]:
    """The alternatives of a pattern that do not lie within brackets."""
    found, depth = [""], 0
    for each in pattern:
        depth += (each == "(") - (each == ")")
        if each == "|" and depth == 0:
            found.append("")
        else:
            found[-1] += each
    return [each for each in found if each]
