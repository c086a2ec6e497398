"""Sentences on the lines of a terminal of 80 columns."""

from textwrap import wrap

WIDTH = 80


def wrapped(text: str, indent: str = "") -> list[str]:
    """Return `text` on lines of at most 80 columns unless a word is longer; later lines go in."""
    return wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
