"""Where an act of the portal can fail: calls of files and database, by our line they are for.

A site is a call and the nearest line of our own code above it. The layer lies in Python: what the
engine's C++ and SQLite itself write is asked by `tools/faults`, with strace.
"""

import builtins
import errno
import io
import os
import shutil
import signal
import sqlite3
import sys
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

SOURCE = str(Path(__file__).parents[3] / "src") + os.sep
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class Site(NamedTuple):
    """A call, such as "rename" or "commit", and the file and line of ours that it is for."""

    call: str
    line: str


class Point(NamedTuple):
    """A fault at the n-th time that an act comes to a site."""

    site: Site
    number: int
    fault: str


FAULTS: dict[str, tuple[str, ...]] = {
    "commit": ("kill", "kill after", "full"),
    "sql write": ("kill", "full"),
    "sql read": ("unreadable",),
    "open": ("kill", "ENOSPC", "EIO"),
    "write": ("kill", "ENOSPC", "EIO", "short"),
    "fsync": ("kill", "EIO"),
    "rename": ("kill", "kill after", "ENOSPC", "EIO"),
    "link": ("kill", "ENOSPC"),
    "mkdir": ("kill", "ENOSPC"),
    "unlink": ("kill", "EIO"),
    "chmod": ("kill", "EIO"),
}
"""What is tried at each kind of call."""


@dataclass
class FaultPlan:
    """Counts how often each site is reached; at the planned point, if any, the fault happens."""

    home: Path
    point: Point | None = None

    def __post_init__(self) -> None:
        self.counts: Counter[Site] = Counter()
        self.happened = False
        self.is_short = False

    def reach(self, call: str, *places: Any) -> str:
        """Count the call; return "" or the fault that is to happen here. A kill happens here."""
        if places and not any(map(self._is_ours, places)):
            return ""
        line = line_of_ours()
        if not line:
            return ""
        site = Site(call, line)
        self.counts[site] += 1
        point = self.point
        if point is None or point.site != site or point.number != self.counts[site]:
            return ""
        self.happened = True
        if point.fault == "kill":
            kill()
        return point.fault

    def _is_ours(self, place: Any) -> bool:
        if isinstance(place, int):
            try:
                place = Path(f"/proc/self/fd/{place}").readlink()
            except OSError:
                return False
        text = os.fsdecode(place)
        return text.startswith(str(self.home)) and not text.startswith(f"{self.home}/db.sqlite3")


def kill() -> None:
    """End this process as the kernel does when memory is out: nothing is cleaned up."""
    os.kill(os.getpid(), signal.SIGKILL)


def line_of_ours() -> str:
    """Return the nearest running line of the portal or the engine, "" where there is none."""
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(SOURCE):
            return f"{name.removeprefix(SOURCE)}:{frame.f_lineno}"
        frame = frame.f_back  # type: ignore[assignment]
    return ""


def os_error(fault: str) -> OSError:
    """Return the error that the kernel would give."""
    number = errno.EIO if fault == "EIO" else errno.ENOSPC
    return OSError(number, os.strerror(number))


def database_error(fault: str) -> OperationalError:
    """Return the error that Django raises when SQLite's disk is full or cannot be read."""
    full = fault == "full"
    below = sqlite3.OperationalError("database or disk is full" if full else "disk I/O error")
    below.sqlite_errorcode = sqlite3.SQLITE_FULL if full else sqlite3.SQLITE_IOERR
    error = OperationalError(str(below))
    error.__cause__ = below
    return error


