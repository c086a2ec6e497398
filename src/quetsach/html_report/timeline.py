"""When a device was seen: hours by days, days by months or months by years, over the coverage."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from quetsach.errors.catalogue import N_
from quetsach.html_report.coverage import GridCell, GridRow, Plot, drawn
from quetsach.html_report.words import day, month, number, short_day, weekday
from quetsach.texts import _

MOST_ROWS = 31
"""How many rows with data a plot has before it changes to a coarser scale."""

LAST_ROWS = 60
"""How many rows the coarsest scale keeps; a wrong clock can spread a log over centuries."""

_SMALL_GAP = 2

Slot = tuple[int, int]
"""A row and a column of the grid, as whole numbers that count up with time."""


@dataclass(frozen=True)
class TimelineRow:
    """One row of the table under the plot: when, how much was covered, what was seen."""

    when: str
    covered: str
    seen: str
    total: str


@dataclass(frozen=True)
class TimelineSection:
    """A plot and the table with the same content in words."""

    svg: Markup
    rows: Sequence[TimelineRow]
    left_out: int


@dataclass(frozen=True)
class _Scale:
    """How time is mapped to the grid."""

    columns: int
    slot: Callable[[datetime], Slot]
    label: Callable[[int], str]
    name: Callable[[int], str]
    column: Callable[[int], str]
    width: Callable[[int], int]
    ticks: Sequence[tuple[int, str]]
    gap: str


class CoveredHours:
    """The hours with lines of any source, mapped to each scale once for all devices."""

    def __init__(self, hours: Iterable[datetime]) -> None:
        kept = tuple(hours)
        self._slots = {
            id(scale): frozenset(scale.slot(when) for when in kept)
            for scale in (_HOURS, _DAYS, _MONTHS)
        }

    def slots(self, scale: _Scale) -> frozenset[Slot]:
        """Return the rows and columns of `scale` that have lines."""
        return self._slots[id(scale)]


def timeline(
    key: str, counts: Mapping[datetime, int], covered: CoveredHours, alive: frozenset[date]
) -> TimelineSection:
    """Return when a device was seen, over the hours that any log covers.

    Shapes: `counts` are sightings per hour and `covered` the hours with lines, in the zone shown;
    `alive` are the days on which the device spoke in any log at all (empty: not known).
    """
    scale = _scale_for(covered, counts)
    sighted: dict[Slot, int] = defaultdict(int)
    for when, count in counts.items():
        sighted[scale.slot(when)] += count
    # A sighting is itself a line of a log.
    logged = covered.slots(scale) | set(sighted)
    kept = sorted({row_index for row_index, _column in logged})
    shown = kept[-LAST_ROWS:]
    plot = Plot(
        key=key,
        title=_("When it was seen"),
        description=_described(sum(counts.values()), len(shown)),
        note_head=_("sightings"),
        columns=scale.columns,
        ticks=scale.ticks,
        rows=list(_rows(shown, sighted, logged, scale=scale, alive=alive)),
    )
    spoken = [_spoken(row_index, sighted, logged, scale) for row_index in shown]
    return TimelineSection(drawn(plot), spoken, len(kept) - len(shown))


def _described(total: int, rows: int) -> str:
    return _("%(n)s sightings over %(rows)s rows of time; the table below says when.") % {
        "n": number(total),
        "rows": number(rows),
    }


def _rows(
    shown: Sequence[int],
    sighted: Mapping[Slot, int],
    logged: AbstractSet[Slot],
    *,
    scale: _Scale,
    alive: frozenset[date],
) -> Iterable[GridRow]:
    before: int | None = None
    for row_index in shown:
        missing = 0 if before is None else row_index - before - 1
        if missing > _SMALL_GAP:
            yield GridRow("", (), _(scale.gap) % {"n": number(missing)})
        elif before is not None:
            for empty in range(before + 1, row_index):
                yield _row(empty, sighted, logged, scale=scale, alive=alive)
        yield _row(row_index, sighted, logged, scale=scale, alive=alive)
        before = row_index


def _row(
    row_index: int,
    sighted: Mapping[Slot, int],
    logged: AbstractSet[Slot],
    *,
    scale: _Scale,
    alive: frozenset[date],
) -> GridRow:
    cells: list[GridCell | None] = []
    for column in range(scale.columns):
        if column >= scale.width(row_index):
            cells.append(None)
            continue
        count = sighted.get((row_index, column), 0)
        name = f"{scale.name(row_index)} {scale.column(column)}: {number(count)}" if count else ""
        cells.append(GridCell(1.0 if (row_index, column) in logged else 0.0, count, name))
    total = sum(cell.count for cell in cells if cell is not None)
    return GridRow(
        scale.label(row_index), cells, _note(row_index, total, cells, scale=scale, alive=alive)
    )


def _note(
    row_index: int,
    total: int,
    cells: Sequence[GridCell | None],
    *,
    scale: _Scale,
    alive: frozenset[date],
) -> str:
    if total:
        return number(total)
    if not any(cell is not None and cell.covered for cell in cells):
        return _("no log")
    if scale is _HOURS and alive and date.fromordinal(row_index) not in alive:
        return _("not alive")
    return "0"


def _spoken(
    row_index: int, sighted: Mapping[Slot, int], logged: AbstractSet[Slot], scale: _Scale
) -> TimelineRow:
    columns = range(scale.width(row_index))
    counts = [
        (column, sighted[row_index, column]) for column in columns if (row_index, column) in sighted
    ]
    covered = sum((row_index, column) in logged for column in columns)
    return TimelineRow(
        scale.name(row_index),
        f"{covered}/{scale.width(row_index)}",
        "; ".join(f"{scale.column(column)}: {number(count)}" for column, count in counts) or "–",
        number(sum(count for _column, count in counts)),
    )


def _scale_for(covered: CoveredHours, counts: Iterable[datetime]) -> _Scale:
    for scale in (_HOURS, _DAYS):
        rows = {row for row, _column in covered.slots(scale)}
        if len(rows | {scale.slot(when)[0] for when in counts}) <= MOST_ROWS:
            return scale
    return _MONTHS


def _day_label(row: int) -> str:
    when = date.fromordinal(row)
    return f"{weekday(when)} {short_day(when)}"


def _day_name(row: int) -> str:
    when = date.fromordinal(row)
    return f"{weekday(when)} {day(when)}"


def _month_name(row: int) -> str:
    return month(date(row // 12, row % 12 + 1, 1))


_HOURS = _Scale(
    columns=24,
    slot=lambda when: (when.toordinal(), when.hour),
    label=_day_label,
    name=_day_name,
    column=lambda column: f"{column:02}:00",
    width=lambda _row: 24,
    ticks=tuple((hour, f"{hour}:00") for hour in (0, 6, 12, 18)),
    gap=N_("%(n)s days without any log"),
)

_DAYS = _Scale(
    columns=31,
    slot=lambda when: (when.year * 12 + when.month - 1, when.day - 1),
    label=_month_name,
    name=_month_name,
    column=lambda column: str(column + 1),
    width=lambda row: monthrange(row // 12, row % 12 + 1)[1],
    ticks=tuple((first - 1, str(first)) for first in (1, 8, 15, 22, 29)),
    gap=N_("%(n)s months without any log"),
)

_MONTHS = _Scale(
    columns=12,
    slot=lambda when: (when.year, when.month - 1),
    label=str,
    name=str,
    column=lambda column: str(column + 1),
    width=lambda _row: 12,
    ticks=tuple((index, str(index + 1)) for index in range(12)),
    gap=N_("%(n)s years without any log"),
)
