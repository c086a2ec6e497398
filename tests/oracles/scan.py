"""The slow, obvious twin of the scan: every line is parsed in full, every event is looked at."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from quetsach.formats.contract import HEAD_BYTES, Line
from quetsach.formats.registry import recognise
from quetsach.indicators.model import Indicator
from tests.oracles.match import ORDER, Found, hits

Told = tuple[int, str, str, str, int, str, str]
"""Offset, key, field, rule, labels below, grade, direction."""


@dataclass(frozen=True)
class Judged:
    """What a log holds: its lines, its sightings, and the rejected lines that name an indicator."""

    lines: int
    sightings: list[Told]
    telling_rejects: set[int]


def scanned(content: bytes, indicators: Iterable[Indicator], zone: ZoneInfo) -> Judged:
    """Return what `content` holds."""
    known = list(indicators)
    form = recognise(content[:HEAD_BYTES])
    layout = form.layout(content[:HEAD_BYTES])
    told: list[Told] = []
    rejects: set[int] = set()
    lines = _lines(content)
    for record in _records(lines, layout.record):
        offset, line = record[0]
        if layout.header is not None and line.startswith(layout.header):
            layout = form.relayout(line, layout) or layout
        rows = form.parse(record, layout, zone)
        raw = dict(record)
        best: dict[tuple[int, str], Found] = {}
        for offset, event in rows.events:
            for found in hits(event, raw[offset], known):
                old = best.get((offset, found[0]))
                if old is None or ORDER.index(found[5]) > ORDER.index(old[5]):
                    best[offset, found[0]] = found
        told += [(offset, key, *rest) for (offset, _), (key, _kind, *rest) in best.items()]  # type: ignore[misc]  # five values
        rejects |= {one.offset for one in rows.rejects if hits({}, raw[one.offset], known)}
    return Judged(len(lines), sorted(told), rejects)


def _lines(content: bytes) -> list[Line]:
    found, offset = [], 0
    for line in content.removesuffix(b"\n").split(b"\n") if content else []:
        found.append((offset, line))
        offset += len(line) + 1
    return found


def _records(
    lines: list[Line], beginning: bytes | tuple[bytes, ...] | None
) -> Iterable[list[Line]]:
    """Yield the lines one by one, or the lines of each record where it has several."""
    record: list[Line] = []
    for offset, line in lines:
        if record and (beginning is None or line.startswith(beginning)):
            yield record
            record = []
        record.append((offset, line))
    if record:
        yield record
