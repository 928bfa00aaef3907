"""An invented network: collectors of several agencies call their people from numbers of their own, and some change their number."""

from __future__ import annotations

import random
from typing import NamedTuple

from forbear.leads.numbers import Use

START = 1_760_000_000
DAY = 86_400


class Network(NamedTuple):
    """Contacts, and which number followed which."""

    uses: list[Use]
    followed: set[tuple[str, str]]


def network(  # noqa: PLR0913, PLR0917 (what a world is made of)
    seed, phones=400, days=10, changed=5, left=8, hired=8, team=0.25, kept=1.0, calls=30
):
    """Each collector calls his own people, and a share of calls goes to people of his team. Some leave, and their people are shared out
    among colleagues; some are hired, and get people of several. `kept`: the share of people that a changed number goes on with.
    """
    rng = random.Random(seed)
    numbers = iter(f"+15550{n:06}" for n in rng.sample(range(10**6), 2 * phones))
    collectors = phones - hired
    own = {n: [f"p{n}-{m}" for m in range(60)] for n in range(collectors)}
    teams = [[n for n in range(collectors) if n % 20 == t] for t in range(20)]
    words = {n: [f"words {n % 20}-{rng.randrange(6)}" for _ in range(2)] for n in range(phones)}
    change = set(rng.sample(range(collectors), changed + left))
    leaving = set(rng.sample(sorted(change), left))
    lives = []  # (number, collector, first day, last day, people)
    followed = set()
    for n in range(collectors):
        number = next(numbers)
        if n not in change:
            lives.append((number, n, 0.0, float(days), own[n]))
            continue
        at = rng.uniform(2, days - 2)
        lives.append((number, n, 0.0, at, own[n]))
        if n in leaving:
            for person in own[n]:
                own[rng.choice(teams[n % 20])].append(person)
        else:
            after = next(numbers)
            followed.add((number, after))
            lives.append((after, n, at + rng.uniform(0, 1), float(days), rng.sample(own[n], round(kept * len(own[n])))))
    for n in range(collectors, phones):
        mixed = [person for one in rng.sample(teams[n % 20], 5) for person in rng.sample(own[one], 8)]
        lives.append((next(numbers), n, rng.uniform(1.5, days - 2), float(days), mixed))
    made = []
    for number, n, first, last, people in lives:
        for _ in range(rng.randint(calls // 2, calls) * max(1, round(last - first))):
            at = START + int(rng.uniform(first, last) * DAY)
            mine = rng.random() >= team
            person = rng.choice(people if mine else own[rng.choice(teams[n % 20])])
            made.append(Use(at, number, person, rng.choice(words[n]) if rng.random() < 0.2 else ""))
    return Network(sorted(made), followed)
