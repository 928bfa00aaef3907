"""`make soak` compares what it says it compares, and would notice."""

import random

from hypothesis import given, settings
from random_law import laws

from benchmarks import soak


def test_a_batch_judges_as_many_timelines_as_asked():
    """Random law and shipped law alike; no difference is known."""
    for number in (0, 7):
        assert soak.batch(number, 1, 60) == (60, None)


def test_a_kernel_that_is_wrong_is_noticed_and_the_difference_made_short(monkeypatch):
    """A kernel that keeps silent on whatever is found differs from plain, and what is left of the timeline is what the finding needs."""

    class Silent(soak.Kernel):
        def judge(self, timelines):
            yield from ([] for _ in timelines)

    monkeypatch.setattr(soak, "Kernel", Silent)
    done, difference = soak.batch(0, 1, 1000)
    assert done == 1000
    assert difference is not None
    assert len(difference.entries) <= 2
    assert difference.plain
    assert not difference.kernel


def test_a_kernel_that_breaks_is_a_difference(monkeypatch, capsys):
    """A run goes on after the kernel has failed on a timeline, and tells."""

    class Broken(soak.Kernel):
        def judge(self, timelines):
            raise IndexError("out of the table")

    monkeypatch.setattr(soak, "Kernel", Broken)
    done, difference = soak.batch(0, 1, 5)
    assert done == 5
    assert difference is not None
    assert difference.kernel == ["it broke"]
    assert "out of the table" in capsys.readouterr().err


def test_a_seed_brings_everything_back(monkeypatch):
    """The same batch of the same seed judges the same timelines under the same law; another batch does not."""
    seen = []
    monkeypatch.setattr(soak, "compare", lambda book, rules, lines, coverage: iter(seen.append((len(rules), lines)) or ()))
    runs = []
    for number in (3, 3, 4):
        seen.clear()
        soak.batch(number, 5, 400)
        runs.append(list(seen))
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


@settings(max_examples=10)
@given(laws(), laws())
def test_random_laws_keep_apart_in_one_book(one, other):
    """Joined laws keep their own standings: none is lost, and no rule asks another's."""
    book, _ = soak.joined([one, other])
    assert len(book.rules) == 2
    assert len(book.standings) == len(one.standings) + len(other.standings)
    for n, rule in enumerate(book.rules):
        assert all(name.startswith(f"zz.test{n}.") for name in book.reach(rule))


def test_mixed_timelines_are_in_order_and_have_ties():
    """Entries stand in the order of a timeline under ids of their own, and some share a second."""
    pool = soak.diaries.pool(soak.diaries.rules_where(lambda _: True)[0])
    lines = [soak.mixed(random.Random(n), pool) for n in range(50)]
    assert all(line == sorted(line, key=soak.order) for line in lines)
    assert any(len({entry.at for entry in line}) < len(line) for line in lines)
