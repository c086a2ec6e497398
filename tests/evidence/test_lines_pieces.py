"""The digest covers exactly the file's bytes, however it is split."""

import gzip
import hashlib
from pathlib import Path

from quetsach.containers.refusal import DamagedDataError
from quetsach.containers.streams import Codec
from quetsach.evidence.lines import ShrunkError, SplitStream, digest_of_pieces


def test_the_pieces_of_a_plain_file_are_digested_without_overlap(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(bytes(range(256)) * 10)
    digests = []
    for offset in range(0, 2560, 1000):
        pieces = SplitStream(log, Codec.PLAIN, offset, min(1000, 2560 - offset))
        assert b"".join(pieces.read(file_size=2560)) == log.read_bytes()[max(offset - 1, 0) :]
        digests.append(pieces.sha256)
    parts = [log.read_bytes()[place : place + 1000] for place in (0, 1000, 2000)]
    assert digests == [hashlib.sha256(part).hexdigest() for part in parts]
    assert digest_of_pieces(digests[:1]) == digests[0]
    assert digest_of_pieces(digests) == hashlib.sha256("".join(digests).encode()).hexdigest()


def test_a_packed_file_is_digested_as_it_lies_there(tmp_path: Path) -> None:
    log = tmp_path / "a.log.gz"
    log.write_bytes(gzip.compress(b"line\n" * 1000) + b"rubbish behind")
    pieces = SplitStream(log, Codec.GZIP, 0, log.stat().st_size)
    assert b"".join(pieces.read(file_size=log.stat().st_size)) == b"line\n" * 1000
    assert isinstance(pieces.broke, DamagedDataError)
    assert pieces.sha256 == hashlib.sha256(log.read_bytes()).hexdigest()
    assert pieces.raw_bytes == log.stat().st_size
    assert pieces.text_bytes == 5000


def test_a_file_that_became_shorter_is_noticed(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(b"x\n" * 10)
    pieces = SplitStream(log, Codec.PLAIN, 0, 100)
    assert b"".join(pieces.read(file_size=100)) == log.read_bytes()
    assert isinstance(pieces.broke, ShrunkError)
