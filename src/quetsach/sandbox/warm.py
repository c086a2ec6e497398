"""Processes of the sandbox forked off a warm one, for a caller that starts many.

Loading the engine takes about a second of processor, more than most jobs of a worker need besides.
Within `kept_warm` one process does it once, and every process of the sandbox is forked off it
(`forking.py`), with the same clean environment, bounds and walls. Where the system does not offer
that, or the warm process has gone, processes are started anew as ever.
What differs: all that are forked off one process have their libraries at the same addresses, and
the same seed for hashes.
"""

import logging
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from quetsach.sandbox.clock import is_inside
from quetsach.sandbox.environment import clean_environment, working_directory
from quetsach.sandbox.forking import ForkOrder

_log = logging.getLogger(__name__)
_ANSWERS_WITHIN_S = 120.0
_ENDS_WITHIN_S = 10.0
_kept: list["WarmProcess"] = []


class ForkedProcess:
    """A process that was forked: what the sandbox needs of a `subprocess.Popen`."""

    def __init__(self, warm: "WarmProcess", pid: int, pipes: tuple[int, int, int]) -> None:
        self._warm, self.pid = warm, pid
        self._handle = os.pidfd_open(pid)
        self.returncode: int | None = None
        given, taken, heard = pipes
        self.stdin: BinaryIO = os.fdopen(given, "wb", -1)
        self.stdout: BinaryIO = os.fdopen(taken, "rb", -1)
        self.stderr: BinaryIO = os.fdopen(heard, "rb", -1)

    def has_ended(self, within_s: float) -> bool:
        """Wait for the end; nobody else gets its number before `wait`."""
        poll = select.poll()
        poll.register(self._handle, select.POLLIN)
        return bool(poll.poll(max(0.0, within_s) * 1_000))

    def end_group(self) -> None:
        """End it and all of its group; without effect when it was reaped by another."""
        with suppress(ProcessLookupError, PermissionError):
            # Fails for a number that is no longer this process's; ends one that leads no group yet.
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            os.killpg(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Return its exit code as `subprocess` has it; as of one that was killed if none knows."""
        if self.returncode is None:
            try:
                self.returncode = self._warm.exit_code(self.pid)
            except OSError:
                self.returncode = -signal.SIGKILL
            os.close(self._handle)
        return self.returncode


class WarmProcess:
    """One process that has loaded what `names` names, and forks; it ends with this one."""

    def __init__(self, names: Iterable[str], environment: Mapping[str, str]) -> None:
        """Start it; it loads while its caller goes on. Errors: OSError."""
        self._owner, self._one_at_a_time = os.getpid(), threading.Lock()
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._orders.settimeout(_ANSWERS_WITHIN_S)
        with theirs:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-P", "-m", "quetsach.sandbox.forking"),
                    *(str(theirs.fileno()), *names),
                ],
                cwd=os.sep,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def start(self, folder: Path | None) -> ForkedProcess:
        """Return a new process that stands in `folder`. Errors: OSError where none is started."""
        if os.getpid() != self._owner:
            raise ProcessLookupError("the warm process belongs to the one that started it")
        order = ForkOrder(working_directory(folder), clean_environment(folder))
        with ExitStack() as theirs, ExitStack() as ours:
            ends = []
            for is_ours in (1, 0, 0):
                pair = os.pipe()
                theirs.callback(os.close, pair[1 - is_ours])
                ours.callback(os.close, pair[is_ours])
                ends.append((pair[1 - is_ours], pair[is_ours]))
            pid = self._answer(msgspec.json.encode(order), [end for end, _ours in ends])
            if pid <= 0:
                raise ChildProcessError("no process was started")
            pipes = ends[0][1], ends[1][1], ends[2][1]
            forked = ForkedProcess(self, pid, pipes)
            ours.pop_all()
        return forked

    def exit_code(self, pid: int) -> int:
        """Return how the process `pid` ended, which then is forgotten. Errors: OSError."""
        return self._answer(msgspec.json.encode(pid), [])

    def end(self) -> None:
        """End it; what it forked ends by itself."""
        self._orders.close()
        try:
            self._process.wait(_ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _answer(self, order: bytes, pipes: list[int]) -> int:
        with self._one_at_a_time:
            try:
                socket.send_fds(self._orders, [order], pipes)
                if answer := self._orders.recv(32):
                    return msgspec.json.decode(answer, type=int)
            except OSError:
                # An answer that comes late must not be taken for the next.
                self._orders.close()
                raise
        raise ConnectionResetError("the warm process has gone")


@contextmanager
def kept_warm(names: Iterable[str]) -> Iterator[None]:
    """Fork the processes of the sandbox off a warm one, as long as this lasts.

    Shapes: `names` are what it loads, as `forking.load` takes them.
    """
    if _kept or is_inside() or not is_offered():
        yield
        return
    warm = WarmProcess(names, clean_environment())
    _kept.append(warm)
    try:
        yield
    finally:
        _kept.clear()
        warm.end()


def is_offered() -> bool:
    """Return whether this system tells one process from a later one of the same number."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return hasattr(socket, "send_fds")


def forked(folder: Path | None) -> ForkedProcess | None:
    """Return a process that stands in `folder`, forked off the warm one, if there is one."""
    for warm in tuple(_kept):
        try:
            return warm.start(folder)
        except OSError as error:
            # The next are started anew: slower, and otherwise the same.
            _log.warning("no process was forked", extra={"reason": str(error)})
            _kept.clear()
            warm.end()
    return None
