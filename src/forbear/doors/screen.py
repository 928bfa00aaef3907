"""What the command line shows beside results: the first and last lines of a run, and a bar where somebody looks at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from forbear.doors.options import Exit
from forbear.records.history import History
from forbear.terms import Language

if TYPE_CHECKING:
    from forbear.findings.summary import Summary  # what it is made of is heavy, and the command line stays light

Ran_co = TypeVar("Ran_co", covariant=True)
STOPPED: Final = {
    "en": "Stopped. Nothing was changed; the same command goes on where it stopped.",
    "zh": "已停止，原有结果未作改动；再次运行同一命令即从中断处继续。",
}


class Task(Protocol[Ran_co]):
    """A run over a history."""

    silent: list[str]
    """Kinds of fact that no source holds, of those that its law asks for."""

    def run(self) -> Ran_co:
        """All of it."""


def ran(task: Task[Ran_co], lang: Language) -> Ran_co:
    """What a run found, once what is silent has been said. Raises `typer.Exit` where Ctrl-C stops it."""
    import typer

    for line in silence(task.silent, lang):
        typer.echo(line)
    try:
        return task.run()
    except KeyboardInterrupt:
        typer.echo(STOPPED[lang], err=True)
        raise typer.Exit(Exit.STOPPED) from None


def unmet(columns: tuple[str, ...], lang: Language) -> Iterator[str]:
    """Columns that the mapping names and no file has: said first, since what they should have said is unknown."""
    if columns:
        said = "映射文件中的以下列在所有文件中都不存在" if lang == "zh" else "The mapping names columns that no file has"
        yield f"{said}: {', '.join(columns)}"


def left(found: Summary, lang: Language) -> Iterator[str]:
    """How much the kernel left to the plain engine: slower, the same meaning."""
    if found.left_to_plain:
        n, of = f"{found.left_to_plain:,}", f"{found.counts.timelines:,}"
        yield f"{of} 条时间线中有 {n} 条由 plain 引擎判定" if lang == "zh" else f"The plain engine judged {n} of {of} timelines"


def silence(silent: list[str], lang: Language) -> Iterator[str]:
    """The first lines of a run: what no source holds, so that its absence proves nothing."""
    if silent and lang == "zh":
        yield f"没有来源完整保存以下事实，未见不等于没有，有关结论只能待查：{'、'.join(silent)}"
        yield "若来源确实保存，请在映射文件 [holds] 或 --holds 中写明。"
    elif silent:
        yield f"No source holds these kinds of fact; their absence proves nothing, and what turns on them is unclear: {', '.join(silent)}"
        yield "If a source does hold them, say so under [holds] in the mapping, or with --holds."


def unread(lost: int, rows: int, lang: Language) -> Iterator[str]:
    """Rows that could not be read, of a command that keeps no quarantine."""
    if lost:
        yield (
            f"{rows:,} 行中有 {lost:,} 行无法读取，未计入；`forbear audit` 的 quarantine.csv 会逐行说明"
            if lang == "zh"
            else f"{lost:,} of {rows:,} rows could not be read and do not count; quarantine.csv of `forbear audit` says why of each"
        )


def history(paths: Sequence[Path], facts: Sequence[Path], mapping: Sequence[Path], lang: Language) -> History:
    """All entries of a history, under a bar; what could not be read is counted on standard error. Raises `InputError`."""
    import typer

    from forbear.records.history import read
    from forbear.records.mapping import PLAIN, load

    loaded = [load(each) for each in mapping] or [PLAIN]
    with progress() as update:
        found = read(paths, facts, loaded, progress=lambda done, total: update("read", done, total))
    for line in unread(len(found.quarantine), found.rows, lang):
        typer.echo(line, err=True)
    return found


@contextmanager
def progress() -> Iterator[Any]:
    """A progress bar on standard error where somebody looks at it; silent in pipes."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        "{task.percentage:>3.0f}%",
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    tasks: dict[str, Any] = {}

    def update(stage: str, done: int, total: int) -> None:
        if stage not in tasks:
            tasks[stage] = bar.add_task(stage, total=total, rate="")
        speed = bar.tasks[tasks[stage]].speed or 0
        rate = f"{speed / 1e6:,.0f} MB/s" if stage == "read" else f"{speed:,.0f}/s"
        bar.update(tasks[stage], completed=done, total=total, rate=rate)

    if not console.is_terminal:
        yield lambda *_: None
        return
    with bar:
        yield update
