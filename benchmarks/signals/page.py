"""The measured half of `docs/signals.md`, and its pictures. What stands above the mark is written by hand and kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import altair as alt
import vl_convert

MARK: Final = "<!-- below: written by make eval -->"
_FEWEST: Final = 20
"""Texts that a picture is worth."""
_INK, _SOFT, _MAIN, _LIGHT = "#1d232b", "#5a6472", "#c7701a", "#fbe3c2"


def write(report: dict[str, Any], docs: Path) -> None:
    """Puts the report into the page, and its pictures beside it."""
    page, pictures = docs / "signals.md", docs / "signals"
    pictures.mkdir(exist_ok=True)
    for name, scored in report["sets"].items():
        if scored["texts"] >= _FEWEST:
            _save(_tags(name, scored), pictures / f"{_slug(name)}-tags.svg")
            _save(_confusion(name, scored), pictures / f"{_slug(name)}-confusion.svg")
    _save(_calibration(report), pictures / "calibration.svg")
    above = page.read_text(encoding="utf-8").partition(MARK)[0]
    page.write_text(above + MARK + "\n\n" + "\n".join(_lines(report)) + "\n", encoding="utf-8")


def _lines(report: dict[str, Any]) -> Iterator[str]:
    sets = report["sets"]
    yield f"Part scored: `{report['part']}`. Intervals hold 95 of 100 bootstrap samples of the texts."
    yield from _table(
        ("texts", "how many", "labels", "precision", "recall", "micro-F1", "interval"),
        (_whole(name, scored["texts"], scored["scores"]["all"]) for name, scored in sets.items()),
        last="---",
    )
    yield from _head("How far two readers agree")
    yield ""
    yield "Micro-F1, on texts of this part that two readers labelled, each by himself with one guide: it is hard to do better than they."
    yield from _table(
        ("texts", "read twice", "two readers", "found, and the first", "found, and the second"),
        ((name, *(format(each) for each in scored["readers"].values())) for name, scored in sets.items() if scored["readers"]),
    )
    yield from _head("What each part does")
    ways = list(next(iter(sets.values()))["ways"])
    yield from _table(
        ("micro-F1", *ways), ((name, *(format(scored["ways"][way]["f1"], ".3f") for way in ways)) for name, scored in sets.items())
    )
    yield ""
    yield "TF-IDF and a linear model were trained on the whole train part, also on texts that the shipped weights may not learn from."
    for name, scored in sets.items():
        yield from _head(f"{name[0].upper()}{name[1:]}")
        yield from _table(
            ("tag", "texts", "precision", "recall", "F1", "interval"),
            (_of_tag(tag, one) for tag, one in scored["scores"].items()),
            last="---",
        )
        if scored["texts"] >= _FEWEST:
            yield from _picture("F1 of each tag, with intervals", f"{_slug(name)}-tags")
            yield from _picture("Which tags are missed, and which are found beside them in error", f"{_slug(name)}-confusion")
    yield from _head("How far a confidence can be believed")
    yield from _picture("Confidence against the share that was right", "calibration")
    yield from _table(
        ("texts", "mean distance of confidence from what was right"),
        ((name, f"{scored['calibration_error']:.3f}") for name, scored in sets.items()),
    )
    yield from _head("False alarms")
    yield ""
    yield "Nobody has read all of these; some alarms are right. The share is an upper bound."
    yield from _table(
        ("texts", "how many", "with conduct", "in 1,000"),
        ((name, f"{one['texts']:,}", one["alarms"], f"{one['per_1000']:.1f}") for name, one in report["alarms"].items()),
    )
    yield from _head("Speed")
    yield from _speed(report["speed"])


def _whole(name: str, texts: int, every: dict[str, Any]) -> tuple[Any, ...]:
    numbers = (f"{every['precision']:.3f}", f"{every['recall']:.3f}", f"**{every['f1']:.3f}**")
    return name, texts, every["texts"], *numbers, f"{every['low']:.3f} - {every['high']:.3f}"


def _of_tag(tag: str, one: dict[str, Any]) -> tuple[Any, ...]:
    numbers = (f"{one['precision']:.2f}", f"{one['recall']:.2f}", f"{one['f1']:.2f}")
    return tag, one["texts"], *numbers, f"{one['low']:.2f} - {one['high']:.2f}"


def _speed(fast: dict[str, Any]) -> Iterator[str]:
    one = fast["one message of 500 characters, ms"]
    yield ""
    yield (
        f"One message of 500 characters: p50 {one['p50']:.2f} ms, p99 {one['p99']:.2f} ms. "
        f"{fast['messages']:,} messages of {fast['characters']:.0f} characters in the mean, one core, all in one run:"
    )
    yield from _table(
        ("", "microseconds a message", "messages a second", "the whole tagger takes so many times as long"),
        (
            (name, f"{each['us']:.1f}", f"{each['a_second']:,.0f}", f"{each['whole tagger is slower by']:.2f}")
            for name, each in fast["many"].items()
        ),
    )


def _head(title: str) -> Iterator[str]:
    yield ""
    yield f"### {title}"


def _picture(shows: str, name: str) -> Iterator[str]:
    yield ""
    yield f"![{shows}](signals/{name}.svg)"


def _table(header: tuple[str, ...], rows: Iterable[tuple[Any, ...]], last: str = "---:") -> Iterator[str]:
    """Names to the left, numbers to the right; `last`: how the last column stands."""
    yield ""
    for cells in (header, ("---", *("---:",) * (len(header) - 2), last), *rows):
        yield f"| {' | '.join(map(str, cells))} |"


def _tags(name: str, scored: dict[str, Any]) -> alt.LayerChart:
    rows = [{"tag": f"{tag} ({one['texts']})", **one} for tag, one in scored["scores"].items() if tag != "all" and one["texts"]]
    base = alt.Chart(alt.Data(values=rows), title=f"F1 of each tag: {name}").encode(
        y=alt.Y("tag:N", sort=alt.SortField("texts", "descending"), title=None)
    )
    bars = base.mark_rule(color=_SOFT, strokeWidth=2).encode(x=alt.X("low:Q", scale=alt.Scale(domain=[0, 1]), title="F1"), x2="high:Q")
    return bars + base.mark_circle(color=_MAIN, size=70, opacity=1).encode(x="f1:Q")


def _confusion(name: str, scored: dict[str, Any]) -> alt.Chart:
    return (
        alt.Chart(alt.Data(values=scored["confusion"]), title=f"Missed (diagonal) and wrongly found: {name}")
        .mark_rect()
        .encode(
            x=alt.X("found:N", title="found in error; on the diagonal: missed", axis=alt.Axis(labelAngle=-40)),
            y=alt.Y("has:N", title="the text has"),
            color=alt.Color("share:Q", scale=alt.Scale(range=["#ffffff", _MAIN], domain=[0, 0.5], clamp=True), title="share of texts"),
        )
    )


def _calibration(report: dict[str, Any]) -> alt.LayerChart:
    rows = [{"set": name, **one} for name, scored in report["sets"].items() if "and" not in name for one in scored["calibration"]]
    line = alt.Chart(alt.Data(values=[{"x": 0, "y": 0}, {"x": 1, "y": 1}])).mark_line(color="#d5dae1").encode(x="x:Q", y="y:Q")
    dots = (
        alt.Chart(alt.Data(values=rows), title="Confidence, and the share that was right")
        .mark_line(point=True)
        .encode(
            x=alt.X("confidence:Q", scale=alt.Scale(domain=[0, 1]), title="confidence"),
            y=alt.Y("right:Q", scale=alt.Scale(domain=[0, 1]), title="share that was right"),
            color=alt.Color("set:N", title=None),
        )
    )
    return line + dots


def _save(chart: alt.Chart | alt.LayerChart, file: Path) -> None:
    shown = chart.configure(font="sans-serif").configure_view(stroke=None).configure_axis(labelColor=_INK, titleColor=_SOFT)
    file.write_text(vl_convert.vegalite_to_svg(shown.to_json()), encoding="utf-8")


def _slug(name: str) -> str:
    return "-".join("".join(char if char.isalnum() else " " for char in name).split())
