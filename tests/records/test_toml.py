import tomllib

import pytest

from forbear.records.toml import NotToml, line_of, lines, parse
from forbear.rulebook.diary import diary_line

TEXT = '''\
id = "zz.a"                 # 1
title.en = "a"
[applies]
channel = "call"
[[unless]]                  # 5
while = "zz.b"
[[unless]]
party = "friend"
[cap]
limit = 1                   # 10
[[cap.free]]
limit = 1
[[cap.free]]
limit = 2
[[example]]                 # 15
diary = """
2026-03-02 09:00 call busy
[applies]
limit = 3
"""                         # 20
given = { party = "friend" }
[[example]]
diary = """2026-03-02 09:00 call busy
2026-03-02 09:01 call busy
"""                         # 25
[[example]]
diary = "2026-03-02 09:00 call busy"
[[example]]
diary = \'\'\'
2026-03-02 09:00 call busy  # 30
[cap]
limit = 4
\'\'\'
[[forbid]]
channel = "call"            # 35
[[forbid]]
channel = "sms"
[forbid.outcome]
not = ["busy"]
["given"]                   # 40
"party" = "friend"
[\'excused\']
\'reason\' = "none"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("id", 1),
        ("title.en", 2),
        ("applies", 3),
        ("applies.channel", 4),
        ("unless", 5),
        ("unless[0].while", 6),
        ("unless[1]", 7),
        ("unless[1].party", 8),
        ("unless[1].channel", 7),
        ("cap.limit", 10),
        ("cap.free[1].limit", 14),
        ("cap.free[1].within", 13),
        ("cap.per", 9),
        ("example[0].diary", 16),
        ("example[0].given", 21),
        ("example[0].given.party", 21),
        ("example[1].diary", 23),
        ("forbid[0].channel", 35),
        ("forbid[1].channel", 37),
        ("forbid[1].outcome", 38),
        ("forbid[1].outcome.not", 39),
        ("given", 40),
        ("given.party", 41),
        ("excused.reason", 43),
        ("from", 1),
        ("", 1),
    ],
)
def test_a_path_is_found_or_the_nearest_table_around_it(path, line):
    """What stands inside a diary is no key, though it may look like one."""
    assert line_of(path, lines(TEXT)) == line


def test_a_line_of_a_diary_is_found_however_the_diary_is_quoted():
    """On the line after the quotes, on the line of the quotes, in one line."""
    assert tomllib.loads(TEXT)["example"][0]["diary"].startswith("2026")
    assert [diary_line(TEXT, 0, n) for n in (1, 2, 3)] == [17, 18, 19]
    assert [diary_line(TEXT, 1, n) for n in (1, 2)] == [23, 24]
    assert diary_line(TEXT, 2, 1) == 27
    assert diary_line(TEXT, 3, 1) == 30


@pytest.mark.parametrize(
    ("text", "line", "what"), [("a = 1\nb = \n", 2, "Invalid value"), ('a = 1\nb = """\nc\n', 4, "Unterminated|Expected")]
)
def test_what_is_no_toml_is_told_with_its_line(text, line, what):
    """The line that cannot be read, or the last one where something has no end; and why."""
    with pytest.raises(NotToml, match=what) as error:
        parse(text)
    assert error.value.line == line


@pytest.mark.parametrize(("path", "line"), [("given.No.", 21), ("given.[].x]", 21), (".", 1), ("given..", 21), ("[0]", 1)])
def test_the_line_of_a_key_with_dots_and_brackets_is_that_of_the_table_around_it(path, line):
    """Keys of a mapping are the headers of somebody's file, and hold anything; the search for their place once never ended."""
    assert line_of(path, {"given": 21}) == line
