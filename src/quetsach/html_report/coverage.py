"""The coverage section: each source, the days it covers, and the live inside addresses."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from quetsach.html_report.words import day, foreign, number, short_day, size, span
from quetsach.texts import _

WIDTH = 336
"""Width of every plot in its own units: on a screen of 360 px its labels can still be read."""

_LABEL = 72
_NOTE = 54
_TOP = 16
_ROW = 18
_FEW, _SOME = 3, 10


@dataclass(frozen=True)
class GridCell:
    """One span of time: the share of it that a log covers (0 to 1), its count and its name."""

    covered: float
    count: int = 0
    name: str = ""


@dataclass(frozen=True)
class GridRow:
    """One row: its label, its cells from left to right (None: no such time), a note after them.

    A row without cells is a gap; its note says how much was left out.
    """

    label: str
    cells: Sequence[GridCell | None]
    note: str = ""


@dataclass(frozen=True)
class Plot:
    """A plot: its title and description in words, the head of its notes, its columns and rows."""

    key: str
    title: str
    description: str
    note_head: str
    columns: int
    ticks: Sequence[tuple[int, str]]
    rows: Sequence[GridRow]


def drawn(plot: Plot) -> Markup:
    """Return `plot` as an inline SVG; its hatching is the pattern `no-log` of the page."""
    height = _TOP + _ROW * len(plot.rows) + 2
    key = escape(plot.key)
    wide = (WIDTH - _LABEL - _NOTE) / plot.columns
    parts = [
        f'<svg class="plot" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-labelledby="{key}-t {key}-d"><title id="{key}-t">{escape(plot.title)}</title>'
        f'<desc id="{key}-d">{escape(plot.description)}</desc>',
        *(_tick(at, text, wide) for at, text in plot.ticks),
        _note(plot.note_head, 11, "tick"),
    ]
    for index, row in enumerate(plot.rows):
        parts += _row(row, _TOP + _ROW * index, wide)
    parts += [_rule(at, height, wide) for at, _text in plot.ticks]
    return Markup("".join([*parts, "</svg>"]))  # noqa: S704 - each foreign text was escaped


def _rule(at: int, height: int, wide: float) -> str:
    across = _at(_LABEL + at * wide)
    return f'<line class="rule" x1="{across}" y1="{_TOP - 2}" x2="{across}" y2="{height - 4}"/>'


def _tick(at: int, text: str, wide: float) -> str:
    return f'<text class="tick" x="{_at(_LABEL + at * wide)}" y="11">{escape(text)}</text>'


def _row(grid_row: GridRow, y: int, wide: float) -> Iterator[str]:
    if not grid_row.cells:
        yield f'<text class="gap" x="{_LABEL}" y="{y + 12}">{escape(grid_row.note)}</text>'
        return
    yield f'<text class="label" x="{_LABEL - 5}" y="{y + 12}">{escape(grid_row.label)}</text>'
    yield from _ground(grid_row.cells, y, wide)
    for index, cell in enumerate(grid_row.cells):
        if cell is not None and cell.count:
            yield _dot(cell, _LABEL + (index + 0.5) * wide, y)
    yield _note(grid_row.note, y + 12, "note")


def _note(text: str, y: int, kind: str) -> str:
    return f'<text class="{kind}" x="{WIDTH - _NOTE + 5}" y="{y}">{escape(text)}</text>'


def _ground(cells: Sequence[GridCell | None], y: int, wide: float) -> Iterator[str]:
    """Yield the ground under a row, cells of the same kind drawn as one rectangle."""
    shares = [None if cell is None else cell.covered for cell in cells]
    start = 0
    for index in range(1, len(cells) + 1):
        share = shares[start]
        if index < len(cells) and shares[index] == share:
            continue
        if share is not None:
            yield from _span(share, start * wide, (index - start) * wide, y)
        start = index


def _span(share: float, x: float, width: float, y: int) -> Iterator[str]:
    tall = _ROW - 3
    filled = max(2.0, tall * min(share, 1.0)) if share else 0.0
    place = f'x="{_at(_LABEL + x)}" y="{{}}" width="{_at(width)}" height="{{}}"/>'
    if filled < tall:
        yield f'<rect class="{"part" if filled else "none"}" {place.format(y, tall)}'
    if filled:
        yield f'<rect class="log" {place.format(_at(y + tall - filled), _at(filled))}'


def _dot(cell: GridCell, across: float, y: int) -> str:
    radius = 2.2 if cell.count < _FEW else 3.2 if cell.count < _SOME else 4.4
    place = f'cx="{_at(across)}" cy="{_at(y + (_ROW - 3) / 2)}" r="{radius}"'
    return f'<circle class="hit" {place}><title>{escape(cell.name)}</title></circle>'


def _at(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


MOST_SOURCES = 40
"""How many sources the plot draws; the table has all of them."""

IN_THE_OPEN = 30
"""How many sources the table shows at once; the rest is folded away, and left out on paper."""

MOST_COLUMNS = 31
"""How many columns the plot has at most; beyond it a column is several days."""

_HOURS_A_DAY = 24


@dataclass(frozen=True)
class SourceView:
    """One row of the table of sources, as it is shown."""

    path: str
    form: str
    period: str
    lines: str
    bytes: str
    hours: str
    without_hour: str
    alive: str
    zone: str
    sightings: str
    rejects: str
    duplicate_of: str
    shared: str
    year: str
    declared: Sequence[str]


@dataclass(frozen=True)
class AliveDay:
    """How many inside addresses spoke on a day, over all sources."""

    day: str
    count: str


@dataclass(frozen=True)
class CoverageSection:
    """The section on what was looked at."""

    sources: Sequence[SourceView]
    assumed: int
    zone: str
    in_the_open: int
    svg: Markup | None
    not_drawn: int
    days_a_column: int
    alive: Sequence[AliveDay]


def coverage_of(
    coverage: Mapping[str, Any],
    zone: tzinfo,
    shown: Callable[[Sequence[Any]], Sequence[Any]] = list,
) -> CoverageSection:
    """Return the table and the plot of `coverage` (shape: coverage.json).

    `shown` returns those of the sources that the table has a row for, the first of them.
    """
    sources = [one for one in coverage["sources"] if not one.get("set_aside")]
    days = [_hours_by_day(source, zone) for source in sources]
    svg, step = _plot(days)
    return CoverageSection(
        sources=[
            _source(one, len(each), zone) for one, each in zip(shown(sources), days, strict=False)
        ],
        assumed=sum(map(_is_assumed, sources)),
        zone=foreign(coverage.get("zone", "")),
        in_the_open=IN_THE_OPEN,
        svg=svg,
        not_drawn=max(0, len(sources) - MOST_SOURCES),
        days_a_column=step,
        alive=[
            AliveDay(day(date.fromisoformat(text)), number(len(names)))
            for text, names in sorted(coverage["alive"].items())
        ],
    )


def covered_hours(coverage: Mapping[str, Any], zone: tzinfo) -> frozenset[datetime]:
    """Return the hours, in `zone`, for which any source has a line."""
    return frozenset(
        in_zone(text, zone)
        for source in coverage["sources"]
        for text, lines in source["hours"].items()
        if lines
    )


@lru_cache(maxsize=65_536)
def in_zone(text: str, zone: tzinfo) -> datetime:
    """Return the ISO 8601 time `text` in `zone`."""
    return datetime.fromisoformat(text).astimezone(zone)


def _source(source: Mapping[str, Any], days: int, zone: tzinfo) -> SourceView:
    hours = sum(1 for lines in source["hours"].values() if lines)
    codec = "" if source["codec"] == "plain" else f" ({foreign(source['codec'])})"
    return SourceView(
        path=foreign(source["path"]),
        form=foreign(source["format"]) + codec,
        period=_period(source, zone),
        lines=number(source["lines"]),
        bytes=size(source["bytes"]),
        hours=_("%(hours)s hours on %(days)s days")
        % {"hours": number(hours), "days": number(days)},
        without_hour=number(source["lines_without_hour"]) if lacks_hours(source) else "",
        alive=_alive(source["alive"]),
        zone=_zone(source),
        sightings=number(source["sightings"]),
        rejects=number(source["rejects"]),
        duplicate_of="" if source["duplicate_of"] is None else foreign(source["duplicate_of"]),
        shared=_shared(source),
        year=_year(source.get("year_source")),
        declared=list(_declared(source.get("declared"))),
    )


MOST_HOURLESS = 20
"""So many lines without an hour are the header of a table, or of a few that follow each other."""


def lacks_hours(source: Mapping[str, Any]) -> bool:
    """Return whether a log tells times, and no hour could be read in most of its lines.

    Shapes: `source` is one of coverage.json. Tables of leases, and of what a machine tells of
    itself, have no hours by their nature.
    """
    without = source.get("lines_without_hour", 0)
    is_table = source.get("dataset", "").endswith(".lease") or source["format"].startswith("host-")
    has_times = source["hours"] or source["first"] is not None
    most = without > MOST_HOURLESS and 2 * without > source["lines"]
    return bool(most and has_times and not is_table)


def _shared(source: Mapping[str, Any]) -> str:
    """Return which file counts the sightings of a common beginning, "" where none does."""
    if not source.get("shared_with"):
        return ""
    return _("%(n)s more are in %(path)s as well and count there: both files begin alike") % {
        "n": number(source["shared_sightings"]),
        "path": foreign(source["shared_with"]),
    }


def _is_assumed(source: Mapping[str, Any]) -> bool:
    return source.get("zone_from") == "assumed" and source.get("confirmed_by") is None


def _zone(source: Mapping[str, Any]) -> str:
    """Return the zone of a source's times and from where it is known, in words."""
    origin, confirmed = source.get("zone_from"), source.get("confirmed_by")
    if source["zone"] is None:
        if source["first"] is None:
            return ""
        return _("UTC by definition") if origin == "by-definition" else _("written in the log")
    facts = {"zone": foreign(source["zone"])}
    if origin == "declared":
        return _("%(zone)s, declared") % facts
    if confirmed is not None:
        facts |= {"pairs": number(confirmed["pairs"]), "path": foreign(confirmed["path"])}
        return _("%(zone)s, confirmed by %(pairs)s common events with %(path)s") % facts
    return _("%(zone)s, assumed") % facts if origin == "assumed" else facts["zone"]


