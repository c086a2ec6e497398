"""Whether two programs found the same: which lines, and which indicator in each."""

import re
from pathlib import Path

import pyarrow.parquet as pq

Met = frozenset[tuple[str, str]]
"""Pairs of a line's own number and an indicator."""


class DisagreementError(Exception):
    """Two programs that must find the same did not."""


def met_by_quetsach(findings: Path, number: str) -> Met:
    """Return what stands in a findings folder; `number` is the pattern of a line's own number."""
    columns = ["event.original", "quetsach.indicator.key"]
    table = pq.read_table(findings / "sightings.parquet", columns=columns)
    pattern = re.compile(number)
    found = []
    for line, indicator in zip(*(column.to_pylist() for column in table.columns), strict=True):
        match = pattern.search(line)
        if match is None:
            raise DisagreementError(f"a sighting's line has no number of its own: {line[:200]}")
        found.append((match[1], indicator))
    return frozenset(found)


def met_by_duckdb(parquet: Path) -> Met:
    """Return what DuckDB or Polars wrote."""
    table = pq.read_table(parquet, columns=["number", "indicator"])
    return frozenset(zip(*(column.to_pylist() for column in table.columns), strict=True))


def lines_in(met: Met) -> int:
    """Return in how many lines something was met."""
    return len({number for number, _ in met})


def check_same(quetsach: Met, other: Met, name: str = "DuckDB") -> None:
    """Do nothing if quetsach and the program `name` found the same.

    Errors: DisagreementError that names some of what only one of them found.
    """
    only = {"quetsach": quetsach - other, name: other - quetsach}
    said = [
        f"only {name}: {len(pairs)}, as {sorted(pairs)[:3]}"
        for name, pairs in only.items()
        if pairs
    ]
    if said:
        raise DisagreementError("; ".join(said))
