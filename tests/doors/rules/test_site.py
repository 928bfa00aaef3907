"""`forbear rules --pages`: pages that stand alone."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forbear.doors.cli import app
from forbear.doors.rules.site import comment, name
from forbear.doors.rules.words import words
from forbear.findings.plainly import plainly
from forbear.rulebook.load import load

VOID = {"meta", "path", "rect", "circle", "br", "link"}


class Reader(HTMLParser):
    """What a page holds: its links, its ids, its words, and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links, self.ids, self.sources, self.open, self.wrong = list[str](), list[str](), list[str](), list[str](), list[str]()
        self.names, self.words = list[str](), list[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens an element."""
        said = dict(attrs)
        self.links += [said["href"] or ""] if "href" in said else []
        self.ids += [said["id"] or ""] if "id" in said else []
        self.sources += [tag] if tag in ("script", "link", "img", "iframe") or "src" in said else []
        self.names += [said.get("aria-label") or ""] if said.get("role") == "img" else []
        self.open += [tag] if tag not in VOID else []

    def handle_endtag(self, tag: str) -> None:
        """Closes the innermost element."""
        if tag not in VOID and (not self.open or self.open.pop() != tag):
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        """Text, that of the style aside."""
        if "style" not in self.open:
            self.words.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reader]:
    """All pages, as they are written."""
    folder = tmp_path_factory.mktemp("rules")
    result = CliRunner().invoke(app, ["rules", "--pages", str(folder), "--on", "2026-11-27"])
    assert result.exit_code == 0, result.output
    pages = {file.name: Reader(file.read_text(encoding="utf-8")) for file in folder.iterdir()}
    assert result.output.strip() == f"{len(pages)} pages: {folder / 'index.html'}"
    return pages


def test_every_rule_and_rate_cap_has_a_page_in_each_language(site):
    """And the table has one too; nothing else is there."""
    laws = {law.id for law in (*load().rules, *load().rate_caps)}
    assert site.keys() == {name(page, lang) for page in (*laws, "index") for lang in ("en", "zh")}


def test_the_pages_stand_alone_and_every_link_leads_somewhere(site):
    """No script, no picture and no style from elsewhere; links lead to a page of the folder, a place of the page, or the text of a law."""
    book = load()
    cited = {book.link(law, clause) for law in (*book.rules, *book.rate_caps) for clause in law.clauses}
    for file, page in site.items():
        assert page.sources == [], file
        assert page.wrong == [], file
        assert len(set(page.ids)) == len(page.ids), file
        for link in page.links:
            assert link in site or link in cited or link.removeprefix("#") in page.ids, (file, link)


def test_from_the_table_every_page_can_be_reached(site):
    """In either language, and each page leads back and to the other language."""
    for lang, other in (("en", "zh"), ("zh", "en")):
        index = name("index", lang)
        mine = {file for file in site if file.endswith(".zh.html") == (lang == "zh")}
        assert mine - {index} <= set(site[index].links)
        for law in load().rules:
            assert {index, name(law.id, other)} <= set(site[name(law.id, lang)].links)


def test_a_page_holds_all_that_is_known_of_the_rule(site):
    """Title, clause, plain words, how sure, exemptions, standings, limits, and each example with a picture that has a name."""
    book = load()
    for lang in ("en", "zh"):
        for law in book.rules:
            page = site[name(law.id, lang)]
            text = " ".join(" ".join(page.words).split())
            for part in (law.title.say(lang), plainly(law, book, lang), *(clause.cite for clause in law.clauses), law.row):
                assert " ".join(part.split()) in text, (law.id, part)
            assert " ".join(comment(book.file_of(law)).split()) in text
            assert all(example.name in text for example in law.example)
            assert len(page.names) == 2 * len(law.example)
            assert all(page.names)


def test_what_a_law_file_says_on_top_is_a_known_limit(tmp_path: Path):
    """All lines before the first key, as one text; a comment further down is none."""
    file = tmp_path / "rule.toml"
    file.write_text('# One number\n# is doubtful.\nid = "x"\n# aside\n', encoding="utf-8")
    assert comment(file) == "One number is doubtful."


def test_what_has_no_page_is_told_without_a_link(tmp_path: Path):
    """A state that is written alone names what the country adds."""
    result = CliRunner().invoke(app, ["rules", "--pages", str(tmp_path), "--law", "us-nyc", "--on", "2026-11-27"])
    assert result.exit_code == 0, result.output
    index = Reader((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert "at most 7 times in 7 days" in index.words
    assert all((tmp_path / link).exists() or link.startswith("#") for link in index.links)


def test_a_law_can_be_chosen(tmp_path: Path):
    """`--law` writes pages for one law alone, and --on another table."""
    result = CliRunner().invoke(app, ["rules", "--pages", str(tmp_path), "--law", "hk", "--on", "2026-01-01", "--table"])
    assert result.exit_code == 0, result.output
    assert {file.name for file in tmp_path.iterdir()} == {
        "index.html",
        "index.zh.html",
        "hk.banking-code.unannounced-agency.html",
        "hk.banking-code.unannounced-agency.zh.html",
    }
    assert "1 Jan 2026" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_both_languages_have_the_same_keys_and_places():
    """And the Chinese is punctuated as Chinese."""
    en, zh = words("en").texts, words("zh").texts
    assert list(en) == list(zh)
    for key, text in zh.items():
        assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", en[key])) - {"s"}, key
        assert not re.search(r"[一-鿿][,;:!?()\"]|[,;:!?(\"][一-鿿]", text), key


def test_no_phrase_is_left_over():
    """Every text is asked for by the code or a page."""
    folder = Path(__file__).parents[3] / "src/forbear/doors/rules"
    code = "\n".join(file.read_text("utf-8") for file in [*folder.glob("*.py"), *folder.glob("*.j2")])
    begun = tuple(re.findall(r'"([a-z]+\.)(?:\{|" ~)', code))
    left = [key for key in words("en").texts if f'"{key}"' not in code and not key.startswith((*begun, "list."))]
    assert left == []


def test_a_day_that_is_none_is_refused():
    """--on wants a date."""
    result = CliRunner().invoke(app, ["rules", "--table", "--on", "soon"])
    assert result.exit_code == 2
