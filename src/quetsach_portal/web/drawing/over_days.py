"""Columns day by day, each stacked of parts: how many stood where at the end of the day."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from quetsach_portal.web.drawing.svg import joined, picture, rect, told

COLUMN, GAP, HEIGHT = 10, 2, 120
LEAST_DAYS = 14
"""Fewer days leave room to their right, so that a column never becomes a wall."""


def stacked(
    days: Sequence[Sequence[int]],
    tones: Sequence[str],
    titles: Sequence[str],
    addresses: Sequence[str] = (),
) -> SafeString:
    """Return a column for each of `days`, whose parts have the classes `tones`, lowest first.

    The highest column is as high as the picture; a part of something is always seen. A day with an
    address is pressed over its whole height.
    """
    highest = max([1, *(sum(one) for one in days)])
    width = max(LEAST_DAYS, len(days)) * (COLUMN + GAP)
    opened = addresses or [""] * len(days)
    drawn = [
        told(_day(parts, tones, place, highest, is_open=bool(address)), title, address)
        for place, (parts, title, address) in enumerate(zip(days, titles, opened, strict=True))
    ]
    floor = rect(0, HEIGHT, width, 1, tone="draw-floor")
    return picture(joined([*drawn, floor]), width, HEIGHT + 1, kind="draw draw-days")


def _day(
    parts: Sequence[int], tones: Sequence[str], place: int, highest: int, *, is_open: bool
) -> SafeString:
    x = place * (COLUMN + GAP)
    column = _column(parts, tones, x, highest)
    if not is_open:
        return column
    return joined([rect(x, 0, COLUMN + GAP, HEIGHT, tone="draw-press"), column])


def _column(parts: Sequence[int], tones: Sequence[str], x: float, highest: int) -> SafeString:
    drawn, top = [], float(HEIGHT)
    for part, tone in zip(parts, tones, strict=True):
        high = 0.0 if part <= 0 else max(1.5, HEIGHT * part / highest)
        top -= high
        if high:
            drawn.append(rect(x, max(0.0, top), COLUMN, high, tone=tone))
    return joined(drawn)
