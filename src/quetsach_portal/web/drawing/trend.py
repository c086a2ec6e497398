"""A line from phase to phase; where the tree changed in between it is broken, with a mark."""

from collections.abc import Collection, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from quetsach_portal.web.drawing.svg import joined, number, picture, rect

STEP, HEIGHT, DOT = 100, 100, 5


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
        rect(place * STEP - 1, 0, 2, HEIGHT, tone="draw-break")
        for place in sorted(breaks)
        if 0 < place < len(points)
    ]
    dots = [
        rect(_x(place) - DOT, _y(one) - DOT, 2 * DOT, 2 * DOT, tone=tone)
        for place, one in enumerate(points)
        if one is not None
    ]
    floor = rect(0, HEIGHT, width, 1, tone="draw-floor")
    parts = joined([*marks, *lines, *dots, floor])
    return picture(parts, width, HEIGHT + 1, kind="draw draw-trend")


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
    return HEIGHT - max(0.0, min(1.0, share)) * (HEIGHT - 2 * DOT) - DOT
