"""The version lock: no rule and no rate cap changes its meaning silently.

`lock.toml` holds id -> first date in force -> version and hash. The hash is that of the parsed file (sorted keys) without what does not
bear on a verdict, together with the hashes of the standings it reaches. A stable rule whose hash changed while its version did not fails.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

from forbear.rulebook.book import Book, Fault, RulebookError
from forbear.rulebook.rate import RateCap
from forbear.rulebook.rule import Rule, Standing

Held = dict[str, dict[str, dict[str, object]]]
"""Rule id -> first date in force -> version and hash."""
_ASIDE = ("title", "given", "example", "version", "excused")


def digest(book: Book, law: Rule | RateCap | Standing) -> str:
    """Sixteen hexadecimal digits that change when the meaning of `law` does."""
    raw = tomllib.loads(book.file_of(law).read_text(encoding="utf-8"))
    own = {key: value for key, value in raw.items() if key not in _ASIDE}
    below = [digest(book, book.standings[name]) for name in sorted(set(() if isinstance(law, RateCap) else law.standings()))]
    text = json.dumps([own, below], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def render(book: Book, folder: Path) -> str:
    """The lock file of the rules in `folder`. Raises `RulebookError` where a stable rule changed while its version did not."""
    held = _held(folder)
    if faults := [_fault(book, rule, held) for rule in _changed(book, folder) if _locked(rule, held).get("version") == rule.version]:
        raise RulebookError(faults)
    lines = ["# Written by `forbear check --lock`: a rule's version and the hash of its meaning."]
    for law in _dated(book, folder):
        lines.append(f'"{law.id}".{law.from_} = {{ version = {law.version}, hash = "{digest(book, law)}" }}')
    return "\n".join(lines) + "\n"


def broken(book: Book, folder: Path) -> Iterator[Fault]:
    """Stable rules in `folder` that the lock does not know as they are."""
    held = _held(folder)
    for rule in _changed(book, folder):
        yield _fault(book, rule, held)


def _held(folder: Path) -> Held:
    file = folder / "lock.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _locked(rule: Rule | RateCap, held: Held) -> dict[str, object]:
    return held.get(rule.id, {}).get(str(rule.from_), {})


def _dated(book: Book, folder: Path) -> list[Rule | RateCap]:
    dated: list[Rule | RateCap] = [*book.rules, *book.rate_caps]
    return [law for law in dated if book.file_of(law).is_relative_to(folder)]


def _changed(book: Book, folder: Path) -> list[Rule | RateCap]:
    held = _held(folder)
    locked = [law for law in _dated(book, folder) if law.status != "draft"]
    return [law for law in locked if _locked(law, held).get("hash") != digest(book, law)]


def _fault(book: Book, rule: Rule | RateCap, held: Held) -> Fault:
    where, locked = book.file_of(rule), _locked(rule, held)
    if not locked:
        return Fault(where, "", "not in lock.toml; run `forbear check --lock` and commit it")
    raised = locked["version"] != rule.version
    todo = "run `forbear check --lock`" if raised else f"raise version to {rule.version + 1}, then run `forbear check --lock`"
    return Fault(where, "version", f"its meaning is not what the lock holds; {todo}")
