"""A page as a screen reader has it: the accessibility tree that the browser makes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

ASKED = {"button", "link", "textbox", "combobox", "checkbox", "radio", "Date", "InputTime", "searchbox", "spinbutton", "image"}
"""Roles that need a name: whatever is pressed, filled in or looked at."""


class Node:
    """One node of the tree."""

    def __init__(self, raw):
        self.role, self.name = raw["role"]["value"], raw.get("name", {}).get("value", "").strip()
        self.said = {each["name"]: each["value"].get("value") for each in raw.get("properties", ())}


def tree(page) -> list[Node]:
    """All that is not hidden from assistive software."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [Node(each) for each in nodes if not each["ignored"]]


def faults(page, *, form: bool = True) -> Iterator[str]:
    """What somebody who hears the page would miss. `form`: whether it is a step, with a way between steps and a word on progress."""
    nodes = tree(page)
    roles = Counter(each.role for each in nodes)
    levels = [each.said["level"] for each in nodes if each.role == "heading"]
    if levels.count(1) != 1 or levels[0] not in (1, 2):
        yield f"headings of level 1: {levels.count(1)}"
    # What stands above the heading of the page is the list of what is wrong, with a heading of its own.
    after = levels[levels.index(1) :] if 1 in levels else []
    yield from (f"a heading of level {low} under one of level {high}" for high, low in pairwise(after) if low > high + 1)
    yield from (f"{each.role} without a name" for each in nodes if each.role in ASKED and not each.name)
    yield from (f"a heading without words, level {each.said['level']}" for each in nodes if each.role == "heading" and not each.name)
    yield from ["a group without a legend"] * page.locator("fieldset:not(:has(> legend))").count()
    if roles["main"] != 1:
        yield f"main parts: {roles['main']}"
    if not page.evaluate("document.documentElement.lang && document.title"):
        yield "no language, or no title"
    if form and [each.name for each in nodes if each.role == "navigation"] in ([], [""]):
        yield "no way between the steps that has a name"
    if form and not any(each.role == "status" and each.said.get("live") == "polite" for each in nodes):
        yield "nothing that tells of progress"
