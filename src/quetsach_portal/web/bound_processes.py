"""Processes that end with the one that started them, are started again, and hold its lock."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from quetsach.api.problems import QuetsachError

MOST_DEATHS = 5
WITHIN_S = 600.0
"""A process that dies more often than that within ten minutes is not started again."""

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 30.0
_END_WITHIN_S = 20.0
_SET_PDEATHSIG = 1
"""Source: prctl(2), PR_SET_PDEATHSIG. The signal comes when the *thread* that forked ends."""


def end_with(parent: int) -> None:
    """Let the system kill this process when `parent` ends, however that ends."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        sys.exit(1)


@dataclass
class BoundProcess:
    """A process that has to run: how it starts, and when it died lately (monotonic seconds)."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] | None
    process: "subprocess.Popen[bytes]"
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_DEATHS + 1))
    due_at: float | None = None


class BoundProcesses:
    """The processes of a portal; each inherits `lock`, which lasts as long as any of them.

    The thread that makes them must live as long as they do: the system ends them with it.
    Shapes: `say` takes a process's name, how it ended, and the seconds until it is started again.
    """

    def __init__(self, lock: int, say: Callable[[str, int, float], None]) -> None:
        self._lock, self._say = lock, say
        self.running: list[BoundProcess] = []

    def add(
        self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> None:
        """Start a process."""
        process = self._started(command, environment)
        self.running.append(BoundProcess(name, command, environment, process))

    def look(self, now: float | None = None) -> None:
        """Start again what has died, once its wait is over.

        Units: `now` in monotonic seconds.
        Errors: QuetsachError E610 for a process that dies too often.
        """
        moment = time.monotonic() if now is None else now
        for bound in self.running:
            if bound.due_at is not None:
                if moment >= bound.due_at:
                    bound.due_at = None
                    bound.process = self._started(bound.command, bound.environment)
            elif bound.process.poll() is not None:
                self._note_death(bound, moment)

    def end(self) -> None:
        """End the processes, with all that they started; who does not is killed."""
        for bound in self.running:
            if bound.process.poll() is None:
                bound.process.terminate()
        until = time.monotonic() + _END_WITHIN_S
        for bound in self.running:
            try:
                bound.process.wait(timeout=max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                # A job that is cut off here is taken up again at the next start.
                bound.process.kill()
                bound.process.wait()
            _end_group(bound.process)

    def _note_death(self, bound: BoundProcess, moment: float) -> None:
        _end_group(bound.process)
        bound.deaths.append(moment)
        lately = sum(moment - death < WITHIN_S for death in bound.deaths)
        code = bound.process.returncode
        if lately > MOST_DEATHS:
            raise QuetsachError(
                "E610", bound.name, count=lately, minutes=int(WITHIN_S // 60), exit=code
            )
        wait_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (lately - 1))
        bound.due_at = moment + wait_s
        self._say(bound.name, code, wait_s)

    def _started(
        self, command: Sequence[str], environment: Mapping[str, str] | None
    ) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            command,
            env=environment,
            # A session of its own: Ctrl-C reaches the parent alone, and it ends them in order.
            start_new_session=True,
            pass_fds=(self._lock,),
            preexec_fn=_bound_to(os.getpid()),  # noqa: PLW1509 - no thread beside this one forks
        )


def _bound_to(parent: int) -> Callable[[], None] | None:
    """Return what a child does between fork and exec, None where the system has no such signal."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def bind() -> None:
        libc.prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return bind


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """Kill what an ended process left behind: it would keep the port and the lock."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
