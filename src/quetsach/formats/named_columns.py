"""Tables whose first row names the columns, parted by commas, semicolons or tabs."""

import csv

from quetsach.formats import collected, values

_HEAD_LINES = 8
_LONGEST_ROW = 64 * 1024
_MOST_COLUMNS = 64
_BOM = b"\xef\xbb\xbf"


def heading_of(head: bytes, needed: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the delimiter and the names of the columns, if all that are `needed` stand there."""
    for line in head.removeprefix(_BOM).split(b"\n", _HEAD_LINES)[:_HEAD_LINES]:
        if collected.is_comment(line):
            continue
        for delimiter in ("\t", ",", ";"):
            names = _cells(line, delimiter)
            if names and len(names) <= _MOST_COLUMNS and set(needed) <= set(names):
                return (delimiter, *names)
        return None
    return None


def row_of(line: bytes, heading: tuple[str, ...]) -> dict[str, str] | None:
    """Return the cells of a row by the name of their column, or None if their number differs."""
    cells = _cells(line, heading[0])
    names = heading[1:]
    if cells is None or len(cells) != len(names):
        return None
    return dict(zip(names, cells, strict=True))


def _cells(line: bytes, delimiter: str) -> list[str] | None:
    if len(line) > _LONGEST_ROW:
        return None
    text = values.as_text(line.removeprefix(_BOM).rstrip(b"\r"))
    if delimiter == "\t":
        return text.split("\t")
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), None)
    except csv.Error:
        return None
