"""The version lock: no rule and no rate cap changes its meaning silently.

`lock.jsonl` holds a line a law: its table without what does not bear on a verdict, its version, and the hash of that table together with
those of the standings it reaches. A stable rule whose hash changed while its version did not fails; what the change means is shown by the
locked text beside the present one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from forbear.records.toml import line_of, lines
from forbear.rulebook.book import Book, Fault, Law, RulebookError
from forbear.rulebook.edition import Dated, Edition
from forbear.rulebook.load import Raw, build
from forbear.rulebook.place import Place
from forbear.rulebook.rule import Standing

LOCK: Final = "lock.jsonl"
_OURS: Final = ("hash", "version")
Held = dict[tuple[str, str], dict[str, Any]]
"""Id and first date in force (empty for a standing) -> line of the lock."""


def digest(book: Book, law: Dated | Standing) -> str:
    """Sixteen hexadecimal digits that change when the meaning of `law` does."""
    return Edition(book).digest(law)


def render(book: Book, folder: Path) -> str:
    """The lock of the law in `folder`. Raises `RulebookError` where a stable rule changed while its version did not."""
    held, edition = _held(folder), Edition(book)
    if faults := [_fault(book, law, held) for law in changed(edition, folder) if _locked(law, held).get("version") == law.version]:
        raise RulebookError(faults)
    rows = [{"version": law.version, "hash": edition.digest(law), **edition.meaning(law)} for law in _dated(book, folder)]
    standings = [standing for _, standing in sorted(book.standings.items()) if book.file_of(standing).is_relative_to(folder)]
    rows += [dict(edition.meaning(standing)) for standing in standings]
    return "".join(f"{json.dumps(line, ensure_ascii=False, default=str)}\n" for line in rows)


def broken(book: Book, folder: Path) -> Iterator[Fault]:
    """Stable rules in `folder` that the lock does not know as they are."""
    held = _held(folder)
    for law in changed(Edition(book), folder):
        yield _fault(book, law, held)


def changed(edition: Edition, folder: Path) -> list[Dated]:
    """Laws in `folder` that are no drafts and that the lock does not know as they are."""
    held = _held(folder)
    return [law for law in _dated(edition.book, folder) if law.status != "draft" and _locked(law, held).get("hash") != edition.digest(law)]


def locked(book: Book, folder: Path) -> Edition:
    """The law as it is locked, with the titles, examples and places of `book`.

    Raises `RulebookError` where the rule language has changed so that the lock cannot be read in it.
    """
    present = {(law.id, str(law.from_)): law for law in _dated(book, folder)}
    now, laws, tables = Edition(book), dict[Path, Law](), dict[int, Raw]()
    for key, line in _held(folder).items():
        table = {name: value for name, value in line.items() if name not in _OURS}
        besides: Raw = now.table(present[key]) if key in present else {}
        head = {"title": {"en": key[0], "zh": key[0]}, **({"version": line["version"]} if key[1] else {})}
        file = folder / LOCK / f"{' '.join(key)}.toml"
        law = laws[file] = build({**head, **{name: besides[name] for name in ("given", "example") if name in besides}, **table}, file)
        tables[id(law)] = {**head, **table}
    places = {file: law for file, law in book.laws.items() if isinstance(law, Place)}
    return Edition(Book({**places, **laws}), tables)


def _held(folder: Path) -> Held:
    file, found = folder / LOCK, Held()
    for number, text in enumerate(file.read_text(encoding="utf-8").splitlines() if file.exists() else (), 1):
        try:
            line = json.loads(text)
            found[line["id"], line.get("from", "")] = line
        except (ValueError, KeyError, TypeError) as error:
            raise RulebookError([Fault(file, "", "no line of a lock; take the file as it was last committed", number)]) from error
    return found


def _locked(law: Dated, held: Held) -> dict[str, Any]:
    return held.get((law.id, str(law.from_)), {})


def _dated(book: Book, folder: Path) -> list[Dated]:
    return [law for law in Edition(book).dated() if book.file_of(law).is_relative_to(folder)]


def _fault(book: Book, law: Dated, held: Held) -> Fault:
    where, line = book.file_of(law), _locked(law, held)
    if not line:
        return Fault(where, "", f"not in {LOCK}; run `forbear check --lock` and commit it")
    number = line_of("version", lines(where.read_text(encoding="utf-8")))
    raised = line["version"] != law.version
    todo = "run `forbear check --lock`" if raised else f"raise version to {law.version + 1}, then run `forbear check --lock`"
    return Fault(where, "version", f"its meaning is not what the lock holds; {todo}", number)
