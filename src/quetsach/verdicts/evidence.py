"""What findings of several sweeps say together: contacts by device, who was alive, what was read.

Weekly sweeps overlap. A file counts once by its digests, and a sighting once by its number, which
it keeps when the log grows; where two sweeps name its device differently, the surer name stands,
but that of a folder which takes the place of another goes first.
Sightings of an earlier version have other numbers: those of a file that was swept again since are
found by the file's SHA-256, their place and their indicator.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from quetsach.attribution.model import CERTAINTIES, Certainty
from quetsach.attribution.questions import TO_LOOK_AT
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.findings.coverage import kind_of
from quetsach.findings.steps import local_day
from quetsach.verdicts.brief import (
    EvidenceFolder,
    alive_of,
    numbers_of,
    replaced_by_others,
    rows_of,
)
from quetsach.verdicts.coverage import SourceRead, UnitOf
from quetsach.verdicts.model import VerdictContact

_MOST_OFF_S = 20 * 366 * 86_400
"""No clock is further off; an unsigned folder may say anything."""

HOUR_US = 3_600_000_000
SURE = (Certainty.CERTAIN, Certainty.LIKELY)


class _Source(msgspec.Struct):
    """What of a source in coverage.json is relied on; an unsigned folder may hold anything."""

    path: str
    dataset: str
    duplicate_of: str | None
    hours: dict[datetime, int]
    sha256: str | None = None
    blake3: str | None = None
    chain: str | None = None
    lines: int = 0
    set_aside: bool = False


class _Spot(msgspec.Struct):
    """A device that could ask a public resolver unseen, and the source that shows it."""

    device: str
    path: str


class _Clock(msgspec.Struct):
    """How far the clock of a source is ahead, and whether that was relied on to name machines."""

    path: str
    offset_s: float
    used: bool


class _Device(msgspec.Struct):
    device: str
    host_name: str | None
    mac: str | None
    addresses: list[str]


_Row = dict[str, Any]
_Slot = tuple[str, str, str, bool, int | None, str]


@dataclass
class VerdictEvidence:
    """All findings together.

    Shapes: `contacts` by device, the first and the last of each hour, kind and unit; `names` are
    the devices that a name or address may mean, in lower case; `counts` are distinct sightings by
    (device, key of the indicator); `untraced` counts by unit the sightings that name no device,
    `untimed` the files whose lines carry no time.
    """

    sources: list[SourceRead] = field(default_factory=list)
    contacts: dict[str, list[VerdictContact]] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    untraced: dict[str, int] = field(default_factory=dict)
    untimed: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def gather_evidence(
    folders: Sequence[EvidenceFolder], unit_of: UnitOf, *, by_indicator: bool = False
) -> VerdictEvidence:
    """Return what `folders` say together; their order does not matter.

    With `by_indicator` the first and the last contact of an hour are kept for each indicator.
    Errors: E305 for a damaged file.
    Cost: memory per device and hour, and per sighting of files that several sweeps read.
    """
    evidence = VerdictEvidence()
    blamed: set[str] = set()
    for findings in folders:
        devices = _shaped(findings, "devices.json", findings.devices.get("devices"), _Device)
        blamed.update(one.device for one in devices)
        _add_names(evidence.names, devices)
        evidence.sources += _sources(findings, evidence)
    kept: dict[_Slot, tuple[VerdictContact, VerdictContact]] = {}
    for row, zone in _sightings(folders, blamed):
        if row["quetsach.device"]:
            met = (row["quetsach.device"], row["quetsach.indicator.key"] or "")
            evidence.counts[met] = evidence.counts.get(met, 0) + 1
            _keep(kept, _contact(row, zone, unit_of), row, by_indicator=by_indicator)
        else:
            unit = unit_of("", row["log.file.path"] or "")
            evidence.untraced[unit] = evidence.untraced.get(unit, 0) + 1
    for path in sorted({one.path for one in evidence.sources if not one.lines}):
        unit = unit_of("", path)
        evidence.untimed[unit] = evidence.untimed.get(unit, 0) + 1
    for slot, (first, last) in sorted(kept.items(), key=lambda one: _order(one[0])):
        evidence.contacts.setdefault(slot[0], []).extend(dict.fromkeys((first, last)))
    return evidence


_Shape = TypeVar("_Shape", _Source, _Device, _Clock, _Spot)


def _shaped(findings: EvidenceFolder, name: str, value: Any, shape: type[_Shape]) -> list[_Shape]:
    try:
        return msgspec.convert(value, list[shape], str_keys=True)  # type: ignore[valid-type]  # it is one of four
    except msgspec.ValidationError as error:
        where = str(findings.folder / name)
        raise QuetsachError("E305", where, reason=str(error)) from error


def _add_names(names: dict[str, set[str]], devices: Iterable[_Device]) -> None:
    for one in devices:
        for name in (one.device, one.host_name, one.mac, *one.addresses):
            if name:
                names.setdefault(name.casefold(), set()).add(one.device)


def _sources(findings: EvidenceFolder, evidence: VerdictEvidence) -> Iterator[SourceRead]:
    read: dict[int, SourceRead] = {}
    ahead = _ahead(findings)
    spots = _unseen(findings)
    found = _shaped(findings, "coverage.json", findings.coverage.get("sources"), _Source)
    for number, coverage in enumerate(found):
        if coverage.set_aside:
            continue
        if coverage.duplicate_of is None and (coverage.hours or coverage.lines):
            # The hours carry the offset of the sweep's zone: they are local already.
            right = {
                _earlier(hour, ahead.get(coverage.path)): n for hour, n in coverage.hours.items()
            }
            lines = {(hour.date().isoformat(), hour.hour): n for hour, n in right.items()}
            digests = tuple(filter(None, (coverage.blake3, coverage.chain, coverage.sha256)))
            source = SourceRead(coverage.path, digests, coverage.dataset, lines)
            source.unseen = spots.get(coverage.path, set())
            read[number] = source
    alive = alive_of(findings)
    if alive is None:
        evidence.problems.append(Problem("E312", str(findings.folder)))
    devices: set[str] = set()
    for number, day, speakers in alive or ():
        if number in read:
            source = read[number]
            right_day = _day_earlier(day, ahead.get(source.path))
            source.alive.setdefault(right_day, set()).update(speakers)
        devices.update(device or address for address, device in speakers)
    for name in devices:
        evidence.names.setdefault(name.casefold(), set()).add(name)
    yield from read.values()


def _unseen(findings: EvidenceFolder) -> dict[str, set[str]]:
    """Return the devices that could ask a public resolver unseen, by the path that shows it."""
    spots = _shaped(findings, "coverage.json", findings.coverage.get("blind_spots", []), _Spot)
    devices: dict[str, set[str]] = {}
    for spot in spots:
        devices.setdefault(spot.path, set()).add(spot.device)
    return devices


def _ahead(findings: EvidenceFolder) -> dict[str, timedelta]:
    """Return how far the clocks that were set right are ahead, by the paths of their sources.

    What a wrong clock wrote down may lie on the other side of a handling.
    """
    clocks = _shaped(findings, "coverage.json", findings.coverage.get("clocks", []), _Clock)
    return {
        one.path: timedelta(seconds=one.offset_s)
        for one in clocks
        if one.used and abs(one.offset_s) <= _MOST_OFF_S
    }


def _earlier(hour: datetime, ahead: timedelta | None) -> datetime:
    """Return the whole hour in which that of a wrong clock truly began, as near as can be."""
    if ahead is None:
        return hour
    try:
        return hour - timedelta(hours=round(ahead / timedelta(hours=1)))
    except OverflowError:
        return hour


def _day_earlier(day: str, ahead: timedelta | None) -> str:
    days = 0 if ahead is None else round(ahead / timedelta(days=1))
    if not days:
        return day
    try:
        return (date.fromisoformat(day) - timedelta(days=days)).isoformat()
    except (ValueError, OverflowError):
        return day


def _set_right(row: _Row, ahead: dict[str, timedelta]) -> _Row:
    """Return a sighting with the time that its clock should have shown."""
    off = ahead.get(row["log.file.path"] or "")
    if off is None or row["@timestamp"] is None:
        return row
    return {**row, "@timestamp": row["@timestamp"] - off // timedelta(microseconds=1)}


def _sightings(
    folders: Sequence[EvidenceFolder], blamed: set[str]
) -> Iterator[tuple[_Row, ZoneInfo]]:
    """Yield each sighting of a named device, or of none, once, with the zone of its sweep."""
    present = _present_numbers(folders)
    repeated = _repeated(folders, present)
    replaced = replaced_by_others(folders)
    best: dict[str, tuple[tuple[bool, int, str, str, bool, int], _Row, ZoneInfo]] = {}
    for place, findings in enumerate(folders):
        zone = ZoneInfo(findings.manifest["options"]["zone"])
        ahead = _ahead(findings)
        for written in rows_of(findings):
            row = _set_right(written, ahead)
            device, role = row["quetsach.device"], row["quetsach.device.role"]
            if role != "nobody" and (role != "client" or device not in blamed):
                continue
            if row["quetsach.device.lack"] in TO_LOOK_AT:
                # It tells of no contact: nothing is to be traced.
                continue
            number = row["quetsach.sighting.id"] = _number(row, present)
            if number not in repeated:
                yield row, zone
                continue
            when = row["@timestamp"]
            right = when == written["@timestamp"]
            grade = _rank(row["quetsach.device.grade"])
            rank = (place in replaced, grade, device or "", zone.key, right, when or 0)
            if number not in best or rank < best[number][0]:
                best[number] = rank, row, zone
    for _of, row, zone in best.values():
        yield row, zone


_Place = tuple[str, int, str]
"""SHA-256 of a file, offset of a line in it, and key of an indicator."""


def _number(row: _Row, present: Mapping[_Place, str]) -> str:
    """Return the number that a sighting has now."""
    if not present:
        return str(row["quetsach.sighting.id"])
    place = (row["event.hash"], row["log.offset"], row["quetsach.indicator.key"])
    return present.get(place, str(row["quetsach.sighting.id"]))


def _present_numbers(folders: Sequence[EvidenceFolder]) -> dict[_Place, str]:
    """Return the numbers of sightings whose file an earlier version has swept as well.

    That version numbered them by the SHA-256 of their file, which is `event.hash` there.
    """
    before: set[str] = set()
    swept_now: list[tuple[EvidenceFolder, dict[str, str]]] = []
    for findings in folders:
        sources = _shaped(findings, "coverage.json", findings.coverage.get("sources"), _Source)
        before |= {one.sha256 for one in sources if one.sha256 and not one.blake3}
        kept = {one.blake3: one.sha256 for one in sources if one.blake3 and one.sha256}
        swept_now.append((findings, kept))
    present: dict[_Place, str] = {}
    for findings, kept in swept_now:
        again = {blake3: sha256 for blake3, sha256 in kept.items() if sha256 in before}
        for row in rows_of(findings) if again else ():
            if (sha256 := again.get(row["event.hash"])) is not None:
                place = (sha256, row["log.offset"], row["quetsach.indicator.key"])
                present[place] = row["quetsach.sighting.id"]
    return present


def _repeated(folders: Sequence[EvidenceFolder], present: Mapping[_Place, str]) -> Set[str]:
    """Return the numbers that more than one sweep gave."""
    if len(folders) < 2:
        return frozenset()
    each = [numbers_of(findings) for findings in folders]
    counts = pc.value_counts(pa.chunked_array([ids.unique() for ids in each], pa.string()))
    twice = pc.greater(counts.field("counts"), 1)
    return {*counts.field("values").filter(twice).to_pylist(), *present.values()}


def _rank(grade: str) -> int:
    return CERTAINTIES.index(Certainty(grade)) if grade in CERTAINTIES else len(CERTAINTIES)


def _contact(row: _Row, zone: ZoneInfo, unit_of: UnitOf) -> VerdictContact:
    when, dataset = row["@timestamp"], row["event.dataset"] or ""
    return VerdictContact(
        when_us=0 if when is None else when,
        day="" if when is None else _day(when // HOUR_US * HOUR_US, zone),
        # Where a record is of no kind that shows contacts, only its like could prove silence.
        kind=kind_of(dataset) or dataset,
        number=row["quetsach.sighting.id"] or "",
        indicator=row["threat.indicator.name"] or "",
        unit=unit_of(row["quetsach.device.address"] or "", row["log.file.path"] or ""),
        sure=row["quetsach.device.grade"] in SURE and not row["quetsach.indicator.allow"],
    )


def _keep(
    kept: dict[_Slot, tuple[VerdictContact, VerdictContact]],
    contact: VerdictContact,
    row: _Row,
    *,
    by_indicator: bool,
) -> None:
    when = row["@timestamp"]
    hour = None if when is None else when // HOUR_US
    shown = contact.indicator if by_indicator else ""
    slot = (row["quetsach.device"], contact.unit, contact.kind, contact.sure, hour, shown)
    first, last = kept.get(slot, (contact, contact))
    kept[slot] = min(first, contact, key=_moment), max(last, contact, key=_moment)


def _moment(contact: VerdictContact) -> tuple[int, str]:
    return contact.when_us, contact.number


def _order(slot: _Slot) -> tuple[Any, ...]:
    return (*slot[:4], -1 if slot[4] is None else slot[4], slot[5])


@cache
def _day(hour_us: int, zone: ZoneInfo) -> str:
    return local_day(hour_us, zone)
