"""Ctrl-C, heard only where it can be obeyed.

Python raises `KeyboardInterrupt` between any two steps of whatever runs. Within a callback from C, or in a `__del__`, it is lost, and the
compiler that was called back is left half done: the run went on as if nobody had pressed a key, or the process crashed.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Final

_DEAF: Final = ("llvmlite", "numba")
"""Packages whose Python code the compiler calls back."""
_AGAIN_S: Final = 0.02
"""After how many seconds it is tried again."""


def careful() -> None:
    """From now on Ctrl-C waits until it can be obeyed. Changes nothing where somebody else has taken or ignores it."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _hear)


def _hear(number: int, frame: FrameType | None) -> None:
    if _deaf(frame):
        again = threading.Timer(_AGAIN_S, signal.raise_signal, (number,))
        again.daemon = True
        again.start()
    else:
        signal.default_int_handler(number, frame)


def _deaf(frame: FrameType | None) -> bool:
    """Whether an exception that is raised here may be lost."""
    while frame:
        if frame.f_code.co_name == "__del__" or str(frame.f_globals.get("__name__")).partition(".")[0] in _DEAF:
            return True
        frame = frame.f_back
    return False
