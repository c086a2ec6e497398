"""Log files being written: packed or plain, counted line by line, and cut off where planned."""

import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, cast

import pyarrow as pa

_BLOCK = 1 << 20


@dataclass(frozen=True)
class Written:
    """A file as it stands: its lines (headers too), and whether the end of one is missing.

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


class Sink:
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

    def close(self, ends: Callable[[Path], int] | None = None) -> Written:
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
        return Written(
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
