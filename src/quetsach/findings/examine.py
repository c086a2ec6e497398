"""Look a findings folder made elsewhere through to its last row."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from quetsach.attribute.attribution import Role
from quetsach.errors import QuetsachError
from quetsach.findings.alive import read_alive
from quetsach.findings.folder import SIGHTINGS, Findings, read_folder
from quetsach.findings.shape import Coverage, Devices, Manifest, Rejects
from quetsach.findings.signed import digest_of_manifest
from quetsach.schema import SIGHTING
from quetsach.texts import _

MOST_SIGHTINGS = 5_000_000

_ASKED = ("quetsach.sighting.id", "quetsach.device", "quetsach.device.role")
_ROLES = frozenset(one.value for one in Role)
_Shape = TypeVar("_Shape")
_Rows = Counter[tuple[str, str]]


@dataclass(frozen=True)
class Examined:
    """Findings that hold together: every page is of its shape and agrees with the sightings.

    Shapes: `digest` is that of the manifest without its signatures, "sha256:..." in hex.
    """

    digest: str
    manifest: Manifest
    devices: Devices
    coverage: Coverage
    rejects: Rejects


def examine(folder: Path) -> Examined:
    """Return what stands in `folder`, every file read to its end.

    Who signed it is another question: see `run.verify`.
    Errors: E303 when it is no findings folder; E305 when it is damaged or contradicts itself.
    Cost: all of the folder is decoded once; memory for one page and one batch of sightings.
    """
    findings = read_folder(folder)
    examined = Examined(
        digest_of_manifest(findings.manifest),
        _shaped(findings, findings.manifest, Manifest, "manifest.json"),
        _shaped(findings, findings.devices, Devices, "devices.json"),
        _shaped(findings, findings.coverage, Coverage, "coverage.json"),
        _shaped(findings, findings.rejects, Rejects, "rejects.json"),
    )
    rows = _rows(folder / SIGHTINGS)
    _agree(folder, examined, rows)
    for _row in read_alive(folder) or ():
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
    seen: set[str] = set()
    try:
        with pq.ParquetFile(path) as file:
            if file.schema_arrow != SIGHTING or file.metadata.num_rows > MOST_SIGHTINGS:
                raise _damaged(path, "schema")
            for batch in file.iter_batches(batch_size=8_192):
                batch.validate(full=True)
                for one in batch.select(list(_ASKED)).to_pylist():
                    number, device, role = (one[name] for name in _ASKED)
                    if number is None or number in seen or role not in _ROLES:
                        raise _damaged(path, _("a sighting stands in it twice, or has no number"))
                    seen.add(number)
                    rows[device or "", role] += 1
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, type(error).__name__) from error
    return rows


def _agree(folder: Path, examined: Examined, rows: _Rows) -> None:
    pages = examined.devices
    told: _Rows = Counter()
    for device in pages.devices:
        told[device.device, Role.CLIENT.value] += device.sightings
    for one in pages.not_blamed:
        role = Role.CLIENT if one.role is Role.ALLOWED else one.role
        told[one.device, role.value] += one.sightings
    if pages.unattributed.sightings:
        told["", Role.NOBODY.value] += pages.unattributed.sightings
    total = sum(rows.values())
    if told != rows or total != examined.manifest.summary.sightings:
        raise _damaged(folder, _("its pages and its sightings do not agree"))
    names = [one.device for one in pages.devices]
    if len(names) != len(set(names)) or "" in names:
        raise _damaged(folder, _("a device stands in it twice, or has no name"))


def _damaged(path: Path, reason: str) -> QuetsachError:
    return QuetsachError("E305", str(path), reason=reason)
