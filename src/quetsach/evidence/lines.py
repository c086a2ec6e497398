"""Blocks of whole lines, cut from a stream of pieces: the same lines at every piece size."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from quetsach.containers.refusal import DamagedDataError
from quetsach.containers.streams import Codec
from quetsach.evidence.digests import PIECE_BYTES as DIGEST_BYTES
from quetsach.evidence.digests import TextDigest, text_digest
from quetsach.evidence.line_ends import LineEndRewriter, LineEnds, OddEnds
from quetsach.evidence.packed import PackedFile
from quetsach.evidence.storage import RemoteFile, SeekableReader, ShrunkError, opened

BLOCK_BYTES = 4 << 20
"""How much is gathered before whole lines are handed on, in bytes."""

LONGEST_LINE = 16 << 20
"""A longer line is left out and reported, in bytes."""

_EXCERPT = 200


@dataclass(frozen=True)
class LineBlock:
    """Whole lines: the first `size` bytes of `data`, of which the first is at `offset`.

    With `too_long` it is the beginning of one line that was too long and is left out.
    """

    offset: int
    data: bytes
    size: int
    too_long: bool = False

    def view(self) -> memoryview:
        """Return the lines without copying them."""
        return memoryview(self.data)[: self.size]


def line_blocks(
    pieces: Iterable[bytes],
    offset: int = 0,
    *,
    end: int | None = None,
    skip_first: bool = False,
    block_bytes: int = BLOCK_BYTES,
    longest_line: int = LONGEST_LINE,
) -> Iterator[LineBlock]:
    """Yield the lines of `pieces`, whose first byte is at `offset`, in blocks.

    With `skip_first` the part before the first newline belongs to the split before, or to a
    line that was too long, and is left out. Lines that begin at `end` or later belong to the
    split behind.
    """
    waiting: list[bytes] = []
    length = 0
    for piece in pieces:
        if skip_first:
            newline = piece.find(b"\n") + 1
            offset += newline or len(piece)
            if not newline:
                continue
            skip_first = False
            piece = piece[newline:]  # noqa: PLW2901 - the part of this split
        if end is not None and offset >= end:
            return
        waiting.append(piece)
        length += len(piece)
        if length < block_bytes and (end is None or offset + length < end):
            continue
        text = waiting[0] if len(waiting) == 1 else b"".join(waiting)
        cut = _whole_lines(text, offset, end)
        if cut:
            yield from _checked(offset, text, cut, longest_line)
        elif length > longest_line:
            yield LineBlock(offset, text[:_EXCERPT], min(length, _EXCERPT), too_long=True)
            cut, skip_first = length, True
        offset += cut
        waiting, length = [text[cut:]], length - cut
    if length and (end is None or offset < end):
        text = b"".join(waiting)
        cut = _last_of_ours(text, offset, end) or length
        yield from _checked(offset, text, cut, longest_line)


def _whole_lines(text: bytes, offset: int, end: int | None) -> int:
    """Return how many bytes of `text` are whole lines of this split; 0 when none is whole."""
    if end is None or offset + len(text) < end:
        return text.rfind(b"\n") + 1
    return _last_of_ours(text, offset, end) or text.rfind(b"\n") + 1


def _last_of_ours(text: bytes, offset: int, end: int | None) -> int:
    """Return where the last line that begins before `end` is over, or 0 if that is not seen."""
    if end is None:
        return 0
    return text.find(b"\n", max(end - 1 - offset, 0)) + 1


def _checked(offset: int, text: bytes, size: int, longest_line: int) -> Iterator[LineBlock]:
    """Yield the lines, setting apart those that are too long; they are rare."""
    if size <= longest_line:
        yield LineBlock(offset, text, size)
        return
    start = 0
    while start < size:
        newline = text.find(b"\n", start, size) + 1 or size
        line = text[start:newline]
        if len(line) > longest_line:
            yield LineBlock(offset + start, line[:_EXCERPT], _EXCERPT, too_long=True)
        else:
            yield LineBlock(offset + start, line, len(line))
        start = newline


# The bytes of one split of a file, unpacked, with the digest of the file's bytes as they pass.


PIECE_BYTES = 64 << 20
"""Plain files are split in pieces of this size, which are those of their digest."""

_READ_BYTES = 4 << 20
_REST_BYTES = 64 << 10
_MOST_WAITING = 2 * LONGEST_LINE + 4 * BLOCK_BYTES
"""More than a block and its longest line: what lies further back was looked through."""


@dataclass(frozen=True)
class SplitFigures:
    """What was counted of a split, once it is read out, and why its file broke off, if it did.

    Units: `raw_bytes` of the file, `text_bytes` unpacked. `lines_begun` are counted by newlines,
    to judge the sieve's count; `odd_ends` are the signs within lines that elsewhere end one.
    `pieces` are the values of the pieces of text that end in the split, `whole` is the digest of a
    text of one piece, and `packed_digest` that of a packed file; see digests.py.
    """

    raw_bytes: int
    text_bytes: int
    pieces: list[bytes]
    whole: bytes | None
    packed_digest: bytes | None
    lines_begun: int
    odd_ends: int
    broke: DamagedDataError | ShrunkError | OSError | None


class SplitStream:
    """A one-time stream over one split; what it counted is right once it is read out.

    Shapes: for a plain file the split is [offset, offset + length), the byte before it (to tell
    whether a line begins at `offset`) and the rest of its last line; the digest covers only
    [offset, offset + length). A packed file is one split.
    """

    def __init__(
        self,
        location: Path,
        codec: Codec,
        offset: int,
        length: int,
        ends: LineEnds = LineEnds.NEWLINE,
        stored: RemoteFile | None = None,
    ) -> None:
        self._location, self._stored = location, stored
        self._codec = codec
        self._offset = offset
        self._length = length
        self._digest = text_digest(offset - offset % DIGEST_BYTES)
        # The text that is not digested yet, and where it begins.
        self._waiting = bytearray()
        self._digested = offset
        self.packed_digest: bytes | None = None
        self._rewriter = LineEndRewriter(ends)
        self._newlines = 0
        # None where every other sign is part of a text.
        self._odd_ends = None if ends is LineEnds.JSON else OddEnds()
        self._begins_a_line = not offset
        self._is_own, self._is_before = True, False
        self._last = b""
        self.raw_bytes = 0
        self.text_bytes = 0
        self.broke: DamagedDataError | ShrunkError | OSError | None = None

    @property
    def digest(self) -> TextDigest:
        """The digest of the text from the beginning of the split's first piece on."""
        self.digest_to(self._digested + len(self._waiting))
        return self._digest

    def digest_to(self, place: int, ends: Sequence[int] = ()) -> list[bytes]:
        """Digest the text up to `place`; return the value of its piece at each of `ends`."""
        part = bytes(self._waiting[: place - self._digested])
        values = self._digest.add(part, [end - self._digested for end in ends])
        del self._waiting[: len(part)]
        self._digested += len(part)
        return values

    def _wait(self, text: bytes, *, is_before: bool) -> None:
        if not is_before:
            self._waiting += text
        if len(self._waiting) > _MOST_WAITING:
            self.digest_to(self._digested + len(self._waiting) - _MOST_WAITING // 2)

    @property
    def odd_ends(self) -> int:
        """How many signs within its lines elsewhere end a line."""
        return 0 if self._odd_ends is None else self._odd_ends.count

    @property
    def lines_begun(self) -> int:
        """How many lines begin in the split, by its newlines: they judge the sieve's count."""
        if not self._last:
            return 0
        return self._newlines + self._begins_a_line - (self._last == b"\n")

    def figures(self) -> SplitFigures:
        """Return what was counted."""
        return SplitFigures(
            raw_bytes=self.raw_bytes,
            text_bytes=self.text_bytes,
            pieces=self.digest.pieces(),
            whole=self.digest.whole(),
            packed_digest=self.packed_digest,
            lines_begun=self.lines_begun,
            odd_ends=self.odd_ends,
            broke=self.broke,
        )

    def read(self, *, file_size: int) -> Iterator[bytes]:
        """Yield the unpacked pieces as far as they are good; `broke` says why they broke off.

        It does not raise: what was read before must still reach the end of its last line.
        """
        try:
            for piece in self._pieces(file_size):
                text = self._rewriter.of(piece)
                self._count(text)
                self._wait(text, is_before=self._is_before)
                yield text
        except (DamagedDataError, ShrunkError, OSError) as error:
            self.broke = error
        if rest := self._rewriter.rest():
            self._count(rest)
            self._wait(rest, is_before=False)
            yield rest

    def _count(self, text: bytes) -> None:
        """Count the line ends of the split's own text."""
        if not self._is_own:
            # Once its own text is through, what comes tells only what its last sign is.
            if self._last and self._odd_ends is not None:
                self._odd_ends.follow(text)
        elif text:
            self._newlines += text.count(b"\n")
            self._last = text[-1:]
            if self._odd_ends is not None:
                self._odd_ends.add(text)

    def _pieces(self, file_size: int) -> Iterator[bytes]:
        if self._codec is not Codec.PLAIN:
            yield from self._unpacked(PackedFile(self._location, self._codec, self._stored))
            return
        with opened(self._location, self._stored) as file:
            yield from self._plain(file, file_size)

    def _plain(self, file: SeekableReader, file_size: int) -> Iterator[bytes]:
        if self._offset:
            file.seek(self._offset - 1)
            before = file.read(1)
            self._begins_a_line = self._rewriter.of(before) == b"\n"
            self._digest_before(file)
            self._is_own, self._is_before = False, True
            yield before
            self._is_before = False
        own = self._length
        place = self._offset
        while place < file_size:
            # Behind its own bytes only the rest of the last line is wanted.
            wanted = min(_READ_BYTES, own) if own else _REST_BYTES
            piece = file.read(min(wanted, file_size - place))
            if not piece:
                raise ShrunkError
            place += len(piece)
            self._is_own = own > 0
            if own:
                own -= len(piece)
                self.raw_bytes += len(piece)
                self.text_bytes += len(piece)
            yield piece

    def _unpacked(self, file: PackedFile) -> Iterator[bytes]:
        try:
            for piece in file.read():
                self.text_bytes += len(piece)
                yield piece
        finally:
            self.raw_bytes, self.packed_digest = file.raw_bytes, file.digest

    def _digest_before(self, file: SeekableReader) -> None:
        """Digest what lies between the beginning of the first piece and the split."""
        place = self._offset - self._offset % DIGEST_BYTES
        file.seek(place)
        while text := file.read(min(_READ_BYTES, self._offset - place)):
            self._digest.add(self._rewriter.of(text), [])
            place += len(text)
