from forbear.records import readings, schema, synonyms
from forbear.terms import FIELDS, KIND


def test_every_column_is_a_field_or_described():
    """The two tables hold no column that nobody knows, and every column has a name in both languages."""
    for column in (*schema.CONTACT, *schema.FACT):
        assert column in schema.COLUMNS
        assert all(schema.name_of(column))
    assert not set(schema.EXTRA) & set(FIELDS)


def test_what_a_row_needs_comes_first():
    """Anything may be missing but the first three."""
    assert schema.NEEDED == {"contacts": ("occurred_at", "consumer", "channel"), "facts": ("occurred_at", "consumer", "kind")}


def test_kinds_come_in_pairs_that_bind_and_loosen():
    """What permits stands at the end of its date, what takes the permit away at the start."""
    pairs = [
        ("consent", "consent-revoked"),
        ("opt-in", "opt-out"),
        ("place-allowed", "place-forbidden"),
        ("verified", "dispute"),
        ("assigned", "recalled"),
    ]
    assert all(permits in schema.PERMITS and restricts not in schema.PERMITS for permits, restricts in pairs)
    assert set(KIND) > schema.PERMITS


def test_synonyms_speak_our_words_only():
    """Every word on the left of the table is in the word list of its field, and every column is one of ours."""
    book = synonyms._book()
    for table in (book.values, book.readings):
        for field, entries in table.items():
            assert {word for words in entries for word in words.split("|")} <= set(FIELDS[field].words)
    assert set(book.columns) <= schema.COLUMNS


def test_no_synonym_is_claimed_twice():
    """One foreign word means one thing in one field; one header, one column."""
    book = synonyms._book()
    for field in book.values:
        tables = [book.values[field], book.readings.get(field, {})]
        pairs = {(synonyms.plain(each), word) for table in tables for word, said in table.items() for each in said}
        assert len(pairs) == len({said for said, _ in pairs}), field
    headers = {(synonyms.plain(each), column) for column, said in book.columns.items() for each in said}
    assert len(headers) == len({said for said, _ in headers})


def test_readings_are_said_in_both_languages():
    """Each can be printed with its detail."""
    for code in readings.READINGS:
        word = readings.Reading(code, "17", 1).word
        assert all("{" not in text for text in word)
