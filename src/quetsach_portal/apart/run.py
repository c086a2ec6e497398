"""Do one act in a process of its own, which may not outlive its worker, its time or its memory.

The process has its own session, so that it ends with everything that it started. It gets no
database, no secret and no address: only the order, and the folder that it stands in.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import msgspec

from quetsach_portal.apart.boundary import ANSWER, Order, Step
from quetsach_portal.apart.child import OUT_OF_MEMORY

SAID = "said.txt"
_LONGEST_LINE = 4_096
_LOOK_EVERY_S = 1.0

_MEMORY = frozenset({OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGILL, -signal.SIGTRAP})
"""As we, C++ and Rust end a process that gets no more memory."""
_TIME = frozenset({-signal.SIGXCPU})
_FROM_OUTSIDE = frozenset({-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP})


class EndedFromOutside(Exception):
    """Somebody or the system ended the process; trying again may help."""


class Why(StrEnum):
    """Why a process gave no answer."""

    TIME = "time"
    MEMORY = "memory"
    BROKE = "broke"


class BrokeOff(Exception):
    """The process gave no answer; trying again ends alike. `reason` names how, for a person."""

    def __init__(self, why: Why, reason: str = "") -> None:
        super().__init__(f"{why} {reason}".strip())
        self.why, self.reason = why, reason


def run_apart(order: Order, folder: Path, on_step: Callable[[Step | None], None]) -> bytes:
    """Return what the process answers.

    `on_step` is called about once a second, with how far it is where that is known; what it raises
    ends the process.
    Errors: BrokeOff; EndedFromOutside.
    """
    with (folder / SAID).open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "quetsach_portal.apart.child"],
            cwd=folder,
            env=surroundings(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            start_new_session=True,
        )
    until = time.monotonic() + order.limits.seconds
    try:
        _hand_over(process, order)
        in_time = _follow(process, until, on_step) and _has_ended(process, until)
    finally:
        _end(process)
    _refuse_broken(process.returncode, in_time=in_time)
    return _answer_in(folder / ANSWER, order.limits.answer)


def links_in(folder: Path) -> tuple[str, ...]:
    """Return where the links in `folder` lead: what an order there may read besides."""
    places = (path.resolve() for path in folder.rglob("*") if path.is_symlink())
    return tuple(sorted({str(place) for place in places}))


def _refuse_broken(code: int, *, in_time: bool) -> None:
    if not in_time or code in _TIME:
        raise BrokeOff(Why.TIME)
    if code in _MEMORY:
        raise BrokeOff(Why.MEMORY)
    if code in _FROM_OUTSIDE:
        raise EndedFromOutside(signal.Signals(-code).name)
    if code != 0:
        raise BrokeOff(Why.BROKE, _name_of(code))


def _hand_over(process: "subprocess.Popen[bytes]", order: Order) -> None:
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(msgspec.json.encode(order) + b"\n")
        process.stdin.flush()


def _follow(
    process: "subprocess.Popen[bytes]", until: float, on_step: Callable[[Step | None], None]
) -> bool:
    """Read steps until the process closes its stdout; False when that is too late."""
    assert process.stdout is not None
    rest, step, told_at = b"", None, 0.0
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while (now := time.monotonic()) < until:
            if selector.select(min(_LOOK_EVERY_S, until - now)):
                data = os.read(process.stdout.fileno(), 65_536)
                if not data:
                    return True
                rest, step = _steps(rest + data, step)
            if time.monotonic() - told_at >= _LOOK_EVERY_S:
                on_step(step)
                told_at = time.monotonic()
    return False


def _has_ended(process: "subprocess.Popen[bytes]", until: float) -> bool:
    """Wait for the end without reaping: while it is a zombie nobody else gets its number."""
    look = os.WEXITED | os.WNOWAIT | os.WNOHANG
    while os.waitid(os.P_PID, process.pid, look) is None:
        if time.monotonic() >= until:
            return False
        time.sleep(0.01)
    return True


def _steps(data: bytes, last: Step | None) -> tuple[bytes, Step | None]:
    *lines, rest = data.split(b"\n")
    for line in lines:
        with contextlib.suppress(msgspec.MsgspecError, RecursionError):
            last = msgspec.json.decode(line, type=Step)
    return rest[-_LONGEST_LINE:], last


def _answer_in(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise BrokeOff(Why.BROKE, type(error).__name__) from error
    if len(content) > most:
        raise BrokeOff(Why.BROKE, "size")
    return content


def surroundings(folder: Path) -> dict[str, str]:
    """Return the environment of the process: no database, no secret, no address."""
    spare = folder / "tmp"
    spare.mkdir()
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        "TMPDIR": str(spare),
        # Few, small stores of memory, so that the bound on addresses is a bound on use.
        "MALLOC_ARENA_MAX": "2",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "OMP_NUM_THREADS": "1",
    }


def _name_of(code: int) -> str:
    if code >= 0:
        return f"exit {code}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-code).name
    return str(code)


def _end(process: "subprocess.Popen[bytes]") -> None:
    # The group is asked even when the process has gone: what it started may not have.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    process.wait()
