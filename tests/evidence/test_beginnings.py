"""The chain of the beginning of a text is that of the whole text it once was."""

import gzip
import random
from pathlib import Path

import pytest

from quetsach.containers.streams import Codec
from quetsach.evidence import beginnings
from quetsach.evidence.beginnings import chains_at, head_digest
from quetsach.evidence.digests import chain, text_digest
from quetsach.evidence.line_ends import LineEnds, rewritten

TEXT = b"".join(b"line %d of a log\n" % number for number in range(400))


def _chain_of(text: bytes) -> str:
    digest = text_digest()
    digest.add(text, [])
    return chain(digest.pieces())[-1].hex()


@pytest.mark.parametrize("read_bytes", [7, 1 << 20])
def test_a_beginning_has_the_chain_it_had_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_bytes: int
) -> None:
    monkeypatch.setattr(beginnings, "_READ_BYTES", read_bytes)
    lengths = [1, *random.Random(16).sample(range(2, len(TEXT)), 20), len(TEXT)]
    plain, packed = tmp_path / "a.log", tmp_path / "a.log.gz"
    plain.write_bytes(TEXT)
    packed.write_bytes(gzip.compress(TEXT))
    asked = [*lengths, 0, len(TEXT) + 1]
    expected = {length: _chain_of(TEXT[:length]) for length in lengths}
    assert chains_at(asked, plain, Codec.PLAIN, LineEnds.NEWLINE) == expected
    assert chains_at(asked, packed, Codec.GZIP, LineEnds.NEWLINE) == expected


def test_line_ends_are_those_that_a_sweep_reads(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    text = "a\u2028b\u2028c\n".encode()
    path.write_bytes(text)
    read = rewritten(text, LineEnds.SEPARATOR)
    lengths = [4, len(read)]
    expected = {length: _chain_of(read[:length]) for length in lengths}
    assert chains_at(lengths, path, Codec.PLAIN, LineEnds.SEPARATOR) == expected
    assert chains_at([], path, Codec.PLAIN, LineEnds.NEWLINE) == {}


def test_the_head_is_the_first_line_that_is_no_comment_however_much_follows() -> None:
    assert head_digest(b"#open 1\n\n#x\nfirst\nsecond\n") == head_digest(b"#open 2\nfirst\nother")
    assert head_digest(b"first\n") != head_digest(b"second\n")
    assert head_digest(b"#a\n#b\n") == head_digest(b"#a\n")
    assert head_digest(b"x" * 9000) == head_digest(b"x" * 5000 + b"\n") != head_digest(b"")
