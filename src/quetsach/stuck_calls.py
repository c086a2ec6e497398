"""Code of others that does not return: left behind after a time, and named.

A call runs in a thread of its own, which is given up when it neither returns nor gets on. Code that
keeps the interpreter's lock, as a regular expression does, stops all threads; so a small process
beside this one looks whether it still lives, and else ends it.
"""

import atexit
import ctypes
import mmap
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from typing import Any, TypeVar, cast

from quetsach.started_threads import StartedThread

ROUND_S = 10.0
ROUNDS = 30
"""A call may stand still for so many rounds of so many seconds.

Rounds, as one that spans a sleep of the machine or a stop by Ctrl-Z counts as one.
"""

_MOST_TEXT = 2000
_COUNT_BYTES = 8

T = TypeVar("T")


class StuckCallError(Exception):
    """The call did not return in time, now or before."""

    def __init__(self) -> None:
        super().__init__(f"{_no_answer()}; it is not asked again")


def _no_answer() -> str:
    return f"no answer within {ROUNDS * ROUND_S:.0f} s"


class CallProgress:
    """How far a call has got; one that gets on is not stuck."""

    def __init__(self) -> None:
        self.steps = 0


_STUCK: set[str] = set()
"""What did not return once: of a process, as what was loaded is."""

_RUNNING: dict[int, str] = {}
"""What runs now, by a number of each call."""


def call_in_time(name: str, call: Callable[[], T], progress: CallProgress | None = None) -> T:
    """Return what `call` of the package `name` returns, or raise what it raises.

    Errors: StuckCallError where it stands still too long, and for all later calls of that name.
    """
    if name in _STUCK:
        raise StuckCallError
    outcome: list[Any] = []
    failure: list[BaseException] = []
    context = copy_context()

    def work() -> None:
        try:
            outcome.append(context.run(call))
        except BaseException as error:  # noqa: BLE001 - it is raised again by who asked
            failure.append(error)

    _RUNNING[id(outcome)] = name
    _WATCHDOG.tell()
    try:
        _wait(StartedThread(work), progress, name)
    finally:
        del _RUNNING[id(outcome)]
    if failure:
        raise failure[0]
    return cast("T", outcome[0])


def watch_over(name: str) -> None:
    """Have this process ended, with `name` named, where it stands still as a whole.

    For patterns of others that our own code applies, thousands of times a second.
    """
    _WATCHDOG.names.add(name)
    _WATCHDOG.tell()


def _wait(thread: StartedThread, progress: CallProgress | None, name: str) -> None:
    missed = steps = 0
    while not thread.join(ROUND_S):
        is_on = progress is not None and progress.steps != steps
        steps = 0 if progress is None else progress.steps
        missed = 0 if is_on else missed + 1
        if missed >= ROUNDS and not thread.join(0):
            _STUCK.add(name)
            # A loop in Python ends by it; what waits in C stays behind and harms nobody.
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(thread.number), ctypes.py_object(SystemExit)
            )
            raise StuckCallError


_BESIDE = """
import os, signal, sys, threading, time
path, parent, round_s, rounds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
signal.signal(signal.SIGINT, signal.SIG_IGN)
def leave():
    try:
        os.unlink(path)
    finally:
        os._exit(0)
def follow():
    while os.read(0, 1024):
        pass
    leave()
threading.Thread(target=follow, daemon=True).start()
beats, missed = b"", 0
while missed < rounds:
    time.sleep(round_s)
    with open(path, "rb") as file:
        content = file.read()
    missed = missed + 1 if content[:8] == beats else 0
    beats = content[:8]
os.write(2, content[8:].rstrip(b"\\0") + b"\\n")
os.kill(parent, getattr(signal, "SIGKILL", signal.SIGTERM))
leave()
"""
"""What the process beside this one does; it ends when its standard input does."""


class _Watchdog:
    """The process beside this one, the file that both see, and the thread that beats in it."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self._lock = threading.Lock()
        self._owner = 0
        self._file_map: mmap.mmap | None = None

    def tell(self) -> None:
        """Write what would be to blame; the first time the process beside is started."""
        with self._lock:
            if self._owner != os.getpid():
                # Also in a process that was forked off another.
                self._owner, self._file_map = os.getpid(), None
                # Without it a call that keeps the lock is not ended; all others are.
                with suppress(OSError, MemoryError, ValueError):
                    self._start()
            if self._file_map is None:
                return
            blamed = sorted({*_RUNNING.values()} or self.names)
            text = f"E651 {'; '.join(blamed)}: {_no_answer()}; the process was ended"
            raw = text.encode("utf-8", "replace")[:_MOST_TEXT]
            self._file_map[_COUNT_BYTES:] = raw.ljust(_MOST_TEXT, b"\0")

    def _start(self) -> None:
        number, name = tempfile.mkstemp(prefix="quetsach-beats-")
        with os.fdopen(number, "r+b") as file:
            file.truncate(_COUNT_BYTES + _MOST_TEXT)
            self._file_map = mmap.mmap(file.fileno(), _COUNT_BYTES + _MOST_TEXT)
        bounds = (str(ROUND_S), str(ROUNDS))
        words = [sys.executable, "-I", "-S", "-c", _BESIDE, name, str(os.getpid()), *bounds]
        # It ends with its standard input, which the end of this process closes, however that comes.
        beside = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        atexit.register(beside.communicate)
        file_map, pause_s = self._file_map, ROUND_S / 2

        def beat() -> None:
            beats = 0
            while True:
                beats += 1
                file_map[:_COUNT_BYTES] = beats.to_bytes(_COUNT_BYTES, "little")
                time.sleep(pause_s)

        StartedThread(beat)


_WATCHDOG = _Watchdog()
