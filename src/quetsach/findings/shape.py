"""What of a findings folder's pages is relied on, as types: for folders that others have made.

Only the shape: whether the pages agree with the sightings is asked in `examine`.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from quetsach.attribution.model import Certainty
from quetsach.attribution.questions import SightingRole
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.alive import read_alive_days
from quetsach.findings.folder import SIGHTINGS, Findings, read_folder, unread_table
from quetsach.findings.signed import digest_of_manifest
from quetsach.indicators.decay import ValidityWindow
from quetsach.indicators.model import Tlp
from quetsach.scanning.grades import SightingGrade
from quetsach.schema import SIGHTING
from quetsach.texts import _

MOST_DEVICES = 100_000
MOST_SOURCES = 100_000
MOST_LOOK_LINES = 1_000

_Short: TypeAlias = Annotated[str, msgspec.Meta(max_length=1_000)]
_Long: TypeAlias = Annotated[str, msgspec.Meta(max_length=10_000)]
_Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
_Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]


class FindingRecord(msgspec.Struct, frozen=True):
    """All sightings of one device and one indicator, counted."""

    indicator: _Long
    key: _Long
    type: _Short
    label: _Long
    best_grade: SightingGrade
    sightings: _Count
    first_seen: _Moment | None
    last_seen: _Moment | None
    tlp: Tlp | None = None
    confidence: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None
    confidence_then: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None
    family: _Long = ""
    status: _Short = ""
    window: tuple[ValidityWindow, ...] = ()


class _Counted(msgspec.Struct, frozen=True):
    device: _Short
    addresses: list[_Short]
    indicators: list[_Long]
    best_grade: SightingGrade
    sightings: _Count
    first_seen: _Moment | None
    last_seen: _Moment | None
    findings: list[FindingRecord]


class FindingDevice(_Counted, frozen=True):
    """A device that is to be handled."""

    grade: Certainty
    host_name: _Short | None
    mac: _Short | None
    rivals: list[_Short]
    place: dict[str, Any] | None
    machine: dict[str, Any] | None


class NotBlamed(_Counted, frozen=True):
    """An address that was seen and is not counted as a device to handle."""

    role: SightingRole
    because: _Long


class Unattributed(msgspec.Struct, frozen=True):
    """Sightings without a device."""

    sightings: _Count


class LookLine(msgspec.Struct, frozen=True):
    """A line that only mentions indicators: where it is, what it says, and why nobody is named."""

    path: _Long
    offset: _Count
    line: _Long
    dataset: _Short
    sighting: _Short
    indicators: list[_Long]
    why: _Short


class LookList(msgspec.Struct, frozen=True):
    """The lines to look at: all counted, the first of them listed; findings of old list none."""

    lines: _Count = 0
    sightings: _Count = 0
    markings: dict[_Long, Tlp] = {}
    listed: Annotated[list[LookLine], msgspec.Meta(max_length=MOST_LOOK_LINES)] = []


class Devices(msgspec.Struct, frozen=True):
    """`devices.json`."""

    devices: Annotated[list[FindingDevice], msgspec.Meta(max_length=MOST_DEVICES)]
    not_blamed: Annotated[list[NotBlamed], msgspec.Meta(max_length=MOST_DEVICES)]
    unattributed: Unattributed
    lines_to_look_at: LookList = LookList()


class CoverageSource(msgspec.Struct, frozen=True):
    """One file of evidence in `coverage.json`."""

    path: _Long
    format: _Short
    dataset: _Short
    sha256: _Short | None
    bytes: _Count
    lines: _Count
    rejects: _Count
    sightings: _Count
    first: _Moment | None
    last: _Moment | None
    hours: dict[_Short, _Count]
    alive: dict[_Short, _Count]
    duplicate_of: _Long | None
    set_aside: bool = False
    zone_from: _Short | None = None
    confirmed_by: dict[str, Any] | None = None
    year_source: dict[str, Any] | None = None
    # Folders of earlier versions have none.
    blake3: _Short | None = None
    chain: _Short | None = None

    @property
    def digests(self) -> tuple[str, ...]:
        """The digests of its text and of its bytes that are known, the newer kind first."""
        return tuple(filter(None, (self.chain, self.blake3, self.sha256)))


class Coverage(msgspec.Struct, frozen=True):
    """`coverage.json`."""

    zone: _Short
    sources: Annotated[list[CoverageSource], msgspec.Meta(max_length=MOST_SOURCES)]


class Rejects(msgspec.Struct, frozen=True):
    """`rejects.json`."""

    total: _Count
    by_reason: dict[_Short, _Count]


class SummaryProblem(msgspec.Struct, frozen=True):
    """A problem of the evidence or the lists, as the summary has it."""

    path: _Long
    code: _Short
    what: _Long
    todo: _Long
    facts: dict[_Short, Any] = msgspec.field(default_factory=dict)


class AsideFile(msgspec.Struct, frozen=True):
    """A file that is no log."""

    path: _Long
    kind: _Short


class Summary(msgspec.Struct, frozen=True):
    """The summary in the manifest."""

    lines: _Count
    bytes_read: _Count
    candidates: _Count
    sightings: _Count
    rejects: _Count
    sources: _Count
    indicators: _Count
    unread: list[SummaryProblem]
    set_aside: Annotated[list[AsideFile], msgspec.Meta(max_length=MOST_SOURCES)] = []


class ListUsed(msgspec.Struct, frozen=True):
    """A list that was looked for."""

    name: _Long
    sha256: _Short


class IndicatorSetSeen(msgspec.Struct, frozen=True):
    """All that was looked for, by its digest."""

    digest: _Short
    count: _Count


class Manifest(msgspec.Struct, frozen=True):
    """`manifest.json`."""

    version: _Short
    lists: list[ListUsed]
    indicator_set: IndicatorSetSeen
    summary: Summary


MOST_SIGHTINGS = 5_000_000

_ASKED = ("quetsach.sighting.id", "quetsach.device", "quetsach.device.role")
_ROLES = frozenset(one.value for one in SightingRole)
_Shape = TypeVar("_Shape")
_Rows = Counter[tuple[str, str]]


@dataclass(frozen=True)
class ExaminedFindings:
    """Findings that hold together: every page is of its shape and agrees with the sightings.

    Shapes: `digest` is that of the manifest without its signatures, "sha256:..." in hex.
    """

    digest: str
    manifest: Manifest
    devices: Devices
    coverage: Coverage
    rejects: Rejects


def examine_findings(folder: Path) -> ExaminedFindings:
    """Return what is in `folder`, every file read to its end.

    Who signed it is another question: see `run.verify`.
    Errors: E303 when it is no findings folder; E305 when it is damaged or contradicts itself.
    Cost: all of the folder is decoded once; memory for one page and one batch of sightings.
    """
    findings = read_folder(folder)
    examined = ExaminedFindings(
        digest_of_manifest(findings.manifest),
        _shaped(findings, findings.manifest, Manifest, "manifest.json"),
        _shaped(findings, findings.devices, Devices, "devices.json"),
        _shaped(findings, findings.coverage, Coverage, "coverage.json"),
        _shaped(findings, findings.rejects, Rejects, "rejects.json"),
    )
    rows = _rows(folder / SIGHTINGS)
    _agree(folder, examined, rows)
    for _day in read_alive_days(folder) or ():
        pass
    return examined


def _shaped(findings: Findings, page: Any, shape: type[_Shape], name: str) -> _Shape:
    try:
        return msgspec.convert(page, shape)
    except msgspec.ValidationError as error:
        raise _damaged(findings.folder / name, str(error)[:200]) from error


def _rows(path: Path) -> _Rows:
    """Return how many sightings each device has in each role; every column is decoded."""
    rows: _Rows = Counter()
    numbers: set[str] = set()
    try:
        with pq.ParquetFile(path) as file:
            if file.schema_arrow != SIGHTING or file.metadata.num_rows > MOST_SIGHTINGS:
                raise _damaged(path, "schema")
            for batch in file.iter_batches(batch_size=8_192):
                batch.validate(full=True)
                for one in batch.select(list(_ASKED)).to_pylist():
                    number, device, role = (one[name] for name in _ASKED)
                    if number is None or number in numbers or role not in _ROLES:
                        raise _damaged(path, _("a sighting is listed twice, or has no number"))
                    numbers.add(number)
                    rows[device or "", role] += 1
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise unread_table(path, error) from error
    return rows


def _agree(folder: Path, examined: ExaminedFindings, rows: _Rows) -> None:
    pages = examined.devices
    counted: _Rows = Counter()
    for device in pages.devices:
        counted[device.device, SightingRole.CLIENT.value] += device.sightings
    for not_blamed in pages.not_blamed:
        role = SightingRole.CLIENT if not_blamed.role is SightingRole.ALLOWED else not_blamed.role
        counted[not_blamed.device, role.value] += not_blamed.sightings
    mentions = pages.lines_to_look_at.sightings
    nobody = pages.unattributed.sightings + mentions
    if nobody:
        counted["", SightingRole.NOBODY.value] += nobody
    total = sum(rows.values()) - mentions
    if counted != rows or total != examined.manifest.summary.sightings:
        raise _damaged(folder, _("its pages and its sightings do not agree"))
    names = [device.device for device in pages.devices]
    if len(names) != len(set(names)) or "" in names:
        raise _damaged(folder, _("a device is listed twice, or has no name"))


def _damaged(path: Path, reason: str) -> QuetsachError:
    return QuetsachError("E305", str(path), reason=reason)
