import pytest

from forbear.rulebook import match as m
from forbear.rulebook.match import Match, Matches, Misplaced


def test_each_form_of_a_test_is_read():
    """A word, a list, none of a list, bounds, standings."""
    match = Match.parse(
        {
            "while": "zz.a",
            "channel": "call",
            "party": ["friend", "family"],
            "outcome": {"not": ["busy"]},
            "collectors_present": {"at_least": 2},
        }
    )
    assert match.tests == (
        m.Test("channel", ("call",)),
        m.Test("party", ("friend", "family")),
        m.Test("outcome", ("busy",), negated=True),
        m.Test("collectors_present", at_least=2.0),
        m.Test("while", ("zz.a",)),
    ), "standings are asked last"
    assert list(match.standings()) == ["zz.a"]


@pytest.mark.parametrize(
    ("raw", "path", "what"),
    [
        ({"chanel": "call"}, "chanel", "no field 'chanel'; the fields are while, kind"),
        ({"channel": "phone"}, "channel", "channel has no value 'phone'; it has call"),
        ({"channel": ["call", "phone"]}, "channel", "no value 'phone'"),
        ({"channel": {"not": ["phone"]}}, "channel", "no value 'phone'"),
        ({"channel": []}, "channel", "write a word, a list of words"),
        ({"channel": {}}, "channel", "write a word"),
        ({"channel": 7}, "channel", "write a word"),
        ({"channel": {"not": []}}, "channel", "write a word"),
        ({"channel": {"at_least": 2}}, "channel", "channel is no number; name its values instead"),
        ({"while": {"at_least": 2}}, "while", "while is no number"),
        ({"duration_s": "60"}, "duration_s", "numbers take { at_least = n } or { at_most = n }"),
        ({"hours": "daily[08:00,09:00)"}, "hours", "cannot be tested for words"),
        ({"until": "2026-01-01"}, "until", "cannot be tested for words"),
        ({"duration_s": {"at_least": "60"}}, "duration_s", "'60' is no number"),
        ({"duration_s": {"at_least": True}}, "duration_s", "True is no number"),
        ({"outcome": {"not": ["busy"], "at_least": 1}}, "outcome", "write a word"),
    ],
)
def test_what_is_no_test_is_refused_where_it_stands(raw, path, what):
    """The error names the key and says what would do."""
    with pytest.raises(Misplaced) as error:
        Match.parse(raw)
    assert error.value.path == path
    assert what in str(error.value)


def test_in_an_array_of_tables_the_error_names_the_table():
    """The second of two exemptions."""
    with pytest.raises(Misplaced, match="no value 'phone'") as error:
        Matches.parse([{"channel": "call"}, {"channel": "phone"}])
    assert error.value.path == "[1].channel"
    with pytest.raises(Misplaced, match="a table of tests belongs here") as error:
        Matches.parse([{"channel": "call"}, "call"])
    assert error.value.path == "[1]"
    with pytest.raises(ValueError, match="a table of tests belongs here"):
        Match.parse("call")


def test_over_a_timeline_a_match_without_kind_looks_at_contacts_only():
    """One that names a kind stays as it is."""
    assert Match.parse({"channel": "call"}).looking().tests[0] == m.Test("kind", ("contact",))
    named = Match.parse({"kind": "consent"})
    assert named.looking() is named
    assert [match.tests[0].field for match in Matches.parse([{"channel": "call"}]).looking().any] == ["kind"]


def test_the_kinds_that_a_match_finds_are_those_whose_silence_matters():
    """Named kinds, or all but the named ones; contacts are no facts."""
    assert list(Match.parse({"kind": ["consent", "contact"]}).kinds()) == ["consent"]
    others = set(Match.parse({"kind": {"not": ["contact", "consent"]}}).kinds())
    assert "consent" not in others
    assert "contact" not in others
    assert {"dispute", "opt-in"} < others
    assert not list(Match.parse({"channel": "call"}).kinds())
