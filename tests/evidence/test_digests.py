"""The digests of evidence: those of `b3sum`, the same at any cut, and equal in both ways."""

import hashlib
import random
from collections.abc import Sequence
from importlib.util import find_spec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.evidence import blake3_twin, digests
from quetsach.evidence.blake3_twin import TwinDigest

KNOWN = {
    0: "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
    1: "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213",
    1023: "10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11",
    1024: "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7",
    1025: "d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444",
    2048: "e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a",
    3073: "7124b49501012f81cc7f11ca069ec9226cecb8a2c850cfe644e327d22d3e1cd3",
    31744: "62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47",
}
"""Of the numbers 0 to 250 over and over, as many bytes: from BLAKE3's own test vectors."""

needs_kernel = pytest.mark.skipif(find_spec("quetsach_kernel") is None, reason="no kernel built")


def _counted(length: int) -> bytes:
    return (bytes(range(251)) * (length // 251 + 1))[:length]


@pytest.mark.parametrize("length", KNOWN)
def test_the_digest_is_that_of_blake3(length: int) -> None:
    text = _counted(length)
    for digest in (TwinDigest(0), digests.text_digest()):
        digest.add(text, [])
        known = digest.whole()
        assert known is not None
        assert known.hex() == KNOWN[length]
    assert digests.blake3_each([text])[0].hex() == KNOWN[length]
    assert blake3_twin.digests([text, b""])[0].hex() == KNOWN[length]


@st.composite
def _cut_texts(draw: st.DrawFn) -> tuple[bytes, list[int], list[int]]:
    length = draw(st.integers(0, 9000))
    text = random.Random(draw(st.integers(0, 9))).randbytes(length)
    places = st.lists(st.integers(0, length), max_size=12, unique=True).map(sorted)
    return text, draw(places), draw(places)


def _in_parts(
    digest: digests.TextDigest, text: bytes, cuts: Sequence[int], ends: Sequence[int]
) -> list[bytes]:
    values: list[bytes] = []
    for start, stop in zip([0, *cuts], [*cuts, len(text)], strict=True):
        among = [end - start for end in ends if start < end <= stop or end == stop == 0]
        values += digest.add(text[start:stop], among)
    return values


@needs_kernel
@given(_cut_texts())
def test_kernel_and_twin_give_the_same_at_any_cut(made: tuple[bytes, list[int], list[int]]) -> None:
    text, cuts, ends = made
    cuts = [cut for cut in cuts if cut]
    ends = [end for end in ends if end]
    kernel, twin = digests.text_digest(), TwinDigest(0)
    assert _in_parts(kernel, text, cuts, ends) == _in_parts(twin, text, [], ends)
    assert kernel.pieces() == twin.pieces()
    assert kernel.whole() == twin.whole()


@needs_kernel
@given(st.lists(st.binary(min_size=32, max_size=32), max_size=20))
def test_pieces_are_joined_alike(pieces: list[bytes]) -> None:
    assert digests.file_digest(pieces) == blake3_twin.joined(pieces)


def test_a_line_keeps_its_place_when_the_text_grows() -> None:
    text = b"10.1.1.1 bad.example\n" * 400
    short, long = digests.text_digest(), digests.text_digest()
    end = text.index(b"\n", 3000) + 1
    assert short.add(text[:end], [end]) == long.add(text, [end])


def test_numbers_differ_by_line_key_and_what_lies_before() -> None:
    links = digests.chain([b"\1" * 32, b"\2" * 32])
    assert len(links) == 3
    assert links[0] == digests.CHAIN_START
    piece = digests.PIECE_BYTES
    marks = [
        *(digests.mark(9, b"a" * 32), digests.mark(9, b"b" * 32)),
        *(digests.mark(piece + 1, b"a" * 32), digests.mark(piece, b"a" * 32)),
        *(digests.record_mark(0), digests.record_mark(7)),
    ]
    keys = ["k", "k", "k", "l", "k", "k"]
    numbers = digests.sighting_numbers(links, marks, keys)
    assert len(set(numbers)) == 6
    assert all(len(number) == 16 for number in numbers)
    assert digests.sighting_numbers(links, marks[:1], keys[:1]) == numbers[:1]


def test_a_digest_is_none_of_another_kind() -> None:
    assert digests.blake3_each([b"x"])[0] != hashlib.sha256(b"x").digest()
