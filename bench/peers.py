"""The other programs of the grid, each on the same input, and whether they found the same.

DuckDB and Polars do the same match and must agree; ripgrep and Hyperscan look for parts of lines.
A peer that is not on this machine is left out: `pip install -r requirements/bench.txt` brings
Polars and Hyperscan, Debian's package `ripgrep` the other.
"""

import shutil
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from bench.agree import DisagreementError, Met, check_same, met_by_duckdb
from bench.match import FOUND, PYTHON
from bench.measure import Contestant
from bench.shapes import Shape

DUCKDB, POLARS, RIPGREP, HYPERSCAN = "DuckDB", "Polars", "ripgrep", "Hyperscan"
ALL = (DUCKDB, POLARS, RIPGREP, HYPERSCAN)
SAME_MATCH = {DUCKDB: "bench.duck", POLARS: "bench.polars_match"}
"""The peers that do the same match, and the module that makes them do it."""

UNPACKS = ("plain", "gz", "zst")
"""What DuckDB unpacks by itself; the other peers get plain single files alone."""


def here(name: str) -> bool:
    """Say whether the peer is on this machine."""
    if name == RIPGREP:
        return shutil.which("rg") is not None
    return find_spec(name.lower()) is not None


def can_read(name: str, shape: Shape) -> bool:
    """Say whether the peer reads such an input by itself."""
    if name == DUCKDB:
        return shape.codec in UNPACKS
    return shape.codec == "plain" and shape.files == 1


def contestants(
    names: Sequence[str], shape: Shape, logs: Sequence[Path], listed: Path, folder: Path
) -> list[Contestant]:
    """Return those of the named peers that are here and read such an input."""
    found = []
    for name in names:
        if not (here(name) and can_read(name, shape)):
            continue
        log = str(logs[0] if len(logs) == 1 else logs[0].parent / "*")
        if name in SAME_MATCH:
            command = [PYTHON, "-m", SAME_MATCH[name], shape.kind, log, str(listed)]
            found.append(Contestant(name, [*command, str(pairs_of(name, folder))]))
        elif name == RIPGREP:
            command = ["rg", "-F", "-f", str(listed), log]
            found.append(Contestant(name, command, good=FOUND, output=folder / name))
        else:
            command = [PYTHON, "-m", "bench.literals", log, str(listed)]
            found.append(Contestant(name, command, output=folder / name))
    return found


def pairs_of(name: str, folder: Path) -> Path:
    """Return where a peer of the same match writes its pairs."""
    return folder / f"{name}.parquet"


def disagreements(met: Met, names: Sequence[str], folder: Path) -> str:
    """Return what the peers of the same match found otherwise; empty where they agree."""
    said = []
    for name in names:
        if name in SAME_MATCH:
            try:
                check_same(met, met_by_duckdb(pairs_of(name, folder)), name)
            except DisagreementError as error:
                said.append(str(error))
    return "; ".join(said)
