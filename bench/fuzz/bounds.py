"""The bounds of one input: ten seconds of the processor, one gigabyte, and no crash.

The input in work stands in a file that is mapped into memory, so that it is still there when its
process is not.
"""

import mmap
import resource
import signal
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

MOST_SECONDS = 10.0
MOST_MEMORY = 1 << 30
_HEAD = struct.Struct("<QQ")
_MAPPED_BYTES = 32 << 20


class TooSlow(BaseException):
    """An input took more than MOST_SECONDS of the processor; no reader may catch it."""


@contextmanager
def bounded() -> Iterator[None]:
    """Within it, a call of `in_time` is ended, and no more memory is had than is held now."""
    signal.signal(signal.SIGPROF, _too_slow)
    _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (_held_bytes() + MOST_MEMORY, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def in_time(call: Callable[[bytes], object], content: bytes) -> object:
    """Return what `call` returns. Errors: TooSlow, and what it raises."""
    # Again each second: a reader may be in code that clears up.
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS, 1.0)
    try:
        return call(content)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _too_slow(_number: int, _frame: FrameType | None) -> None:
    raise TooSlow


def _held_bytes() -> int:
    """Return how much private memory this process holds; in bytes."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) << 10
    raise OSError("no VmData")


class InputInWork:
    """The input that a process works on, readable from outside, also when it is dead."""

    def __init__(self, path: Path) -> None:
        with path.open("w+b") as file:
            file.truncate(_MAPPED_BYTES)
            self._map = mmap.mmap(file.fileno(), _MAPPED_BYTES)

    def put(self, number: int, content: bytes) -> None:
        """Say that input `number` is begun."""
        kept = content[: _MAPPED_BYTES - _HEAD.size]
        self._map[: _HEAD.size] = _HEAD.pack(number, len(kept))
        self._map[_HEAD.size : _HEAD.size + len(kept)] = kept

    @property
    def number(self) -> int:
        """The number of the input that was begun last."""
        return int(_HEAD.unpack_from(self._map)[0])

    @property
    def content(self) -> bytes:
        """The input that was begun last."""
        length = int(_HEAD.unpack_from(self._map)[1])
        return self._map[_HEAD.size : _HEAD.size + length]
