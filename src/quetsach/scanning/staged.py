"""Rows that a worker of a cluster wrote beside the findings, instead of sending them.

A part has a name that no other attempt at the same task uses, and appears whole under it or not at
all. Only a part that an answer names, with its digest, is read; what a lost attempt left is
removed with the folder.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from quetsach.evidence.digests import blake3_of_file

if TYPE_CHECKING:
    from quetsach.scanning.scan import SplitResult

STAGED_BYTES = 128 << 10
"""Fewer bytes of rows are sent with the answer: a file costs more."""

_SIGN = ".seen-by-the-driver"


@dataclass(frozen=True)
class StagedRows:
    """An Arrow IPC stream in a file: where, its size in bytes, and its BLAKE3 in hex."""

    location: Path
    size: int
    blake3: str

    def is_whole(self) -> bool:
        """Return whether the file is there as it was written."""
        try:
            return (
                self.location.stat().st_size == self.size
                and blake3_of_file(self.location) == self.blake3
            )
        except OSError:
            return False


@dataclass(frozen=True)
class Staging:
    """A folder into which workers write, if they see the one that the driver means."""

    folder: Path
    sign: str

    def is_seen(self) -> bool:
        """Return whether this is the driver's folder, and not one of the same name."""
        try:
            return (self.folder / _SIGN).read_text("ascii") == self.sign
        except (OSError, ValueError):
            return False


def new_staging(folder: Path) -> Staging:
    """Return a new folder for parts, at an absolute path. Errors: OSError."""
    folder.mkdir()
    staging = Staging(folder.absolute(), uuid4().hex)
    (folder / _SIGN).write_text(staging.sign, "ascii")
    return staging


def with_rows_staged(result: "SplitResult", staging: Staging | None) -> "SplitResult":
    """Return a result whose many rows lie in `staging`; where that is not seen, as it was."""
    if staging is None or not (is_many(result.sightings) or is_many(result.leases)):
        return result
    if not staging.is_seen():
        return result
    with suppress(OSError):
        # A folder that is full, or goes away: the answer takes them along.
        return replace(
            result,
            sightings=_written(result.sightings, staging.folder),
            leases=_written(result.leases, staging.folder),
        )
    return result


def is_many(rows: bytes | StagedRows) -> bool:
    """Return whether rows are to be written, and are not yet."""
    return isinstance(rows, bytes) and len(rows) >= STAGED_BYTES


def _written(rows: bytes | StagedRows, folder: Path) -> bytes | StagedRows:
    if isinstance(rows, StagedRows) or not is_many(rows):
        return rows
    location = folder / f"{uuid4().hex}.arrow"
    unfinished = location.with_suffix(".unfinished")
    unfinished.write_bytes(rows)
    unfinished.replace(location)
    return StagedRows(location, len(rows), blake3_of_file(location))


def keep_rows(rows: bytes | StagedRows, target: Path) -> None:
    """Put rows at `target`, a new file in the folder above the staging. Errors: OSError."""
    if isinstance(rows, bytes):
        target.write_bytes(rows)
    else:
        rows.location.replace(target)
