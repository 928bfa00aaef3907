"""What the command line says where it is not written as it is to be, and where a run cannot go on."""

from __future__ import annotations

import errno
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import redirect_stderr
from io import StringIO
from multiprocessing import Pipe
from pathlib import Path
from unittest.mock import patch

import msgspec
from errors.met import Met, command, plain, raised
from errors.rulebook import RULE, put

from forbear.doors.audit.audit import Audit
from forbear.doors.gate.http import serve
from forbear.doors.gate.service import Opening
from forbear.engines.local import Workers
from forbear.leads.reconcile.sealed import Sealed
from forbear.rulebook.choice import Choice

SOURCES = (
    "doors/across.py",
    "doors/cli.py",
    "doors/rules/commands.py",
    "findings/",
    "engines/local.py",
    "doors/options.py",
    "doors/screen.py",
    "doors/audit/",
    "doors/read/",
    "doors/simulate.py",
    "doors/reconcile/",
    "leads/reconcile/",
    "doors/gate/commands.py",
    "doors/gate/store/",
    "doors/gate/http/serve.py",
)
TYPING, AUDIT, WHATIF, READ, RECONCILE, LEADS, SERVE, KEYS = (
    *("Typing a command", "While an audit runs", "Comparing two rulebooks", "Reading a text or an inbox", "Comparing two logs"),
    "Looking for leads, inventing portfolios",
    *("Starting the gate", "Making and revoking keys of the gate"),
)
CALLS = "consumer,channel,occurred_at,jurisdiction\nA,call,2026-01-05T10:00:00Z,US\n"
AUDITED = ("audit", "calls.csv", "--law", "us", "--out", "report")
CREATE = ("gate", "key", "create")
NOWHERE = ("--store", "sqlite:///nowhere/gate.db")
PHONE = ("calls.xml", "sms.xml", "--case", "case.toml")

TYPED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (TYPING, "a command that there is not", ("adit",)),
    (TYPING, "an option that there is not", (*AUDITED, "--laws", "us")),
    (TYPING, "no file is named", ("audit", "--law", "us", "--out", "report")),
    (TYPING, "no folder for the results is named", ("audit", "calls.csv", "--law", "us")),
    (TYPING, "no law is named", ("audit", "calls.csv", "--out", "report")),
    (TYPING, "a law that there is not", ("audit", "calls.csv", "--law", "fr", "--out", "report")),
    (TYPING, "a language that there is not", (*AUDITED, "--lang", "fr")),
    (TYPING, "an engine that there is not", (*AUDITED, "--engine", "fast")),
    (TYPING, "a memory that is no size, or too small", (*AUDITED, "--memory", "2")),
    (TYPING, "a share that is none", (*AUDITED, "--max-quarantine", "few")),
    (TYPING, "a verdict that there is not", (*AUDITED, "--fail-on", "error")),
    (TYPING, "a date that is none", (*AUDITED, "--records-until", "yesterday")),
    (TYPING, "a mapping that is there already", ("init", "calls.csv", "--out", "calls.csv")),
    (TYPING, "a folder that there is not", ("init", "calls.csv", "--out", "nowhere/calls.toml")),
    (TYPING, "a rule that there is not", ("rule", "us.none")),
    (TYPING, "a rule by a part of its name", ("rule", "cooling-off")),
    (TYPING, "no law is named that is to be compared", ("rules", "diff")),
    (TYPING, "two folders where rules are compared with their own next date", ("rules", "diff", "calls.csv", "calls.csv", "--dated")),
    (TYPING, "a form of a comparison that there is not", ("rules", "diff", "calls.csv", "--format", "xml")),
    (READ, "no text is named", ("read",)),
    (READ, "a text that there is not", ("read", "nothing.txt")),
    (READ, "a side that there is not", ("read", "calls.csv", "--as", "letter")),
    (READ, "a form that there is not", ("read", "calls.csv", "--format", "pdf")),
    (READ, "an inbox, and no place for the answers", ("read", "--jsonl", "calls.csv")),
    (READ, "an inbox whose lines are no complaints", ("read", "--jsonl", "calls.csv", "--out", "read.jsonl")),
    (READ, "one text that is to be ranked", ("read", "calls.csv", "--triage", "triage")),
    (READ, "a law that there is not", ("read", "calls.csv", "--law", "fr")),
    (RECONCILE, "only one log is named", ("reconcile", "--consumer", "calls.csv")),
    (RECONCILE, "two logs are to be sealed at once", ("reconcile", "--consumer", "calls.csv", "--lender", "calls.csv", "--seal", "key")),
    (RECONCILE, "a log without contacts", ("reconcile", "--consumer", "empty.csv", "--lender", "calls.csv")),
    (RECONCILE, "rows that could not be read", ("reconcile", "--consumer", "worse.csv", "--lender", "calls.csv")),
    (RECONCILE, "a log of several people is to be sealed", ("reconcile", "--lender", "two.csv", "--seal", "key", "--out", "a.sealed")),
    (RECONCILE, "a key that is too short", ("reconcile", "--lender", "calls.csv", "--seal", "short.key", "--out", "a.sealed")),
    (RECONCILE, "a sealed log that is none", ("reconcile", "--consumer", "none.sealed", "--lender", "none.sealed")),
    (RECONCILE, "sealed logs the wrong way round", ("reconcile", "--consumer", "lender.sealed", "--lender", "lender.sealed")),
    (RECONCILE, "the same of a lender's log beside a dossier", ("dossier", *PHONE, "--lender-log", "worse.csv", "--out", "dossier")),
    (LEADS, "rows that could not be read", ("leads", "worse.csv")),
    (LEADS, "oversight without a law", ("oversight", "calls.csv", "--out", "o.html")),
    (LEADS, "oversight of rows that could not all be read", ("oversight", "worse.csv", "--law", "us", "--out", "o.html")),
    (LEADS, "complaints that are none", ("oversight", "calls.csv", "--law", "us", "--out", "o.html", "--complaints", "two.csv")),
    (WHATIF, "nothing that changes the law", ("whatif", "calls.csv", "--law", "us", "--out", "w")),
    (WHATIF, "no law is named", ("whatif", "calls.csv", "--drafts", "--out", "w")),
    (LEADS, "a tactic that there is not", ("simulate", "--out", "portfolio", "--tactic", "hypnosis")),
    (LEADS, "a strength that is none", ("simulate", "--out", "portfolio", "--strength", "7")),
    (SERVE, "no law is named", ("gate", "serve")),
    (SERVE, "a language that there is not", ("gate", "serve", "--law", "us", "--lang", "fr")),
    (SERVE, "a time that is none", ("gate", "serve", "--law", "us", "--lease", "soon")),
    (SERVE, "a store that is none", ("gate", "serve", "--law", "us", "--store", "gate.db")),
    (SERVE, "a store in a folder that there is not", ("gate", "serve", "--law", "us", *NOWHERE)),
    (SERVE, "PostgreSQL that is not there", ("gate", "serve", "--law", "us", "--store", "postgresql://gate@127.0.0.1:1/gate")),
    (SERVE, "a language that there is not", ("gate", "coverage", "--ledger", "l", "--carrier", "c", "--lang", "fr")),
    (KEYS, "a role that there is not", (*CREATE, "--roles", "ask")),
    (KEYS, "no role", (*CREATE, "--roles", ",")),
    (KEYS, "a key of nobody", CREATE),
    (KEYS, "a kind of agency that there is not", (*CREATE, "--agency", "north", "--agency-kind", "friend")),
    (KEYS, "a key that there is not, or that was revoked before", ("gate", "key", "revoke", "0123456789ab")),
    (KEYS, "an agent without a key", ("gate", "mcp")),
)


