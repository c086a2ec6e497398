"""Texts of others made fit for a printed sheet: on one line, cut to their place, breakable."""

from quetsach.documents.printable import printable

_BREAK_HERE = "\u200b"
_LONG_WORD = 18


def fitted(text: str, longest: int) -> str:
    """Return `text` as it can be printed, at most `longest` characters, with an ellipsis if cut.

    A word too long for a line gets places where it may break; they take no room.
    """
    # A text of megabytes is cut before it is looked at.
    line = " ".join(printable(text[: 4 * longest])[0].split())
    if len(line) > longest or len(text) > 4 * longest:
        line = f"{line[: longest - 1]}…"
    return " ".join(
        word if len(word) < _LONG_WORD else _BREAK_HERE.join(word) for word in line.split(" ")
    )
