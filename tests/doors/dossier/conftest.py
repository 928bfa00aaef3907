"""The commands read telephones through a stand-in for the importers, which have tests of their own."""

import hashlib
import json
import sys
import types

import pytest
from telephones import COLLECTOR, FRIEND, OTHER, item, read

from forbear.records.exports.item import Item, Source


@pytest.fixture
def importer(monkeypatch):
    """Stands in for `forbear.records.exports.export`: a file is a JSON list of records."""

    def read_files(paths, *, zone, region, only=None, progress=None):
        items, sources = [], []
        for n, path in enumerate(paths):
            raw = path.read_bytes()
            mine = [Item(*row)._replace(source=n) for row in json.loads(raw)]
            items += mine
            sources.append(Source(path, "table", hashlib.sha256(raw).hexdigest(), len(raw), None, len(mine), ()))
        return read(items, sources, only)

    module = types.ModuleType("forbear.records.exports.export")
    module.read = read_files
    monkeypatch.setitem(sys.modules, module.__name__, module)


@pytest.fixture
def week():
    """Eight calls in a day, a threat, an insult that names a friend, calls at night and after a letter; and a friend's message."""
    return [
        *(item(f"2026-03-09 {hour}:05", COLLECTOR) for hour in ("09", "10", "11", "12", "13", "14", "15", "16")),
        item("2026-03-12 10:30", COLLECTOR, "If you do not pay by Friday we will have you arrested."),
        item("2026-03-13 21:40", OTHER),
        item("2026-03-16 12:10", OTHER, "You are a deadbeat and a thief. We told Samuel (202-555-0133) what you owe."),
        item("2026-03-23 14:30", COLLECTOR),
        item("2026-03-15 18:00", FRIEND, "Dinner on Sunday? My new number is 202-555-0144", name="Samuel"),
    ]
