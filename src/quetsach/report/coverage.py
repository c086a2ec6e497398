"""What was looked at: each source, the days it covers, and the inside addresses alive on them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from markupsafe import Markup

from quetsach.report.doubts import doubts_of
from quetsach.report.grid import Cell, Plot, Row, drawn
from quetsach.report.written import day, foreign, number, short_day, size, span
from quetsach.texts import _

MOST_SOURCES = 40
"""How many sources the plot draws; the table has all of them."""

IN_THE_OPEN = 30
"""How many sources the table shows at once; the rest is folded away, and left out on paper."""

MOST_COLUMNS = 31
"""How many columns the plot has at most; beyond it a column is several days."""

_HOURS_A_DAY = 24


@dataclass(frozen=True)
class Source:
    """One row of the table of sources, as it is shown."""

    path: str
    form: str
    period: str
    lines: str
    bytes: str
    hours: str
    alive: str
    zone: str
    sightings: str
    rejects: str
    duplicate_of: str


@dataclass(frozen=True)
class AliveDay:
    """How many inside addresses spoke on a day, over all sources."""

    day: str
    count: str


@dataclass(frozen=True)
class Coverage:
    """The section on what was looked at."""

    sources: Sequence[Source]
    in_the_open: int
    svg: Markup | None
    not_drawn: int
    days_a_column: int
    alive: Sequence[AliveDay]
    doubts: Sequence[str] = ()


def coverage_of(coverage: Mapping[str, Any], zone: tzinfo) -> Coverage:
    """Return the table and the plot of `coverage` (shape: coverage.json)."""
    sources = coverage["sources"]
    days = [_hours_by_day(source, zone) for source in sources]
    svg, step = _plot(days)
    return Coverage(
        sources=[_source(one, len(each), zone) for one, each in zip(sources, days, strict=True)],
        in_the_open=IN_THE_OPEN,
        svg=svg,
        not_drawn=max(0, len(sources) - MOST_SOURCES),
        days_a_column=step,
        alive=[
            AliveDay(day(date.fromisoformat(text)), number(len(names)))
            for text, names in sorted(coverage["alive"].items())
        ],
        doubts=doubts_of(coverage),
    )


def covered_hours(coverage: Mapping[str, Any], zone: tzinfo) -> frozenset[datetime]:
    """Return the hours, in `zone`, for which any source has a line."""
    return frozenset(
        in_zone(text, zone)
        for source in coverage["sources"]
        for text, lines in source["hours"].items()
        if lines
    )


def in_zone(text: str, zone: tzinfo) -> datetime:
    """Return the ISO 8601 time `text` in `zone`."""
    return datetime.fromisoformat(text).astimezone(zone)


def _source(source: Mapping[str, Any], days: int, zone: tzinfo) -> Source:
    hours = sum(1 for lines in source["hours"].values() if lines)
    codec = "" if source["codec"] == "plain" else f" ({foreign(source['codec'])})"
    return Source(
        path=foreign(source["path"]),
        form=foreign(source["format"]) + codec,
        period=_period(source, zone),
        lines=number(source["lines"]),
        bytes=size(source["bytes"]),
        hours=_("%(hours)s hours on %(days)s days")
        % {"hours": number(hours), "days": number(days)},
        alive=_alive(source["alive"]),
        zone=_("written in the log") if source["zone"] is None else foreign(source["zone"]),
        sightings=number(source["sightings"]),
        rejects=number(source["rejects"]),
        duplicate_of="" if source["duplicate_of"] is None else foreign(source["duplicate_of"]),
    )


def _period(source: Mapping[str, Any], zone: tzinfo) -> str:
    if source["first"] is None:
        return _("no time in the log")
    return span(source["first"], source["last"], zone)


def _alive(alive: Mapping[str, int]) -> str:
    if not alive:
        return "–"
    least, most = min(alive.values()), max(alive.values())
    return number(most) if least == most else f"{number(least)}–{number(most)}"


def _hours_by_day(source: Mapping[str, Any], zone: tzinfo) -> Counter[int]:
    """Return how many hours with lines each day has, days as ordinals."""
    return Counter(
        in_zone(text, zone).toordinal() for text, lines in source["hours"].items() if lines
    )


def _plot(days: Sequence[Counter[int]]) -> tuple[Markup | None, int]:
    every = {ordinal for each in days for ordinal in each}
    if not every:
        return None, 1
    first = min(every)
    step = -(-(max(every) - first + 1) // MOST_COLUMNS)
    columns = -(-(max(every) - first + 1) // step)
    rows = [
        _row(f"#{index}", each, first=first, step=step, columns=columns)
        for index, each in enumerate(days[:MOST_SOURCES], start=1)
    ]
    plot = Plot(
        key="coverage-plot",
        title=_("Days covered by each source"),
        description=_(
            "One row a source, numbered as in the table below; one column a day or more."
        ),
        note_head=_("hours"),
        columns=columns,
        ticks=_ticks(first, step, columns),
        rows=rows,
    )
    return drawn(plot), step


def _ticks(first: int, step: int, columns: int) -> list[tuple[int, str]]:
    apart = -(-columns // 6)
    return [
        (column, short_day(date.fromordinal(first + column * step)))
        for column in range(0, columns, apart)
    ]


def _row(label: str, hours: Counter[int], *, first: int, step: int, columns: int) -> Row:
    filled: Counter[int] = Counter()
    for ordinal, count in hours.items():
        filled[(ordinal - first) // step] += count
    whole = _HOURS_A_DAY * step
    cells = [Cell(filled[column] / whole) for column in range(columns)]
    return Row(label, cells, number(sum(hours.values())))
