"""docs/architecture.md is true: its picture is that of the imports, and what its walks name is there."""

import re
from importlib import import_module

import pytest

from docs import imports

PAGE = (imports.PICTURE.parent / "architecture.md").read_text(encoding="utf-8")
NAMES = sorted(set(re.findall(r"`((?:records|rulebook|signals|engines|findings|doors)\.[\w.]+)`", PAGE)))


def test_the_picture_shows_the_imports_as_they_are():
    """Every arrow, and no other: run `make picture` after a change."""
    arrows = set(re.findall(r'"(\.\w+)" ->\s+"(\.\w+)"', imports.dot()))
    drawn = set(re.findall(r"<title>(\.\w+)&#45;&gt;(\.\w+)</title>", imports.PICTURE.read_text(encoding="utf-8")))
    assert len(arrows) > 10
    assert drawn == arrows


@pytest.mark.parametrize("name", NAMES)
def test_what_a_walk_names_is_there(name):
    """A module, or something in one."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(["forbear", *parts[:cut]]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part)
        return
    pytest.fail(f"forbear has no {name}")
