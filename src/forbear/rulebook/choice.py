"""By what law to judge, as somebody asks for it: small enough to be sent to whoever judges."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec

from forbear.rulebook.book import Book
from forbear.rulebook.load import amended, load, shipped
from forbear.rulebook.rate import Ceiling
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

    draft: tuple[Path, ...] = ()
    """Folders that change this law, as if what is in them had always been in force: see `Book.amended`."""

    def book(self) -> Book:
        """The rulebook, of that day if there is one, and changed by the draft. Raises `RulebookError`."""
        return self.of(load([shipped(), *self.folders]))

    def of(self, written: Book) -> Book:
        """The same, made of what `load` gives for these folders. What it leaves alone is the same object in both."""
        book = written.of_day(self.day) if self.day else written
        return amended(book, self.draft, self.rules(book)) if self.draft else book

    def rules(self, book: Book) -> list[Rule]:
        """The rules of `book` that are to judge. Raises `RulebookError` for a law that no rule belongs to."""
        return book.select(self.laws, self.folders, drafts=self.drafts)

    def ceilings(self, book: Book) -> list[Ceiling]:
        """The rate caps of `book` that are to be compared with."""
        return [book.ceiling(cap) for cap in book.select_rate_caps(self.laws, self.folders, drafts=self.drafts)]

    @property
    def names(self) -> tuple[str, ...]:
        """What was asked for, such as `cn`, or the name of a folder; never the whole path."""
        return (*self.laws, *(folder.name for folder in (*self.folders, *self.draft)))
