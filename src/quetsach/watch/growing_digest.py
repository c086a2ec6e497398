"""The digest of a text that grows: the chain up to a place that moves on.

It says at each place what the chain of the whole text up to there is, so that a text is known again
by its beginning however it is called; see evidence/digests.py for chain and pieces.
"""

from collections.abc import Iterable, Iterator, Sequence

from quetsach.evidence.digests import CHAIN_START, PIECE_BYTES, blake3_each, text_digest


class GrowingDigest:
    """The digest of a text up to `place`; `link` is the chain before the piece it begins with."""

    def __init__(self, piece: int = 0, link: bytes = CHAIN_START) -> None:
        """Begin at the piece of this number."""
        self._first = piece
        self._digest = text_digest(piece * PIECE_BYTES)
        self._links = [link]
        self.place = piece * PIECE_BYTES

    def add(self, text: bytes, ends: Sequence[int] = ()) -> list[bytes]:
        """Add the next text; return the value of the piece in hand at each of `ends`, rising."""
        values = self._digest.add(text, [end - self.place for end in ends])
        self.place += len(text)
        return values

    def _values(self) -> list[bytes]:
        """Return the value of each piece, and link those that are complete."""
        values = self._digest.pieces()
        for value in values[len(self._links) - 1 : self.place // PIECE_BYTES - self._first]:
            self._links.append(_linked(self._links[-1], value))
        return values

    def link(self) -> bytes:
        """Return the chain before the piece that `place` is in."""
        self._values()
        return self._links[-1]

    def links(self) -> list[bytes]:
        """Return the chain as marks of lines need it: before each piece, and at `place`.

        What stands before the piece that it began with is not known, and not needed by new lines.
        """
        self._values()
        return [CHAIN_START] * self._first + [*self._links, self.chain()]

    def chain(self) -> bytes:
        """Return the chain of the text up to `place`; that of no text is zeros."""
        values = self._values()
        open_piece = values[len(self._links) - 1 :]
        return _linked(self._links[-1], open_piece[0]) if open_piece else self._links[-1]


def _linked(link: bytes, value: bytes) -> bytes:
    return blake3_each([link + value])[0]


def resumed(place: int, link: bytes, text: Iterable[bytes]) -> GrowingDigest:
    """Return the digest at `place`, whose piece begins behind `link`.

    Shapes: `text` is that from the beginning of this piece on; no more is taken than to `place`.
    """
    digest = GrowingDigest(place // PIECE_BYTES, link)
    for part in text:
        digest.add(part[: place - digest.place])
        if digest.place == place:
            break
    return digest


def chains_at(text: Iterable[bytes], places: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """Yield each of `places` (rising) that `text` reaches, with the chain of the text up to it."""
    digest, left_places = GrowingDigest(), list(places)
    for part in text:
        rest = part
        while left_places and digest.place + len(rest) >= left_places[0]:
            cut = left_places[0] - digest.place
            digest.add(rest[:cut])
            rest = rest[cut:]
            yield left_places.pop(0), digest.chain()
        if not left_places:
            return
        digest.add(rest)
