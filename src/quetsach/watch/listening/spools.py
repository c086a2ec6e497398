"""Spools: what was received, as files by the hour that the watch follows and `why` opens.

A spool holds whole lines. One thread writes it; another one tidies all of them. What is not
read yet is kept as long as there is room, and what had to go is counted.
"""

import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path

USUAL_LIMIT = 10 << 30
"""So many bytes of all spools of a watch are kept unless its user says otherwise."""

USUAL_DAYS = 90
"""What was received longer ago goes: it tells what people looked up."""

USUAL_SLACK = 16 << 20
"""What may be written beyond the limit and one part until somebody tidies."""

_PARTS = 8
_BLOCK = 1 << 20
_DAY_S = 86_400
_RESTED_S = 3_600


@dataclass
class Spools:
    """All spools of a watch, within one limit.

    `read_through` are the paths of closed files that were read to their end an hour ago.
    Units: `limit` and `slack` in bytes; `days` since a file was written last.
    """

    folder: Path
    zone: tzinfo
    limit: int = USUAL_LIMIT
    days: int = USUAL_DAYS
    slack: int = USUAL_SLACK
    read_through: frozenset[str] = frozenset()
    _kept: int = 0
    _unread: int = 0
    _written: int = 0
    _open: dict[str, Path] = field(default_factory=dict)

    @property
    def is_behind(self) -> bool:
        """Whether more may wait to be read than half of what is kept: who can wait, waits."""
        return self._unread + self._written > self.limit // 2

    @property
    def is_full(self) -> bool:
        """Whether nothing more is taken until somebody tidied."""
        return self._kept + self._written > self.limit + self.limit // _PARTS + self.slack

    def wrote(self, spool: str, path: Path, size: int) -> None:
        """Note that a spool's open file is `path` and grew by `size` bytes."""
        self._open[spool] = path
        self._written += size

    def tidy(self, read_to: Callable[[Path], int], let_go: Callable[[Path], int]) -> dict[str, int]:
        """Let the oldest closed files go while there are too many, and those that are too old.

        `read_to` tells up to which byte a file was read; `let_go` has it closed by whoever reads
        it, and tells the same. Returns how many lines of each spool were lost unread.
        """
        written, open_now = self._written, set(self._open.values())
        files = sorted(self._files(), key=lambda one: _age(one[0]))
        kept = sum(size for _, size, _ in files)
        unread = sum(max(size - read_to(path), 0) for path, size, _ in files)
        lost: dict[str, int] = {}
        rested_s = time.time() - _RESTED_S
        self.read_through = frozenset(
            str(path)
            for path, size, written_s in files
            if path not in open_now and written_s < rested_s and read_to(path) >= size
        )
        oldest_s = time.time() - self.days * _DAY_S
        for path, size, written_s in files:
            if path in open_now or (kept <= self.limit and written_s >= oldest_s):
                continue
            lines = _lines_behind(path, let_go(path))
            with suppress(OSError):
                path.unlink()
                kept -= size
                unread -= min(unread, size)
                lost[path.parent.name] = lost.get(path.parent.name, 0) + lines
        self._kept, self._written = kept, self._written - written
        self._unread = unread
        return {name: lines for name, lines in lost.items() if lines}

    def _files(self) -> Iterator[tuple[Path, int, float]]:
        for path in self.folder.glob("*/*.log"):
            with suppress(OSError):
                status = path.lstat()
                if stat.S_ISREG(status.st_mode):
                    yield path, status.st_size, status.st_mtime


class Spool:
    """The spool of one listener; `stem` says what it holds: `received-20261130T08.log`."""

    def __init__(self, spools: Spools, name: str, stem: str, now: datetime | None = None) -> None:
        """Errors: OSError where its folder cannot be made."""
        self.name, self.problem = name, ""
        self._spools, self._stem = spools, stem
        self._folder = spools.folder / name
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._number: int | None = None
        self._hour, self._part = "", 1
        self._size = 0
        self._rest = b""
        # What is followed is there from the beginning.
        self._begin(datetime.now(spools.zone) if now is None else now)

    def write(self, lines: bytes, now: datetime) -> bool:
        """Keep whole lines, or nothing and return False; `problem` then says why."""
        if self._spools.is_full:
            return False
        try:
            self._finish_rest()
            if self._number is None or self._is_over(now):
                self._begin(now)
            assert self._number is not None
            written = os.write(self._number, lines)
        except OSError as error:
            self.problem = error.strerror or str(error)
            return False
        # What the disk has no room for is written before anything else: a line is never cut.
        self._rest = lines[written:]
        self._grew(len(lines))
        self.problem = ""
        return True

    def close(self) -> None:
        """Have all of it on the disk, and close it. Errors: OSError, the rest is then lost."""
        try:
            self._finish_rest()
        finally:
            self._seal()

    def _finish_rest(self) -> None:
        while self._rest and self._number is not None:
            self._rest = self._rest[os.write(self._number, self._rest) :]

    def _is_over(self, now: datetime) -> bool:
        return _hour(now) != self._hour or self._size >= self._spools.limit // _PARTS

    def _begin(self, now: datetime) -> None:
        self._seal()
        hour = _hour(now)
        # A name that was let go is not used again: its file would be the oldest one.
        parts = [_age(path)[1] for path in self._folder.glob(f"{self._stem}-{hour}*.log")]
        part = max([*parts, self._part if hour == self._hour else 1])
        path = self._path(hour, part)
        if path.exists() and path.lstat().st_size >= self._spools.limit // _PARTS:
            part += 1
            path = self._path(hour, part)
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
        flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
        number = os.open(path, flags, 0o600)
        self._number, self._hour, self._size = number, hour, os.fstat(number).st_size
        self._part = part
        self._grew(0, path)
        if self._size and _last_byte(number, self._size) != b"\n":
            # Whoever wrote it was killed in mid-line; the next line is one of its own.
            os.write(number, b"\n")
            self._grew(1)

    def _path(self, hour: str, part: int) -> Path:
        more = "" if part == 1 else f"-{part:03}"
        return self._folder / f"{self._stem}-{hour}{more}.log"

    def _grew(self, size: int, path: Path | None = None) -> None:
        self._size += size
        path = self._spools._open[self.name] if path is None else path
        self._spools.wrote(self.name, path, size)

    def _seal(self) -> None:
        if self._number is None:
            return
        number, self._number = self._number, None
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _age(path: Path) -> tuple[str, int, str]:
    """Return what orders files by hour and part: `received-20261130T08-002.log`."""
    _stem, hour, part = (*path.stem.split("-"), "", "")[:3]
    return hour, int(part) if part.isdecimal() else 1, str(path)


def _last_byte(number: int, size: int) -> bytes:
    os.lseek(number, size - 1, os.SEEK_SET)
    return os.read(number, 1)


def _hour(now: datetime) -> str:
    return f"{now:%Y%m%dT%H}"


def _lines_behind(path: Path, place: int) -> int:
    lines = 0
    with suppress(OSError), path.open("rb") as file:
        file.seek(place)
        while block := file.read(_BLOCK):
            lines += block.count(b"\n")
    return lines
