"""Make an invented contact history of any size, with its truth written beside it.

`python examples/make_history.py --contacts 20000 --seed 7 --out DIR` writes contacts.csv, facts.csv, mapping.toml and truth.csv: a line for
each rule that a contact (or fact) breaks. The same seed makes the same files. Conducts are planted from stories.toml, whose marks were
written by hand; around them stand the ordinary lives of debts that are collected lawfully. Only the standard library is used, and forbear
is not: what is true here does not come from the engine that is to find it. All people, agencies and numbers are invented.
"""

import argparse
import csv
import datetime as dt
import random
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

HERE = Path(__file__).parent
TOLD = tomllib.loads((HERE / "stories.toml").read_text(encoding="utf-8"))
CONTACT = (
    *("contact_id", "occurred_at", "zone", "jurisdiction", "consumer", "debt", "debt_kind", "creditor", "creditor_kind", "agency"),
    *(
        "agency_kind",
        "collector",
        "direction",
        "channel",
        "person",
        "party",
        "address",
        "number",
        "place",
        "outcome",
        "duration_s",
        "reason",
    ),
    *("tags", "collectors_present"),
)
FACT = (
    *(
        "fact_id",
        "occurred_at",
        "known_at",
        "kind",
        "zone",
        "jurisdiction",
        "consumer",
        "debt",
        "debt_kind",
        "creditor",
        "creditor_kind",
        "agency",
    ),
    *("agency_kind", "person", "channel", "address", "number", "place", "form", "scope", "hours", "declared_by"),
)
CHANNELS = ("call", "voicemail", "sms", "email", "letter", "visit", "app-message", "social-message", "group-chat")
WORDS = {
    **dict.fromkeys(("inbound", "outbound"), "direction"),
    **dict.fromkeys(("consumer", "spouse", "guarantor", "co-borrower", "family", "friend", "colleague", "employer", "attorney"), "party"),
    **dict.fromkeys(("conversation", "answered", "voicemail-left", "no-answer", "busy", "rejected", "not-in-service"), "outcome"),
    **dict.fromkeys(("delivered", "failed"), "outcome"),
}
VERDICTS = {"!": "breach", "~": "departure", "?": "unclear"}
WEEKS = ("2026-02-02", "2026-06-29")
LAST_WEEK = dt.date(2026, 7, 20)
REPEAT_MINUTES = 20
PLANTED = 0.15  # of the timelines after the first round, in which every story comes once
LINE = re.compile(r"(?:(\d+) x )?(-?\d+) (\d\d:\d\d(?::\d\d)?)\s+(\S+)(.*?)((?:\s[!~?] .*)?)$")
Fields = dict[str, str]


class Line(NamedTuple):
    """A contact or fact of a story: day 0 is a Monday, `second` that of the local day, `truth` rule -> verdict."""

    day: int
    second: int
    fields: Fields
    truth: dict[str, str]


class Story(NamedTuple):
    """What happens, and the first and last week in which it may begin."""

    name: str
    lines: list[Line]
    weeks: tuple[dt.date, dt.date]


def second_of(clock: str) -> int:
    """`09:30` or `09:30:15` as a second of the day."""
    hour, minute, second = (int(part) for part in f"{clock}:00".split(":")[:3])
    return hour * 3600 + minute * 60 + second


def shown(day: dt.date, second: int, zone: str) -> str:
    """A local time as exports write it: in China without an offset, elsewhere with one."""
    at = dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=second)
    return f"{at:%Y-%m-%d %H:%M:%S}" if zone.startswith("Asia") else at.replace(tzinfo=ZoneInfo(zone)).isoformat()


def read_line(text: str, base: Fields) -> Iterator[Line]:
    """One line of a diary, repeated where it says so."""
    found = LINE.match(text)
    if not found:
        sys.exit(f"stories.toml: {text!r}: write DAY TIME channel-or-fact words marks")
    times, day, clock, what, words, marks = found.groups()
    fields = base | ({"kind": "contact", "channel": what} if what in CHANNELS else {"kind": what})
    for word in words.split():
        key, said, value = word.partition("=")
        fields[key if said else WORDS[word]] = value if said else word
    fields = {key: "" if value == "?" else value for key, value in fields.items()}
    if "person" not in fields and fields["party"] == "consumer":
        fields["person"] = fields["consumer"]
    truth, verdict = {}, ""
    for word in marks.split():
        verdict = VERDICTS.get(word, verdict)
        if word not in VERDICTS:
            truth[word] = verdict
    for n in range(int(times or 1)):
        yield Line(int(day), second_of(clock) + n * REPEAT_MINUTES * 60, fields, truth)


