"""Accept findings that a unit made locally, after checking that they are consistent.

Runs in the sandbox. The order: unpack safely, examine every row, then version and signature. A
failure is reported by a code, and nothing is kept.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from pathlib import Path
from typing import Any

import quetsach
from quetsach.api import findings, verifying
from quetsach_portal.intake.boundary import (
    FINDINGS,
    LONGEST,
    DaySeen,
    DeviceSeen,
    EngineProblem,
    LookSeen,
    SourceSeen,
    SweepOutcome,
    SweepTask,
    clean,
    refusal,
)
from quetsach_portal.intake.findings_archive import (
    MANIFEST,
    MOST_OF,
    NotTaken,
    unpack,
)

MOST_SOURCES = 500
MOST_DEVICES = 1_000
MOST_PROBLEMS = 300
MOST_DAYS = 30_000
MOST_NAMES = 20
MOST_LOOK_LINES = 200
LONGEST_NUMBER = 31

FIRST_DAY = date(2000, 1, 1)
"""A day before it is a clock that was never set."""


def outcome_of(examined: "findings.ExaminedFindings", *, today: date, **more: Any) -> SweepOutcome:
    """Return the contents of findings: bounded in size, texts safe on pages and in logs.

    `more` are fields of the outcome that the findings do not tell. A day after tomorrow is a wrong
    clock and counts for no coverage.
    """
    summary, pages = examined.manifest.summary, examined.devices
    sources = [
        source
        for source in examined.coverage.sources
        if source.duplicate_of is None and not source.set_aside
    ]
    marks = pages.lines_to_look_at.markings
    days = list(_days(examined, today + timedelta(days=1)))
    fields: dict[str, Any] = {
        "manifest_digest": examined.digest,
        "version": clean(examined.manifest.version, 40),
        "lists": tuple(clean(one.sha256, 64) for one in examined.manifest.lists[:MOST_NAMES]),
        "lines": summary.lines,
        "bytes_read": summary.bytes_read,
        "sightings": summary.sightings,
        "rejects": examined.rejects.total,
        "reject_reasons": _reasons(examined.rejects.by_reason),
        "indicators": summary.indicators,
        "source_count": len(sources),
        "device_count": len(pages.devices),
        "not_blamed": sum(one.role != "outdated" for one in pages.not_blamed),
        "outdated": sum(one.role == "outdated" for one in pages.not_blamed),
        "unattributed": pages.unattributed.sightings,
        "lines_to_look_at": pages.lines_to_look_at.lines,
        "look": tuple(_look(one, marks) for one in pages.lines_to_look_at.listed[:MOST_LOOK_LINES]),
        "set_aside": tuple(clean(one.path) for one in summary.set_aside[:MOST_NAMES]),
        "problem_count": len(summary.unread),
        "last": max((one.last for one in sources if one.last is not None), default=None),
        "sources": tuple(_source(one) for one in sources[:MOST_SOURCES]),
        "days": tuple(days[:MOST_DAYS]),
        "devices": tuple(_device(one) for one in pages.devices[:MOST_DEVICES]),
        "problems": tuple(
            cleaned_problem(flaw.code, flaw.path, flaw.what, flaw.todo, flaw.facts)
            for flaw in summary.unread[:MOST_PROBLEMS]
        ),
    }
    return SweepOutcome(**{**fields, **more})


def _source(source: Any) -> SourceSeen:
    return SourceSeen(
        path=clean(source.path),
        format=clean(source.format, 40),
        kinds=tuple(sorted(findings.kinds_of_source(source.dataset))),
        lines=source.lines,
        rejects=source.rejects,
        sightings=source.sightings,
        days=len({hour[:10] for hour in source.hours}),
        first=source.first,
        last=source.last,
        zone_assumed=source.zone_from == "assumed" and source.confirmed_by is None,
        year_guessed=_guesses_year(source) and source.confirmed_by is None,
    )


def _guesses_year(source: Any) -> bool:
    return source.year_source is not None and source.year_source.get("kind") == "file-date"


def _device(device: Any) -> DeviceSeen:
    return DeviceSeen(
        device=clean(device.device),
        addresses=tuple(clean(name, 64) for name in device.addresses[:MOST_NAMES]),
        grade=device.grade.value,
        best_grade=device.best_grade.value,
        indicators=tuple(clean(name) for name in device.indicators[:MOST_NAMES]),
        sightings=device.sightings,
        first=device.first_seen,
        last=device.last_seen,
    )


def _look(line: Any, markings: Mapping[str, findings.Tlp]) -> LookSeen:
    marked = [markings.get(name) for name in line.indicators]
    return LookSeen(
        number=clean(line.sighting, LONGEST_NUMBER)[:LONGEST_NUMBER],
        path=clean(line.path),
        offset=line.offset,
        line=clean(line.line, 2 * LONGEST),
        dataset=clean(line.dataset, 60),
        indicators=tuple(clean(one) for one in line.indicators[:MOST_NAMES]),
        why=clean(line.why, 40),
        tlp=reduce(findings.stricter, marked, None) or "",
    )


def cleaned_problem(
    code: str, where: str, what: str, todo: str, facts: Mapping[str, Any]
) -> EngineProblem:
    """Return a problem of the engine, each of its texts cleaned."""
    few = {clean(name, 40): clean(str(fact)) for name, fact in list(facts.items())[:10]}
    return EngineProblem(clean(code, 10), clean(where), clean(what), clean(todo), few)


def _days(examined: "findings.ExaminedFindings", last: date) -> Iterator[DaySeen]:
    for source in examined.coverage.sources:
        kinds = sorted(findings.kinds_of_source(source.dataset))
        if source.duplicate_of is not None or not kinds or not source.digests:
            continue
        digests = tuple(clean(digest, 64) for digest in source.digests)
        lines: Counter[str] = Counter()
        for hour, count in source.hours.items():
            lines[hour[:10]] += count
        for text, count in sorted(lines.items()):
            day = _day(text)
            if day is not None and FIRST_DAY <= day <= last:
                alive = source.alive.get(text, 0)
                for kind in kinds:
                    yield DaySeen(digests, day, clean(kind, 40), count, alive)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _reasons(by_reason: dict[str, int]) -> dict[str, int]:
    most = sorted(by_reason.items(), key=lambda one: (-one[1], one[0]))[:MOST_NAMES]
    return {clean(reason, 80): count for reason, count in most}


_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})\Z")


@dataclass(frozen=True)
class FindingsTrust:
    """What vouches for findings: how far, by whose key, and which files no signature covers."""

    trust: str
    by: str
    uncovered: tuple[str, ...]


def take_in(task: SweepTask, today: date) -> SweepOutcome:
    """Return what the findings in `task.archive` say, now unpacked in the folder `findings`."""
    folder = Path(FINDINGS)
    try:
        unpack(Path(task.archive), folder)
        examined = findings.examine_findings(folder)
        if not is_supported_version(examined.manifest.version):
            version = clean(examined.manifest.version, 40)
            raise NotTaken("H104", version=version, ours=quetsach.__version__)
        red = findings.confidential_indicators(findings.read_folder(folder))
        if red:
            raise NotTaken("H112", count=red)
        vouched = _vouched(task, folder)
        _read_as_cases_do(folder)
    except NotTaken as fault:
        return refusal(fault.code, fault.where, **fault.facts)
    left_out = _drop_uncovered(folder, vouched)
    return outcome_of(
        examined, today=today, trust=vouched.trust, signed_by=vouched.by, left_out=left_out
    )


def _read_as_cases_do(folder: Path) -> None:
    # What cannot be read there must not come so far: cases read all findings of a unit together.
    findings.devices_in(findings.read_folder(folder))
    findings.merge_known_findings([folder])


def is_supported_version(version: str) -> bool:
    """Return whether this version, or an earlier one, writes findings of that version."""
    theirs, ours = _VERSION.match(version), _VERSION.match(quetsach.__version__)
    if theirs is None or ours is None:
        return False
    return tuple(map(int, theirs.groups())) <= tuple(map(int, ours.groups()))


def _vouched(task: SweepTask, folder: Path) -> FindingsTrust:
    verdict = verifying.verify(folder, keys=_key_files(task)).verdict
    if verdict is None or verdict.state == "altered":
        faults = verdict.faults if verdict is not None else ()
        raise NotTaken("H105", reason=clean("; ".join(faults[:3])))
    if verdict.state == "trusted":
        by = next(one for one in verdict.signers if one.trusted)
        return FindingsTrust("signed", clean(f"{by.owner} {by.key_id}".strip()), verdict.uncovered)
    if not task.unsigned_allowed:
        raise NotTaken("H106" if verdict.state == "unsigned" else "H107")
    by_unknown = ", ".join(clean(one.key_id, 20) for one in verdict.signers[:3])
    return FindingsTrust(str(verdict.state), by_unknown, verdict.uncovered)


def _key_files(task: SweepTask) -> list[Path]:
    folder = Path("keys")
    folder.mkdir()
    paths = []
    for number, pem in enumerate(task.keys):
        path = folder / f"{number}.pem"
        path.write_text(pem, encoding="utf-8")
        paths.append(path)
    return paths


def _drop_uncovered(folder: Path, vouched: FindingsTrust) -> tuple[str, ...]:
    """Remove what nothing vouches for; return the names that people may miss."""
    kept = {*MOST_OF, MANIFEST}
    if vouched.trust == "signed":
        kept -= {"report.html"}
    dropped = [name for name in vouched.uncovered if name not in kept]
    for name in dropped:
        (folder / name).unlink()
    return tuple(clean(name) for name in dropped[:20])
