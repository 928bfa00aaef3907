"""Make the logs of invented people's phones, and the contacts that a lender's agencies noted with the same people.

`python examples/make_phones.py --people 12 --seed 7 --out DIR` writes phones.csv, lender.csv, and truth.csv: the
calls that an agency left out of its records. Clocks differ, friends call too, some calls were deleted from the phone. The same seed makes
the same files. Only the standard library is used. All people, agencies and numbers are invented.
"""

import argparse
import csv
import datetime as dt
import random
from pathlib import Path

AGENCIES = {"riverside": 0.0, "hilltop": 0.12}
"""Agency -> the share of its calls that it leaves out."""
START = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
DAYS = 60
CALLS = 70
PHONE = ("consumer", "occurred_at", "channel", "direction", "number", "duration_s", "contact_id")


def noted(at: dt.datetime, seconds: float) -> str:
    """An instant as a log has it, some seconds off."""
    return (at + dt.timedelta(seconds=round(seconds))).isoformat()


def person(rng: random.Random, who: str) -> tuple[list[tuple], list[tuple], list[tuple]]:
    """(phone, lender, left out): rows of one person."""
    agency, off = rng.choice(list(AGENCIES)), rng.choice((0, 0, 3600, -7200)) + rng.uniform(-30, 30)
    numbers = [f"+15550{rng.randrange(100):02}01{n:02}" for n in range(4)]
    phone, lender, left_out = [], [], []
    for n in range(CALLS + rng.randrange(60)):
        at = START + dt.timedelta(days=rng.randrange(DAYS), seconds=rng.randrange(14 * 3600, 24 * 3600))
        number, length = rng.choice(numbers), rng.choice((0, 0, round(rng.expovariate(1 / 60))))
        hide, own = rng.random() < AGENCIES[agency], f"{who}-{n}"
        if not hide:
            there = noted(at, rng.gauss(0, 2)), "call", "outbound", number, max(0, length + rng.randrange(3)), f"{agency}-{own}"
            lender.append((who, *there, agency))
        if hide or rng.random() > 0.1:
            phone.append((who, noted(at, off + rng.gauss(0, 5)), "call", "outbound", number, length, own))
        if hide:
            left_out.append((who, own, agency))
    for n in range(rng.randrange(30, 90)):
        at = START + dt.timedelta(days=rng.randrange(DAYS), seconds=rng.randrange(13 * 3600, 26 * 3600))
        friend = f"+1555100{rng.randrange(9):02}{rng.randrange(10)}0"
        phone.append((who, noted(at, off), "call", "outbound", friend, rng.randrange(400), f"{who}-f{n}"))
    return phone, lender, left_out


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=12, help="so many people bring their phones (default 12)")
    parser.add_argument("--seed", type=int, default=7, help="the same seed makes the same logs (default 7)")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    rng, people = random.Random(asked.seed), range(1, asked.people + 1)
    made = [person(rng, f"c-{n}") for n in people]
    heads = {"phones": PHONE, "lender": (*PHONE, "agency"), "truth": ("consumer", "contact_id", "agency")}
    for at, (name, head) in enumerate(heads.items()):
        with (asked.out / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(head)
            writer.writerows(sorted((row for each in made for row in each[at]), key=lambda row: row[1]))
    print(f"people {asked.people}  calls left out {sum(len(each[2]) for each in made)}  in {asked.out}")


if __name__ == "__main__":
    main()
