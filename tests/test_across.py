"""docs/across.md says what the law files say."""

import datetime as dt

import pytest

from docs import across

TEXT = across.PAGE.read_text(encoding="utf-8")


def test_the_page_is_the_law_of_the_day_that_it_names():
    """Run `make pages` after a change of the law."""
    assert across.page(TEXT) == TEXT


def test_another_day_gives_another_table():
    """New York's number becomes three on the first of January 2027."""
    line = "New York City, US `US-NYC` | **at most 3 times in 7 days**"
    assert line in across.page(TEXT, dt.date(2027, 1, 1))
    assert line not in across.page(TEXT, dt.date(2026, 12, 31))


def test_a_page_that_names_no_day_is_refused():
    """Rather than taking some day."""
    with pytest.raises(ValueError, match="names no day"):
        across.page("# nothing")
