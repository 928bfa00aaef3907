"""What every dated law file says of itself: its names, its clause, how sure it is, and when it is in force."""

from __future__ import annotations

import datetime as dt

import msgspec

from forbear.terms import FORCE, STATUS, VERIFIED, Language, Words


class Clause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where it is written."""

    cite: str
    quote: str = ""
    url: str = ""


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The name of what the file catches, in both languages; that of a rule reads well after "allow"."""

    en: str
    zh: str

    def say(self, lang: Language) -> str:
        """The title in `lang`."""
        return self.zh if lang == "zh" else self.en


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The keys that rules and rate caps share."""

    id: str
    title: Title
    force: str
    verified: str
    status: str
    version: int
    row: str
    from_: dt.date = msgspec.field(name="from")
    until: dt.date | None = None
    clause: Clause | list[Clause]

    def __post_init__(self) -> None:
        check_words(self, {"force": FORCE, "verified": VERIFIED, "status": STATUS})
        if self.until and self.until < self.from_:
            raise ValueError("until: lies before from; write the last date in force")
        if self.version < 1:
            raise ValueError("version: too low; versions begin with 1")
        if self.verified == "memory" and self.status == "stable":
            raise ValueError('status: what is known from memory alone stays a draft; write status = "draft", or read the clause')
        if self.status == "repealed" and not self.until:
            raise ValueError("status: a repealed rule still judges what happened before; write until, its last date in force")
        if not self.clauses:
            raise ValueError("clause: there is none; add [[clause]] with its cite")

    def in_force(self, day: dt.date) -> bool:
        """Whether it is in force on a date."""
        return self.from_ <= day and (self.until is None or day <= self.until)

    @property
    def clauses(self) -> list[Clause]:
        """Its clauses, one or more."""
        return self.clause if isinstance(self.clause, list) else [self.clause]

    @property
    def cite(self) -> str:
        """All clauses in one line."""
        return "; ".join(clause.cite for clause in self.clauses)


def check_words(law: msgspec.Struct, lists: dict[str, Words]) -> None:
    """Raises `ValueError` where a key holds a word that is not in its list."""
    for key, words in lists.items():
        if getattr(law, key) not in words:
            raise ValueError(f"{key}: there is no {getattr(law, key)!r}; write one of {', '.join(words)}")