def met(folder: Path) -> Iterator[Met]:
    """Each of them."""
    (folder / "calls.csv").write_text(CALLS, encoding="utf-8")
    (folder / "empty.csv").write_text(CALLS.partition("\n")[0] + "\n", encoding="utf-8")
    (folder / "two.csv").write_text(f"{CALLS}B,call,2026-01-06T10:00:00Z,US\n", encoding="utf-8")
    (folder / "worse.csv").write_text(f"{CALLS}B,call,yesterday,US\n", encoding="utf-8")
    shutil.copytree(Path(__file__).parents[2] / "examples/phone", folder, dirs_exist_ok=True)
    (folder / "short.key").write_bytes(b"short")
    (folder / "none.sealed").write_bytes(b"no marks")
    (folder / "lender.sealed").write_bytes(msgspec.msgpack.encode(Sealed("lender", [], [])))
    for doing, when, words in TYPED:
        yield Met(doing, when, *command(folder, *words, *(() if "serve" not in words else ("--port", "0")), FORBEAR_GATE_KEY=""))
    yield from _audits(folder)
    yield from _served(folder)


def _audits(folder: Path) -> Iterator[Met]:
    (folder / "bad.csv").write_text(f"{CALLS}B,call,yesterday,US\n", encoding="utf-8")
    yield Met(AUDIT, "too many rows in quarantine", *command(folder, "audit", "bad.csv", "--law", "us", "--out", "report"))
    yield Met(AUDIT, "a file in place of the folder for the results", *command(folder, *AUDITED[:-1], "bad.csv"))
    with patch("forbear.records.quarantine.write", side_effect=OSError(errno.ENOSPC, "No space left on device")):
        yield Met(AUDIT, "a full disk", *command(folder, *AUDITED))
    for lang in ("en", "zh"):
        with patch.object(Audit, "run", side_effect=KeyboardInterrupt):
            said, code = command(folder, *AUDITED, "--lang", lang)
        if lang == "en":
            english = said
    yield Met(AUDIT, "you pressed Ctrl-C", english, code, zh=said)

    def lost() -> None:
        with Workers(2, os.getpid) as workers:
            list(workers.each(os._exit, [1]))

    yield Met(AUDIT, "a process that the system ended", *raised(lost, folder))


def _served(folder: Path) -> Iterator[Met]:
    owed = RULE.partition("[cap]")[0] + '[owe]\nentry = { kind = "notice" }\nwithin = "5 days after"\nper = ["consumer"]\n'
    put(folder, {"rule": owed})

    async def nothing(*_: object, **__: object) -> None:
        pass

    with patch.object(serve, "_run", nothing):
        said, code = command(folder, "gate", "serve", "--rules", "my-rules", "--port", "0")
    yield Met(SERVE, "no fact reaches the gate: no error, but said at every start", said, code)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said, code = command(folder, "gate", "serve", "--law", "us", "--port", port)
        yield Met(SERVE, "a port that is taken", said, code)
        told, wrong = Pipe()[1], StringIO()
        try:
            with redirect_stderr(wrong):
                serve._child(serve.Serving(Opening("gate.db", Choice(("us",)), key_file=folder / "gate.key")), taken, told, first=True)
        except SystemExit as end:
            yield Met(SERVE, "a store that is none, with several processes", plain(wrong.getvalue(), folder), int(end.code or 0))
