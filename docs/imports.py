"""Draws `docs/imports.svg`, who imports whom, from the imports as they are: import-linter reads them, Graphviz lays them out.

`make picture` runs it; a test compares the arrows.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PICTURE = Path(__file__).parent / "imports.svg"
_STYLE = {
    "graph": {"rankdir": "TB", "ranksep": "0.55", "nodesep": "0.5", "bgcolor": "transparent", "concentrate": "false"},
    "node": {
        "shape": "box",
        "style": "rounded,filled",
        "fillcolor": "#f3f5f8",
        "color": "#566174",
        "fontname": "Helvetica",
        "fontsize": "13",
    },
    "edge": {"color": "#566174", "fontcolor": "#566174", "fontname": "Helvetica", "fontsize": "10", "arrowsize": "0.7"},
}


def dot() -> str:
    """The graph of the rooms: how many modules each has, and how many imports each arrow stands for."""
    tool = Path(sys.executable).with_name("import-linter")
    command = [str(tool), "drawgraph", "forbear", "--show-import-totals", "--show-module-counts"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 (our own tool)


def draw() -> bytes:
    """The picture."""
    import pygraphviz

    graph = pygraphviz.AGraph(string=dot())
    for kind, style in _STYLE.items():
        getattr(graph, f"{kind}_attr").update(style)
    return graph.draw(format="svg", prog="dot")


if __name__ == "__main__":
    PICTURE.write_bytes(draw())
    print(f"written: {PICTURE.name}")
