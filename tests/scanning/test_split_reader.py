"""A split is read by the kernel where there is one, and what breaks off is told."""

import gzip
import os
from dataclasses import replace
from pathlib import Path

import pytest

from quetsach.containers.refusal import DamagedDataError
from quetsach.containers.streams import Codec
from quetsach.evidence.lines import ShrunkError, SplitFigures
from quetsach.formats.contract import LogLayout
from quetsach.scanning.plain_reader import PlainReader
from quetsach.scanning.plan import Split
from quetsach.scanning.split_reader import KernelReader, open_reader
from quetsach.sieve.contract import LineChoice, LineSigns, Sieve
from quetsach.sieve.kernel import build_sieve, rust_available
from tests.sieve import lines

SIEVES = [
    build_sieve(lines.KEYS, "python"),
    *([build_sieve(lines.KEYS, "rust")] if rust_available() else []),
]
each_sieve = pytest.mark.parametrize("sieve", SIEVES, ids=lambda sieve: str(sieve.name))
TEXT = b"to bad.example\n" * 30


def _split(location: Path, size: int, codec: Codec = Codec.PLAIN) -> Split:
    return Split(0, "a", location, codec, "any", LogLayout("any"), 0, size, size)


def _read(split: Split, sieve: Sieve) -> tuple[int, SplitFigures]:
    reader = open_reader(split, sieve, LineChoice())
    reader.turn_to(LineSigns())
    return sum(len(part.candidates) for part in reader.parts()), reader.figures()


def test_the_kernel_reads_where_it_is_the_sieve(tmp_path: Path) -> None:
    for sieve in SIEVES:
        reader = open_reader(_split(tmp_path, 1), sieve, LineChoice())
        assert isinstance(reader, KernelReader if sieve.name == "rust" else PlainReader)


@each_sieve
def test_what_a_file_lost_since_the_plan_is_told(sieve: Sieve, tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(TEXT[:-1])
    found, figures = _read(_split(log, 10_000), sieve)
    assert (found, figures.lines_begun) == (30, 30)
    assert isinstance(figures.broke, ShrunkError)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="NOT TESTED: no pipes here")
@pytest.mark.parametrize("codec", [Codec.PLAIN, Codec.GZIP])
@each_sieve
def test_a_pipe_in_place_of_the_planned_file_is_not_waited_for(
    sieve: Sieve, codec: Codec, tmp_path: Path
) -> None:
    log = tmp_path / "a.log"
    os.mkfifo(log)
    found, figures = _read(_split(log, 2 << 20, codec), sieve)
    assert (found, figures.raw_bytes) == (0, 0)
    assert isinstance(figures.broke, OSError)
    assert "No such device" in str(figures.broke)


@each_sieve
def test_a_file_that_cannot_be_read_has_the_words_of_the_system(
    sieve: Sieve, tmp_path: Path
) -> None:
    for location, words in ((tmp_path / "no", "No such file"), (tmp_path, "Is a directory")):
        found, figures = _read(_split(location, 100), sieve)
        assert (found, figures.raw_bytes) == (0, 0)
        assert isinstance(figures.broke, OSError)
        assert str(figures.broke.strerror).startswith(words)
        assert figures.broke.errno


@each_sieve
def test_the_lines_before_the_damage_of_a_packed_file_are_read(
    sieve: Sieve, tmp_path: Path
) -> None:
    log = tmp_path / "a.log.gz"
    log.write_bytes(gzip.compress(TEXT) + b"rubbish")
    split = _split(log, log.stat().st_size, Codec.GZIP)
    found, figures = _read(split, sieve)
    assert (found, figures.text_bytes, figures.raw_bytes) == (30, len(TEXT), split.file_size)
    assert isinstance(figures.broke, DamagedDataError)
    whole = replace(split, location=tmp_path / "b.log.gz")
    whole.location.write_bytes(gzip.compress(TEXT))
    assert _read(whole, sieve)[1].broke is None
