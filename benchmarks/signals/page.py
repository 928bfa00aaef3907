"""The measured half of `docs/signals.md`, and its pictures. What stands above the mark is written by hand and kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import altair as alt
import vl_convert

MARK: Final = "<!-- below: written by make eval -->"
_INK, _SOFT, _MAIN, _LIGHT = "#1d232b", "#5a6472", "#c7701a", "#fbe3c2"


def write(report: dict[str, Any], docs: Path) -> None:
    """Puts the report into the page, and its pictures beside it."""
    page, pictures = docs / "signals.md", docs / "signals"
    pictures.mkdir(exist_ok=True)
    for name, scored in report["sets"].items():
        if scored["texts"] >= 20:
            _save(_tags(name, scored), pictures / f"{_slug(name)}-tags.svg")
            _save(_confusion(name, scored), pictures / f"{_slug(name)}-confusion.svg")
    _save(_calibration(report), pictures / "calibration.svg")
    above = page.read_text(encoding="utf-8").partition(MARK)[0]
    page.write_text(above + MARK + "\n\n" + "\n".join(_lines(report)) + "\n", encoding="utf-8")


def _lines(report: dict[str, Any]) -> Iterator[str]:
    yield f"Part scored: `{report['part']}`. Intervals hold 95 of 100 bootstrap samples of the texts."
    yield ""
    yield "| texts | how many | labels | precision | recall | micro-F1 | interval |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | --- |"
    for name, scored in report["sets"].items():
        every = scored["scores"]["all"]
        yield (
            f"| {name} | {scored['texts']} | {every['texts']} | {every['precision']:.3f} | {every['recall']:.3f} "
            f"| **{every['f1']:.3f}** | {every['low']:.3f} - {every['high']:.3f} |"
        )
    yield ""
    yield "### What each part does"
    yield ""
    ways = list(next(iter(report["sets"].values()))["ways"])
    yield f"| micro-F1 | {' | '.join(ways)} |"
    yield f"| --- |{' ---: |' * len(ways)}"
    for name, scored in report["sets"].items():
        yield f"| {name} | {' | '.join(format(scored['ways'][way]['f1'], '.3f') for way in ways)} |"
    yield ""
    yield "TF-IDF and a linear model were trained on the whole train part, also on texts that the shipped weights may not learn from."
    for name, scored in report["sets"].items():
        yield ""
        yield f"### {name[0].upper()}{name[1:]}"
        yield ""
        yield "| tag | texts | precision | recall | F1 | interval |"
        yield "| --- | ---: | ---: | ---: | ---: | --- |"
        for tag, one in scored["scores"].items():
            yield (
                f"| {tag} | {one['texts']} | {one['precision']:.2f} | {one['recall']:.2f} | {one['f1']:.2f} "
                f"| {one['low']:.2f} - {one['high']:.2f} |"
            )
        if scored["texts"] >= 20:
            yield ""
            yield f"![F1 of each tag, with intervals](signals/{_slug(name)}-tags.svg)"
            yield ""
            yield f"![Which tags are missed, and which are found beside them in error](signals/{_slug(name)}-confusion.svg)"
    yield from _confidence(report)
    yield from _alarms(report)
    yield from _speed(report)


def _confidence(report: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield "### How far a confidence can be believed"
    yield ""
    yield "![Confidence against the share that was right](signals/calibration.svg)"
    yield ""
    yield "| texts | mean distance of confidence from what was right |"
    yield "| --- | ---: |"
    for name, scored in report["sets"].items():
        yield f"| {name} | {scored['calibration_error']:.3f} |"


def _alarms(report: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield "### False alarms"
    yield ""
    yield "Nobody has read all of these; some alarms are right. The share is an upper bound."
    yield ""
    yield "| texts | how many | with conduct | in 1,000 |"
    yield "| --- | ---: | ---: | ---: |"
    for name, one in report["alarms"].items():
        yield f"| {name} | {one['texts']:,} | {one['alarms']} | {one['per_1000']:.1f} |"


def _speed(report: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield "### Speed"
    yield ""
    fast = report["speed"]
    one = fast["one message of 500 characters, ms"]
    yield (
        f"One message of 500 characters: p50 {one['p50']:.2f} ms, p99 {one['p99']:.2f} ms. "
        f"{fast['messages']:,} messages of {fast['characters']:.0f} characters in the mean, one core, all in one run:"
    )
    yield ""
    yield "| | microseconds a message | messages a second | the whole tagger takes so many times as long |"
    yield "| --- | ---: | ---: | ---: |"
    for name, each in fast["many"].items():
        yield f"| {name} | {each['us']:.1f} | {each['a_second']:,.0f} | {each['whole tagger is slower by']:.2f} |"


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
