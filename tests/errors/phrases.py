"""What a contributor to the phrases is told when a data file is not written as it is to be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from errors.met import Met, raised

from forbear.signals.phrases import read

SOURCES = ("signals/",)
WRITING = "Writing phrases"
GUARD = '[guard]\nbefore = ["never"]\nfillers = ["ever"]\nsayings = ["we say"]\n'
GROUP = '[[threat]]\nwhy = "a threat"\nexample = "pay or else"\ncounter = "pay"\nsay = ["{}"]\n'

CASES: tuple[tuple[str, str], ...] = (
    ("not TOML", "say = threat\n"),
    ("a key that there is not", f'{GUARD}[[threat]]\nwhy = "a threat"\nexample = "pay or else"\ncounter = "pay"\nsay = []\nsays = []\n'),
    ("a tag that there is not", GUARD + GROUP.replace("threat]]", "menace]]").format("pay or else")),
    ("a phrase twice", GUARD + GROUP.format('pay or else", "pay or else')),
    ("a list that there is not", GUARD + GROUP.format("called (<kin>)")),
    (
        "a list that there is not, beside a phrase",
        GUARD + GROUP.replace("say =", 'unless_after = ["(<kin>)"]\nsay =').format("pay or else"),
    ),
    ("brackets that are none", GUARD + GROUP.format("pay (now or else")),
    ("a phrase that begins with a mark", GUARD + GROUP.format("… dollars or else")),
)


def met(folder: Path) -> Iterator[Met]:
    """Each of them."""
    for when, text in CASES:
        yield Met(WRITING, when, *raised(lambda text=text: read(text, "en", "phrases.en.toml"), folder))
