"""The slow, obvious twin of the scan: every line is parsed in full, every event is looked at."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from quetsach.formats.contract import HEAD_BYTES
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
    offset = lines = 0
    for line in content.removesuffix(b"\n").split(b"\n") if content else []:
        lines += 1
        if layout.header is not None and line.startswith(layout.header):
            layout = form.relayout(line, layout) or layout
        rows = form.parse([(offset, line)], layout, zone)
        best: dict[str, Found] = {}
        for _, event in rows.events:
            for found in hits(event, line, known):
                old = best.get(found[0])
                if old is None or ORDER.index(found[5]) > ORDER.index(old[5]):
                    best[found[0]] = found
        told += [(offset, key, *rest) for key, _kind, *rest in best.values()]  # type: ignore[misc]  # five values
        if rows.rejects and hits({}, line, known):
            rejects.add(offset)
        offset += len(line) + 1
    return Judged(lines, sorted(told), rejects)