class FaultyFile(io.FileIO):
    """A file whose writing can fail."""

    plan: FaultPlan

    def write(self, content: Any) -> int:
        """Write, all or a part or nothing."""
        if self.plan.is_short:
            raise os_error("ENOSPC")
        fault = self.plan.reach("write", self.fileno())
        if fault == "short":
            self.plan.is_short = True
            return super().write(bytes(content)[: max(1, len(bytes(content)) // 2)])
        if fault:
            raise os_error(fault)
        return super().write(content)


def _opening(plan: FaultPlan) -> Callable[..., Any]:
    real = io.open

    def opened(
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        given = (file, mode, buffering, encoding, errors, newline, closefd, opener)
        if not set(mode) & set("wxa+") or not (isinstance(file, int) or plan._is_ours(file)):
            return real(*given)
        if not isinstance(file, int) and (fault := plan.reach("open", file)):
            raise os_error(fault)
        if buffering == 0 or ("+" in mode and "b" not in mode):
            return real(*given)
        raw = FaultyFile(file, mode.replace("b", "").replace("t", ""), closefd, opener)
        raw.plan = plan
        kind = io.BufferedRandom if "+" in mode else io.BufferedWriter
        buffered = kind(raw)  # type: ignore[type-var]
        if "b" in mode:
            return buffered
        text = io.TextIOWrapper(buffered, encoding, errors, newline)
        text.mode = mode  # type: ignore[misc]
        return text

    return opened


def _wrapped(plan: FaultPlan, call: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*given: Any, **named: Any) -> Any:
        places = [one for one in given[:2] if isinstance(one, (str, bytes, os.PathLike, int))]
        if call in ("mkdir", "chmod", "unlink", "fsync"):
            places = places[:1]
        fault = plan.reach(call, *places) if places and "dir_fd" not in named else ""
        if fault and fault != "kill after":
            raise os_error(fault)
        result = real(*given, **named)
        if fault == "kill after":
            kill()
        return result

    return wrapped


CALLS = (
    ("rename", "rename"),
    ("replace", "rename"),
    ("link", "link"),
    ("symlink", "link"),
    ("mkdir", "mkdir"),
    ("unlink", "unlink"),
    ("remove", "unlink"),
    ("rmdir", "unlink"),
    ("chmod", "chmod"),
    ("fsync", "fsync"),
)


def _watched_open(plan: FaultPlan) -> Callable[..., int]:
    real = os.open

    def opened(path: Any, flags: int, *given: Any, **named: Any) -> int:
        if flags & os.O_CREAT and "dir_fd" not in named and (fault := plan.reach("open", path)):
            raise os_error(fault)
        return real(path, flags, *given, **named)

    return opened


@contextmanager
def under(plan: FaultPlan) -> Iterator[FaultPlan]:
    """Run the block with the plan's layer between our code and the system."""
    kept = [(os, name, getattr(os, name)) for name, _call in CALLS]
    kept += [(os, "open", os.open), (io, "open", io.open), (builtins, "open", builtins.open)]
    kept += [(tarfile, "bltn_open", tarfile.bltn_open)]  # type: ignore[attr-defined]
    kept += [(shutil, "_USE_CP_SENDFILE", shutil._USE_CP_SENDFILE)]  # type: ignore[attr-defined]
    kept += [(BaseDatabaseWrapper, "_commit", BaseDatabaseWrapper._commit)]
    opened = _opening(plan)
    os_open = _watched_open(plan)
    for name, call in CALLS:
        setattr(os, name, _wrapped(plan, call, getattr(os, name)))
    os.open = os_open
    io.open = builtins.open = tarfile.bltn_open = opened  # type: ignore[attr-defined]
    shutil._USE_CP_SENDFILE = False  # type: ignore[attr-defined]
    BaseDatabaseWrapper._commit = _committing(plan)
    try:
        with connection.execute_wrapper(_asking(plan)):
            yield plan
    finally:
        for place, name, value in kept:
            setattr(place, name, value)


def _committing(plan: FaultPlan) -> Callable[[BaseDatabaseWrapper], Any]:
    real = BaseDatabaseWrapper._commit

    def commit(self: BaseDatabaseWrapper) -> Any:
        fault = plan.reach("commit")
        if fault == "full":
            raise database_error(fault)
        result = real(self)
        if fault == "kill after":
            kill()
        return result

    return commit


def _asking(plan: FaultPlan) -> Callable[..., Any]:
    def asked(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        is_write = sql.lstrip()[:7].upper().startswith(WRITES)
        fault = plan.reach("sql write" if is_write else "sql read")
        if fault:
            raise database_error(fault)
        return execute(sql, params, many, context)

    return asked
