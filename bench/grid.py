"""The grid: one knob of the input at a time, quetsach beside its peers, and how the cost grows.

    python -m bench.grid                    # every knob; hours of work and up to 3 GB of disk
    python -m bench.grid --size 200         # smaller logs, in MB
    python -m bench.grid --only hosts       # one knob, or one kind of log (zeek, eve ...)
    python -m bench.grid --peers DuckDB     # fewer peers
    python -m bench.grid --write            # also write the tables into docs/benchmarks.md

DuckDB and Polars must find the same pairs of line and indicator, else the cell says what did not
agree.
"""

import argparse
import itertools
import math
import shutil
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path

from bench import machine, page, peers
from bench.agree import DisagreementError, lines_in, met_by_quetsach
from bench.match import sweep
from bench.measure import FailedError, Run, by_turns, ratios, run, spread
from bench.shapes import KIND_OF, Shape, make

BASE = Shape()
OURS = "quetsach"
KNOBS: dict[str, tuple[object, ...]] = {
    "hosts": (100, 2000, 10_000, 131_072),
    "days": (1, 5, 30),
    "hits": ("0.001%", "0.1%", "5%", "popular"),
    "files": (1, 1000, 10_000),
    "codec": ("plain", "gz", "zst", "xz", "bz2"),
    "indicators": (100, 120_000, 1_000_000),
    "size": (100, 1000, 4000),
}
"""What each knob is turned to while all others stay at BASE."""

BEGIN, END = "<!-- grid: begin -->\n", "<!-- grid: end -->\n"


@dataclass
class Cell:
    """One input and its runs; `lines` in which quetsach met something, `odd` what did not agree."""

    shape: Shape
    runs: dict[str, list[Run]] = field(default_factory=dict)
    lines: int = 0
    odd: str = ""

    def middle(self, name: str, what: str = "seconds") -> float:
        """Return the middle of the runs of one program."""
        return statistics.median(getattr(one, what) for one in self.runs[name])

    def peak(self, name: str) -> float:
        """Return the most memory that one program held, in MB."""
        return max(one.peak_mb for one in self.runs[name])

    def faster_than(self, name: str) -> tuple[float, float, float]:
        """Return how many times as long the peer took: least, middle, greatest of the pairs."""
        return spread(ratios(self.runs[name], self.runs[OURS]))


def shapes(only: str | None, size: int) -> Iterator[Shape]:
    """Yield each shape once: every knob on Zeek, then the other kinds with few and many hosts."""
    base = replace(BASE, size=size)
    seen: set[Shape] = set()
    for knob, values in KNOBS.items():
        if only not in (None, knob, "zeek"):
            continue
        for value in values:
            shape = replace(base, **{knob: value})
            if shape not in seen:
                seen.add(shape)
                yield shape
    for kind in KIND_OF:
        if kind == BASE.kind or only not in (None, kind, "kinds"):
            continue
        for hosts in (2000, 131_072):
            yield replace(base, kind=kind, hosts=hosts)
        yield replace(base, kind=kind, hits="popular")


def measure(shape: Shape, folder: Path, rounds: int, names: Sequence[str]) -> Cell:
    """Return the runs of quetsach and of the named peers on one made input."""
    shutil.rmtree(folder, ignore_errors=True)
    logs, listed = make(shape, folder)
    findings = folder / "findings"
    ours = sweep(folder / "logs", listed, findings, OURS)
    wanted = [name for name in names if name == peers.DUCKDB or shape in usual(shape)]
    others = peers.contestants(wanted, shape, logs, listed, folder)
    cell = Cell(shape)
    try:
        run(ours)
        cell.runs = by_turns([ours, *others], rounds)
        rivals = [one.name for one in others]
        # In a process of its own: what this one holds would count for those that it starts.
        with get_context("fork").Pool(1) as apart:
            asked = (findings, KIND_OF[shape.kind].number, rivals, folder)
            cell.lines, cell.odd = apart.apply(_agreed, asked)
    except (FailedError, DisagreementError) as error:
        cell.odd = str(error).replace("\n", " ")[:300]
    shutil.rmtree(folder, ignore_errors=True)
    return cell


def _agreed(findings: Path, number: str, names: list[str], folder: Path) -> tuple[int, str]:
    """Return in how many lines quetsach met something, and what peers found otherwise."""
    met = met_by_quetsach(findings, number)
    return lines_in(met), peers.disagreements(met, names, folder)[:300]


