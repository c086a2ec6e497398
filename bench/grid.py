"""The grid: one knob of the input at a time, quetsach beside its peers, and how the cost grows.

    python -m bench.grid                    # every knob; hours of work and up to 3 GB of disk
    python -m bench.grid --size 200         # smaller logs, in MB
    python -m bench.grid --only hosts       # one knob, or one kind of log (zeek, eve ...)
    python -m bench.grid --write            # also write the tables into docs/benchmarks.md

DuckDB must find the same pairs of line and indicator, else the cell says so in the table's place.
"""

import argparse
import itertools
import math
import shutil
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench import machine, page
from bench.agree import DisagreementError, check_same, lines_in, met_by_duckdb, met_by_quetsach
from bench.match import FOUND, PYTHON
from bench.measure import Contestant, FailedError, Run, by_turns, ratios, run
from bench.shapes import KIND_OF, Shape, make

BASE = Shape()
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

DUCK_READS = ("plain", "gz", "zst")
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


def measure(shape: Shape, folder: Path, rounds: int) -> Cell:
    """Return the runs on one made input."""
    shutil.rmtree(folder, ignore_errors=True)
    logs, listed = make(shape, folder)
    findings, parquet = folder / "findings", folder / "duckdb.parquet"
    command = [PYTHON, "-m", "quetsach", "sweep", str(folder / "logs"), "-i", str(listed)]
    contestants = [
        Contestant(
            "quetsach",
            [*command, "-o", str(findings), "--quiet"],
            before=lambda: shutil.rmtree(findings, ignore_errors=True),
            good=FOUND,
        )
    ]
    if shape.codec in DUCK_READS:
        files = str(folder / "logs" / "*")
        duck = [PYTHON, "-m", "bench.duck", shape.kind, files, str(listed), str(parquet)]
        contestants.append(Contestant("DuckDB", duck))
    if shape.codec == "plain" and shape.files == 1 and shutil.which("rg"):
        search = ["rg", "-F", "-f", str(listed), str(logs[0])]
        contestants.append(Contestant("rg -F -f", search, good=FOUND, output=folder / "rg"))
    cell = Cell(shape)
    try:
        run(contestants[0])
        cell.runs = by_turns(contestants, rounds)
        met = met_by_quetsach(findings, KIND_OF[shape.kind].number)
        cell.lines = lines_in(met)
        if "DuckDB" in cell.runs:
            check_same(met, met_by_duckdb(parquet))
    except (FailedError, DisagreementError) as error:
        cell.odd = str(error).replace("\n", " ")[:300]
    shutil.rmtree(folder, ignore_errors=True)
    return cell


def table(cells: Sequence[Cell]) -> str:
    """Return the cells as Markdown."""
    lines = [
        "| input | quetsach: seconds, processor, peak MB | lines met | DuckDB: seconds, peak MB "
        "| faster than DuckDB, pair by pair | ripgrep |",
        "|---|---|---|---|---|---|",
    ]
    for cell in cells:
        if "quetsach" not in cell.runs:
            lines.append(f"| {cell.shape.title} | failed: {cell.odd} | | | | |")
            continue
        ours = f"{cell.middle('quetsach'):.2f}, {cell.middle('quetsach', 'processor'):.2f}, "
        ours += f"{max(one.peak_mb for one in cell.runs['quetsach']):,.0f}"
        duck = faster = rg = "–"
        if "DuckDB" in cell.runs:
            duck = f"{cell.middle('DuckDB'):.2f}, "
            duck += f"{max(one.peak_mb for one in cell.runs['DuckDB']):,.0f}"
            pairs = ratios(cell.runs["DuckDB"], cell.runs["quetsach"])
            faster = f"**{statistics.median(pairs):.1f}x** ({min(pairs):.1f} to {max(pairs):.1f})"
            faster += f", but {cell.odd}" if cell.odd else ""
        if "rg -F -f" in cell.runs:
            rg = f"{statistics.median(ratios(cell.runs['rg -F -f'], cell.runs['quetsach'])):.1f}x"
        lines.append(f"| {cell.shape.title} | {ours} | {cell.lines:,} | {duck} | {faster} | {rg} |")
    return "\n".join(lines)


def growth(cells: Sequence[Cell]) -> str:
    """Return how the cost grows with each knob: its exponent, 1 where twice costs twice."""
    by_shape = {cell.shape: cell for cell in cells if "quetsach" in cell.runs}
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
    costs = [cell.middle("quetsach", "processor") for _, cell in (low, high)]
    seconds = [cell.middle("quetsach") for _, cell in (low, high)]
    peaks = [max(one.peak_mb for one in cell.runs["quetsach"]) for _, cell in (low, high)]
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
    parser.add_argument("--out", type=Path, default=Path("out/grid"))
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    described = machine.described()
    cells = []
    for shape in shapes(options.only, options.size):
        print(f"== {shape.title}", file=sys.stderr, flush=True)
        cells.append(measure(shape, options.out, options.rounds))
        print(table(cells[-1:]).splitlines()[-1], file=sys.stderr, flush=True)
    text = "\n\n".join((described, table(cells), growth(cells)))
    print(text)
    if options.write:
        page.PAGE.write_text(page.written(page.PAGE.read_text(), text, BEGIN, END))


if __name__ == "__main__":
    main()
