"""An invented contact or fact, and who makes it."""

from __future__ import annotations

import random
from typing import Final, NamedTuple

from forbear.records.entry import Entry, Values

DAY: Final = 86_400
START: Final = 1_770_595_200
"""Unix second of a Monday, 2026-02-09, in UTC: day 0 of every portfolio."""


class Made(NamedTuple):
    """One contact or fact, at so many seconds since the beginning of the portfolio."""

    second: int
    fields: dict[str, Values]
    text: str = ""

    @property
    def spoke(self) -> bool:
        """Whether somebody spoke."""
        return self.fields.get("outcome") == ("conversation",)

    def tagged(self, *tags: str) -> Made:
        """The same, with tags of what was said."""
        return self._replace(fields={**self.fields, "tags": tuple(sorted({*self.fields.get("tags", ()), *tags}))})

    def to(self, person: str, party: str) -> Made:
        """The same, to somebody else."""
        return self._replace(fields={**self.fields, "person": (person,), "party": (party,), "address": (f"address of {person}",)})

    def by(self, collector: str) -> Made:
        """The same, by another collector."""
        return self._replace(fields={**self.fields, "collector": (collector,)})

    def entry(self, consumer: str, n: int) -> Entry:
        """As the records hold it."""
        at = START + self.second
        fields = {"kind": ("contact",), "consumer": (consumer,), **self.fields}
        return Entry(entry_id=f"{consumer}-{n}", at=at, known_at=at, fields=fields, text=self.text)


def fact(second: int, kind: str, **fields: str) -> Made:
    """A fact of a kind."""
    return Made(second, {"kind": (kind,), **{name: (value,) for name, value in fields.items()}})


class Operator(NamedTuple):
    """Who contacts a consumer, and with what habits."""

    agency: str
    collectors: tuple[str, ...]
    numbers: tuple[str, ...]
    busy: float
    """Share of days with a contact."""
    retries: float
    """How often somebody who was not reached is tried again on the same day."""

    @classmethod
    def drawn(cls, rng: random.Random, agency: str) -> Operator:
        """An operator with habits of its own."""
        collectors = tuple(f"{agency}-collector-{n}" for n in range(rng.randint(1, 5)))
        numbers = tuple(f"+15550100{rng.randrange(1000):03}" for _ in range(rng.randint(1, 4)))
        return cls(agency, collectors, numbers, rng.uniform(0.1, 0.7), rng.uniform(0.1, 0.6))

    def call(self, rng: random.Random, second: int, outcome: str) -> Made:
        """A call to the consumer."""
        length = {"conversation": rng.randint(20, 600), "answered": rng.choice((1, 3, 5, 8, 12))}.get(outcome, 0)
        fields: dict[str, Values] = {
            "channel": ("call",),
            "direction": ("outbound",),
            "agency": (self.agency,),
            "creditor": ("lender",),
            "collector": (rng.choice(self.collectors),),
            "number": (rng.choice(self.numbers),),
            "person": ("consumer",),
            "party": ("consumer",),
            "outcome": (outcome,),
            "duration_s": (str(length),),
        }
        if outcome == "conversation":
            fields["tags"] = ("identifies-caller", "identifies-creditor")
        return Made(second, fields)

    def write(self, second: int, channel: str, text: str) -> Made:
        """A message to the consumer."""
        fields: dict[str, Values] = {
            "channel": (channel,),
            "direction": ("outbound",),
            "agency": (self.agency,),
            "creditor": ("lender",),
            "person": ("consumer",),
            "party": ("consumer",),
            "outcome": ("delivered",),
            "tags": ("identifies-caller", "states-debt"),
        }
        return Made(second, fields, text)

    def speak(self, second: int, group: str, account: str, text: str, *tags: str) -> Made:
        """A message from an account in a group that the consumer is in."""
        made = self.write(second, "group-chat", text)
        return made._replace(fields={**made.fields, "number": (account,), "address": (group,), "tags": tags})
