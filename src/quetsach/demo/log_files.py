"""Log files being written: packed or plain, counted line by line, and cut off where planned."""

import gzip
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, cast

import pyarrow as pa

from quetsach.demo.traffic import GRADES, ContactGrade, EventPart, TrafficLine, TrafficMark

_BLOCK = 1 << 20


@dataclass(frozen=True)
class LogFile:
    """A file as it is: its lines (headers too), and whether the end of one is missing.

    Shapes: `lines` counts whole lines; `fragment` says that a piece of one more follows;
    `lost` are the lines that the cut took away, the one in pieces among them.
    Units: `bytes` on disk; `first_us`, `last_us` of the records, microseconds since 1970, UTC.
    """

    path: str
    kind: str
    clock: str
    lines: int
    bytes: int
    first_us: int | None
    last_us: int | None
    lost: int = 0
    fragment: bool = False


class DemoLogFile:
    """One log file: opened at the first line, closed once; packed as its name's ending says."""

    def __init__(self, path: Path, shown: str, *, kind: str, clock: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.lines = 0
        self._path, self._shown, self._kind, self._clock = path, shown, kind, clock
        self._first_us: int | None = None
        self._last_us: int | None = None
        self._plain: IO[bytes] = path.open("wb")
        self._packed = _packed(self._plain, path.suffix)

    def write(self, texts: list[str]) -> None:
        """Append `texts` as lines."""
        self._packed.write("".join(f"{text}\n" for text in texts).encode())
        self.lines += len(texts)

    def saw(self, when_us: int) -> None:
        """Widen the span of the file's records to `when_us`."""
        if self._first_us is None or when_us < self._first_us:
            self._first_us = when_us
        if self._last_us is None or when_us > self._last_us:
            self._last_us = when_us

    def close(self, ends: Callable[[Path], int] | None = None) -> LogFile:
        """Finish the file, cut it at the byte that `ends` says, and return what it is now."""
        self._packed.close()
        self._plain.close()
        lines, lost, fragment = self.lines, 0, False
        if ends is not None:
            end = ends(self._path)
            with self._path.open("r+b") as whole:
                whole.truncate(end)
            lines, fragment = _whole_lines(self._path)
            lost = self.lines - lines
        return LogFile(
            path=self._shown,
            kind=self._kind,
            clock=self._clock,
            lines=lines,
            bytes=self._path.stat().st_size,
            first_us=self._first_us,
            last_us=self._last_us,
            lost=lost,
            fragment=fragment,
        )


def share_of(path: Path, kept: float) -> int:
    """Return the byte where the share `kept` of `path` ends."""
    return int(path.stat().st_size * kept)


def within_line(path: Path, number: int) -> int:
    """Return a byte in the second half of line `number` (from 0) of the plain file `path`."""
    end = 0
    with path.open("rb") as lines:
        for line in islice(lines, number + 1):
            start, end = end, end + len(line)
    return start + (end - start) * 2 // 3


def _packed(plain: IO[bytes], suffix: str) -> IO[bytes]:
    if suffix == ".gz":
        # No name and no time in the header: the same lines are the same bytes.
        return cast(
            "IO[bytes]",
            gzip.GzipFile(filename="", mode="wb", fileobj=plain, compresslevel=5, mtime=0),
        )
    if suffix == ".zst":
        packed: IO[bytes] = pa.CompressedOutputStream(pa.PythonFile(plain, "w"), "zstd")
        return packed
    return plain


def _whole_lines(path: Path) -> tuple[int, bool]:
    unpack = zlib.decompressobj(wbits=31) if path.suffix == ".gz" else None
    lines, last = 0, b"\n"
    with path.open("rb") as cut:
        while block := cut.read(_BLOCK):
            text = unpack.decompress(block) if unpack else block
            lines += text.count(b"\n")
            last = text[-1:] if text else last
    return lines, last != b"\n"


# What the written lines show: who met which indicator, in which records, how often and when.


UNNAMED = ""
"""The `who` of lines that name an indicator but no inside machine."""


@dataclass
class DemoCount:
    """The lines of one kind of record in which one machine meets one indicator."""

    lines: int = 0
    only_in_answers: int = 0
    first_us: int = 0
    last_us: int = 0
    grade: ContactGrade = ContactGrade.ASKED
    addresses: set[str] = field(default_factory=set)

    def add(self, line: TrafficLine, address: str, *, only_in_answers: bool) -> None:
        """Count `line`, seen from `address`."""
        self.addresses.add(address)
        self.first_us = min(self.first_us, line.when_us) if self.lines else line.when_us
        self.last_us = max(self.last_us, line.when_us)
        self.lines += 1
        self.only_in_answers += only_in_answers
        self.grade = max(self.grade, line.grade, key=GRADES.index)


@dataclass(frozen=True)
class ShownLine:
    """A line that shows something: its number in its file (from 0), the line and its mark."""

    number: int
    line: TrafficLine
    mark: TrafficMark


@dataclass
class DemoLedger:
    """Tallies by (who, indicator) and then by kind of record."""

    rows: dict[tuple[str, str], dict[str, DemoCount]] = field(default_factory=dict)

    def add(self, line: TrafficLine, mark: TrafficMark) -> None:
        """Count `line` for each indicator that a part standing in it meets."""
        who = mark.who if line.names_client else UNNAMED
        for key, parts in _met(line, mark).items():
            tallies = self.rows.setdefault((who, key), {})
            tallies.setdefault(line.dataset, DemoCount()).add(
                line, mark.address, only_in_answers=parts == {EventPart.ANSWERS}
            )


def _met(line: TrafficLine, mark: TrafficMark) -> dict[str, set[EventPart]]:
    met: dict[str, set[EventPart]] = {}
    for part, key in mark.meets:
        if part in line.parts:
            met.setdefault(key, set()).add(part)
    return met


def count_whole_lines(
    shown: Iterable[ShownLine], whole_lines: int, *, kept: DemoLedger, lost: DemoLedger
) -> None:
    """Count each of `shown` in `kept`, or in `lost` where its line is not whole any more."""
    for one in shown:
        (kept if one.number < whole_lines else lost).add(one.line, one.mark)
