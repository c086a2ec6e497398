"""What is wrong with the licences of a build, each with what to do."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.supply.licences import LicenceTable, refused
from tools.supply.parts import BuildPart


def faults(
    table: LicenceTable, packages: Sequence[BuildPart], crates: Sequence[BuildPart], root: Path
) -> Iterator[str]:
    """Yield a line for each part whose licence is unknown or not allowed, and each stale row."""
    for part in (*packages, *crates):
        where = f"{part.name} {part.version}"
        if not part.licence:
            yield f"{where}: its licence is not known; read it and state it in licences.toml"
        else:
            for name in refused(part.licence, table):
                yield f"{where}: {name} is not allowed beside Apache-2.0; take another package"
    yield from _stale_rows(table, packages)
    for work in table.bundled:
        for pattern in (*work.files, work.text):
            if not any(root.glob(pattern)):
                yield f"{work.name}: no file {pattern}; mend its row in licences.toml"
        for name in refused(work.licence, table):
            yield f"{work.name}: {name} is not allowed beside Apache-2.0"


def _stale_rows(table: LicenceTable, packages: Sequence[BuildPart]) -> Iterator[str]:
    for name in sorted(table.stated.keys() - {part.name for part in packages}):
        yield f"{name}: stated in licences.toml and in no build; take the row out"
