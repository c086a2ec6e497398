"""Hyperscan looking for the list's rows as parts of lines; prints the lines that hold one.

What it finds is what `grep -i -F -f LIST LOG` finds: parts of words, not names. Two processes share
the log. Run as `python -m bench.literals LOG LIST`; needs the package `hyperscan`.
"""

import itertools
import mmap
import os
import sys
from multiprocessing import get_context
from pathlib import Path
from typing import Any

BLOCK = 8 << 20
"""Bytes given to the library in one call; cut after a line end."""


def compiled(listed: Path) -> Any:
    """Return the compiled list: each row a literal, in capitals or not, told once for a block."""
    import hyperscan

    rows = listed.read_bytes().split()
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=rows,
        ids=list(range(len(rows))),
        flags=[hyperscan.HS_FLAG_CASELESS] * len(rows),
        literal=True,
    )
    return database


def lines(log: Path, database: Any, begin: int, end: int) -> list[bytes]:
    """Return the lines between two line starts of `log` that hold a row of the list."""
    import hyperscan

    found: list[bytes] = []
    scratch = hyperscan.Scratch(database)
    with log.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        while begin < end:
            cut = min(begin + BLOCK, end)
            cut = text.rfind(b"\n", begin, cut) + 1 or end
            block = text[begin:cut]
            ends: set[int] = set()

            def met(_id: int, _from: int, to: int, _flags: int, places: set[int]) -> None:
                places.add(to)

            database.scan(block, met, context=ends, scratch=scratch)
            found += _lines_at(block, sorted(ends))
            begin = cut
    return found


def _lines_at(block: bytes, ends: list[int]) -> list[bytes]:
    cut: list[bytes] = []
    behind = 0
    for place in ends:
        if place <= behind:
            continue
        start = block.rfind(b"\n", 0, place) + 1
        behind = block.find(b"\n", place) + 1 or len(block)
        cut.append(block[start:behind])
    return cut


def _printed(log: Path, database: Any, begin: int, end: int) -> None:
    sys.stdout.buffer.writelines(lines(log, database, begin, end))
    sys.stdout.buffer.flush()


def main(log: str, listed: str) -> None:
    """Search `log` with as many processes as there are processors."""
    path, database = Path(log), compiled(Path(listed))
    size, count = path.stat().st_size, len(os.sched_getaffinity(0))
    with path.open("rb") as file:
        cuts = [0]
        for number in range(1, count):
            file.seek(size * number // count)
            file.readline()
            cuts.append(file.tell())
    cuts.append(size)
    fork = get_context("fork")
    parts = [
        fork.Process(target=_printed, args=(path, database, begin, end))
        for begin, end in itertools.pairwise(cuts)
    ]
    for part in parts:
        part.start()
    for part in parts:
        part.join()
    if any(part.exitcode for part in parts):
        sys.exit("a part was not searched")


if __name__ == "__main__":
    main(*sys.argv[1:])
