"""Small pictures of numbers, drawn by the server without a style or script of their own.

Each is hidden from who cannot see it: the same numbers stand beside it in words or in a table.
"""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

COLUMN, GAP, HEIGHT = 10, 2, 60
TONES = {"good": "bar-part bar-good", "bad": "bar-part bar-bad"}


@register.simple_tag
def bar(part: int | None, whole: int | None, tone: str = "") -> SafeString:
    """Return a bar of which `part` of `whole` is filled; a part of something is always seen."""
    filled = 0
    if whole and part is not None and part > 0:
        filled = max(1, min(100, 100 * part // whole))
    return format_html(
        '<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-back" width="100" height="6"/>'
        '<rect class="{}" width="{}" height="6"/></svg>',
        TONES.get(tone, "bar-part"),
        str(filled),
    )


@register.simple_tag
def columns(rows: Sequence[object], name: str) -> SafeString:
    """Return a column for the number `name` of each row, the highest as high as the picture."""
    numbers = [int(getattr(row, name)) for row in rows]
    highest = max([1, *numbers])
    width = max(1, len(numbers)) * (COLUMN + GAP)
    places = (
        (str(place * (COLUMN + GAP)), str(HEIGHT - high), str(COLUMN), str(high))
        for place, high in enumerate(_height(one, highest) for one in numbers)
    )
    drawn = format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}"/>', places)
    return format_html(
        '<svg class="columns" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">'
        '{}<rect class="columns-floor" y="{}" width="{}" height="1"/></svg>',
        str(width),
        str(HEIGHT + 1),
        drawn,
        str(HEIGHT),
        str(width),
    )


def _height(number: int, highest: int) -> int:
    return 0 if number <= 0 else max(2, HEIGHT * number // highest)
