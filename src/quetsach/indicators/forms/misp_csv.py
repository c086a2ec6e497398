"""MISP as CSV: the export of attributes, tables with a column a type, and the hashes of a feed."""

import csv
import re
from collections.abc import Iterator, Sequence

from quetsach.errors import Problem
from quetsach.indicators.forms.contract import FormReading, ListFile
from quetsach.indicators.forms.json_values import as_flag
from quetsach.indicators.forms.misp_attribute import Attribute, attribute_rows, is_type
from quetsach.indicators.forms.rows import ListRow
from quetsach.indicators.options import Reason

_NEEDED = {"type", "value", "to_ids"}
_OF_MISP = {"uuid", "event_id", "category", "attribute_tag", "object_relation"}
_FEED_HASH = re.compile(
    r"[0-9a-f]{32},[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*", re.IGNORECASE
)


class MispCsv:
    """Attributes of MISP as a table."""

    name = "misp-csv"
    title = "MISP attributes (CSV)"
    reads = "the columns `type`, `value` and `to_ids` of the export, or a column for each type"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each value of each attribute, or None for any other table."""
        if not file.sample or file.raw.startswith((b"{", b"[", b"<")):
            return None
        # Read as a table these would be taken for hashes of files; they are digests of values.
        if all(map(_FEED_HASH.fullmatch, file.sample)):
            problem = Problem("E211", file.name)
            return FormReading((), problems=(problem,) if file.named else ())
        header = [cell.strip() for cell in _cells(file.sample[0])]
        if set(header) >= _NEEDED and set(header) & _OF_MISP:
            return FormReading(_export_rows(file.lines(), header), "value")
        if len(header) > 1 and all(map(is_type, header)):
            return FormReading(_typed_rows(file.lines(), header), ", ".join(header))
        return None


def _export_rows(lines: Iterator[str], header: Sequence[str]) -> Iterator[ListRow]:
    for number, text, cells in _records(lines, header):
        if len(cells) < len(header):
            yield ListRow(number, text, "", refused=Reason.UNPARSABLE)
            continue
        said = dict(zip(header, cells, strict=False))
        event = said.get("event_uuid") or said.get("event_id", "")
        tags = said.get("attribute_tag", "").split(",")
        attribute = Attribute(
            said["type"],
            said["value"],
            as_flag(said["to_ids"]),
            deleted=as_flag(said.get("deleted")),
            comment=said.get("comment", ""),
            tags=tuple(tag.strip() for tag in tags if tag.strip()),
            label=said.get("event_info", ""),
            place=f"MISP event {event}" if event else "",
        )
        yield from attribute_rows(number, attribute)


def _typed_rows(lines: Iterator[str], header: Sequence[str]) -> Iterator[ListRow]:
    """Return a row for each cell, of the type that its column is named after."""
    for number, _text, cells in _records(lines, header):
        for kind, value in zip(header, cells, strict=False):
            if value:
                yield from attribute_rows(number, Attribute(kind, value, to_ids=True))
        for value in cells[len(header) :]:
            yield ListRow(number, value, value, refused=Reason.UNPARSABLE)


def _records(lines: Iterator[str], header: Sequence[str]) -> Iterator[tuple[int, str, list[str]]]:
    """Return (line number, text, cells) of each record below the header.

    A comment may hold line ends; where a quote is never closed, each line stands for itself.
    """
    for number, text, cells in _quoted(lines):
        bare = [cell.strip() for cell in cells]
        if any(bare) and not text.startswith("#") and bare != list(header):
            yield number, text, bare


def _quoted(lines: Iterator[str]) -> Iterator[tuple[int, str, list[str]]]:
    taken: list[str] = []

    def feed() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    reader = csv.reader(feed(), strict=True)
    number = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            for step, line in enumerate(taken):
                yield number + step, line.strip(), _cells(line)
        else:
            if cells is None:
                return
            yield number, "".join(taken).strip(), cells
        number += len(taken)
        taken.clear()


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return line.split(",")
