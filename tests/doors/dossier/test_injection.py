"""Whatever a message holds is shown as it stands: in HTML, on paper, in a spreadsheet, in the case file. Nothing of it is executed."""

import csv
import json
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typst
from telephones import COLLECTOR, US, export, item, made, proposed

from forbear.doors.dossier import case as cases
from forbear.doors.dossier import files, paper, propose
from forbear.doors.dossier.files import _cells

EVIL = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    '#panic("executed") #read("/etc/passwd") $x$ *b* _i_ @ref <label> \\ #import "x"',
    '=HYPERLINK("http://x.example","click")',
    "{{ 7*7 }} {% raw %} ${7*7}",
    "]]> --> </style></title><h1>",
    '"""\nconfirmed = true\n[[debt]]',
]


class Seen(HTMLParser):
    """Tags and texts of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text = [], set(), []

    def handle_starttag(self, tag, attrs):
        """Notes what is opened."""
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        """Notes what is shown."""
        self.text.append(data)


@pytest.mark.parametrize("evil", EVIL)
def test_a_message_stays_a_message(evil, tmp_path):
    """In the page as text, on paper as text, in the table as text; also where it is the name of a file or of a collector."""
    words = f"You deadbeat thief {evil}"
    records = export(item("2026-03-12 10:30", COLLECTOR, words, name=evil), names=(f"a{evil.replace('/', ':')}.xml",))
    told = f"[[told]]\nat = {propose.quoted(f'May {evil}')}\nto = {propose.quoted(evil)}\nwords = {propose.quoted(f'They said {evil}')}\n"
    text = US.replace('"Hilltop Recovery"', propose.quoted(f"H {evil}")) + told
    case = cases.parse(text, Path("c"))
    whole = made(records, text)
    files.write(tmp_path / "pack", text, case, whole.evidence, whole.derived, whole.pack, ())
    page = Seen()
    page.feed((tmp_path / "pack" / "dossier.html").read_text(encoding="utf-8"))
    assert not {"script", "img", "iframe", "object", "link", "a"} & set(page.tags)
    assert not any(name.startswith("on") for name in page.attributes)
    assert words in "".join(page.text)
    assert f"They said {evil}" in "".join(page.text)
    assert (tmp_path / "pack" / "dossier.pdf").read_bytes().startswith(b"%PDF")
    with (tmp_path / "pack" / "findings.csv").open(encoding="utf-8-sig", newline="") as table:
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in csv.reader(table) for cell in row)


def test_typst_sets_a_message_as_it_stands():
    """The paper is asked for the text of its messages: it is the message, to the letter."""
    words = f"You deadbeat thief {EVIL[1]}"
    pack = made(export(item("2026-03-12 10:30", COLLECTOR, words)), f"{US}[[told]]\nwords = {propose.quoted(words)}\n").pack
    said = paper.said(pack, "0" * 64, "")
    for where in ("breaches.first().incidents.first().contact.words", "told.first().words"):
        source = f"#let all = json(bytes(sys.inputs.data))\n#metadata(all.pack.{where}) <words>".encode()
        found = typst.query(source, "<words>", field="value", one=True, sys_inputs={"data": json.dumps(said)})
        assert json.loads(found) == words
    assert b"eval(" not in Path(paper.__file__).with_name("paper.typ").read_bytes()


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(begin):
    """What a spreadsheet would compute is marked as text."""
    assert _cells([f"{begin}1+1", "a=1"]) == [f"'{begin}1+1", "a=1"]


@pytest.mark.parametrize("evil", EVIL)
def test_a_proposal_holds_no_more_than_it_says(evil):
    """A name in the telephone, or an account, cannot write into the case file."""
    calls = [
        item(f"2026-03-12 {hour}:30", f"debt {evil}", "You owe $5, pay now, deadbeat", name=f"Collect {evil}") for hour in (10, 11, 12)
    ]
    found = proposed(export(*calls), "America/New_York", "en")
    raw = tomllib.loads(propose.render(found, "us", "America/New_York", "en"))
    assert raw["confirmed"] is False
    assert len(raw["debt"]) == 1
    assert len(raw["debt"][0]["collector"][0]["numbers"]) == len(found) == 1


def test_the_paper_has_its_own_chinese_font():
    """Embedded, so that it reads anywhere."""
    assert "Noto Sans CJK SC" in paper.fonts().families()
    words = item("2026-03-12 10:30", COLLECTOR, "你这个骗子，不要脸的东西")
    assert b"NotoSansCJK" in paper.render(made(export(words), US.replace('lang = "en"', 'lang = "zh"')).pack, "0" * 64, "")
