"""Levels told by colour and by pattern, so that a map is read without colours too."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from quetsach_portal.web.drawing.charts import rect
from quetsach_portal.web.drawing.outlines import FINENESS

_PATTERN_LINES = (
    "",
    "",
    '<path class="area-line" d="M2 5h1M7 10h1M7 0h1"/>',
    '<path class="area-line" d="M0 10L10 0"/>',
    '<path class="area-line-light" d="M0 0L10 10M0 10L10 0"/>',
)
"""By level: nothing, plain, dots, lines, crossed lines."""


def swatch(level: int) -> SafeString:
    """Return a small square with the colour and pattern of a level, for the legend."""
    box = rect(0, 0, 10, 10, tone=f"tile tile-{level}")
    return format_html(
        '<svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">{}{}</svg>',
        box,
        pattern_lines(level),
    )


def pattern_defs(levels: int) -> SafeString:
    """Return the fills of squares by level, and the same for outlines, whose steps are finer."""
    patterns = (
        (level, rect(0, 0, 10, 10, tone=f"tile-{level}"), pattern_lines(level), FINENESS)
        for level in range(levels + 1)
    )
    parts = format_html_join(
        "",
        '<pattern id="area-{0}" width="10" height="10" patternUnits="userSpaceOnUse">{1}{2}'
        '</pattern><pattern id="areas-{0}" href="#area-{0}" patternTransform="scale({3})"/>',
        patterns,
    )
    return format_html("<defs>{}</defs>", parts)


def pattern_lines(level: int) -> SafeString:
    """Return the lines of a level alone, for a square of ten."""
    return mark_safe(_PATTERN_LINES[level])  # noqa: S308  # a constant of this file
