"""The reader of one split: whole lines of a file, through the sieve, to those that are parsed.

Where there is a kernel it does all of it: it reads, cuts, sieves and tallies, and only the chosen
lines become objects of Python. Else the plain reader does the same.
"""

from collections.abc import Generator
from contextlib import closing
from typing import Protocol

from quetsach.containers.refusal import DamagedDataError
from quetsach.containers.streams import Codec
from quetsach.evidence.line_ends import LineEnds
from quetsach.evidence.lines import BLOCK_BYTES, LONGEST_LINE, SplitFigures
from quetsach.evidence.packed import PackedFile
from quetsach.evidence.storage import RemoteFile, ShrunkError
from quetsach.scanning.plan import Split
from quetsach.sieve.contract import (
    NOTHING_MORE,
    LineChoice,
    LineSigns,
    OutsideTokens,
    PartHour,
    Sieve,
    SplitHour,
    SplitPart,
    SplitWants,
)
from quetsach.sieve.kernel import RustSieve
from quetsach.sieve.split import Extent

WHOLE_TEXT = (1 << 64) - 1
"""More bytes than any text has: how long one is shows when it is unpacked."""


_STORED_PIECES_AHEAD = 1
"""So many pieces of 8 MiB are fetched ahead for each split under way."""


class SplitReader(Protocol):
    """Anything that reads a split once."""

    def turn_to(self, signs: LineSigns) -> None:
        """Take what the lines look like from here on; the tallies before it were taken."""
        ...

    def parts(self) -> Generator[SplitPart, None, None]:
        """Yield the parts as far as the file is good; `broke` says why it broke off."""
        ...

    def take_hours(self) -> list[SplitHour]:
        """Return the tallies since the last call, sorted by key."""
        ...

    def figures(self) -> SplitFigures:
        """Return what was counted; right when all parts were taken."""
        ...


class TokenReader(SplitReader, Protocol):
    """A reader that gives more than the chosen lines where that is wanted."""

    def take_tokens(self, *, without_part: bool = False) -> OutsideTokens:
        """Return the outside tokens since the last call, none where they are not wanted.

        They may be taken behind any part, those of this part left out: who wants those of each day
        takes them where a day ends.
        """
        ...

    def part_hours(self) -> list[PartHour]:
        """Return the hours of the last part."""
        ...

    def part_tokens(self, groups: list[list[bytes]]) -> list[OutsideTokens]:
        """Return the tokens of the last part by groups of such keys, which are taken then.

        It is for the time between two parts.
        """
        ...


def open_reader(
    split: Split,
    sieve: Sieve,
    choice: LineChoice,
    *,
    wants: SplitWants = NOTHING_MORE,
    block_bytes: int = BLOCK_BYTES,
    longest_line: int = LONGEST_LINE,
) -> TokenReader:
    """Return the reader of `split`; what it gives does not depend on which one it is."""
    if isinstance(sieve, RustSieve):
        return KernelReader(split, sieve, choice, (block_bytes, longest_line), wants)
    from quetsach.scanning.plain_reader import PlainReader  # The kernel's is used nearly always.

    return PlainReader(split, sieve, choice, (block_bytes, longest_line), wants=wants)


class KernelReader:
    """A split read by the kernel; packed text is unpacked here and fed to it."""

    def __init__(
        self,
        split: Split,
        sieve: RustSieve,
        choice: LineChoice,
        bounds: tuple[int, int],
        wants: SplitWants = NOTHING_MORE,
    ) -> None:
        self._split = split
        self._packed = (
            None
            if split.codec is Codec.PLAIN
            else PackedFile(split.location, split.codec, split.stored)
        )
        length = split.length if self._packed is None else WHOLE_TEXT
        whole = split.length >= split.file_size
        self._kernel = sieve.open_reader(
            Extent(split.offset, length, whole), split.line_ends, choice, bounds
        )
        self._kernel.want(wants)
        self._broke: DamagedDataError | ShrunkError | OSError | None = None

    def turn_to(self, signs: LineSigns) -> None:
        """Take what the lines look like from here on; the tallies before it were taken."""
        self._kernel.turn_to(signs)

    def parts(self) -> Generator[SplitPart, None, None]:
        """Yield the parts as far as the file is good; `broke` says why it broke off."""
        try:
            if self._packed is not None:
                yield from self._fed(self._packed.read_ahead(self._split.file_size))
            elif self._split.stored is not None:
                yield from self._fed(_stored_pieces(self._split, self._split.stored))
            else:
                self._kernel.open(self._split.location, self._split.file_size)
                yield from self._each()
        except (DamagedDataError, ShrunkError, OSError) as error:
            self._broke = error
        self._kernel.finish()
        yield from self._each()

    def _fed(self, pieces: Generator[bytes, None, None]) -> Generator[SplitPart, None, None]:
        with closing(pieces):
            for piece in pieces:
                self._kernel.feed(piece)
                yield from self._each()

    def _each(self) -> Generator[SplitPart, None, None]:
        while (part := self._kernel.next_part()) is not None:
            yield part

    def take_hours(self) -> list[SplitHour]:
        """Return the tallies since the last call, sorted by key."""
        return self._kernel.take_hours()

    def take_tokens(self, *, without_part: bool = False) -> OutsideTokens:
        """Return the outside tokens since the last call, none where they are not wanted."""
        return self._kernel.take_tokens(without_part=without_part)

    def part_hours(self) -> list[PartHour]:
        """Return the hours of the last part."""
        return self._kernel.part_hours()

    def part_tokens(self, groups: list[list[bytes]]) -> list[OutsideTokens]:
        """Return the tokens of the last part by groups of such keys; they are taken then."""
        return self._kernel.part_tokens(groups)

    def figures(self) -> SplitFigures:
        """Return what was counted."""
        read, packed = self._kernel.figures(), self._packed
        pieces, whole = self._kernel.digest()
        return SplitFigures(
            raw_bytes=read.own_bytes if packed is None else packed.raw_bytes,
            text_bytes=read.own_bytes,
            pieces=self._split.own_pieces(pieces),
            whole=whole if self._split.ends_the_text else None,
            packed_digest=None if packed is None else packed.digest,
            lines_begun=read.lines_begun,
            odd_ends=read.odd_ends,
            broke=ShrunkError() if read.has_shrunk else self._broke,
        )


def _stored_pieces(split: Split, stored: RemoteFile) -> Generator[bytes, None, None]:
    """Yield the bytes of a plain split out of its storage, fetched while others are looked at."""
    from quetsach.evidence.ahead import made_ahead  # Few sweeps need them.
    from quetsach.evidence.storage import pieces_of_split

    line_end = b"\r" if split.line_ends is LineEnds.RETURN else b"\n"
    return made_ahead(
        pieces_of_split(stored, split.offset, split.length, line_end), _STORED_PIECES_AHEAD
    )