def read_stories() -> list[Story]:
    """All stories of stories.toml."""
    stories = []
    for told in TOLD["story"]:
        base = TOLD["common"] | TOLD["place"][told["place"]] | told.get("given", {})
        texts = [*(TOLD["prelude"][told["place"]] if told.get("prelude", True) else "").splitlines(), *told["diary"].splitlines()]
        lines = [line for text in texts if text.strip() for line in read_line(text.strip(), base)]
        first, last = (dt.date.fromisoformat(week) for week in told.get("weeks", WEEKS))
        stories.append(Story(told["name"], lines, (first, last)))
    return stories


def ordinary(rng: random.Random, place: str) -> Story:
    """Some weeks of lawful collection: at most one contact a day, and in the United States a week of quiet after each talk."""
    base = TOLD["common"] | TOLD["place"][place] | {"zone": rng.choice(TOLD["place"][place]["zone"].split("|"))}
    if place == "CN":
        kind, debt = rng.choice(
            [("bank", "online-consumer"), ("bank", "card"), ("consumer-finance", "personal"), ("microloan", "online-consumer")]
        )
        base |= {"creditor_kind": kind, "debt_kind": debt, "zone": rng.choice(["Asia/Shanghai"] * 9 + ["Asia/Urumqi"])}
    lines = [line for text in TOLD["prelude"][place].splitlines() if text.strip() for line in read_line(text.strip(), base)]
    said = "identifies-caller+identifies-creditor"
    quiet_until = 0
    for day in range(7 * rng.randint(1, 5)):
        if rng.random() > 0.45:
            continue
        minute = rng.randint(9 * 60, 19 * 60)
        clock = f"{minute // 60:02}:{minute % 60:02}:{rng.randint(0, 59):02}"
        if place == "US" and day < quiet_until:
            text = f"{day} {clock} {rng.choice(['email delivered', 'letter delivered', 'email failed'])} tags={said}+offers-opt-out"
        else:
            text = (
                f"{day} {clock} "
                + rng.choices(
                    [
                        "call no-answer",
                        f"call conversation tags={said}+states-debt",
                        "call busy",
                        "call rejected",
                        f"sms delivered tags={said}+states-debt+payment-link+offers-opt-out",
                        "call inbound conversation",
                        "visit conversation collectors_present=2" if place == "CN" else "call voicemail-left",
                    ],
                    weights=[40, 20, 8, 8, 15, 5, 4],
                )[0]
            )
            if "call" in text and "conversation" in text:
                quiet_until = day + 7
        lines += read_line(text, base)
    if rng.random() < 0.3:
        lines += read_line("36 12:00 repaid", base)
    return Story("", lines, (dt.date.fromisoformat(WEEKS[0]), LAST_WEEK))


class Names:
    """Gives the people, debts and numbers of one story names that no other story has; agencies, creditors and collectors recur."""

    def __init__(self, rng: random.Random, number: int, place: str, *, planted: bool) -> None:
        self.rng, self.number, self.place, self.planted = rng, number, place, planted
        self.given: dict[tuple[str, str], str] = {}

    def of(self, field: str, local: str) -> str:
        """The name of what a story calls `local`."""
        if local in ("", "*"):
            return local
        key = ("consumer" if field == "person" and len(local) == 1 else field, local)
        if key not in self.given:
            self.given[key] = self._new(field, local)
        return self.given[key]

    def _new(self, field: str, local: str) -> str:
        if field in ("consumer", "person"):
            return f"C{self.number:06}{local.removeprefix('A') and '-' + local}"
        if field == "debt":
            return f"D{self.number:06}-{local}"
        if field in ("address", "number"):
            return self._phone(len(self.given))
        taken = set(self.given.values())
        many = {"agency": 12, "creditor": 5, "collector": 60}[field]
        # Where conducts are planted, the agencies of higher number are met more often: not all agencies are alike.
        weights = [n if self.planted and field == "agency" else 1 for n in range(1, many + 1)]
        while (name := f"{self.place}-{field}-{self.rng.choices(range(1, many + 1), weights)[0]:02}") in taken:
            pass
        return name

    def _phone(self, extra: int) -> str:
        """A number that nobody has: of the 555-01xx range, or a Chinese one whose prefix is not assigned."""
        if self.place == "CN":
            return f"154{(self.number * 16 + extra) % 10**8:08}"
        return f"({200 + self.number % 700}) 555-01{extra % 100:02}"


