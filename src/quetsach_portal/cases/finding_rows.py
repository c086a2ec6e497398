"""Write findings as rows: devices, indicators, samples with raw lines, contacts, covered days."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quetsach.api import findings as api_findings
from quetsach.api import verdicts
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.models.case import CaseContact, Device, FalseAlarm, Finding, Sighting
from quetsach_portal.cases.models.coverage import CoveredDay


def fit(text: str | None, longest: int) -> str:
    """Return `text` cut to `longest`, without what no database takes (NUL, half characters)."""
    kept = (text or "")[: 4 * longest].replace("\x00", "\ufffd")
    return kept.encode("utf-8", "replace").decode()[:longest]


def fit_all(content: Any, longest: int = 4096, most: int = 200) -> Any:
    """Return a JSON value with every text in it fitted, and no list longer than `most`."""
    if isinstance(content, str):
        return fit(content, longest)
    if isinstance(content, dict):
        pairs = list(content.items())[:most]
        return {fit(str(key), 120): fit_all(one, longest, most) for key, one in pairs}
    if isinstance(content, list | tuple):
        return [fit_all(one, longest, most) for one in content[:most]]
    return content


GRADES = ("mentioned", "asked", "answered", "blocked", "connected", "moved")
SURENESS = ("certain", "likely", "ambiguous", "unknown")
MOST_SAMPLES = 10
MOST_ADDRESSES = 50


@dataclass(frozen=True)
class FindingRow:
    """A device with contacts in the folder, and when the folder saw it last."""

    device: Device
    last_seen: datetime | None


def write_devices(
    node: CampaignNode, findings: api_findings.Findings, devices: Sequence[api_findings.FoundDevice]
) -> list[FindingRow]:
    """Add what a folder says of its devices to their rows; return those that met something.

    What was split off a device is told of the one that it belongs to now.
    """
    unsplit = Device.objects.filter(node=node, split_from__isnull=True)
    devices_by_key = {device.key: device for device in unsplit}
    lines = _lines(findings, devices)
    written: dict[int, FindingRow] = {}
    for found_device in devices:
        if not found_device.findings:
            continue
        key = fit(found_device.device, 255)
        device = devices_by_key.get(key) or Device(node=node, key=key, engine_key=key)
        _describe(device, found_device)
        devices_by_key[key] = device
        for finding in _write_findings(device, found_device.findings, lines):
            before = written.get(finding.device_id)
            times = (finding.last_seen, before.last_seen if before else None)
            last = max(filter(None, times), default=None)
            written[finding.device_id] = FindingRow(finding.device, last)
    return list(written.values())


def write_known_findings(
    node: CampaignNode, known_findings: api_findings.KnownFindings
) -> dict[int, int]:
    """Replace contacts and covered days of `node` by what all its folders say together.

    Returns how many sightings each device has more than before.
    """
    rows = Finding.objects.filter(origin__node=node, origin__split_from__isnull=True)
    findings = {(row.origin.engine_key, row.key): row for row in rows.select_related("origin")}
    more: dict[int, int] = defaultdict(int)
    for (device, key), count in known_findings.counts.items():
        finding = findings.get((fit(device, 255), fit(key, 255)))
        if finding is not None and finding.sightings != count:
            more[finding.device_id] += max(0, count - finding.sightings)
            if finding.withdrawn and not finding.contacts.exists():
                finding.withdrawn = False  # Evidence that was taken back was handed in again.
            finding.sightings = count
            finding.save(update_fields=["sightings", "withdrawn"])
    _replace_contacts(node, findings.values(), known_findings.contacts)
    _replace_days(node, known_findings.coverage, {device for device, _key in findings})
    return dict(more)


def _describe(device: Device, found_device: api_findings.FoundDevice) -> None:
    addresses = dict.fromkeys([*found_device.addresses, *device.addresses])
    device.addresses = [fit(one, 60) for one in addresses][:MOST_ADDRESSES]
    device.host_name = fit(found_device.host_name, 255) or device.host_name
    device.mac = fit(found_device.mac, 40) or device.mac
    grades = {device.grade, found_device.grade} & set(SURENESS)
    device.grade = min(grades, key=SURENESS.index, default="unknown")
    device.rivals = fit_all(found_device.rivals, 255, 20)
    if found_device.place is not None:
        parts = (found_device.place.unit_name or found_device.place.unit, found_device.place.room)
        device.place = fit(", ".join(filter(None, parts)), 255)
    device.save()


def _write_findings(
    device: Device,
    found_findings: Iterable[api_findings.FoundFinding],
    lines: Mapping[str, Mapping[str, Any]],
) -> list[Finding]:
    rows = Finding.objects.filter(origin=device).select_related("device")
    findings_by_key = {finding.key: finding for finding in rows}
    met = []
    for found_finding in found_findings:
        key = fit(found_finding.key, 255)
        finding = findings_by_key.get(key) or Finding(origin=device, device=device, key=key)
        finding.shown, finding.kind = fit(found_finding.indicator, 255), fit(found_finding.type, 20)
        finding.label = fit(found_finding.label, 120)
        finding.listed_in = fit(found_finding.listed_in, 255)
        row = found_finding.row
        _state(finding, found_finding)
        finding.row = row if row is not None and 0 <= row < 2**31 else None
        grades = {finding.best_grade, found_finding.best_grade} & set(GRADES)
        finding.best_grade = max(grades, key=GRADES.index, default="asked")
        first = (finding.first_seen, found_finding.first_seen)
        finding.first_seen = min(filter(None, first), default=None)
        last = (finding.last_seen, found_finding.last_seen)
        finding.last_seen = max(filter(None, last), default=None)
        finding.save()
        findings_by_key[key] = finding
        met.append(finding)
        samples = [lines[number] for number in found_finding.samples if number in lines]
        _write_samples(finding, samples)
    return met


def _state(finding: Finding, found_finding: api_findings.FoundFinding) -> None:
    """Write what the lists say of the indicator: the strictest marking, else the latest word."""
    known = api_findings.Tlp(finding.tlp) if finding.tlp else None
    marking = api_findings.stricter(known, found_finding.tlp)
    if marking != known:
        finding.tlp = str(marking)
        # What was proposed before the mark was known is shown by the mark, too.
        FalseAlarm.objects.filter(key=finding.key, case__node=finding.origin.node).update(
            tlp=finding.tlp
        )
    if found_finding.confidence is not None:
        finding.confidence = found_finding.confidence
        finding.confidence_then = found_finding.confidence_then
    finding.family = fit(found_finding.family, 120) or finding.family
    finding.status = fit(found_finding.status, 20) or finding.status
    finding.window = sorted({*finding.window, *map(str, found_finding.window)})


def _lines(
    findings: api_findings.Findings, devices: Sequence[api_findings.FoundDevice]
) -> dict[str, dict[str, Any]]:
    findings_met = (finding for device in devices for finding in device.findings)
    numbers = {number for finding in findings_met for number in finding.samples[:MOST_SAMPLES]}
    rows = api_findings.sightings_in(findings, numbers)
    return {str(row["quetsach.sighting.id"]): row for row in rows}


def _write_samples(finding: Finding, rows: Iterable[Mapping[str, Any]]) -> None:
    samples = [_sample(finding, row) for row in rows]
    _renumber(finding, samples)
    Sighting.objects.bulk_create(samples, ignore_conflicts=True)
    kept = sorted(
        Sighting.objects.filter(finding=finding).only("pk", "grade", "at"),
        key=lambda row: (-_rank(row.grade), -(row.at.timestamp() if row.at else 0)),
    )
    # The strongest first, then the latest: old ones of the same strength make room.
    Sighting.objects.filter(pk__in=[row.pk for row in kept[MOST_SAMPLES:]]).delete()


def _renumber(finding: Finding, samples: Sequence[Sighting]) -> None:
    """Give kept samples of the same lines their present numbers.

    An earlier version numbered a line by its whole file: one line would stand twice.
    """
    numbers = {(sample.file, sample.offset, sample.raw): sample.number for sample in samples}
    known = {sample.number for sample in samples}
    for kept in Sighting.objects.filter(finding=finding).exclude(number__in=known):
        number = numbers.get((kept.file, kept.offset, kept.raw))
        if number is not None and not finding.samples.filter(number=number).exists():
            kept.number = number
            kept.save(update_fields=["number"])


def _rank(grade: str) -> int:
    return GRADES.index(grade) if grade in GRADES else -1


def _sample(finding: Finding, row: Mapping[str, Any]) -> Sighting:
    def text(name: str, longest: int) -> str:
        cell = row.get(name)
        return fit(cell if isinstance(cell, str) else "", longest)

    at = row.get("@timestamp")
    offset = row.get("log.offset")
    return Sighting(
        finding=finding,
        number=text("quetsach.sighting.id", 32),
        at=at if isinstance(at, datetime) else None,
        grade=text("quetsach.grade", 12),
        dataset=text("event.dataset", 60),
        address=text("quetsach.device.address", 60),
        field=text("quetsach.match.field", 80),
        rule=text("quetsach.match.rule", 40),
        way=text("quetsach.device.way", 80),
        file=text("log.file.path", 500),
        offset=offset if isinstance(offset, int) and 0 <= offset < 2**62 else None,
        raw=text("event.original", 4096),
        steps=_steps(text("quetsach.device.steps", 20_000)),
    )


def _steps(text: str) -> list[Any]:
    try:
        steps = json.loads(text) if text else []
    except (ValueError, RecursionError):
        return []
    return list(fit_all(steps, 300, 20)) if isinstance(steps, list) else []


def _replace_contacts(
    node: CampaignNode,
    findings: Iterable[Finding],
    contacts: Mapping[str, Sequence[verdicts.VerdictContact]],
) -> None:
    by_name = {(row.origin.engine_key, row.shown): row for row in findings}
    CaseContact.objects.filter(finding__origin__node=node, by_notice=False).delete()
    CaseContact.objects.bulk_create(
        (
            CaseContact(
                finding=finding,
                when_us=contact.when_us,
                day=contact.day,
                kind=fit(contact.kind, 60),
                unit=fit(contact.unit, 255),
                number=fit(contact.number, 32),
                sure=contact.sure,
            )
            for device, met in contacts.items()
            for contact in met
            if (finding := by_name.get((fit(device, 255), fit(contact.indicator, 255)))) is not None
        ),
        batch_size=1000,
    )


def _replace_days(
    node: CampaignNode, coverage: Iterable[verdicts.DayCoverage], devices: set[str]
) -> None:
    CoveredDay.objects.filter(node=node).delete()
    CoveredDay.objects.bulk_create(
        (
            CoveredDay(
                node=node,
                unit=fit(covered.unit, 255),
                kind=fit(covered.kind, 60),
                day=covered.day,
                lines=covered.lines,
                hours=sorted(covered.hours),
                usual=sorted(covered.usual),
                thin=sorted(covered.thin_hours),
                alive=sorted({fit(name, 255) for name in covered.alive} & devices),
                alive_count=len(covered.alive),
                unseen=sorted({fit(name, 255) for name in covered.unseen} & devices),
                sources=len(covered.sources),
            )
            for covered in coverage
        ),
        batch_size=500,
    )
