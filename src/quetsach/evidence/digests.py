"""Digests of evidence: a file's BLAKE3, the chain of its text, and the numbers of sightings.

The text of a log, unpacked, is cut into pieces of 64 MiB, each a whole subtree of BLAKE3. One pass
gives the value of each piece; from those follow the file's own digest, which `b3sum` prints as
well, and the chain `C[i] = H(C[i-1] + value[i])`, which begins with 32 zero bytes. A line has a
place in the chain that does not change when the log grows, is packed or gets another name; so a
sighting's number, `H(C[before its piece] + value of the piece up to the line's end + key)`, does
not either. See docs/decisions/0015.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Protocol

PIECE_BYTES = 64 << 20
"""Bytes of one piece: 65,536 chunks of BLAKE3."""

CHAIN_START = bytes(32)


class TextDigest(Protocol):
    """The digest of a text that is added part by part, from a piece's start on."""

    def add(self, text: bytes | memoryview, ends: Sequence[int]) -> list[bytes]:
        """Add `text`; return the value of the piece in hand at each of `ends`, rising places in it.

        A place on the border of two pieces belongs to the one before; one with no byte before it
        in the whole text has a value of zeros.
        """
        ...

    def pieces(self) -> list[bytes]:
        """Return the value of each piece so far."""
        ...

    def whole(self) -> bytes | None:
        """Return the digest of all that was added where it is a text of one piece at most."""
        ...


def text_digest(offset: int = 0) -> TextDigest:
    """Return the digest of a text from `offset` on, where a piece begins."""
    if find_spec("quetsach_kernel") is not None:
        import quetsach_kernel

        return quetsach_kernel.TextDigest(offset)  # type: ignore[no-any-return]
    from quetsach.evidence.blake3_twin import TwinDigest

    return TwinDigest(offset)


def file_digest(pieces: Sequence[bytes]) -> bytes | None:
    """Return the digest of the file whose pieces have these values; None for less than two."""
    if find_spec("quetsach_kernel") is not None:
        import quetsach_kernel

        return quetsach_kernel.joined_pieces(list(pieces))  # type: ignore[no-any-return]
    from quetsach.evidence.blake3_twin import joined

    return joined(pieces)


def blake3_each(messages: Sequence[bytes]) -> list[bytes]:
    """Return the BLAKE3 digest of each message, 32 bytes."""
    if find_spec("quetsach_kernel") is not None:
        import quetsach_kernel

        return quetsach_kernel.blake3_each(messages)  # type: ignore[no-any-return]
    from quetsach.evidence.blake3_twin import digests

    return digests(messages)


def chain(pieces: Sequence[bytes]) -> list[bytes]:
    """Return what stands before each piece, and behind the last: one more than `pieces`."""
    links = [CHAIN_START]
    for value in pieces:
        links += blake3_each([links[-1] + value])
    return links


def sighting_numbers(
    links: Sequence[bytes], places: Sequence[tuple[int, bytes]], keys: Sequence[str]
) -> list[str]:
    """Return the numbers, 16 hex digits, of sightings of `keys` in a text with the chain `links`.

    Shapes: a place is the piece that holds the last byte of the line and the value up to there.
    """
    messages = [
        links[piece] + value + key.encode()
        for (piece, value), key in zip(places, keys, strict=True)
    ]
    return [digest[:8].hex() for digest in blake3_each(messages)]
