"""The results as Markdown, and the place in docs/benchmarks.md that they are written to."""

from collections.abc import Sequence
from pathlib import Path

from bench.alone import MEGABYTE, Row
from bench.match import Compared
from bench.measure import ratios, spread

PAGE = Path(__file__).parents[1] / "docs/benchmarks.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"


def comparison(results: Sequence[Compared]) -> str:
    """Return the main table."""
    lines = [
        "| log | program | seconds: middle (least to most) | MB/s "
        "| quetsach is faster, pair by pair | memory, MB | lines found |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in results:
        lines += [_row(one, name) for name in one.runs]
    return "\n".join(lines)


def rest(rows: Sequence[Row]) -> str:
    """Return the second table."""
    lines = ["| measured | figure | beside it |", "|---|---|---|"]
    lines += [f"| {row.what} | {row.figure} | {row.against} |" for row in rows]
    return "\n".join(lines)


def written(page: str, measured: str, opens: str = BEGIN, closes: str = END) -> str:
    """Return `page` with `measured` between its two marks.

    Errors: ValueError when it does not have both.
    """
    before, begin, behind = page.partition(opens)
    _, end, after = behind.partition(closes)
    if not begin or not end:
        raise ValueError("the page has no place marked for the figures")
    return f"{before}{begin}\n{measured}\n\n{end}{after}"


def _row(one: Compared, name: str) -> str:
    runs = one.runs[name]
    low, middle, high = spread([each.seconds for each in runs])
    faster = "–"
    if name != "quetsach":
        least, usual, most = spread(ratios(runs, one.runs["quetsach"]))
        faster = f"**{usual:.1f}x** ({least:.1f} to {most:.1f})"
    log = f"{one.kind.title}, {one.size / MEGABYTE:,.0f} MB"
    speed = one.size / MEGABYTE / middle
    memory = max(each.peak_mb for each in runs)
    return (
        f"| {log} | {name} | {middle:.2f} ({low:.2f} to {high:.2f}) | {speed:,.0f} | {faster} "
        f"| {memory:,.0f} | {one.lines[name]:,} |"
    )
