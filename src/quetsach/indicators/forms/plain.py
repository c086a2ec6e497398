"""The plain list: one value a line, with `#` or `;` comments, bullets and numbers before it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quetsach.indicators.forms.bulk_rows import FEWEST_BYTES, sift_lines
from quetsach.indicators.forms.contract import FormReading, ListFile
from quetsach.indicators.forms.rows import ListRow
from quetsach.indicators.model import NO_CLAIM, Claim

_COMMENT_LINE = ("#", ";", "//")
# "#" inside a word belongs to a web address; with a blank on either side it begins a comment.
_COMMENT = re.compile(r"\s[#;]|[#;](?=\s|$)")
# No host begins with a dash, so that one set right before it is a bullet as well.
_BULLET = re.compile(r"(?:\d{1,6}[.)]|[-*+\u2022\u2013]{1,3})\s+|[-\u2022\u2013](?=\w)")
LONGEST_LABEL = 200
"""How much of a comment is kept as the label, in characters."""


@dataclass(frozen=True)
class Plain:
    """The form of last resort: any text is a list of lines.

    Files of `bulk_from` bytes and more are read a column at a time.
    """

    bulk_from: int = FEWEST_BYTES
    name = "plain"
    title = "Plain list"
    reads = "one value a line, comments after `#` or `;`"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each line; None for data that are no text."""
        if file.text is None:
            return None
        if len(file.raw) < self.bulk_from:
            return FormReading(plain_rows(file.lines()))
        sifted = sift_lines(file)
        rows = (row for number, line in sifted.rest for row in _rows(number, line))
        return FormReading(rows, bulk=sifted.bulk)


def plain_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    """Return the rows of a plain list; blank lines and comments are none."""
    for number, line in enumerate(lines, start=1):
        yield from _rows(number, line)


def _rows(number: int, line: str) -> Iterator[ListRow]:
    text = line.strip()
    if text and not text.startswith(_COMMENT_LINE):
        value, label = text, ""
        if "#" in text or ";" in text:
            value, label = without_comment(text)
        bullet = _BULLET.match(value)
        if bullet:
            value = value[bullet.end() :]
        yield ListRow(number, text, value, claim=Claim(label=label) if label else NO_CLAIM)


def without_comment(text: str) -> tuple[str, str]:
    """Return the value that the row `text` writes, and what stands behind `#` or `;`."""
    found = _COMMENT.search(text)
    if found is None:
        return text, ""
    label = text[found.start() :].strip().lstrip("#;").strip()
    return text[: found.start()].rstrip(), label[:LONGEST_LABEL]
