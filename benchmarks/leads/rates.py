"""`make leads`: invented portfolios -> `src/forbear/leads/rates.toml`; then, on fresh seeds, `docs/tactics/*.svg` and figures.

The default setting of a tactic is the lowest score that half of the budget of lawful timelines does not reach.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import altair as alt
import numpy as np
from numpy.typing import NDArray

from forbear.leads.rates import BUDGET, book
from forbear.leads.simulate import Life, lives
from forbear.leads.tactics import SEEN

ROOT: Final = Path(__file__).parents[2]
STRENGTHS: Final = (0.2, 0.4, 0.6, 0.8, 1.0)
PREVALENCE: Final = 0.01
"""Share of timelines in which a tactic is used, where precision is drawn: a guess, to be replaced by one's own."""
STRONG: Final = 0.8
"""From here a tactic counts as strong."""
TUNED, FRESH = 1, 2
"""Seeds: the second for what is told of the figures."""


def main() -> None:
    """Measures, writes, and measures again."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lawful", type=int, default=40_000, help="lawful timelines, for either seed")
    options.add_argument("--used", type=int, default=1_000, help="timelines of each tactic and strength, for either seed")
    chosen = options.parse_args()
    lawful, used = measured(TUNED, chosen.lawful, chosen.used)
    lines = [
        "# What a score means: written by `make leads` from invented portfolios (docs/tactics.md).",
        f"lawful_timelines = {chosen.lawful}",
        f"used_timelines = {chosen.used * len(STRENGTHS)}",
    ]
    for tactic in SEEN:
        lines += ["", f"[tactic.{tactic}]", *table(lawful[tactic], np.concatenate([used[tactic][each] for each in STRENGTHS]))]
    (ROOT / "src/forbear/leads/rates.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    book.cache_clear()
    lawful, used = measured(FRESH, chosen.lawful, chosen.used)
    told = {tactic: figures(tactic, lawful[tactic], used[tactic]) for tactic in SEEN}
    (ROOT / "benchmarks/leads.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    for tactic in SEEN:
        picture(tactic, lawful[tactic], used[tactic]).save(str(ROOT / f"docs/tactics/{tactic}.svg"))
        print(tactic, json.dumps(told[tactic]))


def measured(seed: int, lawful: int, used: int) -> tuple[dict[str, NDArray], dict[str, dict[float, NDArray]]]:
    """The scores of each tactic in lawful timelines, and in those in which it is used, by strength."""
    honest = list(lives(seed, lawful))
    return (
        {tactic: scores(tactic, honest) for tactic in SEEN},
        {tactic: {each: scores(tactic, lives(seed, used, tactic, each)) for each in STRENGTHS} for tactic in SEEN},
    )


def scores(tactic: str, some: Iterable[Life]) -> NDArray:
    """The highest score of each timeline; 0 where nothing is seen."""
    return np.array([max((seen.score for seen in SEEN[tactic](life.entries)), default=0.0) for life in some])


def reach(found: NDArray, score: float) -> float:
    """The share that reaches a score, never quite none of them."""
    return float((int((found >= score).sum()) + 0.5) / (len(found) + 1))


def table(lawful: NDArray, used: NDArray) -> list[str]:
    """The lines of a tactic: from the default setting upwards, the scores at which the lawful share at least halves.

    Where no lawful timeline is left, a still higher score says no more.
    """
    steps = sorted({float(each) for each in np.concatenate([lawful, used]) if each > 0})
    at_least = next(each for each in steps if reach(lawful, each) <= BUDGET / 2)
    kept = [at_least]
    for each in steps:
        rarer = reach(lawful, each) <= reach(lawful, kept[-1]) / 2
        if each > at_least and rarer and reach(used, each) / reach(lawful, each) >= reach(used, kept[-1]) / reach(lawful, kept[-1]):
            kept.append(each)
    return [
        f"at_least = {at_least}",
        f"scores = {kept}",
        f"lawful = [{', '.join(f'{reach(lawful, each):.3g}' for each in kept)}]",
        f"used = [{', '.join(f'{reach(used, each):.3g}' for each in kept)}]",
    ]


def figures(tactic: str, lawful: NDArray, used: dict[float, NDArray]) -> dict[str, Any]:
    """At the default setting: lawful timelines per thousand with a lead, and the share found of each strength."""
    at_least = book().tactic[tactic].at_least
    return {
        "at_least": at_least,
        "false per 1000": round(1000 * float((lawful >= at_least).mean()), 3),
        "found": {str(each): round(float((used[each] >= at_least).mean()), 3) for each in STRENGTHS},
    }


def picture(tactic: str, lawful: NDArray, used: dict[float, NDArray]) -> alt.HConcatChart:
    """At every setting: how much is found against how many lawful timelines bring a lead, and how many of the leads are right."""
    rows = []
    for each in STRENGTHS:
        best = dict[float, float]()
        for score in np.unique(np.concatenate([lawful, used[each]])):
            false = max(float((lawful >= score).mean()), 0.5 / len(lawful))
            best[false] = max(best.get(false, 0.0), float((used[each] >= score).mean()))
        for false, found in sorted(best.items()):
            right = PREVALENCE * found / (PREVALENCE * found + (1 - PREVALENCE) * false)
            rows.append({"strength": str(each), "false": 1000 * false, "found": found, "right": right})
    base = alt.Chart(alt.Data(values=[row for row in rows if row["false"] < 100])).encode(
        color=alt.Color("strength:N", title="strength", scale=alt.Scale(scheme="viridis"))
    )
    share = alt.Scale(domain=[0, 1])
    found = base.mark_line(interpolate="step-after", strokeWidth=2).encode(
        x=alt.X("false:Q", title="lawful timelines with a lead, per 1,000", scale=alt.Scale(type="log")),
        y=alt.Y("found:Q", title="share found", scale=share),
    )
    rule = alt.Chart(alt.Data(values=[{"x": BUDGET * 1000}])).mark_rule(strokeDash=[4, 4]).encode(x="x:Q")
    right = base.mark_line(strokeWidth=2).encode(
        x=alt.X("found:Q", title="share found", scale=share),
        y=alt.Y("right:Q", title=f"right, if {100 * PREVALENCE:g} % of timelines show it", scale=share),
        order="false:Q",
    )
    return alt.hconcat((found + rule).properties(width=330, height=240), right.properties(width=240, height=240), title=tactic)


if __name__ == "__main__":
    main()
