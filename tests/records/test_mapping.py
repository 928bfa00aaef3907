from pathlib import Path

import pytest

from forbear.records import mapping
from forbear.records.errors import InputError

HERE = Path("m.toml")
GOOD = """
source = "dialer"
[columns]
"呼叫时间" = "occurred_at"
"呼叫结果" = "outcome"
[values."呼叫结果"]
"未接通" = "no-answer|busy"
[given]
jurisdiction = "CN"
[time]
zone = "Asia/Shanghai"
[readings]
conversation_from_s = 30
[holds]
dialer = ["asked-to-call-back"]
crm = { kinds = "all", since = 2025-01-01 }
"""


def test_a_mapping_says_what_columns_and_words_mean():
    """Columns, translations, constants, the clock, readings and what sources hold, all from one file."""
    found = mapping.parse(GOOD, HERE)
    assert found.column_of("呼叫结果") == "outcome"
    assert found.values["呼叫结果"] == {"未接通": "no-answer|busy"}
    held = mapping.holdings(found)
    assert held["dialer"].all_kinds == {"asked-to-call-back"}
    assert "consent" in held["crm"].all_kinds


def test_the_example_of_the_page_loads():
    """What the module shows to people is itself a mapping."""
    example = mapping.__doc__.split("```toml")[1].split("```")[0]
    assert mapping.parse(example, HERE).readings.conversation_from_s == 30


def test_columns_that_bear_our_names_need_no_line():
    """Our own files need no mapping; but a name that the mapping gave to another column is not taken twice."""
    assert mapping.PLAIN.column_of("occurred_at") == "occurred_at"
    assert mapping.PLAIN.column_of("呼叫时间") is None
    assert mapping.parse(GOOD, HERE).column_of("outcome") is None


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[columns]\n"a" = "outcome"\n"a" = "party"\n', 3, "a column mapped twice"),
        ('[columns]\n"a" = "outcome"\n"b" = "outcome"\n', 3, "mapped twice, from 'a' and 'b'"),
        ('[columns]\n"a" = "result"\n', 2, "unknown column 'result'"),
        ('[columns]\na = "outcome"\n[values.a]\n"x" = "ignored"\n', 4, "no value of 'outcome'; use conversation"),
        ('[values.b]\n"x" = "busy"\n', 1, "does not map"),
        ('[given]\nzone = "Mars/Olympus"\n', 2, "no value of 'zone'"),
        ('[given]\nconsumer = "A"\n', 2, "cannot be a constant"),
        ('\n[time]\nzone = "CST6"\n', 3, "unknown zone"),
        ('[time]\nformat = "dd/mm"\n', 2, "unknown format"),
        ('[time]\ncontact_date_at = "noon"\n', 2, "no time of day"),
        ('[holds]\ncrm = ["consents"]\n', 2, "unknown kind of fact 'consents'"),
        ('source = "a"\ncolour = "red"\n', 2, "no key 'colour' in a mapping"),
        ('[time]\nzon = "UTC"\n', 2, "no key 'time.zon' in a mapping"),
        ("[readings]\nconversation_from_s = 'long'\n", 2, "readings.conversation_from_s: a whole number belongs here, not a text"),
        ('file = "x"\n', 1, "unknown key 'file'"),
        ("[columns]\n呼叫 = 'outcome'\n", 2, "in quotes"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_to_do(text, line, says):
    """File, line, what is wrong, and what to write instead."""
    with pytest.raises(InputError) as error:
        mapping.parse(text, HERE)
    assert str(error.value).startswith(f"m.toml:{line}: ")
    assert says in str(error.value)
    assert error.value.exit_code == 2


def test_a_mapping_that_is_not_there_or_not_utf8_is_told(tmp_path):
    """The path is named, and what to do about it."""
    with pytest.raises(InputError, match="check the path"):
        mapping.load(tmp_path / "none.toml")
    (tmp_path / "gb.toml").write_bytes('source = "催收"'.encode("gb18030"))
    with pytest.raises(InputError, match="save the mapping as UTF-8"):
        mapping.load(tmp_path / "gb.toml")


def test_a_mapping_suits_the_files_it_names():
    """Several exports in one run each have their own mapping."""
    found = mapping.parse('files = ["call*.csv"]', HERE)
    assert [found.suits(name) for name in ("calls.csv", "facts.csv")] == [True, False]
    assert mapping.PLAIN.suits("anything")


def test_a_users_mapping_goes_over_a_built_in_one():
    """What it says wins, what it leaves unsaid stays."""
    built_in = mapping.parse('[columns]\na = "outcome"\nb = "duration_s"\n[given]\nchannel = "call"\ndirection = "outbound"', HERE)
    mine = mapping.parse('[columns]\nc = "outcome"\n[given]\ndirection = "inbound"\nzone = "UTC"', HERE)
    both = mine.over(built_in)
    assert both.columns == {"c": "outcome", "b": "duration_s"}
    assert both.given == {"channel": "call", "direction": "inbound", "zone": "UTC"}
