"""A findings folder in brief: what is needed to add it to others, in one small file beside it.

A watch hands in a folder each hour. To add a new one to those of a month, each is read again; from
its brief that takes a tenth of a millisecond instead of ten. What is added up is the same.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from quetsach.atomic_files import write_whole
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.alive import SpeakersOfDay as SpeakersRead
from quetsach.findings.alive import read_alive_days
from quetsach.findings.folder import SIGHTINGS, Findings, unread_table
from quetsach.findings.signed import digest_of_manifest
from quetsach.schema import SIGHTING

NAME = ".brief.msgpack"
VERSION = 2

MOST_ROWS = 5_000
MOST_ALIVE = 50_000
"""A folder with more is read as it is: it came by hand, and there are few of them."""

COLUMNS = (
    *("quetsach.sighting.id", "@timestamp", "event.dataset", "event.hash", "log.file.path"),
    *("log.offset", "quetsach.indicator.key"),
    *("threat.indicator.name", "quetsach.indicator.allow", "quetsach.device"),
    *("quetsach.device.address", "quetsach.device.grade", "quetsach.device.role"),
    "quetsach.device.lack",
)
"""The columns of a sighting that evidence is gathered from."""

_DEVICE = ("device", "host_name", "mac", "addresses")
_SOURCE = ("path", "dataset", "duplicate_of", "hours", "sha256", "blake3", "chain", "lines")
_COVERAGE = ("clocks", "blind_spots")

SpeakersOfDay = tuple[int, str, list[tuple[str, str]]]


class _Written(msgspec.Struct, array_like=True):
    version: int
    zone: str
    own_tables: dict[str, Any]
    digest: str
    replaces: list[str]
    devices: list[Any]
    sources: list[Any]
    coverage: dict[str, Any]
    alive: list[SpeakersOfDay] | None
    rows: list[list[Any]]


@dataclass(frozen=True)
class FolderBrief:
    """A folder as far as evidence is gathered from it; the fields are those of `Findings`.

    Shapes: `alive` as `read_alive_days` has it, `rows` by the names of `COLUMNS`, times in us.
    """

    folder: Path
    devices: dict[str, Any]
    coverage: dict[str, Any]
    manifest: dict[str, Any]
    alive: list[SpeakersOfDay] | None
    rows: list[list[Any]]
    digest: str
    replaces: Sequence[str]


def brief_of(
    findings: Findings, alive: list[SpeakersOfDay] | None, rows: list[list[Any]]
) -> FolderBrief:
    """Return the brief of a folder that was read whole."""
    devices = [
        {name: device.get(name) for name in _DEVICE} for device in findings.devices["devices"]
    ]
    sources = [
        {name: source[name] for name in (*_SOURCE, "set_aside") if name in source}
        for source in findings.coverage["sources"]
    ]
    coverage = {name: findings.coverage[name] for name in _COVERAGE if name in findings.coverage}
    manifest = {
        "options": {"zone": findings.manifest["options"]["zone"]},
        "own_tables": findings.manifest.get("own_tables"),
    }
    return FolderBrief(
        findings.folder,
        {"devices": devices},
        {**coverage, "sources": sources},
        manifest,
        alive,
        rows,
        _digest(findings),
        _replaces(findings),
    )


def write_brief(brief: FolderBrief) -> bool:
    """Write the brief beside its folder, whole or not at all; False where it cannot be written.

    A folder that nobody signed may hold numbers that only JSON can, and a disk may be full: then
    the folder is read as it is.
    """
    tables = brief.manifest["own_tables"]
    written = _Written(
        VERSION,
        brief.manifest["options"]["zone"],
        tables if isinstance(tables, dict) else {},
        brief.digest,
        list(brief.replaces),
        brief.devices["devices"],
        brief.coverage["sources"],
        {name: brief.coverage[name] for name in _COVERAGE if name in brief.coverage},
        brief.alive,
        brief.rows,
    )
    try:
        content = msgspec.msgpack.encode(written)
        write_whole(brief.folder / NAME, content)
    except (OverflowError, TypeError, ValueError, QuetsachError):
        return False
    return True


_DECODER = msgspec.msgpack.Decoder(_Written)


def read_brief(folder: Path) -> FolderBrief | None:
    """Return the brief of a folder; None where there is none that this version can read.

    Only for folders that nobody else writes into: what a stranger packed may hold any file.
    """
    try:
        written = _DECODER.decode((folder / NAME).read_bytes())
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    if written.version != VERSION:
        return None
    return FolderBrief(
        folder,
        {"devices": written.devices},
        {**written.coverage, "sources": written.sources},
        {"options": {"zone": written.zone}, "own_tables": written.own_tables},
        written.alive,
        written.rows,
        written.digest,
        written.replaces,
    )


EvidenceFolder: TypeAlias = Findings | FolderBrief


def alive_of(findings: EvidenceFolder) -> Iterable[SpeakersRead] | None:
    """Return who spoke by source and day, as `read_alive_days`. Errors: as it has."""
    if isinstance(findings, FolderBrief):
        return findings.alive
    return read_alive_days(findings.folder)


def keep_brief(findings: Findings) -> FolderBrief | None:
    """Return the brief of a folder and write it beside it; None for a folder that can have none.

    Errors: E305 for a damaged file.
    """
    listed = (findings.devices.get("devices"), findings.coverage.get("sources"))
    if findings.manifest["summary"]["sightings"] > MOST_ROWS or not all(map(_is_rows, listed)):
        return None
    rows = [[row[name] for name in COLUMNS] for row in rows_of(findings)]
    days = read_alive_days(findings.folder)
    alive = None if days is None else [(number, day, list(some)) for number, day, some in days]
    if len(rows) > MOST_ROWS or sum(len(some) for _number, _day, some in alive or ()) > MOST_ALIVE:
        return None
    brief = brief_of(findings, alive, rows)
    return brief if write_brief(brief) else None


def numbers_of(findings: EvidenceFolder) -> pa.ChunkedArray:
    """Return the numbers of all sightings as texts. Errors: E305 for a damaged file."""
    if isinstance(findings, FolderBrief):
        return pa.chunked_array([pa.array([str(row[0]) for row in findings.rows], pa.string())])
    path = findings.folder / SIGHTINGS
    try:
        return pq.read_table(path, columns=["quetsach.sighting.id"]).column(0).cast(pa.string())
    except (pa.ArrowException, KeyError, OSError) as error:
        raise unread_table(path, error) from error


def rows_of(findings: EvidenceFolder) -> Iterator[dict[str, Any]]:
    """Yield the sightings, by the names of `COLUMNS`, times in us. Errors: E305."""
    if isinstance(findings, FolderBrief):
        yield from (dict(zip(COLUMNS, row, strict=True)) for row in findings.rows)
        return
    path = findings.folder / SIGHTINGS
    try:
        with pq.ParquetFile(path) as file:
            if file.schema_arrow.field("@timestamp").type != SIGHTING.field("@timestamp").type:
                raise QuetsachError("E305", str(path), reason="@timestamp")
            for batch in file.iter_batches(columns=list(COLUMNS)):
                table = pa.Table.from_batches([batch]).select(list(COLUMNS))
                place = table.schema.get_field_index("@timestamp")
                when = table.column(place).cast(pa.int64())
                yield from table.set_column(place, "@timestamp", when).to_pylist()
    except (pa.ArrowException, KeyError, OSError) as error:
        raise unread_table(path, error) from error


def _is_rows(part: Any) -> bool:
    return isinstance(part, list) and all(isinstance(one, dict) for one in part)


def replaced_by_others(folders: Sequence[EvidenceFolder]) -> Set[int]:
    """Return the places of folders whose sightings another one names again.

    A watch names a day's sightings by all its leases; nothing of the hours is left out for that:
    what the other does not tell stands as it was.
    """
    replaces = {digest for findings in folders for digest in _replaces(findings)}
    if not replaces:
        return frozenset()
    return {place for place, findings in enumerate(folders) if _digest(findings) in replaces}


def _replaces(findings: EvidenceFolder) -> Sequence[str]:
    if isinstance(findings, FolderBrief):
        return findings.replaces
    watch = findings.manifest.get("watch")
    listed = watch.get("replaces") if isinstance(watch, dict) else None
    return [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []


def _digest(findings: EvidenceFolder) -> str:
    if isinstance(findings, FolderBrief):
        return findings.digest
    return digest_of_manifest(findings.manifest).removeprefix("sha256:")
