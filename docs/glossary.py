"""Writes the tables of docs/glossary.md from `forbear.terms`, below the line that says so. Run by `make glossary`."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from forbear import terms
from forbear.terms import Word, Words

PAGE = Path(__file__).with_name("glossary.md")
LINE = "<!-- All below is written from src/forbear/terms.py by `make glossary`. -->\n"

HEADINGS = {
    "CHANNEL": Word("Channel", "渠道"),
    "DIRECTION": Word("Direction", "方向"),
    "PARTY": Word("Party: who was contacted", "对象身份"),
    "OUTCOME": Word("Outcome of a contact", "联系结果"),
    "KIND": Word("Kind of fact", "事实类别"),
    "PLACE": Word("Place", "地点"),
    "AUTOMATED": Word("Who speaks", "人工或自动"),
    "DEBT_KIND": Word("Kind of debt", "债务类型"),
    "CREDITOR_KIND": Word("Kind of creditor", "债权人类型"),
    "AGENCY_KIND": Word("Kind of agency", "催收机构类型"),
    "FORM": Word("Form of a fact", "形式"),
    "SCOPE": Word("Scope of a consent or stop", "同意或停止的范围"),
    "DECLARED_BY": Word("Declared by", "声明人"),
    "CONDUCT": Word("Conduct: what a rule is about, and a tag of what a message does", "行为"),
    "CONTENT": Word("Content: a tag of what a message holds", "内容"),
    "TACTIC": Word("Tactic: a pattern that is a lead, never a breach", "手法（只作线索）"),
    "FORCE": Word("Force: what kind of text the clause stands in", "效力"),
    "EFFECT": Word("Effect: what the clause does", "后果"),
    "VERIFIED": Word("Verified: how sure we are of the clause's text", "核实程度"),
    "STATUS": Word("Status of a rule", "规则状态"),
    "VERDICT": Word("Verdict", "结论"),
}


def lists() -> Iterator[tuple[str, Words]]:
    """Every closed word list of `forbear.terms` by its name there; a union of others (`TAGS`) is no list of its own."""
    for name, value in vars(terms).items():
        if name.isupper() and name != "TAGS" and isinstance(value, dict) and all(isinstance(word, Word) for word in value.values()):
            yield name, value


def table(heading: Word, rows: Iterable[tuple[str, Word]]) -> str:
    """One list as Markdown: the code that stands in files, and what people say."""
    head = ["", f"## {heading.en} · {heading.zh}", "", "| in files | English | 中文 |", "| --- | --- | --- |"]
    return "\n".join([*head, *(f"| `{code}` | {word.en} | {word.zh} |" for code, word in rows), ""])


def tables() -> str:
    """All lists and the fields. Raises `KeyError` for a list without a heading: add it above."""
    listed = [table(HEADINGS[name], words.items()) for name, words in lists()]
    fields = table(Word("Fields of an entry", "字段"), ((name, field.name) for name, field in terms.FIELDS.items()))
    return "".join([*listed, fields])


def page(text: str) -> str:
    """The page whose hand-written part is that of `text`, with the tables as they should be."""
    return text.partition(LINE)[0] + LINE + tables()


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
