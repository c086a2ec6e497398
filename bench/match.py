"""The main comparison: the same match by quetsach, DuckDB, ripgrep and grep, on one made log."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.agree import check_same, lines_in, lines_of, met_by_duckdb, met_by_quetsach
from bench.logs import Kind
from bench.measure import Contestant, Run, by_turns, run

PYTHON = sys.executable
ROUNDS = 3
FOUND = (0, 1)
"""Exit codes of a sweep that read everything, and of a search."""


@dataclass(frozen=True)
class Compared:
    """The runs of all contestants on one log, and in how many lines each found something."""

    kind: Kind
    size: int
    runs: dict[str, list[Run]]
    lines: dict[str, int]


def sweep(log: Path, listed: Path, out: Path, name: str = "quetsach") -> Contestant:
    """Return the sweep of `log` as a person would start it."""
    command = [PYTHON, "-m", "quetsach", "sweep", str(log), "-i", str(listed)]
    return Contestant(
        name, [*command, "-o", str(out), "--quiet"], before=lambda: _forget(out), good=FOUND
    )


def compare(kind: Kind, log: Path, listed: Path, folder: Path) -> Compared:
    """Return the measured runs; quetsach and DuckDB must find the same.

    Errors: DisagreementError when they do not.
    """
    findings, parquet = folder / "findings", folder / "duckdb.parquet"
    duck = [PYTHON, "-m", "bench.duck", kind.name, str(log), str(listed), str(parquet)]
    contestants = [sweep(log, listed, findings), Contestant("DuckDB", duck)]
    greps = [
        Contestant(f"{word} -F -f", _search(word, listed, log), good=FOUND, output=folder / word)
        for word in ("rg", "grep")
        if shutil.which(word)
    ]
    # Once unmeasured: programs, libraries and the log come into the page cache.
    for one in contestants:
        run(one)
    runs = by_turns([*contestants, *greps], ROUNDS)
    ours, theirs = met_by_quetsach(findings, kind.number), met_by_duckdb(parquet)
    check_same(ours, theirs)
    lines = {"quetsach": lines_in(ours), "DuckDB": lines_in(theirs)}
    for one in greps:
        assert one.output is not None
        lines[one.name] = lines_of(one.output)
    return Compared(kind, log.stat().st_size, runs, lines)


def _search(word: str, listed: Path, log: Path) -> list[str]:
    return [word, "-F", "-f", str(listed), str(log)]


def _forget(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
