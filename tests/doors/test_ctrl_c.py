"""Ctrl-C ends a run, wherever it strikes."""

import signal
import time
from types import FunctionType

import pytest
from waiting import until

from forbear.doors import ctrl_c


@pytest.fixture(autouse=True)
def careful():
    """As at a terminal, and afterwards as before."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    ctrl_c.careful()
    yield
    signal.signal(signal.SIGINT, before)


def press():
    """Presses it, and goes on for a moment: whether that is allowed."""
    try:
        signal.raise_signal(signal.SIGINT)
        time.sleep(0.05)
    except KeyboardInterrupt:
        return False
    return True


def wait(after):
    """Does that, and waits until it is heard."""
    after()
    until(lambda: False, seconds=20)


def within(package):
    """`press`, as if it stood in another package."""
    return FunctionType(press.__code__, {**globals(), "__name__": f"{package}.core"})


def test_it_is_obeyed_at_once():
    """Where nothing stands against it."""
    assert not press()


@pytest.mark.parametrize("package", ["llvmlite", "numba"])
def test_it_waits_while_a_compiler_is_at_work(package):
    """What the compiler calls back is done undisturbed; then the run ends."""
    undisturbed = []
    with pytest.raises(KeyboardInterrupt):
        wait(lambda: undisturbed.append(within(package)()))
    assert undisturbed == [True]


def test_it_waits_while_something_is_thrown_away():
    """An exception in a `__del__` is lost."""
    undisturbed = []

    class Thrown:
        def __del__(self):
            undisturbed.append(press())

    with pytest.raises(KeyboardInterrupt):
        wait(Thrown)
    assert undisturbed == [True]


@pytest.mark.parametrize("taken", [signal.SIG_IGN, signal.SIG_DFL])
def test_who_ignores_it_goes_on_ignoring_it(taken):
    """As behind `nohup`, or where another handler stands."""
    signal.signal(signal.SIGINT, taken)
    ctrl_c.careful()
    assert signal.getsignal(signal.SIGINT) is taken
