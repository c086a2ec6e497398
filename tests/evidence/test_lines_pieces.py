"""The digests cover exactly the file's bytes and its text, however it is split."""

import gzip
from pathlib import Path

from quetsach.containers.refusal import DamagedDataError
from quetsach.containers.streams import Codec
from quetsach.evidence.digests import blake3_each
from quetsach.evidence.lines import ShrunkError, SplitStream


def test_a_split_is_digested_from_the_beginning_of_its_piece(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(bytes(range(256)) * 10)
    for offset in range(0, 2560, 1000):
        pieces = SplitStream(log, Codec.PLAIN, offset, min(1000, 2560 - offset))
        assert b"".join(pieces.read(file_size=2560)) == log.read_bytes()[max(offset - 1, 0) :]
        assert pieces.digest.whole() == blake3_each([log.read_bytes()])[0]


def test_a_packed_file_is_digested_as_it_lies_there(tmp_path: Path) -> None:
    log = tmp_path / "a.log.gz"
    log.write_bytes(gzip.compress(b"line\n" * 1000) + b"rubbish behind")
    pieces = SplitStream(log, Codec.GZIP, 0, log.stat().st_size)
    assert b"".join(pieces.read(file_size=log.stat().st_size)) == b"line\n" * 1000
    assert isinstance(pieces.broke, DamagedDataError)
    assert pieces.packed_digest == blake3_each([log.read_bytes()])[0]
    assert pieces.digest.whole() == blake3_each([b"line\n" * 1000])[0]
    assert pieces.raw_bytes == log.stat().st_size
    assert pieces.text_bytes == 5000


def test_a_file_that_became_shorter_is_noticed(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(b"x\n" * 10)
    pieces = SplitStream(log, Codec.PLAIN, 0, 100)
    assert b"".join(pieces.read(file_size=100)) == log.read_bytes()
    assert isinstance(pieces.broke, ShrunkError)
