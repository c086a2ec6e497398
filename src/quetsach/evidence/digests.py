"""Digests of evidence: a file's BLAKE3, the chain of its text, and the numbers of sightings.

The text of a log, unpacked, is cut into pieces of 64 MiB, each a whole subtree of BLAKE3. One pass
gives the value of each piece; from those follow the file's own digest, which `b3sum` prints as
well, and the chain `C[i] = H(C[i-1] + value[i])`, which begins with 32 zero bytes. A line has a
place in the chain that does not change when the log grows, is packed or gets another name; so a
sighting's number, `H(C[before its piece] + value of the piece up to the line's end + key)`, does
not either. See docs/decisions/0015.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from quetsach.compiled import kernel_module
from quetsach.evidence.storage import RemoteFile, opened

PIECE_BYTES = 64 << 20
"""Bytes of one piece: 65,536 chunks of BLAKE3."""

_READ_BYTES = 4 << 20

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
    if (kernel := kernel_module()) is not None:
        return kernel.TextDigest(offset)  # type: ignore[no-any-return]
    from quetsach.evidence.blake3_twin import TwinDigest

    return TwinDigest(offset)


def file_digest(pieces: Sequence[bytes]) -> bytes | None:
    """Return the digest of the file whose pieces have these values; None for less than two."""
    if (kernel := kernel_module()) is not None:
        return kernel.joined_pieces(list(pieces))  # type: ignore[no-any-return]
    from quetsach.evidence.blake3_twin import joined

    return joined(pieces)


def blake3_each(messages: Sequence[bytes]) -> list[bytes]:
    """Return the BLAKE3 digest of each message, 32 bytes."""
    if (kernel := kernel_module()) is not None:
        return kernel.blake3_each(messages)  # type: ignore[no-any-return]
    from quetsach.evidence.blake3_twin import digests

    return digests(messages)


def blake3_of_file(location: Path, stored: RemoteFile | None = None) -> str:
    """Return the BLAKE3 of a file, in its storage if it lies there, in hex, as `b3sum` prints it.

    Errors: OSError; ShrunkError of a stored one.
    """
    digest = text_digest()
    with opened(location, stored) as file:
        while text := file.read(_READ_BYTES):
            digest.add(text, [])
    return whole_digest(digest).hex()


def whole_digest(digest: TextDigest) -> bytes:
    """Return the digest of a whole text, of any length."""
    whole = digest.whole()
    if whole is None:
        whole = file_digest(digest.pieces())
    assert whole is not None, "a text of more than one piece has two or more"
    return whole


def sha256_of_file(location: Path, stored: RemoteFile | None = None) -> str:
    """Return the SHA-256 of a file, in its storage if it lies there, in hex.

    Errors: OSError; ShrunkError of a stored one.
    """
    digest = hashlib.sha256()
    with opened(location, stored) as file:
        while text := file.read(_READ_BYTES):
            digest.update(text)
    return digest.hexdigest()


def sha256_by_pieces(location: Path, *, is_packed: bool) -> str:
    """Return the digest that earlier versions gave the file at `location`; see decision 2.

    Errors: OSError.
    """
    if is_packed:
        return sha256_of_file(location)
    pieces = []
    with location.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            pieces.append(hashlib.sha256(piece).hexdigest())
    return pieces[0] if len(pieces) == 1 else hashlib.sha256("".join(pieces).encode()).hexdigest()


def chain(pieces: Sequence[bytes]) -> list[bytes]:
    """Return what stands before each piece, and behind the last: one more than `pieces`."""
    links = [CHAIN_START]
    for value in pieces:
        links += blake3_each([links[-1] + value])
    return links


def mark(end: int, up_to_it: bytes) -> str:
    """Return the mark of a line whose last byte stands before `end` in the text.

    Shapes: `up_to_it` is the value of the piece that holds this byte, up to `end`. The mark is the
    piece's number and the value in hex, with a colon between.
    """
    return f"{max(end - 1, 0) // PIECE_BYTES}:{up_to_it.hex()}"


def record_mark(offset: int) -> str:
    """Return the mark of a record of several lines, at `offset` in a text that does not grow."""
    return f"{offset}"


def sighting_numbers(
    links: Sequence[bytes], marks: Sequence[str], keys: Sequence[str]
) -> list[str]:
    """Return the numbers of sightings of `keys` in a text with the chain `links`: 16 hex digits."""
    messages = [
        _place(links, written) + key.encode() for written, key in zip(marks, keys, strict=True)
    ]
    return [digest[:8].hex() for digest in blake3_each(messages)]


def _place(links: Sequence[bytes], written: str) -> bytes:
    piece, colon, digits = written.partition(":")
    if colon:
        return links[int(piece)] + bytes.fromhex(digits)
    return CHAIN_START + links[-1] + int(written).to_bytes(8, "little")
