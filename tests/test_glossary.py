"""docs/glossary.md says what `forbear.terms` says, in both languages."""

import re

from docs import glossary
from forbear import terms

TEXT = glossary.PAGE.read_text(encoding="utf-8")
IDEAS = dict(re.findall(r"^\| ([^|`]+) \| ([^|]+) \| [^|]+ \|$", TEXT.partition(glossary.LINE)[0], flags=re.MULTILINE))


def test_the_page_is_the_vocabulary():
    """The tables on the page are those that the vocabulary gives: run `make glossary` after a change."""
    assert glossary.page(TEXT) == TEXT


def test_every_word_list_has_its_table():
    """No closed list is left out: every word that a field, a rule or a verdict may use is on the page with both its names."""
    used = [field.words for field in terms.FIELDS.values()] + [terms.FORCE, terms.EFFECT, terms.VERIFIED, terms.STATUS, terms.VERDICT]
    rows = {f"| `{code}` | {word.en} | {word.zh} |" for words in used for code, word in words.items()}
    missing = rows - set(TEXT.splitlines()) - {"| `contact` | contact | 联系 |"}  # a contact is explained among the ideas
    assert rows
    assert not missing


def test_an_idea_has_one_name_in_each_language():
    """Where an idea of the first table is also a word of the vocabulary, both call it the same in Chinese."""
    # A conduct names what is done (联系第三人), not the one it is done to (第三人).
    words = [word for name, listed in glossary.lists() if name != "CONDUCT" for word in listed.values()]
    both = {word.en: word.zh for word in words + [field.name for field in terms.FIELDS.values()] if word.en in IDEAS}
    assert {"breach", "consumer", "conversation"} <= set(both)
    assert both == {english: IDEAS[english] for english in both}


def test_the_ideas_are_read():
    """The first table is found and holds the words that the project is about."""
    assert {"consumer", "contact", "standing", "witness", "dossier"} <= set(IDEAS)
