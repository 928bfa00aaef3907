"""Pictures of a report as SVG inside the page: no script, no network, no font of this machine, and a text for whoever cannot see them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

import altair as alt
import vl_convert

from forbear.findings.agencies import AgencyRow
from forbear.findings.phrases import phrases
from forbear.findings.summary import HeatCell
from forbear.findings.whatif import AgencyMoves, Totals
from forbear.terms import DAYS, Language

PALETTE: Final[Mapping[str, str]] = {
    "ink": "#1c2430",
    "soft": "#566174",
    "line": "#d9dee6",
    "faint": "#f3f5f8",
    "breach": "#a3262a",
    "departure": "#8a5a00",
    "unclear": "#41608f",
    "unclear-fill": "#c3d0e3",
}
"""The colours of charts and page; each text colour has a contrast of at least 4.5 to white."""
WIDE, NARROW = 760, 340
"""Widths in pixels: of a desk or a sheet of paper, and of a telephone."""
_BOTH: Final = 480
"""Width of a picture that is read on either: its letters are large enough to be made smaller."""
_BOTH_LETTERS: Final = 15
"""Size of its letters: 10 px where a telephone shows it at two thirds."""

_SCHEMA = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
_LOCALE: Final[Mapping[Language, Literal["zh-CN", "en-US"]]] = {"zh": "zh-CN", "en": "en-US"}
_FIT: Final = alt.AutoSizeParams(type="fit-x", contains="padding")
_CROWD: Final = 500
"""Marks from which each is drawn smaller, so that one does not hide the next."""
Datum = dict[str, str | int | float]


class Picture(NamedTuple):
    """The same chart for a desk and for a telephone."""

    wide: str
    narrow: str


def both(draw: Callable[[int], str]) -> Picture:
    """A chart drawn in both widths."""
    return Picture(draw(WIDE), draw(NARROW))


class Mark(NamedTuple):
    """A point of a drawn timeline: its row, the wall clock in milliseconds, and what it is: guilty, witness, fact or other."""

    row: str
    at_ms: int
    kind: str


class Moment(NamedTuple):
    """A contact in the picture of days and hours: midnight of its day in milliseconds as if it were UTC, the hour, and what it is."""

    day_ms: int
    hour: float
    kind: str
    """guilty, fact or other."""


def agencies(rows: Sequence[AgencyRow | AgencyMoves], axis: str, lang: Language, width: int) -> str:
    """Each agency's rate as a dot, a band for what blanks leave open, and a thin line for the whole interval."""
    t = phrases(lang)
    data: list[Datum] = [
        {
            "agency": row.agency or t("agency.unknown"),
            "low": row.low,
            "high": row.high,
            "rate": row.rate,
            "open": row.rate_with_unclear,
        }
        for row in rows
    ]
    names = [str(one["agency"]) for one in data]
    y = alt.Y("agency:N", sort=names, title=None, axis=alt.Axis(labelLimit=width // 3, labelFontSize=12, labelPadding=8))
    x = alt.X(
        "low:Q",
        title=axis,
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(tickCount=width // 90, format=",~f"),
    )
    base = alt.Chart(_data(data)).encode(y=y)
    chart = alt.layer(
        base.mark_rule(color=PALETTE["soft"], strokeWidth=1.5).encode(x=x, x2="high:Q"),
        *(base.mark_tick(color=PALETTE["soft"], thickness=1.5, size=10).encode(x=f"{end}:Q") for end in ("low", "high")),
        base.mark_bar(color=PALETTE["unclear-fill"], height=9).encode(x="rate:Q", x2="open:Q"),
        base.mark_point(color=PALETTE["breach"], filled=True, size=75, opacity=1).encode(x="rate:Q"),
    )
    return _svg(chart.properties(width=width, height=alt.Step(26), autosize=_FIT), t("agency.alt", n=len(rows)), lang, f"agencies{width}")


class Bar(NamedTuple):
    """A line of `forest`: a value with its interval, and perhaps what was counted before anything was drawn towards anything."""

    name: str
    value: float
    low: float
    high: float
    raw: float | None
    marked: bool


def forest(bars: Sequence[Bar], axis: str, label: str, lang: Language, name: str, rule: float | None = None) -> str:
    """Values with their intervals, one below the other in the order given. `rule`: a value to compare them with."""
    data = list[Datum]()
    for bar in bars:
        data.append({"name": bar.name, "value": bar.value, "low": bar.low, "high": bar.high, "marked": int(bar.marked)})
        if bar.raw is not None:
            data[-1]["raw"] = bar.raw
    names = [bar.name for bar in bars]
    y = alt.Y("name:N", sort=names, title=None, axis=alt.Axis(labelLimit=WIDE // 3, labelFontSize=12, labelPadding=8))
    x = alt.X("low:Q", title=axis, scale=alt.Scale(nice=True), axis=alt.Axis(tickCount=8, format=",~f"))
    colour = alt.condition("datum.marked == 1", alt.value(PALETTE["breach"]), alt.value(PALETTE["unclear"]))
    base = alt.Chart(_data(data)).encode(y=y)
    layers: list[alt.Chart] = [
        base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q", color=colour),
        base.mark_point(filled=True, size=70, opacity=1).encode(x="value:Q", color=colour),
    ]
    if any(bar.raw is not None for bar in bars):
        layers.append(base.mark_point(size=55, opacity=1, color=PALETTE["soft"], strokeWidth=1.5).encode(x="raw:Q"))
    if rule is not None:
        at = alt.Chart(_data([{"at": rule}]))
        layers.append(at.mark_rule(color=PALETTE["soft"], strokeDash=[4, 4]).encode(x="at:Q"))
    return _svg(alt.layer(*layers).properties(width=WIDE, height=alt.Step(26), autosize=_FIT), label, lang, name)


def heat(cells: Sequence[HeatCell], lang: Language, width: int) -> str:
    """Contacts in breach by weekday and hour; days run down on a desk, hours on a telephone. Hours without contacts stay white."""
    t = phrases(lang)
    most = max((cell.breached for cell in cells), default=0)
    wide = width >= WIDE
    days = [t(f"day.{day}" if wide else f"day.short-{day}") for day in DAYS]
    hours = [f"{hour:02}" for hour in range(24)]
    data: list[Datum] = [
        {
            "day": days[cell.weekday],
            "hour": hours[cell.hour],
            "breached": cell.breached,
            "shown": f"{cell.breached:,}" if cell.breached else "·",
            "dark": int(cell.breached > most * 0.5),
        }
        for cell in cells
    ]
    day_axis = alt.Axis(title=None, orient="left" if wide else "top", labelFontSize=12, labelAngle=0, labelPadding=6)
    hour_axis = alt.Axis(title=t("heat.axis") if wide else None, labelAngle=0, labelFontSize=11)
    by_day, by_hour = alt.Scale(domain=days), alt.Scale(domain=hours)
    x = alt.X("hour:N", scale=by_hour, axis=hour_axis) if wide else alt.X("day:N", scale=by_day, axis=day_axis)
    y = alt.Y("day:N", scale=by_day, axis=day_axis) if wide else alt.Y("hour:N", scale=by_hour, axis=hour_axis)
    shades = alt.Scale(domain=[0, max(most, 1)], range=[PALETTE["faint"], PALETTE["breach"]], interpolate="lab")
    base = alt.Chart(_data(data)).encode(x=x, y=y)
    text = alt.when("datum.dark").then(alt.value("white")).when("datum.breached > 0").then(alt.value(PALETTE["ink"]))
    chart = alt.layer(
        base.mark_rect(stroke="white", strokeWidth=2, cornerRadius=3).encode(color=alt.Color("breached:Q", scale=shades, legend=None)),
        base.mark_text(fontSize=10).encode(text="shown:N", color=text.otherwise(alt.value(PALETTE["soft"]))),
    )
    size = (alt.Step(28), alt.Step(28)) if wide else (alt.Step(38), alt.Step(22))
    return _svg(chart.properties(width=size[0], height=size[1]), t("heat.alt"), lang, f"heat{width}")


def months(totals: Mapping[str, Totals], lang: Language, width: int) -> str:
    """Contacts newly in breach and newly unclear of each month upwards, those no longer in breach downwards."""
    t = phrases(lang)
    names = [month or t("whatif.no-month") for month in totals]
    data: list[Datum] = []
    for name, each in zip(names, totals.values(), strict=True):
        for order, (kind, n) in enumerate((("caught", each.caught), ("unclear", each.newly_unclear), ("freed", -each.freed))):
            data.append({"month": name, "kind": kind, "order": order, "n": n})
    x = alt.X("month:N", sort=names, title=None, axis=alt.Axis(labelAngle=-90, labelFontSize=11, labelOverlap=True))
    y = alt.Y("n:Q", title=t("whatif.axis-month"), axis=alt.Axis(format=",~f", tickCount=6))
    colours = [PALETTE["breach"], PALETTE["unclear-fill"], PALETTE["soft"]]
    kinds = alt.Color("kind:N", scale=alt.Scale(domain=["caught", "unclear", "freed"], range=colours), legend=None)
    bars = alt.Chart(_data(data)).mark_bar().encode(x=x, y=y, color=kinds, order="order:Q")
    zero = alt.Chart(_data([{"n": 0}])).mark_rule(color=PALETTE["soft"]).encode(y="n:Q")
    chart = alt.layer(bars, zero).properties(width=width, height=220, autosize=_FIT)
    return _svg(chart, t("whatif.alt-month", n=len(names)), lang, f"months{width}")


def timeline(marks: Sequence[Mark], rows: Sequence[str], alt_text: str, lang: Language, width: int, name: str) -> str:
    """One row for all contacts and one for each finding: the guilty contact a diamond, its witness joined to it by a line."""
    t = phrases(lang)
    data: list[Datum] = [{"row": mark.row, "at": mark.at_ms, "kind": mark.kind} for mark in marks]
    spans: list[Datum] = []
    for row in rows[1:]:
        ats = [mark.at_ms for mark in marks if mark.row == row]
        spans.append({"row": row, "at": min(ats), "end": max(ats)})
    y = alt.Y("row:N", sort=list(rows), title=None, axis=alt.Axis(minExtent=70, labelFontSize=12, labelPadding=8))
    first, last = period(marks)
    ticks, form = _ticks(first, last, width // 90)
    axis = alt.Axis(title=None, format=t(f"timeline.{form}"), values=ticks, labelFontSize=11, labelFlush=False, labelOverlap=True)
    x = alt.X("at:T", scale=alt.Scale(type="utc", domain=[first, last], nice=False), axis=axis)
    base, lines = (alt.Chart(_data(some)).encode(x=x, y=y) for some in (data, spans))
    soft, ink, breach = PALETTE["soft"], PALETTE["ink"], PALETTE["breach"]
    chart = alt.layer(
        lines.mark_rule(color=soft, strokeWidth=1).encode(x2="end:T"),
        base.transform_filter("datum.kind == 'other'").mark_tick(color=soft, thickness=1.2, size=13),
        base.transform_filter("datum.kind == 'witness'").mark_point(filled=True, color=ink, size=48, opacity=1),
        base.transform_filter("datum.kind == 'fact'").mark_point(shape="square", color=ink, fill="white", size=60, opacity=1),
        base.transform_filter("datum.kind == 'guilty'").mark_point(shape="diamond", filled=True, color=breach, size=130, opacity=1),
    )
    return _svg(chart.properties(width=width, height=alt.Step(26), autosize=_FIT), alt_text, lang, name)


def moments(marks: Sequence[Moment], alt_text: str, lang: Language) -> str:
    """Days from left to right, hours from top to bottom: a dot for a contact, a diamond for a guilty one, a square for a fact."""
    days = [mark.day_ms for mark in marks]
    first, last = min(days) - 86_400_000, max(days) + 2 * 86_400_000
    ticks, form = _ticks(first, last, _BOTH // 80)
    axis = alt.Axis(
        title=None, format=phrases(lang)(f"timeline.{form}"), values=ticks, labelFontSize=_BOTH_LETTERS, labelFlush=False, labelOverlap=True
    )
    x = alt.X("day:T", scale=alt.Scale(type="utc", domain=[first, last], nice=False), axis=axis)
    hours = alt.Axis(title=None, values=list(range(0, 25, 3)), labelExpr="datum.value + ':00'", labelFontSize=_BOTH_LETTERS, grid=True)
    y = alt.Y("hour:Q", scale=alt.Scale(domain=[24, 0]), axis=hours)

    # Thousands of marks: they are laid beside the chart, where no schema goes through each of them.
    rows: dict[str, list[Datum]] = {
        kind: [{"day": mark.day_ms, "hour": mark.hour} for mark in marks if mark.kind == kind] for kind in ("other", "fact", "guilty")
    }

    def of(kind: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(name=kind)).encode(x=x, y=y)

    chart = alt.layer(
        of("other").mark_point(filled=True, color=PALETTE["soft"], size=28, opacity=0.45),
        of("fact").mark_point(shape="square", color=PALETTE["ink"], fill="white", size=80, opacity=1),
        of("guilty").mark_point(shape="diamond", filled=True, color=PALETTE["breach"], size=70 if len(marks) < _CROWD else 24, opacity=1),
    )
    return _svg(chart.properties(width=_BOTH, height=230, autosize=_FIT), alt_text, lang, "moments", rows)


def period(marks: Sequence[Mark]) -> tuple[int, int]:
    """What a picture of these marks shows: a little more than they span, and never less than half a day."""
    first, last = min(mark.at_ms for mark in marks), max(mark.at_ms for mark in marks)
    margin = max(6 * 3_600_000, (last - first) // 25)
    return first - margin, last + margin


def _ticks(first_ms: int, last_ms: int, most: int) -> tuple[list[int], str]:
    """Midnights as many days apart as there is room for, or full hours where the picture is of two days at most; and how to write them."""
    hours = (last_ms - first_ms) // 3_600_000
    by_hour = hours <= 48
    steps = (1, 2, 3, 6, 12, 24) if by_hour else tuple(24 * days for days in (1, 2, 3, 7, 14, 28, 56, 91, 182, 365, 1461))
    step = next((n for n in steps if hours // n <= most), steps[-1]) * 3_600_000
    return list(range(-(-first_ms // step) * step, last_ms + 1, step)), "tick-hour" if by_hour else "tick"


def _data(rows: list[Datum]) -> alt.InlineData:
    return alt.InlineData(values=rows)


def _svg(
    chart: alt.LayerChart | alt.FacetChart, label: str, lang: Language, name: str, rows: Mapping[str, list[Datum]] | None = None
) -> str:
    """The chart as SVG inside HTML: named, without ids that another chart has too, in whatever sans-serif the page uses.

    `rows`: what stands behind the names of its data.
    """
    line, soft = PALETTE["line"], PALETTE["soft"]
    title: Datum = {"titleColor": soft, "titleFontWeight": "normal", "titleFontSize": 12, "titlePadding": 10}
    axis: Datum = {"labelColor": PALETTE["ink"], "domainColor": line, "gridColor": line, "tickColor": line, **title}
    config = {"font": "sans-serif", "view": {"stroke": None}, "axis": axis, "background": None, "padding": 4}
    drawn = chart.to_dict() | ({"datasets": rows} if rows else {})
    found = vl_convert.vegalite_to_svg(drawn, vl_version=_SCHEMA, config=config, time_format_locale=_LOCALE[lang])
    found = re.sub(r' (?:aria-[a-z]+|role|pointer-events|xmlns(?::\w+)?|version|class)="[^"]*"', "", found)
    found = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{name}-", found)
    return found.replace("<svg", f'<svg role="img" aria-label="{html.escape(label)}"', 1)
