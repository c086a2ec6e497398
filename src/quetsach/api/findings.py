"""What findings of several sweeps say together, as plain values for a portal that keeps them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from quetsach.atomic_files import write_whole
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.findings.coverage import kinds_of_source as kinds_of_source
from quetsach.findings.folder import SIGHTINGS, unread_table
from quetsach.findings.folder import Findings as Findings
from quetsach.findings.folder import read_folder as read_folder
from quetsach.findings.restricted import pages_for, withheld_in
from quetsach.findings.shape import ExaminedFindings as ExaminedFindings
from quetsach.findings.shape import examine_findings as examine_findings
from quetsach.findings.signed import digest_of_manifest as digest_of_manifest
from quetsach.findings.steps import local_day
from quetsach.findings.withdrawn import FlaggedFindings as FlaggedFindings
from quetsach.indicators.decay import ValidityWindow
from quetsach.indicators.model import Tlp as Tlp
from quetsach.indicators.restriction import Audience as Audience
from quetsach.indicators.restriction import is_allowed as is_allowed
from quetsach.indicators.restriction import stricter as stricter
from quetsach.indicators.restriction import withheld_text as withheld_text
from quetsach.spreadsheet_cells import harmless_cell as harmless_cell
from quetsach.sweeping.units import UnitResolver, planned_units
from quetsach.texts import language
from quetsach.verdicts.brief import EvidenceFolder, keep_brief, read_brief
from quetsach.verdicts.coverage import day_coverage
from quetsach.verdicts.evidence import gather_evidence
from quetsach.verdicts.model import DayCoverage, VerdictContact

_NUMBER = "quetsach.sighting.id"


@dataclass(frozen=True)
class KnownFindings:
    """All findings together.

    Shapes: `contacts` by device, the first and the last of each hour, kind, unit and indicator;
    `counts` are distinct sightings by (device, key of the indicator); `coverage` by unit, kind and
    day; `zone` is the one in which days are meant.
    """

    contacts: Mapping[str, Sequence[VerdictContact]]
    counts: Mapping[tuple[str, str], int]
    coverage: Sequence[DayCoverage]
    zone: ZoneInfo
    problems: Sequence[Problem]


def merge_known_findings(
    folders: Sequence[Path], unproven: Collection[Path] = (), *, briefs: bool = False
) -> KnownFindings:
    """Return what the findings in `folders` say together; their order does not matter.

    Contacts in `unproven` folders count; that they show none on a day proves nothing: somebody
    unknown made them, or with another list.

    With `briefs` each folder is read whole once, and from its brief beside it ever after: only for
    folders that nobody else writes into.

    Errors: E303, E305 for a folder.
    Cost: one pass over the sightings of all; memory per device, hour and indicator.
    """
    if not folders:
        raise QuetsachError("E303", "-")
    read = [_read_kept(one) if briefs else read_folder(one) for one in folders]
    unit_of = cache(UnitResolver(planned_units(read).table).unit_of)
    evidence = gather_evidence(read, unit_of, by_indicator=True)
    proving = [one for one in read if one.folder not in unproven]
    silence = evidence if len(proving) == len(read) else gather_evidence(proving, unit_of)
    return KnownFindings(
        contacts=evidence.contacts,
        counts=evidence.counts,
        coverage=day_coverage(silence.sources, unit_of),
        zone=zone_of_findings(read[0]),
        problems=tuple(evidence.problems),
    )


def _read_kept(folder: Path) -> EvidenceFolder:
    brief = read_brief(folder)
    if brief is not None:
        return brief
    findings = read_folder(folder)
    return keep_brief(findings) or findings


def zone_of_findings(findings: EvidenceFolder) -> ZoneInfo:
    """Return the zone in which these findings count days."""
    return ZoneInfo(findings.manifest["options"]["zone"])


def day_in(zone: ZoneInfo, when_us: int) -> str:
    """Return the local day of a moment, as verdicts count days."""
    return local_day(when_us, zone)


def digest_of_findings(findings: Findings) -> str:
    """Return the digest by which these findings are known, 64 hex digits."""
    return digest_of_manifest(findings.manifest).removeprefix("sha256:")


def sightings_in(findings: Findings, numbers: Collection[str]) -> list[dict[str, Any]]:
    """Return the sightings with these numbers, in the order of the folder.

    Errors: E305 for a damaged file. Cost: one pass over all sightings.
    """
    path = findings.folder / SIGHTINGS
    number_array = pa.array(sorted(numbers), pa.string())
    sightings: list[dict[str, Any]] = []
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches():
                table = pa.Table.from_batches([batch])
                sightings += table.filter(pc.is_in(table.column(_NUMBER), number_array)).to_pylist()
    except (pa.ArrowException, KeyError, OSError) as error:
        raise unread_table(path, error) from error
    return sightings


def write_page(folder: Path, out: Path, audience: Audience) -> int:
    """Write the HTML report of the findings in `folder` as `audience` may see it.

    Returns how many indicators it leaves out. Errors: E303, E305 for the folder; E444 for the disk.
    """
    from quetsach.html_report.page import render

    opened = read_folder(folder)
    every = {
        "devices": opened.devices,
        "coverage": opened.coverage,
        "rejects": opened.rejects,
        "manifest": opened.manifest,
    }
    zone = ZoneInfo(opened.manifest["options"]["zone"])
    page = render(**pages_for(every, audience), language=language(), zone=zone)
    write_whole(out, page.html.encode("utf-8"), "E444")
    return withheld_in(opened.devices, audience)


def confidential_indicators(findings: Findings) -> int:
    """Return how many indicators that were met may be shown to the sweeper alone (TLP:RED)."""
    return withheld_in(findings.devices, Audience.ORGANISATION)


# The devices of a findings folder in a checked shape: an unsigned folder may hold anything.


class FoundPlace(msgspec.Struct, frozen=True):
    """Where a device is located, by the unit's own tables."""

    unit: str | None = None
    unit_name: str | None = None
    room: str | None = None


class FoundFinding(msgspec.Struct, frozen=True):
    """An indicator that a device met; `samples` are numbers of sightings, the strongest first."""

    indicator: str
    key: str
    type: str
    sightings: int
    best_grade: str
    samples: list[str]
    label: str | None = None
    listed_in: str | None = msgspec.field(default=None, name="list")
    row: int | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    tlp: Tlp | None = None
    confidence: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None
    confidence_then: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None
    family: str | None = None
    status: str | None = None
    window: list[ValidityWindow] = []


class FoundDevice(msgspec.Struct, frozen=True):
    """A device that the findings blame; the times are aware, None where no record tells one."""

    device: str
    addresses: list[str]
    grade: str
    rivals: list[str]
    findings: list[FoundFinding]
    sightings: int
    best_grade: str
    host_name: str | None = None
    mac: str | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    place: FoundPlace | None = None


def devices_in(findings: Findings) -> list[FoundDevice]:
    """Return the devices that `findings` report. Errors: E305 where their form is unknown."""
    try:
        return msgspec.convert(findings.devices.get("devices"), list[FoundDevice])
    except msgspec.ValidationError as error:
        where = str(findings.folder / "devices.json")
        raise QuetsachError("E305", where, reason=str(error)) from error
