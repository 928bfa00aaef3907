"""All errors together, in the order of the page: by door, and by what the user was doing."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from errors import asking, checker, clusters, commands, dossier, exports, ledgers, phrases, programs, records, rulebook, suite
from errors.met import Met
from errors.watch import Site, Watch, sites

ROOMS: dict[str, ModuleType] = {
    room.__name__.rpartition(".")[2]: room
    for room in (commands, records, exports, clusters, rulebook, asking, programs, ledgers, checker, suite, phrases, dossier)
}
CHAPTERS: dict[str, tuple[str, ...]] = {
    "Every command": (commands.TYPING,),
    "The audit": (records.OPENING, records.MAPPING, records.ROWS, commands.AUDIT, commands.WHATIF, clusters.STARTING, clusters.RUNNING),
    "Reading what was said": (commands.READ,),
    "A person's log beside the lender's": (commands.RECONCILE,),
    "A person's own telephone": (exports.OPENING, exports.RECORDS),
    "Leads": (commands.LEADS,),
    "A dossier": (dossier.CASE, dossier.MAKING, dossier.PAGES, dossier.CHECKING),
    "The rules": (rulebook.WRITING, rulebook.TOGETHER, rulebook.DIARY, rulebook.CHECKING),
    "The gate": (
        *(commands.SERVE, ledgers.SIGNING, commands.KEYS),
        *(asking.KEY, asking.ASKING, asking.TELLING, asking.READING, asking.BROKEN),
        *(programs.CLIENT, programs.GUARD, programs.MCP),
    ),
    "The ledger": (ledgers.WRITING, ledgers.VERIFYING, ledgers.FOUND, ledgers.CARRIER),
    "Proofs": (checker.READING, checker.REFUSED),
    "The conformance suite": (suite.ASKING, suite.ANSWERING),
    "The phrases": (phrases.WRITING,),
}
"""Door -> what the user was doing there."""


@cache
def run(room: str) -> tuple[list[Met], list[Site]]:
    """The errors of a room, and its places in the source that none of them came from."""
    mine = [site for site in sites() if room_of(site) == [room]]
    with TemporaryDirectory() as folder, Watch(mine) as watch:
        found = list(ROOMS[room].met(Path(folder)))
    return found, [site for site in mine if site not in watch.reached]


def room_of(site: Site) -> list[str]:
    """The rooms that a place belongs to: one, that of the longest name."""
    file = site.file.removeprefix("src/forbear/")
    named = [(len(source), name) for name, room in ROOMS.items() for source in room.SOURCES if file.startswith(source)]
    return [name for length, name in named if length == max(named)[0]]
