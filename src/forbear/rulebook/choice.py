"""By what law to judge, as somebody asks for it: small enough to be sent to whoever judges."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec

from forbear.rulebook.book import Book
from forbear.rulebook.load import load, shipped
from forbear.rulebook.rate import RateCap
from forbear.rulebook.rule import Rule


class Choice(msgspec.Struct, frozen=True):
    """A rulebook, and which of its rules are to judge."""

    laws: tuple[str, ...]
    """`cn`, `us`; `us` covers `us-ma`."""
    folders: tuple[Path, ...] = ()
    """Rules of one's own, beside the shipped law; all of them judge."""
    drafts: bool = False
    """Whether rules that are still drafts judge, too."""
    day: dt.date | None = None
    """Whose law judges everything, whenever it happened; None: each entry is judged by the law of its own day."""

    def book(self) -> Book:
        """The rulebook, of that day if there is one. Raises `RulebookError`."""
        book = load([shipped(), *self.folders])
        return book.of_day(self.day) if self.day else book

    def rules(self, book: Book) -> list[Rule]:
        """The rules of `book` that are to judge. Raises `RulebookError` for a law that no rule belongs to."""
        return book.select(self.laws, self.folders, drafts=self.drafts)

    def rate_caps(self, book: Book) -> list[RateCap]:
        """The rate caps of `book` that are to be compared with."""
        return book.select_rate_caps(self.laws, self.folders, drafts=self.drafts)

    @property
    def names(self) -> tuple[str, ...]:
        """What was asked for, such as `cn`, or the name of a folder; never the whole path."""
        return (*self.laws, *(folder.name for folder in self.folders))
