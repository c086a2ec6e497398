"""Charts as SVG: stacked columns by day, strips of days, lines from phase to phase."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def number(value: float) -> str:
    """Return a coordinate: at most one digit behind the point, whatever the language."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")


# Pictures in rows draw the same few over and over.
@lru_cache(maxsize=4096)
def rect(left: float, y: float, width: float, height: float, *, tone: str) -> SafeString:
    """Return a rectangle of the class `tone`."""
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
        tone,
        number(left),
        number(y),
        number(width),
        number(height),
    )


def with_tooltip(parts: SafeString, title: str, address: str = "") -> SafeString:
    """Return `parts` as one thing that says `title` when it is pointed at, and opens `address`.

    A keyboard passes it by: the table beside the picture has the same links.
    """
    if address:
        return format_html(
            '<a href="{}" tabindex="-1"><title>{}</title>{}</a>', address, title, parts
        )
    return format_html("<g><title>{}</title>{}</g>", title, parts)


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Return the parts one after the other."""
    return format_html_join("", "{}", ((one,) for one in parts))


def picture(parts: SafeString, width: float, height: float, *, kind: str) -> SafeString:
    """Return the whole picture, stretched to its place; the numbers stand beside it in a table."""
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">'
        "{}</svg>",
        kind,
        number(width),
        number(height),
        parts,
    )


COLUMN, GAP, DAYS_HEIGHT = 10, 2, 120
LEAST_DAYS = 14
"""Fewer days leave room to their right, so that a column never becomes a wall."""


def stacked(
    days: Sequence[Sequence[int]],
    tones: Sequence[str],
    titles: Sequence[str],
    addresses: Sequence[str] = (),
    *,
    blind: Collection[int] = (),
) -> SafeString:
    """Return a column for each of `days`, whose parts have the classes `tones`, lowest first.

    Shapes: at the places of `blind` nothing was looked at: a dashed mark stands there and no zero.

    The highest column is as high as the picture; a part of something is always seen. A day with an
    address is pressed over its whole height.
    """
    highest = max([1, *(sum(one) for one in days)])
    width = max(LEAST_DAYS, len(days)) * (COLUMN + GAP)
    opened = addresses or [""] * len(days)
    drawn = [
        with_tooltip(
            _blind_day(place)
            if place in blind
            else _day(parts, tones, place, highest, is_open=bool(address)),
            title,
            address,
        )
        for place, (parts, title, address) in enumerate(zip(days, titles, opened, strict=True))
    ]
    floor = rect(0, DAYS_HEIGHT, width, 1, tone="draw-floor")
    return picture(joined([*drawn, floor]), width, DAYS_HEIGHT + 1, kind="draw draw-days")


def _blind_day(place: int) -> SafeString:
    return rect(place * (COLUMN + GAP), 0, COLUMN, DAYS_HEIGHT, tone="draw-blind")


def shares_bar(parts: Sequence[tuple[int, str]]) -> SafeString:
    """Return one bar of all `parts`, each a number with its class; a part is always seen."""
    shown = [(count, tone) for count, tone in parts if count > 0]
    whole = max(1, sum(count for count, _tone in shown))
    start, drawn = 0.0, []
    for count, tone in shown:
        wide = max(1.5, 100 * count / whole)
        drawn.append(rect(start, 0, max(0.5, wide - 0.6), 8, tone=tone))
        start += wide
    return picture(joined(drawn), max(100, start), 8, kind="draw draw-shares")


def _day(
    parts: Sequence[int], tones: Sequence[str], place: int, highest: int, *, is_open: bool
) -> SafeString:
    left = place * (COLUMN + GAP)
    column = _column(parts, tones, left, highest)
    if not is_open:
        return column
    return joined([rect(left, 0, COLUMN + GAP, DAYS_HEIGHT, tone="draw-press"), column])


def _column(parts: Sequence[int], tones: Sequence[str], left: float, highest: int) -> SafeString:
    drawn, top = [], float(DAYS_HEIGHT)
    for part, tone in zip(parts, tones, strict=True):
        high = 0.0 if part <= 0 else max(1.5, DAYS_HEIGHT * part / highest)
        top -= high
        if high:
            drawn.append(rect(left, max(0.0, top), COLUMN, high, tone=tone))
    return joined(drawn)


CELL, STRIP_HEIGHT = 10, 20


@dataclass(frozen=True)
class DayRun:
    """Neighbouring days that look the same, in a strip.

    Shapes: `share` is from 0 to 1, None where it is not asked about; `title` is what they say when
    pointed at, `address` what a press opens.
    """

    days: int
    share: float | None
    title: str
    address: str = ""


def strip(runs: Sequence[DayRun]) -> SafeString:
    """Return a cell a day, filled from below by its share.

    A run with an address is pressed over its whole height.
    """
    drawn, first = [], 0
    for run in runs:
        cells = _pressed(_cells(run.share, first, run.days), first, run)
        drawn.append(with_tooltip(cells, run.title, run.address))
        first += run.days
    return picture(joined(drawn), max(1, first) * CELL, STRIP_HEIGHT, kind="draw draw-strip")


def _pressed(cells: SafeString, first: int, run: DayRun) -> SafeString:
    if not run.address:
        return cells
    width = run.days * CELL
    return joined([rect(first * CELL, 0, width, STRIP_HEIGHT, tone="draw-press"), cells])


@lru_cache(maxsize=4096)
def _cells(share: float | None, first: int, days: int) -> SafeString:
    if share is None:
        return _row(first, days, STRIP_HEIGHT - 1, 1, tone="draw-floor")
    if share <= 0:
        return _row(first, days, STRIP_HEIGHT - 3, 3, tone="draw-none")
    high = max(4.0, STRIP_HEIGHT * min(1.0, share))
    return joined(
        [
            _row(first, days, 0, STRIP_HEIGHT, tone="draw-back"),
            _row(first, days, STRIP_HEIGHT - high, high, tone="draw-part"),
        ]
    )


def _row(first: int, days: int, y: float, height: float, *, tone: str) -> SafeString:
    """Return a rectangle for each day, those of one run as one shape."""
    if days == 1:
        return rect(first * CELL, y, CELL - 1, height, tone=tone)
    wide, top, high = CELL - 1, number(y), number(height)
    shape = "".join(
        f"M{place * CELL} {top}h{wide}v{high}h-{wide}z" for place in range(first, first + days)
    )
    return format_html('<path class="{}" d="{}"/>', tone, shape)


STEP, TREND_HEIGHT, DOT = 100, 100, 5


def trend(points: Sequence[float | None], breaks: Collection[int], *, tone: str) -> SafeString:
    """Return the line through `points`, which are shares from 0 to 1; None is a gap.

    Shapes: a number in `breaks` is the place before which the line is broken and a mark stands.
    """
    width = max(1, len(points)) * STEP
    lines = [
        _line(place, points[place - 1], points[place], tone)
        for place in range(1, len(points))
        if place not in breaks
    ]
    marks = [
        rect(place * STEP - 1, 0, 2, TREND_HEIGHT, tone="draw-break")
        for place in sorted(breaks)
        if 0 < place < len(points)
    ]
    dots = [
        rect(_x(place) - DOT, _y(one) - DOT, 2 * DOT, 2 * DOT, tone=tone)
        for place, one in enumerate(points)
        if one is not None
    ]
    floor = rect(0, TREND_HEIGHT, width, 1, tone="draw-floor")
    parts = joined([*marks, *lines, *dots, floor])
    return picture(parts, width, TREND_HEIGHT + 1, kind="draw draw-trend")


def _line(place: int, before: float | None, after: float | None, tone: str) -> SafeString:
    if before is None or after is None:
        return SafeString("")
    return format_html(
        '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>',
        tone,
        number(_x(place - 1)),
        number(_y(before)),
        number(_x(place)),
        number(_y(after)),
    )


def _x(place: int) -> float:
    return place * STEP + STEP / 2


def _y(share: float) -> float:
    return TREND_HEIGHT - max(0.0, min(1.0, share)) * (TREND_HEIGHT - 2 * DOT) - DOT