def spelled(rng: random.Random, phone: str) -> str:
    """The same number as exports spell it, sometimes one way and sometimes another."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) < 10 or rng.random() < 0.7:
        return phone
    return f"+86 {digits}" if digits.startswith("154") else f"+1{digits}"


class History:
    """The four files, written line by line."""

    def __init__(self, out: Path) -> None:
        out.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HERE / "mapping.toml", out / "mapping.toml")
        self.files = [(out / f"{name}.csv").open("w", encoding="utf-8", newline="") for name in ("contacts", "facts", "truth")]
        self.contacts, self.facts, self.truth = (csv.writer(file, lineterminator="\n") for file in self.files)
        self.contacts.writerow(CONTACT)
        self.facts.writerow(FACT)
        self.truth.writerow(("contact_id", "rule", "verdict", "story"))
        self.written, self.told, self.timelines = 0, 0, 0

    def add(self, rng: random.Random, story: Story) -> None:
        """A story in one of its weeks, with people of its own."""
        self.timelines += 1
        first, last = story.weeks
        week = first + dt.timedelta(7 * rng.randint(0, (last - first).days // 7))
        zone = rng.choice(story.lines[0].fields["zone"].split("|"))
        names = Names(rng, self.timelines, story.lines[0].fields["jurisdiction"][:2], planted=any(line.truth for line in story.lines))
        for line in story.lines:
            self._write(rng, line, zone, names, week, story.name)

    def _write(self, rng: random.Random, line: Line, zone: str, names: Names, week: dt.date, story: str) -> None:
        row = dict(line.fields)
        for field in ("consumer", "person", "debt", "address", "number", "agency", "creditor", "collector"):
            row[field] = "+".join(names.of(field, local) for local in row.get(field, "").split("+"))
        row |= {field: spelled(rng, row[field]) for field in ("address", "number")}
        row["zone"] = zone if row["zone"] else ""
        row["occurred_at"] = shown(week + dt.timedelta(line.day), line.second, zone)
        if "known" in row:
            day, clock = row["known"].split("/")
            row["known_at"] = shown(week + dt.timedelta(int(day)), second_of(clock), zone)
        if row["kind"] == "contact":
            self.written += 1
            row["contact_id"] = own = f"c{self.written:07}"
            row["duration_s"] = str(rng.randint(30, 600)) if row["channel"] == "call" and row.get("outcome") == "conversation" else ""
            self.contacts.writerow([row.get(name, "") for name in CONTACT])
        else:
            self.told += 1
            row["fact_id"] = own = f"f{self.told:07}"
            self.facts.writerow([row.get(name, "") for name in FACT])
        for rule, verdict in line.truth.items():
            self.truth.writerow((own, rule, verdict, story))


def make(out: Path, contacts: int, seed: int) -> History:
    """Writes a history of at least so many contacts: every story once, then lives and stories by turns."""
    rng = random.Random(seed)
    stories, history = read_stories(), History(out)
    latest = (LAST_WEEK + dt.timedelta(28),) * 2
    history.add(rng, ordinary(rng, "CN")._replace(weeks=latest))  # so that the records reach past every deadline
    for story in stories:
        history.add(rng, story)
    while history.written < contacts:
        story = rng.choice(stories) if rng.random() < PLANTED else ordinary(rng, rng.choice(["CN", "US"]))
        history.add(rng, story)
    for file in history.files:
        file.close()
    return history


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=3000, help="at least so many contacts (default 3000)")
    parser.add_argument("--seed", type=int, default=7, help="the same seed makes the same history (default 7)")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write")
    asked = parser.parse_args()
    history = make(asked.out, asked.contacts, asked.seed)
    print(f"contacts {history.written}  facts {history.told}  timelines {history.timelines}  in {asked.out}")


if __name__ == "__main__":
    main()
