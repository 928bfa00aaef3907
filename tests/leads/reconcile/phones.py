"""Invented logs of one person: what a phone notes, what a lender notes, and which contacts the lender leaves out."""

from __future__ import annotations

import random
from typing import NamedTuple

from forbear.leads.reconcile import Log, Sighting

START = 1_700_000_000
DAY = 86_400


class Told(NamedTuple):
    """Two logs, and the truth."""

    person: Log
    lender: Log
    hidden: set[str]
    """Entry ids of the person's log that the lender left out."""
    apart: int
    """The person's clock minus the lender's."""


def log(sightings, since=None, until=None):
    """A log that reaches from its first to its last contact unless said otherwise."""
    found = tuple(sorted(sightings))
    return Log(found, found[0].at if since is None else since, found[-1].at if until is None else until)


def phones(  # noqa: PLR0913, PLR0917 (what a world is made of)
    seed, contacts=120, days=60, hidden=0.1, deleted=0.1, apart=0, noise=8, forged=0.05, minutes=False, friends=80, moved=None
):
    """Six numbers of a lender call a person; friends call too. `moved`: (day, seconds) from which the phone's clock differs further."""
    rng = random.Random(seed)
    numbers = [f"+15550{rng.randrange(100):02}0{n:03}" for n in range(6)]
    person, lender, left_out = [], [], set()

    def noted(at):
        return at + apart + (moved[1] if moved and at >= START + moved[0] * DAY else 0)

    for n in range(contacts):
        at = START + rng.randrange(days) * DAY + rng.randrange(9 * 3600, 20 * 3600)
        number, length = rng.choice(numbers), rng.choice([0, 0, 0, int(rng.expovariate(1 / 50))])
        hide = rng.random() < hidden
        if not hide:
            there = at + round(rng.gauss(0, 2))
            kept = max(0, length + rng.randrange(-1, 3)) if length else 0
            lender.append(Sighting(there // 60 * 60 if minutes else there, number, kept, f"l-{n}", "riverside"))
        if hide or rng.random() >= deleted:
            shown = number if rng.random() >= forged else "+15550199999"
            person.append(Sighting(noted(at) + round(rng.gauss(0, noise)), shown, length, f"c-{n}"))
            if hide:
                left_out.add(f"c-{n}")
    for n in range(friends):
        at = START + rng.randrange(days) * DAY + rng.randrange(8 * 3600, 23 * 3600)
        person.append(Sighting(noted(at), f"+15551{rng.randrange(20):06}", rng.randrange(300), f"f-{n}"))
    return Told(log(person), log(lender), left_out, apart)
