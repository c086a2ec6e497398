"""The plain BLAKE3 with pieces so small that a text has several of them."""

import random

import pytest

from quetsach.evidence import blake3_twin
from quetsach.evidence.blake3_twin import TwinDigest


def test_a_piece_is_a_subtree_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    # Pieces of 4 chunks: what holds of them holds of 65,536.
    monkeypatch.setattr(blake3_twin, "PIECE_BYTES", 4096)
    text = random.Random(1).randbytes(3 * 4096 + 100)
    twin = TwinDigest(0)
    twin.add(text[:5000], [])
    value = twin.add(text[5000:], [4096])[0]
    assert twin.whole() is None
    assert len(twin.pieces()) == 4
    assert blake3_twin.joined(twin.pieces()) == blake3_twin.digests([text])[0]
    second = TwinDigest(8192)
    assert second.add(text[8192:], [904])[0] == value
    assert second.pieces() == twin.pieces()[2:]
