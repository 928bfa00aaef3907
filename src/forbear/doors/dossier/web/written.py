"""What a person chose and wrote on the pages becomes `case.toml`, as somebody would write it by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from forbear.doors.dossier.propose import quoted
from forbear.terms import DEBT_KIND, PARTY, Language


class Row(dict[str, str]):
    """The fields of one row of a form; what is not there was left empty."""

    def __missing__(self, _: str) -> str:
        """Nothing was said."""
        return ""


_STATED = {"words": "words", "at": "when", "channel": "channel", "to": "to"}
"""Key of the case -> field of the form."""
Draft = Mapping[str, Sequence[Row]]
"""Table -> rows: `number` (proposed), `hand` (added), `company`, `person`, `fact`, `stated`; `me` has one row."""


def case(draft: Draft, law: str, zone: str, lang: Language) -> str:
    """The text of the case. What the checks of its steps let through loads."""
    me = draft["me"][0]
    names = people(draft["person"], lang)
    head = {"confirmed": "true" if me["confirmed"] else "false", "law": quoted(law), "lang": quoted(lang), "zone": quoted(zone)}
    head |= {key: quoted(me[key]) for key in ("name", "number") if me[key]}
    if me["never"]:
        head["complete"] = quoted_list(["consent"])
    lines = [*_lines(head), *_debts(draft, lang)]
    for n, name in names.items():
        row = draft["person"][n]
        files = [value for key, value in row.items() if key.startswith("file.")]
        lines += ["", "[[person]]", *_lines({"name": quoted(name), "party": quoted(row["party"]), "files": quoted_list(files)})]
    for row in draft["fact"]:
        if row["kind"]:
            lines += ["", "[[fact]]", *_lines(_fact(row, draft["company"], names))]
    for row in draft["stated"]:
        if row["words"].strip():
            said = {key: quoted(row[name]) for key, name in _STATED.items() if row[name].strip()}
            lines += ["", "[[told]]", *_lines(said)]
    return "\n".join((*lines, ""))


def chosen(draft: Draft) -> dict[int, list[str]]:
    """Company -> its numbers: those that were ticked, and those that were added by hand."""
    found = dict[int, list[str]]()
    for row in (*(row for row in draft["number"] if row["yes"]), *draft["hand"]):
        if number := row["number"].strip():
            found.setdefault(int(row["company"] or 0), []).append(number)
    return found


def people(rows: Sequence[Row], lang: Language) -> dict[int, str]:
    """Row -> what to call this person: what was written, else what he is; with a number where that is taken."""
    found = dict[int, str]()
    for n, row in enumerate(rows):
        if row["party"]:
            name = row["name"].strip() or PARTY[row["party"]].say(lang)
            found[n] = name if name not in found.values() else f"{name} {n + 1}"
    return found


def quoted_list(texts: Sequence[str]) -> str:
    """A TOML array of strings."""
    return f"[{', '.join(map(quoted, texts))}]"


def _lines(values: Mapping[str, str]) -> Iterator[str]:
    return (f"{key} = {value}" for key, value in values.items())


def _debts(draft: Draft, lang: Language) -> Iterator[str]:
    """One debt for all companies that say the same of it."""
    debts = dict[tuple[str, ...], dict[tuple[str, str], list[str]]]()
    for n, numbers in sorted(chosen(draft).items()):
        row = draft["company"][n]
        debt = tuple(row[key].strip() for key in ("creditor", "creditor_kind", "debt_kind", "account"))
        debts.setdefault(debt, {}).setdefault((row["name"].strip(), row["kind"]), []).extend(numbers)
    creditors = [debt[0] for debt in debts]
    for (creditor, creditor_kind, kind, account), collectors in debts.items():
        told = {"creditor": quoted(creditor), "creditor_kind": quoted(creditor_kind), "kind": quoted(kind)}
        if creditors.count(creditor) > 1:
            told["name"] = quoted(f"{creditor} ({' '.join(filter(None, (DEBT_KIND[kind].say(lang), account)))})")
        yield from ("", "[[debt]]", *_lines(told))
        for (name, agency), numbers in collectors.items():
            of = {"name": quoted(name), "kind": quoted(agency), "numbers": quoted_list(list(dict.fromkeys(numbers)))}
            yield from ("", "[[debt.collector]]", *_lines(of))


def _fact(row: Row, companies: Sequence[Row], names: Mapping[int, str]) -> dict[str, str]:
    said = {"kind": quoted(row["kind"]), "at": row["date"] + (f"T{row['time']}:00" if row["time"] else "")}
    if row["to"]:
        said["to"] = quoted_list([companies[int(row["to"])]["name"].strip()])
    if row["person"]:
        said["person"] = quoted(names[int(row["person"])])
    if row["kind"] == "inconvenient-hours":
        said["hours"] = quoted(hours(row["from"], row["until"]))
    return said | {key: quoted(row[key]) for key in ("form", "channel", "shown_by") if row[key]}


def hours(begin: str, end: str) -> str:
    """Every day from `begin` to `end` (HH:MM), over midnight where the end is not later."""
    if begin < end:
        return f"daily[{begin},{end})"
    return f"daily[{begin},24:00)" + (f"[00:00,{end})" if end != "00:00" else "")
