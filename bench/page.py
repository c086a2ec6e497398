"""The results as Markdown, and the place in docs/benchmarks.md that they are written to."""

from collections.abc import Sequence
from pathlib import Path

from bench.alone import Row

PAGE = Path(__file__).parents[1] / "docs/benchmarks.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"


def rest(rows: Sequence[Row]) -> str:
    """Return the table of what is measured alone."""
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
