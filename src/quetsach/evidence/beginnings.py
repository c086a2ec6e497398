"""The beginnings of texts: a log that has grown begins with what it was before.

The chain of a text (see `digests`) tells two whole texts apart. Whether one begins with another is
asked here, of the text itself: what is its chain at the lengths that others had?
"""

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from quetsach.containers.streams import Codec
from quetsach.evidence.digests import PIECE_BYTES, blake3_each, chain, text_digest
from quetsach.evidence.line_ends import LineEndRewriter, LineEnds
from quetsach.evidence.packed import PackedFile
from quetsach.evidence.storage import RemoteFile, opened

_READ_BYTES = 4 << 20

_HEAD_BYTES = 4096
"""The first line is looked for in so much of a text, and so much of a longer one is digested."""


@dataclass(frozen=True)
class KnownText:
    """A text that was read before: the digest of its first line, its length and its chain.

    Shapes: digests in hex. Units: bytes, unpacked.
    """

    head: str
    length: int
    chain: str


def head_digest(head: bytes) -> str:
    """Return the digest of the first line in `head` that is no comment, 16 hex digits.

    All logs of some products have the same comments first. Lines that are the same may belong to
    different logs all the same: it only tells which texts are worth comparing.
    """
    lines = head[:_HEAD_BYTES].split(b"\n")
    written = (line for line in lines if line.strip() and not line.startswith(b"#"))
    return blake3_each([next(written, lines[0])])[0].hex()[:16]


def chains_at(
    lengths: Sequence[int],
    location: Path,
    codec: Codec,
    line_ends: LineEnds,
    stored: RemoteFile | None = None,
) -> dict[int, str]:
    """Return the chain that the text of a file has at each of `lengths`, those beyond it left out.

    Errors: OSError, DamagedDataError, ShrunkError; the file is read up to the longest.
    """
    sought = sorted({length for length in lengths if length > 0})
    digest, place = text_digest(), 0
    values: dict[int, bytes] = {}
    with closing(_text(location, codec, line_ends, stored)) as pieces:
        for text in pieces:
            ends = [length for length in sought if place < length <= place + len(text)]
            found = digest.add(text, [length - place for length in ends])
            values.update(zip(ends, found, strict=True))
            place += len(text)
            if not sought or place >= sought[-1]:
                break
    links = chain(digest.pieces())
    return {
        length: blake3_each([links[(length - 1) // PIECE_BYTES] + value])[0].hex()
        for length, value in values.items()
    }


def _text(
    location: Path, codec: Codec, line_ends: LineEnds, stored: RemoteFile | None
) -> Generator[bytes, None, None]:
    """Yield the unpacked text with newlines for its line ends, as a sweep reads it."""
    rewriter = LineEndRewriter(line_ends)
    yield from filter(None, map(rewriter.of, _pieces(location, codec, stored)))
    if rest := rewriter.rest():
        yield rest


def _pieces(location: Path, codec: Codec, stored: RemoteFile | None) -> Iterable[bytes]:
    if codec is not Codec.PLAIN:
        yield from PackedFile(location, codec, stored).read()
        return
    with opened(location, stored) as file:
        while piece := file.read(_READ_BYTES):
            yield piece
