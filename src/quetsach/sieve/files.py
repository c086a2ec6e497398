"""Many small files in the kernel, read by one call: each as one split that asks nothing meanwhile.

For files of one kind, whose lines all look alike from the first to the last. One call for many
costs what one for each would spend on crossing over, and other Python runs while it works.
"""

from typing import NamedTuple

from quetsach.sieve.contract import SplitHour, SplitPart
from quetsach.sieve.split import KernelFigures


class FileRead(NamedTuple):
    """What a whole file gave.

    Shapes: `part` is all of it; `headers` are the lines met in it that may change the form of the
    lines behind them; `pieces` and `whole` are of its digest, as `RustSplit.digest` gives them.
    """

    part: SplitPart
    headers: list[bytes]
    hours: list[SplitHour]
    figures: KernelFigures
    pieces: list[bytes]
    whole: bytes | None


def file_read(
    lines: int,
    chosen: tuple[list[tuple[int, bytes]], set[int], list[int], dict[int, str]],
    headers: list[bytes],
    hours: list[tuple[bytes, int, tuple[int, bytes], tuple[int, bytes], bytes]],
    figures: tuple[int, int, int],
    pieces: list[bytes],
    whole: bytes | None,
) -> FileRead:
    """Return what the kernel told of a file."""
    return FileRead(
        SplitPart(lines, *chosen),
        headers,
        [SplitHour(*hour) for hour in hours],
        KernelFigures(*figures, has_shrunk=False),
        pieces,
        whole,
    )
