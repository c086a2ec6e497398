"""One split of a log in the kernel: text in; chosen lines, and in the end tallies, out."""

from pathlib import Path
from typing import Any, NamedTuple

from quetsach.sieve.contract import (
    LineClock,
    LineSigns,
    OutsideTokens,
    PartHour,
    SplitHour,
    SplitPart,
    SplitWants,
)


class Extent(NamedTuple):
    """Which bytes of a text are a split's own; one that is `whole` has no other behind it.

    Units: bytes. The byte before it comes first, unless it begins at 0.
    """

    offset: int
    length: int
    is_whole: bool


class KernelFigures(NamedTuple):
    """What was counted of a split: its own bytes, the lines that begin in it by its newlines, the
    signs within lines that elsewhere end one, and whether its file was shorter than planned.
    """

    own_bytes: int
    lines_begun: int
    odd_ends: int
    has_shrunk: bool


class RustSplit:
    """One split in the kernel, which reads a file by itself or is fed.

    Whoever feeds it takes all parts before the next text. Other Python runs while it works.
    """

    def __init__(self, reader: Any) -> None:
        """Take a `quetsach_kernel.Reader`, which has no types."""
        self._reader = reader

    def open(self, location: Path, size: int) -> None:
        """Read the file at `location`, which had `size` bytes. Errors: OSError."""
        self._reader.open(location, size)

    def turn_to(self, signs: LineSigns) -> None:
        """Take what the lines look like from here on; the tallies before it were taken."""
        self._reader.turn_to(clock_parts(signs.clock), signs.header, signs.marker)

    def feed(self, text: bytes) -> None:
        """Take the next text."""
        self._reader.feed(text)

    def finish(self) -> None:
        """Say that no more text comes."""
        self._reader.finish()

    def next_part(self) -> SplitPart | None:
        """Return the next part, None where more text is needed or none is left.

        Errors: OSError from reading; what was read before still comes.
        """
        told = self._reader.next_part()
        if told is None:
            return None
        lines, (chosen, candidates, heads, marks), header, too_long, is_full, keys = told
        return SplitPart(lines, chosen, candidates, heads, marks, header, too_long, is_full, keys)

    def want(self, wants: SplitWants) -> None:
        """Give from here on what is wanted beside the chosen lines."""
        tokens = wants.tokens
        self._reader.want(wants.keys, None if tokens is None else (tokens.hashes, tokens.most))

    def take_tokens(self, *, without_part: bool = False) -> OutsideTokens:
        """Return the outside tokens since the last call; see `TokenReader` in split_reader.py."""
        return OutsideTokens(*(self._reader.take_tokens(without_part=without_part) or ()))

    def part_hours(self) -> list[PartHour]:
        """Return the hours of the last part."""
        return [PartHour(*hour) for hour in self._reader.part_hours()]

    def part_tokens(self, groups: list[list[bytes]]) -> list[OutsideTokens]:
        """Return the tokens of the last part by groups of such keys; they are taken then."""
        return [OutsideTokens(*tokens) for tokens in self._reader.part_tokens(groups)]

    def take_hours(self) -> list[SplitHour]:
        """Return the tallies since the last call, sorted by key."""
        return [SplitHour(*hour) for hour in self._reader.take_hours()]

    def figures(self) -> KernelFigures:
        """Return what was counted so far."""
        return KernelFigures(*self._reader.figures())

    def digest(self) -> tuple[list[bytes], bytes | None]:
        """Return the value of each piece from the split's first on; the digest of a text of one.

        See `TextDigest` in digests.py. It is for the end: what was read is digested to its end.
        """
        pieces, whole = self._reader.digest()
        return pieces, whole


def clock_parts(clock: LineClock | None) -> tuple[bytes, bool, int, bytes] | None:
    """Return a clock as the kernel takes it."""
    return None if clock is None else (clock.needle, clock.epoch, clock.length, clock.client)
