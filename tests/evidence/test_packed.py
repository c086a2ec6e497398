"""A packed file is unpacked as far as it is good, and digested to its end."""

import gzip
from pathlib import Path

import pytest

from quetsach.containers.refusal import DamagedDataError
from quetsach.containers.streams import Codec
from quetsach.evidence import packed
from quetsach.evidence.digests import blake3_each
from quetsach.evidence.packed import PackedFile


def test_what_stands_behind_the_damage_is_digested_too(tmp_path: Path) -> None:
    log = tmp_path / "a.log.gz"
    log.write_bytes(gzip.compress(b"line\n" * 1000) + b"rubbish behind")
    stream = PackedFile(log, Codec.GZIP)
    pieces: list[bytes] = []
    with pytest.raises(DamagedDataError):
        pieces += stream.read()
    assert stream.digest == blake3_each([log.read_bytes()])[0]
    assert stream.raw_bytes == log.stat().st_size


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(PackedFile(tmp_path / "a.gz", Codec.GZIP).read())


def test_what_is_unpacked_ahead_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "a.log.gz"
    log.write_bytes(gzip.compress(b"line\n" * 100_000))
    plain, ahead = PackedFile(log, Codec.GZIP), PackedFile(log, Codec.GZIP)
    monkeypatch.setattr(packed, "AHEAD_BYTES", 0)
    size = log.stat().st_size
    assert b"".join(ahead.read_ahead(size)) == b"".join(plain.read())
    assert (ahead.raw_bytes, ahead.digest) == (plain.raw_bytes, plain.digest)
