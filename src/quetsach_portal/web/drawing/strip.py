"""A strip of days: a full cell where something was looked at, a thin line where nothing was."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from quetsach_portal.web.drawing.svg import joined, picture, rect, told

CELL, HEIGHT = 10, 20


def strip(
    shares: Sequence[float | None], titles: Sequence[str], addresses: Sequence[str] = ()
) -> SafeString:
    """Return a cell a day, filled from below by its share from 0 to 1; None is not asked about.

    A cell with an address is pressed over its whole height.
    """
    opened = addresses or [""] * len(shares)
    drawn = [
        told(_pressed(_cell(one, place * CELL), place, address), title, address)
        for place, (one, title, address) in enumerate(zip(shares, titles, opened, strict=True))
    ]
    width = max(1, len(shares)) * CELL
    return picture(joined(drawn), width, HEIGHT, kind="draw draw-strip")


def _pressed(cell: SafeString, place: int, address: str) -> SafeString:
    if not address:
        return cell
    return joined([rect(place * CELL, 0, CELL, HEIGHT, tone="draw-press"), cell])


def _cell(share: float | None, x: float) -> SafeString:
    if share is None:
        return rect(x, HEIGHT - 1, CELL - 1, 1, tone="draw-floor")
    if share <= 0:
        return rect(x, HEIGHT - 3, CELL - 1, 3, tone="draw-none")
    high = max(4.0, HEIGHT * min(1.0, share))
    return joined(
        [
            rect(x, 0, CELL - 1, HEIGHT, tone="draw-back"),
            rect(x, HEIGHT - high, CELL - 1, high, tone="draw-part"),
        ]
    )
