import pytest

from forbear.records.phones import e164, region_of


@pytest.mark.parametrize(
    "text", ["13900000001", "139-0000-0001", "0086 139 0000 0001", "+8613900000001", "+86 139 0000 0001", "8613900000001"]
)
def test_one_chinese_number_in_six_spellings_is_one_value(text):
    """However a line is written, a cap a number counts it as one."""
    assert e164(text, "CN") == "+8613900000001"


@pytest.mark.parametrize("text", ["2025550123", "(202) 555-0123", "1-202-555-0123", "+1 202 555 0123", "202.555.0123"])
def test_one_american_number_in_five_spellings_is_one_value(text):
    """Brackets, dots, hyphens and the country code make no difference."""
    assert e164(text, "US") == "+12025550123"


@pytest.mark.parametrize("text", ["1002", "10086", "95588", "911", "client1", "a@example.org", "65551234", "123456789012", "*", "D-17"])
@pytest.mark.parametrize("region", ["CN", "US", None])
def test_what_is_no_telephone_number_stays_as_it_came(text, region):
    """Switchboard extensions, short codes, local numbers without area code and ids are not made into something else."""
    assert e164(text, region) == text


def test_an_unassigned_number_loses_nothing_but_its_spelling():
    """Numbers outside the assigned ranges are brought to one spelling too, so that invented data behaves like real data."""
    assert e164("100-0000-0001", "CN") == e164("+86 10000000001", None) == "+8610000000001"


def test_an_extension_is_kept_apart():
    """Two desks behind one switchboard are two addresses."""
    assert e164("+1 202 555 0123 ext. 5", None) == "+12025550123;ext=5"
    assert e164("+1 202 555 0123 x6", None) == "+12025550123;ext=6"


def test_without_a_region_a_national_number_is_left_alone():
    """Nothing is guessed about a number whose country is unknown."""
    assert e164("(202) 555-0123", None) == "(202) 555-0123"


def test_the_region_comes_from_the_jurisdiction():
    """A state lies in its country; what is no region has none."""
    assert [region_of(each) for each in ("US-MA", "CN", "XX")] == ["US", "CN", None]
