"""A text is read in whole lines; a line without end waits; a long one is not kept meanwhile."""

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from quetsach.containers.streams import Codec
from quetsach.evidence.storage import ShrunkError
from quetsach.watch import texts
from quetsach.watch.texts import GrowingText, unpacked_rest


@pytest.fixture
def log(tmp_path: Path) -> Iterator[GrowingText]:
    path = tmp_path / "log"
    path.write_bytes(b"one\ntwo\nthr")
    text = GrowingText(os.open(path, os.O_RDONLY))
    yield text
    text.close()
    assert not text.is_open


def test_only_whole_lines_are_read_unless_the_text_is_at_its_end(log: GrowingText) -> None:
    first = log.whole_lines(0, 11)
    assert (first.length, first.before, first.start) == (8, b"", b"one\ntwo\n")
    assert log.whole_lines(0, 6).start == b"one\n"
    assert log.whole_lines(8, 11).length == 0
    last = log.whole_lines(8, 11, to_end=True)
    assert (last.before, last.start, last.length) == (b"one\ntwo\n", b"thr", 3)


def test_a_line_longer_than_a_chunk_is_searched_for_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "CHUNK_BYTES", 4)
    path = tmp_path / "log"
    path.write_bytes(b"a long line")
    text = GrowingText(os.open(path, os.O_RDONLY))
    assert text.whole_lines(0, 11).length == 0
    with path.open("ab") as file:
        file.write(b" with end\nx")
    lines = text.whole_lines(0, 22)
    assert (lines.length, lines.start) == (21, b"a lo")
    assert b"".join(text.pieces(0, 21)) == b"a long line with end\n"
    with pytest.raises(ShrunkError):
        list(text.pieces(20, 40))
    text.close()


def test_the_rest_of_a_packed_text_lies_where_it_lies_in_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "PIECE_BYTES", 6)
    monkeypatch.setattr(texts, "BEFORE_BYTES", 3)
    packed = tmp_path / "log.gz"
    packed.write_bytes(gzip.compress(b"one\ntwo\nthree\n"))
    text = unpacked_rest(packed, Codec.GZIP, 8, tmp_path)
    assert text.whole_lines(8, text.status().st_size).start == b"three\n"
    assert text.read(0, 8) == bytes(5) + b"wo\n"
    text.close()
    assert [path.name for path in tmp_path.iterdir()] == ["log.gz"]
    packed.write_bytes(packed.read_bytes()[:-12])
    text = unpacked_rest(packed, Codec.GZIP, 0, tmp_path)
    assert b"one\ntwo\nthree\n".startswith(text.read(0, 99))
    text.close()
