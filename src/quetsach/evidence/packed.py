"""The unpacked text of a packed file, with the digest of its bytes as they pass."""

from collections.abc import Generator
from contextlib import closing
from pathlib import Path

from quetsach.containers.streams import ByteReader, Codec, opened_here, unpacked
from quetsach.evidence.digests import text_digest, whole_digest
from quetsach.evidence.storage import RemoteFile, opened

_REST_BYTES = 4 << 20

AHEAD_BYTES = 1 << 20
"""A packed file that is smaller is not worth a thread."""


class PackedFile:
    """A one-time stream over a packed file; what it counted is right once it is read out."""

    def __init__(self, location: Path, codec: Codec, stored: RemoteFile | None = None) -> None:
        self._location, self._codec, self._stored = location, codec, stored
        self._digest = text_digest()
        self.raw_bytes = 0

    @property
    def digest(self) -> bytes:
        """The BLAKE3 of the file's own bytes."""
        return whole_digest(self._digest)

    def read(self) -> Generator[bytes, None, None]:
        """Yield the unpacked pieces as far as they are good; all its bytes are digested.

        Errors: DamagedDataError, OSError, ShrunkError of a stored file; all pieces before are good.
        """
        with (
            opened(self._location, self._stored) as file,
            closing(_Hashing(file, self)) as hashing,
        ):
            yield from unpacked(hashing, self._codec)

    def read_ahead(self, size: int) -> Generator[bytes, None, None]:
        """Yield the same text, unpacked in threads of its own unless the file's `size` is small.

        Parts of the file that can be told apart beforehand are unpacked side by side. Whoever
        breaks off closes the iterator. Errors: as `read`.
        """
        if size < AHEAD_BYTES:
            yield from self.read()
            return
        # Few sweeps need them.
        from quetsach.evidence.ahead import PIECES_AHEAD, made_ahead
        from quetsach.evidence.side_by_side import side_by_side

        if self._stored is None:
            with opened_here(self._location) as file:
                hashing = _Hashing(file, self)
                pieces = side_by_side(self._location, self._codec, hashing)
                if pieces is not None:
                    # Small pieces come many at a time; of large ones enough are in memory already.
                    most = PIECES_AHEAD if self._codec is Codec.GZIP else 1
                    with closing(hashing), closing(made_ahead(pieces, most)) as ahead:
                        yield from ahead
                    return
        with closing(made_ahead(self.read())) as pieces:
            yield from pieces

    def take(self, piece: bytes) -> None:
        """Count `piece` as bytes of the file that were read."""
        self._digest.add(piece, [])
        self.raw_bytes += len(piece)


class _Hashing:
    """A file whose bytes are counted as they are read."""

    def __init__(self, file: ByteReader, packed: PackedFile) -> None:
        self._file, self._packed = file, packed

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._packed.take(piece)
        return piece

    def close(self) -> None:
        """Take the rest: what follows a damaged place is not read as a log, but it is evidence."""
        while self.read(_REST_BYTES):
            pass