def _declared(declared: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield what else was declared of a source."""
    if declared is None:
        return
    if declared["name"]:
        yield foreign(declared["name"], 80)
    ahead_s = declared["clock_offset_s"]
    if ahead_s:
        facts = {"seconds": number(round(abs(ahead_s)))}
        fast, slow = _("clock declared %(seconds)s s fast"), _("clock declared %(seconds)s s slow")
        yield (fast if ahead_s > 0 else slow) % facts
    if declared["inside"]:
        networks = ", ".join(foreign(network, 48) for network in declared["inside"])
        yield _("own networks declared: %(networks)s") % {"networks": networks}


def _year(year_source: Mapping[str, Any] | None) -> str:
    """Return from where the year of a log without years was taken; "" where it has them."""
    if year_source is None:
        return ""
    facts = {
        "year": ", ".join(map(str, year_source["years"])) or "–",
        "path": foreign(year_source["path"]),
    }
    if year_source["kind"] == "declared":
        return _("year %(year)s as declared") % facts
    if year_source["kind"] == "name":
        return _("year %(year)s taken from the file's name") % facts
    if year_source["kind"] == "neighbour":
        return _("year %(year)s taken from %(path)s") % facts
    return _("year %(year)s guessed from when the file was changed last") % facts


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
        _coverage_row(f"#{index}", each, first=first, step=step, columns=columns)
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


def _coverage_row(
    label: str, hours: Counter[int], *, first: int, step: int, columns: int
) -> GridRow:
    filled: Counter[int] = Counter()
    for ordinal, count in hours.items():
        filled[(ordinal - first) // step] += count
    whole = _HOURS_A_DAY * step
    cells = [GridCell(filled[column] / whole) for column in range(columns)]
    return GridRow(label, cells, number(sum(hours.values())))
