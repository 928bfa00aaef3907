"""The steps as pages: plain forms, each answered by the next page or by the same one with what is to be mended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from forbear import terms
from forbear.doors.dossier.build import fault
from forbear.doors.dossier.redact import clean
from forbear.doors.dossier.web import guard, written
from forbear.doors.dossier.web.checks import FACTS, ZONES, Wrong
from forbear.doors.dossier.web.session import STEPS, Session
from forbear.doors.dossier.web.written import Row
from forbear.doors.dossier.words import words
from forbear.findings import dates
from forbear.findings.charts import PALETTE
from forbear.records.exports import backup

_TABLES: Final = {"numbers": ("number", "hand", "company"), "told": ("person", "fact", "stated", "me")}
"""Step -> what its form says."""
_FILES: Final = {"style.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}
_PACK: Final = ("dossier.pdf", "dossier.html", "dossier.zip")
_ENDINGS: Final = (".xml", ".csv", ".xlsx", ".json", ".vcon", ".db", ".storedata")
"""Of a folder that is no backup the files with such names are taken."""
_LAST_S: Final = 1
"""Seconds in which the browser gets what belongs to the last page."""
_FIELDS: Final = 20_000
"""Fields that a form may have: a proposal may have thousands of numbers."""
Method = Literal["GET", "POST"]


class Pages:
    """The pages of one session. `stop`: ends the server."""

    def __init__(self, session: Session, stop: Callable[[], None]) -> None:
        self._session, self._stop, self._turn = session, stop, asyncio.Lock()

    def app(self) -> Starlette:
        """The application behind the guard."""
        each: list[tuple[str, Callable[[Request], Awaitable[Response]], Method]] = [
            *((f"/{step}", self._show, "GET") for step in STEPS),
            *((f"/{step}", self._take, "POST") for step in STEPS),
            ("/", self._show, "GET"),
            ("/progress", self._progress, "GET"),
            ("/end", self._end, "POST"),
            ("/get/{name}", self._get, "GET"),
            ("/{name}", self._file, "GET"),
        ]
        return Starlette(routes=[Route(path, what, methods=[method]) for path, what, method in each])

    async def _show(self, request: Request) -> Response:
        session, step = self._session, request.url.path.rpartition("/")[2]
        if not session.settled:
            session.lang, session.settled = _browsers(request), True
        if step not in STEPS or STEPS.index(step) > session.reached:
            return _to(STEPS[session.reached])
        return self._page(step)

    async def _take(self, request: Request) -> Response:
        """A form that was sent: kept first, then what its button asks for."""
        session, step = self._session, request.url.path.rpartition("/")[2]
        if int(request.headers.get("content-length") or guard.MOST + 1) > guard.MOST:
            async for _ in request.stream():
                pass  # a browser shows an answer only when it has sent all
            return self._page("files", [Wrong("files", words(session.lang, "web")("wrong.too-large", most=guard.MOST >> 30))], 413)
        if STEPS.index(step) > session.reached:
            return _to(STEPS[session.reached])
        async with self._turn, request.form(max_files=1000, max_fields=_FIELDS) as form:
            return await run_in_threadpool(self._do, step, form)

    def _do(self, step: str, form: FormData) -> Response:
        session, do = self._session, str(form.get("do", ""))
        wrong = self._brought(form) if step == "files" else []
        if step in _TABLES:
            session.keep(_tables(form), _TABLES[step])
        if lang := form.get("lang"):
            session.say("zh" if lang == "zh" else "en")
            return self._page(step, wrong) if wrong else _to(step)
        what, _, which = do.partition(":")
        if what in ("add", "remove", "all", "drop", "drop-log"):
            self._change(what, which)
        if wrong:
            return self._page(step, wrong, 422)
        if what == "go" and which in STEPS:
            return _to(which)
        if what in ("add", "remove", "all"):
            return _to(f"{step}#{which.partition('.')[0]}")
        if what in ("keep", "drop", "drop-log"):
            return _to(step)
        wrong = {"files": session.read, "numbers": session.name, "told": session.make}.get(step, list)()
        return self._page(step, wrong, 422) if wrong else _to(STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)])

    def _brought(self, form: FormData) -> list[Wrong]:
        session = self._session
        session.begin(str(form.get("law", "")), str(form.get("zone", "")).strip())
        wrong = list[Wrong | None]()
        for field, take in (("files", session.take), ("log", session.take_log)):
            new = (each for each in form.getlist(field) if isinstance(each, UploadFile) and each.filename)
            wrong += [take(each.filename or "", each.file) for each in new]
        return [*filter(None, wrong), *session.unpack()]

    def _change(self, what: str, which: str) -> None:
        """A row more or less, all numbers ticked, a file less."""
        session = self._session
        table, _, n = which.partition(".")
        rows = session.draft.get(table, [])
        if what == "drop":
            session.drop(which)
        elif what == "drop-log":
            session.drop_log(which)
        elif what == "add" and table in ("hand", "company", "person", "fact", "stated"):
            rows.append(Row())
        elif what == "remove" and n.isdecimal() and int(n) < len(rows):
            session.remove(table, int(n))
        elif what == "all":
            for row in session.draft["number"]:
                row["yes"] = "on"

    def _page(self, step: str, wrong: Sequence[Wrong] = (), status: int = 200) -> Response:
        session = self._session
        lang = session.lang
        said = {
            "says": lambda of, keys=None: [(key, of[key].say(lang)) for key in keys or of],
            "others": [key for key in terms.PARTY if key != "consumer"],
            "companies": [(n, session.draft["company"][n]["name"]) for n in sorted(written.chosen(session.draft))],
            "people": written.people(session.draft["person"], lang),
            "day": lambda at: dates.instant(at, session.zone, lang),
            "fault": lambda source: fault(source, words(lang)),
            "how": lambda text: _how(text, lang),
        }
        text = (
            _templates()
            .get_template(f"{step}.html.j2")
            .render(
                step=step,
                steps=STEPS,
                s=session,
                lang=lang,
                t=words(lang, "web"),
                told=words(lang),
                wrong={each.field: each.text for each in reversed(wrong)},
                wrongs=wrong,
                terms=terms,
                kinds=FACTS,
                zones=ZONES,
                most=guard.MOST >> 30,
                backup=" ".join(backup.PARTS),
                endings=" ".join(_ENDINGS),
                **said,
            )
        )
        return HTMLResponse(text, status)

    async def _progress(self, _: Request) -> Response:
        return PlainTextResponse(words(self._session.lang, "web")("files.progress", n=round(self._session.done * 100)))

    async def _get(self, request: Request) -> Response:
        """A file of the pack, to be kept."""
        name, session = request.path_params["name"], self._session
        if name not in _PACK or not session.made:
            return PlainTextResponse("", 404)
        path = await run_in_threadpool(session.zipped) if name == "dossier.zip" else session.pack / name
        return FileResponse(path, filename=name)

    async def _end(self, _: Request) -> Response:
        asyncio.get_running_loop().call_later(_LAST_S, self._stop)
        lang = self._session.lang
        return HTMLResponse(_templates().get_template("ended.html.j2").render(lang=lang, t=words(lang, "web")))

    async def _file(self, request: Request) -> Response:
        name = request.path_params["name"]
        return Response(_static(name), media_type=_FILES[name]) if name in _FILES else PlainTextResponse("", 404)


def _to(where: str) -> Response:
    """Another page; relative, so that the token stays where it is."""
    return RedirectResponse(where, 303)


def _how(text: str, lang: terms.Language) -> str:
    """How to get what is missing: where the pack speaks of files and options, what it is on these pages."""
    page = words(lang, "web").texts
    return next((page[key] for key, said in words(lang).texts.items() if said == text and key in page), text)


def _browsers(request: Request) -> terms.Language:
    """The language that a browser asks for first."""
    return "zh" if request.headers.get("accept-language", "").strip().lower().startswith("zh") else "en"


def _tables(form: FormData) -> dict[str, list[Row]]:
    """`company.0.name` = value -> table, row, field; rows in the order of their numbers."""
    found = dict[str, dict[int, Row]]()
    for key, value in form.multi_items():
        table, _, rest = key.partition(".")
        n, _, field = rest.partition(".")
        if isinstance(value, str) and n.isdecimal() and field:
            found.setdefault(table, {}).setdefault(int(n), Row())[field] = clean(value)
    return {table: [rows[n] for n in sorted(rows)] for table, rows in found.items()}


@cache
def _static(name: str) -> str:
    text = files("forbear.doors.dossier.web").joinpath("pages", name).read_text("utf-8")
    for colour, value in PALETTE.items():
        text = text.replace(f"var(--{colour})", value)
    return text


@cache
def _templates() -> Environment:
    loader = PackageLoader("forbear.doors.dossier.web", "pages")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
