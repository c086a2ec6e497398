"""The scan of what a text has grown by: whole lines, read as a split of the whole text is."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from quetsach.evidence.line_ends import LineEnds, OddEnds
from quetsach.evidence.lines import BLOCK_BYTES, LONGEST_LINE, SplitFigures
from quetsach.scanning.choosing import CLOSEST_SAMPLES
from quetsach.scanning.job import WorkerTools, tools_for
from quetsach.scanning.plain_reader import PlainReader
from quetsach.scanning.plan import HEAD_LINES, Split
from quetsach.scanning.scan import SplitResult, scan_split
from quetsach.sieve.contract import (
    NOTHING_MORE,
    LineChoice,
    LineSigns,
    OutsideTokens,
    PartHour,
    SplitHour,
    SplitPart,
    SplitWants,
    TokenWants,
)
from quetsach.sweeping.numbering import numbers_in, written
from quetsach.watch.growing_digest import GrowingDigest

_MOST_WAITING = 2 * LONGEST_LINE + 4 * BLOCK_BYTES


class GrownText:
    """The text of one chunk, which begins with a line; `digest` stands at its beginning."""

    def __init__(self, split: Split, pieces: Iterable[bytes], digest: GrowingDigest) -> None:
        self._split, self._pieces, self._digest = split, pieces, digest
        self._waiting = bytearray()
        self._odd_ends = None if split.line_ends is LineEnds.JSON else OddEnds()
        self._newlines = self._bytes = 0
        self._last = b""

    def read(self, *, file_size: int) -> Iterator[bytes]:  # noqa: ARG002 - see TextStream
        """Yield the text; what stands before its first line is the end of another line."""
        if self._split.offset:
            yield b"\n"
        for piece in self._pieces:
            self._bytes += len(piece)
            self._newlines += piece.count(b"\n")
            self._last = piece[-1:] or self._last
            if self._odd_ends is not None:
                self._odd_ends.add(piece)
            self._waiting += piece
            if len(self._waiting) > _MOST_WAITING:
                # What is so far back belongs to a line that is too long.
                self.digest_to(self._digest.place + len(self._waiting) - _MOST_WAITING // 2)
            yield piece

    def digest_to(self, place: int, ends: Sequence[int] = ()) -> list[bytes]:
        """Digest the text up to `place`; return the value of its piece at each of `ends`."""
        part = bytes(self._waiting[: place - self._digest.place])
        values = self._digest.add(part, ends)
        del self._waiting[: len(part)]
        return values

    def figures(self) -> SplitFigures:
        """Return what was counted, once the digest stands at the end of the text."""
        self.digest_to(self._digest.place + len(self._waiting))
        return SplitFigures(
            raw_bytes=self._bytes,
            text_bytes=self._bytes,
            pieces=[],
            whole=None,
            packed_digest=None,
            lines_begun=self._newlines + (self._last not in (b"", b"\n")),
            odd_ends=0 if self._odd_ends is None else self._odd_ends.count,
            broke=None,
        )


class HeaderReader:
    """The reader of a chunk that keeps the lines which may have changed the form of what follows.

    With them the layout at a place is known again after a restart.
    """

    def __init__(self, reader: PlainReader) -> None:
        self._reader = reader
        self.headers: list[bytes] = []

    def turn_to(self, signs: LineSigns) -> None:
        """Take what the lines look like from here on."""
        self._reader.turn_to(signs)

    def parts(self) -> Generator[SplitPart, None, None]:
        """Yield the parts."""
        for part in self._reader.parts():
            if part.header is not None:
                self.headers.append(part.header)
            yield part

    def take_hours(self) -> list[SplitHour]:
        """Return the tallies since the last call."""
        return self._reader.take_hours()

    def figures(self) -> SplitFigures:
        """Return what was counted."""
        return self._reader.figures()

    def take_tokens(self, *, without_part: bool = False) -> OutsideTokens:
        """Return the outside tokens since the last call."""
        return self._reader.take_tokens(without_part=without_part)

    def part_hours(self) -> list[PartHour]:
        """Return the hours of the last part."""
        return self._reader.part_hours()

    def part_tokens(self, groups: list[list[bytes]]) -> list[OutsideTokens]:
        """Return the tokens of the last part by groups of hours."""
        return self._reader.part_tokens(groups)


@dataclass(frozen=True)
class ScannedChunk:
    """What a chunk gave: its result, its sightings with their numbers, the headers in it.

    Shapes: `rows` are rows of SIGHTING, device columns still null.
    """

    result: SplitResult
    rows: tuple[pa.RecordBatch, ...]
    headers: tuple[bytes, ...]


def scan_chunk(
    split: Split, pieces: Iterable[bytes], digest: GrowingDigest, tools: WorkerTools, lines: int
) -> ScannedChunk:
    """Return what `split` holds, whose text is `pieces`; `digest` stands at its end afterwards.

    `lines` of the text came before it.
    """
    # A step that depends on the size would choose other lines at each size.
    choice = LineChoice(max(HEAD_LINES - lines, 0), CLOSEST_SAMPLES)
    sieve = tools_for(split.declared, tools).sieve
    text = GrownText(split, pieces, digest)
    bounds = (BLOCK_BYTES, LONGEST_LINE)
    wants = SplitWants(tokens=TokenWants()) if tools.job.wants_tokens else NOTHING_MORE
    reader = HeaderReader(PlainReader(split, sieve, choice, bounds, text, wants))
    result = scan_split(split, tools, reader, reader if wants.tokens is not None else None)
    rows = tuple(numbered(result.sightings, digest.links())) if result.sightings else ()
    return ScannedChunk(result, rows, tuple(reader.headers))


def numbered(sightings: object, links: Sequence[bytes]) -> Iterator[pa.RecordBatch]:
    """Yield the sightings of a stream with their numbers."""
    assert isinstance(sightings, bytes), "staged rows are a cluster's"
    with pa.ipc.open_stream(sightings) as stream:
        for batch in stream:
            numbers = written(numbers_in(batch, links))
            place = batch.schema.get_field_index("quetsach.sighting.id")
            columns = [*batch.columns[:place], numbers, *batch.columns[place + 1 :]]
            yield pa.RecordBatch.from_arrays(columns, schema=batch.schema)
