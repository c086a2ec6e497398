"""From findings that were examined to what the portal shows and counts; no Django in here."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from quetsach import api
from quetsach_portal.intake.boundary import DaySeen, DeviceSeen, Outcome, SourceSeen, Told

MOST_SOURCES = 500
MOST_DEVICES = 1_000
MOST_PROBLEMS = 300
MOST_DAYS = 30_000
MOST_NAMES = 20
LONGEST = 300

FIRST_DAY = date(2000, 1, 1)
"""A day before it is a clock that was never set."""


def outcome_of(examined: "api.Examined", *, today: date, **more: Any) -> Outcome:
    """Return what stands in findings, in bounded size and with texts that harm no page or log.

    `more` are fields of the outcome that the findings do not tell. A day after tomorrow is a wrong
    clock and counts for no coverage.
    """
    summary, pages = examined.manifest.summary, examined.devices
    sources = [one for one in examined.coverage.sources if one.duplicate_of is None]
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
        "not_blamed": len(pages.not_blamed),
        "unattributed": pages.unattributed.sightings,
        "problem_count": len(summary.unread),
        "last": max((one.last for one in sources if one.last is not None), default=None),
        "sources": tuple(_source(one) for one in sources[:MOST_SOURCES]),
        "days": tuple(days[:MOST_DAYS]),
        "devices": tuple(_device(one) for one in pages.devices[:MOST_DEVICES]),
        "problems": tuple(_told(one) for one in summary.unread[:MOST_PROBLEMS]),
    }
    return Outcome(**{**fields, **more})


def clean(text: str, most: int = LONGEST) -> str:
    """Return `text` as one line without control signs, not longer than `most`."""
    cut = text[:most]
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in cut)[: 2 * most]


def _source(one: Any) -> SourceSeen:
    return SourceSeen(
        path=clean(one.path),
        format=clean(one.format, 40),
        kinds=tuple(sorted(api.kinds_of_source(one.dataset))),
        lines=one.lines,
        rejects=one.rejects,
        sightings=one.sightings,
        days=len({hour[:10] for hour in one.hours}),
        first=one.first,
        last=one.last,
    )


def _device(one: Any) -> DeviceSeen:
    return DeviceSeen(
        device=clean(one.device),
        addresses=tuple(clean(name, 64) for name in one.addresses[:MOST_NAMES]),
        grade=one.grade.value,
        best_grade=one.best_grade.value,
        indicators=tuple(clean(name) for name in one.indicators[:MOST_NAMES]),
        sightings=one.sightings,
        first=one.first_seen,
        last=one.last_seen,
    )


def _told(one: Any) -> Told:
    facts = {clean(name, 40): clean(str(value)) for name, value in list(one.facts.items())[:10]}
    return Told(clean(one.code, 10), clean(one.path), clean(one.what), clean(one.todo), facts)


def _days(examined: "api.Examined", last: date) -> Iterator[DaySeen]:
    for source in examined.coverage.sources:
        kinds = sorted(api.kinds_of_source(source.dataset))
        if source.duplicate_of is not None or not kinds:
            continue
        lines: Counter[str] = Counter()
        for hour, count in source.hours.items():
            lines[hour[:10]] += count
        for text, count in sorted(lines.items()):
            day = _day(text)
            if day is not None and FIRST_DAY <= day <= last:
                alive = source.alive.get(text, 0)
                for kind in kinds:
                    yield DaySeen(clean(source.sha256, 64), day, clean(kind, 40), count, alive)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _reasons(by_reason: dict[str, int]) -> dict[str, int]:
    most = sorted(by_reason.items(), key=lambda one: (-one[1], one[0]))[:MOST_NAMES]
    return {clean(reason, 80): count for reason, count in most}
