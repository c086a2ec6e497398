"""The reader of a split in plain Python: the judge of the kernel's, and what runs without one."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from quetsach.evidence.digests import mark
from quetsach.evidence.lines import LineBlock, SplitFigures, SplitStream, line_blocks
from quetsach.scanning.choosing import LineChooser
from quetsach.scanning.plan import Split
from quetsach.sieve.address_sets import packed, unpacked
from quetsach.sieve.contract import (
    NOTHING_MORE,
    HourCounts,
    LineChoice,
    LineSigns,
    OutsideTokens,
    PartHour,
    Sieve,
    SplitHour,
    SplitPart,
    SplitWants,
    TokenWants,
)
from quetsach.sieve.line_keys import line_keys
from quetsach.sieve.outside_tokens import joined, tokens_of

_MOST_BLOCKS = 32
"""The tokens of so many blocks are joined, as each block has its own."""


class TextStream(Protocol):
    """Anything that gives the text of a split once, digested as it passes: see `SplitStream`."""

    def read(self, *, file_size: int) -> Iterator[bytes]:
        """Yield the text; the byte before it comes first, unless it begins at 0."""
        ...

    def digest_to(self, place: int, ends: Sequence[int] = ()) -> list[bytes]:
        """Digest the text up to `place`; return the value of its piece at each of `ends`."""
        ...

    def figures(self) -> SplitFigures:
        """Return what was counted; right when the text was taken."""
        ...


class PlainReader:
    """A split read block by block; see `SplitReader` for what it promises.

    `stream` gives its text where it is not read from the file of the split.
    """

    def __init__(
        self,
        split: Split,
        sieve: Sieve,
        choice: LineChoice,
        bounds: tuple[int, int],
        stream: TextStream | None = None,
        wants: SplitWants = NOTHING_MORE,
    ) -> None:
        self._split, self._sieve, self._bounds = split, sieve, bounds
        self._keys_of = line_keys(sieve) if wants.keys else None
        self._wanted_tokens = wants.tokens
        self._tokens: list[OutsideTokens] = []
        self._part_tokens: OutsideTokens | None = None
        self._last_part: tuple[bytes, list[HourCounts]] = b"", []
        self._chooser = LineChooser(choice)
        self._signs = LineSigns()
        self._hours: dict[bytes, _Tally] = {}
        self._stream: TextStream = stream or SplitStream(
            split.location,
            split.codec,
            split.offset,
            split.length,
            split.line_ends,
            split.stored,
        )

    def figures(self) -> SplitFigures:
        """Return what was counted."""
        figures = self._stream.figures()
        return replace(
            figures,
            pieces=self._split.own_pieces(figures.pieces),
            whole=figures.whole if self._split.ends_the_text else None,
        )

    def turn_to(self, signs: LineSigns) -> None:
        """Take what the lines look like from here on; the tallies before it were taken."""
        self._signs = signs

    def parts(self) -> Generator[SplitPart, None, None]:
        """Yield the parts as far as the file is good; `broke` says why it broke off."""
        split, (block_bytes, longest_line) = self._split, self._bounds
        blocks = line_blocks(
            self._stream.read(file_size=split.file_size),
            max(split.offset - 1, 0),
            end=split.offset + split.length if split.length < split.file_size else None,
            skip_first=split.offset > 0,
            block_bytes=block_bytes,
            longest_line=longest_line,
        )
        for block in blocks:
            if block.too_long:
                start = block.data[: block.size]
                yield SplitPart(0, [], set(), [], too_long=(block.offset, start))
            else:
                yield from self._block(block)

    def _block(self, block: LineBlock) -> Iterator[SplitPart]:
        """Yield the parts of a block: one ends before each header."""
        start = 0
        place = self._header(block, 0)
        while place >= 0:
            line = block.data[place : _line_end(block, place)]
            yield self._part(block, start, place, line)
            start, place = place, self._header(block, place + len(line) + 1)
        if start < block.size:
            yield self._part(block, start, block.size)

    def _header(self, block: LineBlock, start: int) -> int:
        """Return where the next line that begins with the header is, from `start` on, or -1."""
        header = self._signs.header
        if header is None or start >= block.size:
            return -1
        if block.data.startswith(header, start, block.size):
            return start
        newline = block.data.find(b"\n" + header, start, block.size)
        return newline + 1 if 0 <= newline < block.size - 1 else -1

    def _part(
        self, block: LineBlock, start: int, end: int, header: bytes | None = None
    ) -> SplitPart:
        base, signs = block.offset + start, self._signs
        segment = block.data[start:end]
        scan = self._sieve.scan(segment, signs.clock, signs.marker or None)
        chosen, heads = self._chooser.choose(segment, base, scan, signs.marker)
        for tally in scan.hours:
            self._add(tally, segment, base)
        ends = {base + first: base + last for first, last in scan.candidates}
        values = self._stream.digest_to(base + len(segment), list(ends.values()))
        keys = [] if self._keys_of is None else self._keys_of(segment, scan.candidates)
        if (wants := self._wanted_tokens) is not None:
            self._keep_part()
            self._part_tokens = tokens_of(self._sieve, segment, wants)
            self._last_part = segment, scan.hours
        return SplitPart(
            lines=scan.lines,
            chosen=[(base + first, segment[first:last]) for first, last in chosen],
            candidates=set(ends),
            heads=[base + first for first in heads],
            marks={
                first: mark(end, value)
                for (first, end), value in zip(ends.items(), values, strict=True)
            },
            header=header,
            keys=dict(zip(ends, keys, strict=False)),
        )

    def _add(self, counts: HourCounts, segment: bytes, base: int) -> None:
        last = base + counts.last, _line_at(segment, counts.last)
        tally = self._hours.get(counts.key)
        if tally is None:
            first = base + counts.first, _line_at(segment, counts.first)
            tally = self._hours[counts.key] = _Tally(first, last)
        tally.last = last
        tally.lines += counts.lines
        tally.alive.update(unpacked(counts.alive))

    def take_tokens(self, *, without_part: bool = False) -> OutsideTokens:
        """Return the outside tokens since the last call, none where they are not wanted."""
        if not without_part:
            self._keep_part()
        tokens, self._tokens = self._tokens, []
        return joined(tokens, self._wanted_tokens or TokenWants())

    def _keep_part(self) -> None:
        part, self._part_tokens = self._part_tokens, None
        if part is not None:
            self._tokens.append(part)
        if len(self._tokens) >= _MOST_BLOCKS:
            self._tokens = [joined(self._tokens, self._wanted_tokens or TokenWants())]

    def part_hours(self) -> list[PartHour]:
        """Return the hours of the last part."""
        segment, hours = self._last_part
        return [PartHour(one.key, one.lines, _line_at(segment, one.first)) for one in hours]

    def part_tokens(self, groups: list[list[bytes]]) -> list[OutsideTokens]:
        """Return the tokens of the last part by groups of such keys; they are taken then."""
        self._part_tokens = None
        wants = self._wanted_tokens or TokenWants()
        places = {key: place for place, keys in enumerate(groups) for key in keys}
        texts: list[list[bytes]] = [[] for _ in groups]
        for line in self._last_part[0].split(b"\n"):
            hours = self._sieve.scan(line, self._signs.clock, None).hours
            texts[places.get(hours[0].key if hours else b"", 0)].append(line)
        return [tokens_of(self._sieve, b"\n".join(lines), wants) for lines in texts]

    def take_hours(self) -> list[SplitHour]:
        """Return the tallies since the last call, sorted by key."""
        hours, self._hours = self._hours, {}
        return [
            SplitHour(key, tally.lines, tally.first, tally.last, packed(tally.alive))
            for key, tally in sorted(hours.items())
        ]


@dataclass
class _Tally:
    first: tuple[int, bytes]
    last: tuple[int, bytes]
    lines: int = 0
    alive: set[int] = field(default_factory=set)


def _line_end(block: LineBlock, start: int) -> int:
    end = block.data.find(b"\n", start, block.size)
    return block.size if end < 0 else end


def _line_at(segment: bytes, start: int) -> bytes:
    end = segment.find(b"\n", start)
    return segment[start:] if end < 0 else segment[start:end]
