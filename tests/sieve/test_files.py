"""Small files read by one call give what a reader of each gives."""

from pathlib import Path

import pytest

from quetsach.sieve.contract import LineChoice, LineSigns, SplitPart
from quetsach.sieve.files import FileRead
from quetsach.sieve.kernel import RustSieve, rust_available
from quetsach.sieve.split import Extent
from tests.sieve import lines

pytestmark = pytest.mark.skipif(not rust_available(), reason="NOT TESTED: no kernel here")

SIGNS, CHOICE, BOUNDS = LineSigns(header=b"#"), LineChoice(1, 64), (16, 64)
TEXTS = (b"", b"one\n", b"first\n#head\nto bad.example\nlast", b"#head\n" * 9, b"x\n" * 90)


def _alone(sieve: RustSieve, path: Path, size: int) -> FileRead:
    reader = sieve.open_reader(Extent(0, size, is_whole=True), "newline", CHOICE, BOUNDS)
    reader.turn_to(SIGNS)
    reader.open(path, size)
    parts = [*iter(reader.next_part, None)]
    reader.finish()
    parts += [*iter(reader.next_part, None)]
    whole = SplitPart(
        sum(part.lines for part in parts),
        [line for part in parts for line in part.chosen],
        {place for part in parts for place in part.candidates},
        [place for part in parts for place in part.heads],
        {place: mark for part in parts for place, mark in part.marks.items()},
    )
    headers = [part.header for part in parts if part.header is not None]
    return FileRead(whole, headers, reader.take_hours(), reader.figures(), *reader.digest())


def test_each_file_gives_what_its_own_reader_gives(tmp_path: Path) -> None:
    sieve, files = RustSieve(lines.KEYS), []
    for number, text in enumerate(TEXTS):
        path = tmp_path / f"{number}.log"
        path.write_bytes(text)
        files.append((path, len(text), CHOICE))
    told = sieve.read_files(files, "newline", SIGNS, BOUNDS)
    assert told == [_alone(sieve, path, size) for path, size, _ in files]


def test_what_needs_a_reader_of_its_own_is_none(tmp_path: Path) -> None:
    (tmp_path / "long.log").write_bytes(b"x" * 100 + b"\n")
    (tmp_path / "short.log").write_bytes(b"x\n")
    files = [(tmp_path / f"{name}.log", 101, CHOICE) for name in ("long", "short", "none")]
    told = RustSieve(lines.KEYS).read_files(files, "newline", SIGNS, BOUNDS)
    assert told == [None, None, None]


def test_other_line_ends_than_ours_are_refused() -> None:
    with pytest.raises(ValueError, match="line ends"):
        RustSieve(lines.KEYS).read_files([], "dots", SIGNS, BOUNDS)
