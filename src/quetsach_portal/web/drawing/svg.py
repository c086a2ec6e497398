"""The few elements of SVG that the pictures are made of; every value is escaped."""

from collections.abc import Iterable
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def number(value: float) -> str:
    """Return a coordinate: at most one digit behind the point, whatever the language."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")


# Pictures in rows draw the same few over and over.
@lru_cache(maxsize=4096)
def rect(x: float, y: float, width: float, height: float, *, tone: str) -> SafeString:
    """Return a rectangle of the class `tone`."""
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
        tone,
        number(x),
        number(y),
        number(width),
        number(height),
    )


def told(parts: SafeString, title: str, address: str = "") -> SafeString:
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
