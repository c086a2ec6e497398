"""The slow, obvious twin of the scan: every line is parsed in full, every event is looked at."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from quetsach.formats.contract import HEAD_BYTES, Line, relayout
from quetsach.formats.line_forms import second_look
from quetsach.formats.registry import recognise
from quetsach.formats.shared import text_lines
from quetsach.indicators.model import Indicator
from tests.oracles.match import ORDER, Found, hits

Told = tuple[int, str, str, str, int, str, str, str]
"""Offset, key, field, rule, labels below, grade, direction, side of the validity."""


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
    lines = content.removesuffix(b"\n").count(b"\n") + 1 if content else 0
    for record in _records(content, layout.record):
        first = record[0][1]
        if layout.header is not None and first.startswith(layout.header):
            layout = relayout(form, first, layout) or layout
        rows = form.parse(record, layout, zone)
        if layout.record is None:
            rows = second_look(rows, record, zone, layout.taken_us)
            lines_at = dict(record)
            for refused in list(rows.rejects):
                if hits({}, lines_at[refused.offset], known):
                    rows.rejects.remove(refused)
                    rows.add(refused.offset, text_lines.read(lines_at[refused.offset], zone))
        ends = {offset for offset, _ in rows.events} | {one.offset for one in rows.rejects}
        raw = {start: _text_of(record, start, ends) for start in ends}
        best: dict[tuple[int, str], Found] = {}
        for offset, event in rows.events:
            for found in hits(event, raw[offset], known):
                old = best.get((offset, found[0]))
                if old is None or _rank(found) > _rank(old):
                    best[offset, found[0]] = found
        told += [(offset, key, *rest) for (offset, _), (key, _kind, *rest) in best.items()]  # type: ignore[misc]  # five values
        rejects |= {one.offset for one in rows.rejects if hits({}, raw[one.offset], known)}
    return Judged(lines, sorted(told), rejects)


def _rank(found: Found) -> tuple[bool, int]:
    return not found[7], ORDER.index(found[5])


def _text_of(record: list[Line], start: int, ends: set[int]) -> bytes:
    """Return the lines from `start` on that no other event or reject begins."""
    stop = min((end for end in ends if end > start), default=1 << 60)
    return b"\n".join(line for offset, line in record if start <= offset < stop)


def _records(content: bytes, starts: bytes | tuple[bytes, ...] | None) -> list[list[Line]]:
    """Return the lines of `content` with their offsets, those of one record together."""
    records: list[list[Line]] = []
    offset = 0
    for line in content.removesuffix(b"\n").split(b"\n") if content else []:
        if starts is None or not records or line.startswith(starts):
            records.append([])
        records[-1].append((offset, line))
        offset += len(line) + 1
    return records
