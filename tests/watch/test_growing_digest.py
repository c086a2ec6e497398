"""The digest of a growing text is that of the whole text, at each place and after each restart."""

import random

import pytest

from quetsach.evidence.digests import CHAIN_START, PIECE_BYTES, chain, text_digest
from quetsach.sieve.kernel import rust_available
from quetsach.watch.growing_digest import GrowingDigest, chains_at, resumed


def _chain(text: bytes) -> bytes:
    digest = text_digest()
    digest.add(text, [])
    return chain(digest.pieces())[-1]


def test_it_is_the_chain_of_the_whole_text_at_each_place() -> None:
    text = random.Random(1).randbytes(5000)
    digest = GrowingDigest()
    assert digest.chain() == CHAIN_START
    for cut in range(0, 5000, 777):
        digest.add(text[digest.place : cut])
        assert digest.chain() == _chain(text[:cut])
        assert digest.link() == CHAIN_START
    places = [1, 1024, 1025, 4000, 6000]
    pieces = [text[place : place + 333] for place in range(0, len(text), 333)]
    assert list(chains_at(pieces, places)) == [
        (place, _chain(text[:place])) for place in places if place <= len(text)
    ]
    assert resumed(4000, CHAIN_START, pieces).chain() == _chain(text[:4000])


@pytest.mark.skipif(not rust_available(), reason="64 MiB take seconds without the kernel")
def test_it_goes_on_across_the_border_of_a_piece() -> None:
    block = random.Random(2).randbytes(1 << 16)
    digest = GrowingDigest()
    for _ in range(PIECE_BYTES // len(block)):
        digest.add(block)
    at_border = digest.chain()
    assert digest.link() == at_border
    [value] = digest.add(b"one more line", [PIECE_BYTES + 8])
    anew = resumed(PIECE_BYTES, at_border, [])
    assert anew.add(b"one more line", [PIECE_BYTES + 8]) == [value]
    assert anew.chain() == digest.chain()
    assert anew.links()[1:] == digest.links()[1:] == [at_border, digest.chain()]
