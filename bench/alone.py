"""What else is measured: start-up, packed logs, a list of a million, and the plain sieve."""

import gzip
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.lists import Listed, Pools, make_lists
from bench.logs import KINDS, write_log
from bench.match import FOUND, PYTHON, ROUNDS, sweep
from bench.measure import Contestant, Run, by_turns, ratios, run, spread

MEGABYTE = 1_000_000
ZEEK = KINDS[0]


@dataclass(frozen=True)
class Row:
    """One line of the second table: what was measured, the figure, and what it is held against."""

    what: str
    figure: str
    against: str = ""


def startup(folder: Path, pools: Pools) -> Iterator[Row]:
    """Measure what every use of the command costs."""
    helped = [PYTHON, "-m", "quetsach", "--help"]
    runs = by_turns([Contestant("help", helped), Contestant("python", [PYTHON, "-c", "pass"])], 7)
    bare = spread(_seconds(runs["python"]))[1]
    yield Row("`quetsach --help`", _shown(runs["help"]), f"an empty Python: {bare:.3f} s")
    log, listed = folder / "tiny.log", folder / "tiny.txt"
    write_log(ZEEK, pools, 20_000, log)
    listed.write_text("bad.example\n")
    tiny = by_turns([sweep(log, listed, folder / "findings")], ROUNDS)["quetsach"]
    yield Row("sweep of 100 lines for one name", _shown(tiny))


def packed(folder: Path, pools: Pools, listed: Path, size: int) -> Iterator[Row]:
    """Measure a gzip log against only unpacking it with the fastest library at hand."""
    log, small = folder / "packed.log", folder / "packed.log.gz"
    write_log(ZEEK, pools, size, log)
    with log.open("rb") as file, gzip.open(small, "wb", compresslevel=6) as out:
        shutil.copyfileobj(file, out, 1 << 20)
    log.unlink()
    unpack = Contestant("isal", [PYTHON, "-m", "bench.gunzip", str(small)])
    runs = by_turns([sweep(small, listed, folder / "findings"), unpack], ROUNDS)
    low, middle, high = spread(ratios(runs["isal"], runs["quetsach"]))
    small.unlink()
    yield Row(
        f"gzip, Zeek dns of {size // MEGABYTE} MB unpacked",
        _shown(runs["quetsach"]),
        f"only unpacking with isal: {_shown(runs['isal'])}; "
        f"{middle:.0%} of its speed ({low:.0%} to {high:.0%})",
    )


def many(folder: Path, log: Path, listed: Path, count: int) -> Iterator[Row]:
    """Measure a list of `count` indicators: reading, compiling, memory and speed."""
    long = folder / "many.txt"
    long.write_text(make_lists(count * 9 // 10, count // 10).text())
    said = folder / "compiling.json"
    run(Contestant("compiling", [PYTHON, "-m", "bench.compiling", str(long)], output=said))
    took = json.loads(said.read_bytes())
    yield Row(f"{count:,} indicators: list read", f"{took['read']:.2f} s")
    yield Row(f"{count:,} indicators: compiled", f"{took['compiled']:.2f} s")
    runs = by_turns(
        [
            sweep(log, long, folder / "findings", "many"),
            sweep(log, listed, folder / "findings", "few"),
        ],
        ROUNDS,
    )
    size = log.stat().st_size // MEGABYTE
    peaks = {name: max(one.peak_mb for one in of) for name, of in runs.items()}
    yield Row(
        f"{count:,} indicators: sweep of Zeek dns, {size:,} MB",
        f"{_shown(runs['many'])}, {peaks['many']:.0f} MB of memory",
        f"with the list above: {_shown(runs['few'])}, {peaks['few']:.0f} MB",
    )


def plain(folder: Path, pools: Pools, listed: Path, size: int) -> Iterator[Row]:
    """Measure the sieve that is used where the kernel is not installed."""
    log, out = folder / "plain.log", folder / "findings"
    write_log(ZEEK, pools, size, log)
    command = [PYTHON, "-m", "bench.plain_sieve", str(log), str(listed), str(out)]
    both = [
        Contestant(
            "plain", command, before=lambda: shutil.rmtree(out, ignore_errors=True), good=FOUND
        ),
        sweep(log, listed, out),
    ]
    runs = by_turns(both, 2)
    yield Row(
        f"pure-Python sieve, Zeek dns of {size // MEGABYTE} MB",
        _shown(runs["plain"]),
        f"with the kernel: {_shown(runs['quetsach'])}",
    )


def asides(
    folder: Path, log: Path, listed: tuple[Path, Listed], pools: Pools, size: int
) -> Iterator[Row]:
    """Yield all rows of the second table; `log` is a Zeek log of `size` bytes."""
    path = listed[0]
    yield from startup(folder, pools)
    yield from packed(folder, pools, path, min(size, 400 * MEGABYTE))
    yield from many(folder, log, path, 10 * (len(listed[1].names) + len(listed[1].addresses)))
    yield from plain(folder, pools, path, min(size, 50 * MEGABYTE))


def _seconds(runs: list[Run]) -> list[float]:
    return [one.seconds for one in runs]


def _shown(runs: list[Run]) -> str:
    low, middle, high = spread(_seconds(runs))
    return f"{middle:.2f} s ({low:.2f} to {high:.2f})"