def usual(shape: Shape) -> tuple[Shape, ...]:
    """Return the usual shapes of the size of `shape`, one for each kind; they meet all peers."""
    return tuple(replace(BASE, kind=kind, size=shape.size) for kind in KIND_OF)


def table(cells: Sequence[Cell]) -> str:
    """Return the cells as Markdown."""
    lines = [
        "| input | quetsach: seconds, processor, peak MB | lines met | DuckDB: seconds, peak MB "
        "| faster than DuckDB, pair by pair | faster than the others |",
        "|---|---|---|---|---|---|",
    ]
    for cell in cells:
        if OURS not in cell.runs:
            lines.append(f"| {cell.shape.title} | failed: {cell.odd} | | | | |")
            continue
        ours = f"{cell.middle(OURS):.2f}, {cell.middle(OURS, 'processor'):.2f}, "
        ours += f"{cell.peak(OURS):,.0f}"
        duck = faster = "–"
        if peers.DUCKDB in cell.runs:
            duck = f"{cell.middle(peers.DUCKDB):.2f}, {cell.peak(peers.DUCKDB):,.0f}"
            low, middle, high = cell.faster_than(peers.DUCKDB)
            faster = f"**{middle:.1f}x** ({low:.1f} to {high:.1f})"
        faster += f", but {cell.odd}" if cell.odd else ""
        rest = (name for name in peers.ALL[1:] if name in cell.runs)
        others = ", ".join(f"{name} {cell.faster_than(name)[1]:.1f}x" for name in rest) or "–"
        lines.append(
            f"| {cell.shape.title} | {ours} | {cell.lines:,} | {duck} | {faster} | {others} |"
        )
    return "\n".join(lines)


def growth(cells: Sequence[Cell]) -> str:
    """Return how the cost grows with each knob: its exponent, 1 where twice costs twice."""
    by_shape = {cell.shape: cell for cell in cells if OURS in cell.runs}
    lines = [
        "| knob | from | to | seconds | processor | exponent of the processor's time | peak MB |",
        "|---|---|---|---|---|---|---|",
    ]
    if not by_shape:
        return ""
    base = BASE if BASE in by_shape else replace(BASE, size=min(one.size for one in by_shape))
    for knob, values in KNOBS.items():
        met = [
            (value, by_shape[shape])
            for value in values
            if (shape := replace(base, **{knob: value})) in by_shape
        ]
        for (low, before), (high, behind) in itertools.pairwise(met):
            lines.append(_grown(knob, (low, before), (high, behind)))
    return "\n".join(lines)


def _grown(knob: str, low: tuple[object, Cell], high: tuple[object, Cell]) -> str:
    costs = [cell.middle(OURS, "processor") for _, cell in (low, high)]
    seconds = [cell.middle(OURS) for _, cell in (low, high)]
    peaks = [cell.peak(OURS) for _, cell in (low, high)]
    exponent = "–"
    if isinstance(low[0], int) and isinstance(high[0], int):
        exponent = f"{math.log(costs[1] / costs[0]) / math.log(high[0] / low[0]):.2f}"
    shown = [f"{value:,}" if isinstance(value, int) else str(value) for value in (low[0], high[0])]
    return (
        f"| {knob} | {shown[0]} | {shown[1]} | {seconds[0]:.2f} to {seconds[1]:.2f} "
        f"| {costs[0]:.2f} to {costs[1]:.2f} | {exponent} | {peaks[0]:,.0f} to {peaks[1]:,.0f} |"
    )


def main() -> None:
    """Measure, print, and write the tables where asked."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.grid",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("--size", type=int, default=BASE.size, help="size of each log, in MB")
    parser.add_argument("--only", choices=[*KNOBS, *KIND_OF, "kinds"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", nargs="*", choices=peers.ALL, default=peers.ALL)
    parser.add_argument("--out", type=Path, default=Path("out/grid"))
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    described = machine.described()
    cells = []
    for shape in shapes(options.only, options.size):
        print(f"== {shape.title}", file=sys.stderr, flush=True)
        cells.append(measure(shape, options.out, options.rounds, options.peers))
        print(table(cells[-1:]).splitlines()[-1], file=sys.stderr, flush=True)
    text = "\n\n".join((described, table(cells), growth(cells)))
    print(text)
    if options.write:
        page.PAGE.write_text(page.written(page.PAGE.read_text(), text, BEGIN, END))


if __name__ == "__main__":
    main()
