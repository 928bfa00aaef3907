"""Writes the tables of docs/across.md, below the line that says so, from the shipped law. Run by `make pages`.

The day whose law they show is the one that the page names; another one is given as an argument.
"""

import datetime as dt
import re
import sys
from pathlib import Path

from forbear.doors.rules.places import ABOUT, Row, Stack, silent
from forbear.rulebook.load import load

PAGE = Path(__file__).with_name("across.md")
LINE = "<!-- All below is written from the law files by `make pages`. -->\n"
OFTEN = ABOUT[:3]


def cell(row: Row, about: str, none: str) -> str:
    """What a place's own law says, a line below the other, and whose law holds beside it."""
    lines = [f"**{line.text}**" + (f" ({'; '.join(line.notes)})" if line.notes else "") for line in row.own[about]]
    lines += [f"and {len(cells[about])} of {code}" for code, cells in row.around.items() if cells[about]]
    return "<br>".join(lines).replace("|", "\\|") or none


def table(on: dt.date) -> str:
    """The law of all places on a day, without drafts."""
    book = load()
    stack = Stack(book, book.rules, on, "en")
    t = stack.t
    head = [t("table.place"), *(t(f"table.{about}") for about in OFTEN)]
    lines = [f"In force on {on}:", "", f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    for row in stack:
        if row.says(OFTEN):
            cells = [f"{row.name} `{row.code}`", *(cell(row, about, t("cell.none")) for about in OFTEN)]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", t("cell.nothing", places=silent(list(stack), t, OFTEN)), ""])


def page(text: str, on: dt.date | None = None) -> str:
    """The page whose hand-written part is that of `text`, with the table of the day that it names, or of `on`."""
    said = re.search(r"^In force on (\S+):$", text, flags=re.MULTILINE)
    day = on or (dt.date.fromisoformat(said[1]) if said else None)
    if day is None:
        raise ValueError(f"{PAGE.name} names no day; give one, such as 2026-09-01")
    return text.partition(LINE)[0] + LINE + "\n" + table(day)


if __name__ == "__main__":
    given = dt.date.fromisoformat(sys.argv[1]) if len(sys.argv) > 1 else None
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), given), encoding="utf-8")
