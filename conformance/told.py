"""A case of `suite.json` as the entries that `reading.py` reads."""
# ruff: noqa: ANN001, ANN201

import datetime as dt


def second(text):
    """RFC 3339 as a Unix second."""
    return int(dt.datetime.fromisoformat(text).timestamp())


def timeline(case):
    """The entries of a case, in order, each with all its fields."""
    return [
        {
            "entry_id": row["id"],
            "at": second(row["at"]),
            "known_at": second(row.get("known_at", row["at"])),
            "fields": {
                name: value if isinstance(value, list) else [value]
                for name, value in {**case["every"], **row.get("fields", {})}.items()
                if value is not None
            },
        }
        for row in case["entries"]
    ]
