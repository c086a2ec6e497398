"""Finds the line that names the columns of a feed where it stands in a comment, or in quotes."""

import csv
import re
from typing import NamedTuple

from quetsach.indicators.forms.contract import ListFile
from quetsach.indicators.forms.records import field_name

COMMENT = ("#", ";")
"""How a comment of a feed begins."""

_DELIMITERS = ",|\t;"
_NAME = re.compile(r"[\w .&/-]{1,40}")
_FEWEST = 3
_PREFIX = re.compile(r"[#;]+\s*(?:Format:|Fields:|Columns:)?\s*", re.IGNORECASE)


class Header(NamedTuple):
    """The columns of a feed: their delimiter and names, and whether they stand in a comment."""

    delimiter: str
    names: list[str]
    in_comment: bool


def headers_of(file: ListFile) -> list[Header]:
    """Return what may be the header of the feed: comments of the head, then its first row."""
    found = []
    for line in file.head:
        if line.startswith(COMMENT):
            header = _header(line[_PREFIX.match(line).end() :])  # type: ignore[union-attr]  # it begins so
            if header is not None:
                found.append(header)
        elif line.strip():
            first = _header(line)
            return [*found, *([] if first is None else [first._replace(in_comment=False)])]
    return found


def cells_of(line: str, delimiter: str) -> list[str] | None:
    """Return the cells of one line, or None where its quotes never close."""
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True), [])
    except csv.Error:
        return None


def _header(text: str) -> Header | None:
    for delimiter in _DELIMITERS:
        if text.count(delimiter) + 1 < _FEWEST:
            continue
        cells = [cell.strip() for cell in cells_of(text.rstrip("\n"), delimiter) or []]
        if len(cells) >= _FEWEST and all(map(_NAME.fullmatch, cells)):
            return Header(delimiter, [field_name(cell) for cell in cells], in_comment=True)
    return None
