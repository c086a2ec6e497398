"""Tables of evidence that a saved column map reads: each row becomes an event of ours."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from quetsach.atomic_files import set_modified
from quetsach.captures.contract import LineSink, TooMuchWritten
from quetsach.captures.registry import head_of
from quetsach.clocks import Zone
from quetsach.containers.refusal import DamagedDataError
from quetsach.containers.streams import codec_of, unpacked
from quetsach.decoding import decode
from quetsach.errors.exceptions import Problem
from quetsach.evidence.archives import SWELLS_BY, SWELLS_TO
from quetsach.evidence.digests import blake3_of_file
from quetsach.evidence.find import EvidenceFile, RenderedFrom
from quetsach.formats.table_maps import ReadyMap, TableMap, mapped
from quetsach.texts import _

TABLES = frozenset({"workbook", "parquet"})
"""Kinds of renderings whose lines are rows of a table."""

CSV = "csv"
_ROWS_LOOKED_AT = 1000
_HEADER_WITHIN = 20
_LARGEST_CSV = 512 << 20
_SEPARATORS = ",;\t|"
_MOST_SHOWN = 20
_FEWEST = 2
"""Lines of many logs have commas; a table of two columns is not told from them."""

_NAMES = re.compile(r"[^\W\d_][^\d:=/\\{}<>]{0,79}")
_decoder = msgspec.json.Decoder()


def map_tables(
    files: Sequence[EvidenceFile], maps: Sequence[TableMap], zone: Zone, spool: Path
) -> tuple[list[EvidenceFile], list[Problem]]:
    """Return `files` with each table that one of `maps` fits replaced by its events.

    Order: that of `files`; a table no map fits stays as it is. Shapes: new files lie in `spool`.
    Errors: OSError when `spool` cannot be written.
    """
    problems: list[Problem] = []
    ready = [mapped(one) for one in maps]
    after: list[EvidenceFile] = []
    for number, file in enumerate(files):
        target = spool / f"mapped-{number}.ndjson"
        done = _mapped(file, ready, zone, target, problems) if ready else None
        after.append(file if done is None else done)
    return after, problems


def _mapped(
    file: EvidenceFile,
    maps: Sequence[ReadyMap],
    zone: Zone,
    target: Path,
    problems: list[Problem],
) -> EvidenceFile | None:
    try:
        is_table = file.origin is not None and file.origin.kind in TABLES
        rows = _rendered_rows(file.location) if is_table else _csv_rows(file, maps)
    except OSError:
        return None
    first, broke = _first_of(rows)
    names = {name for row in first for name in row}
    fitting = [one for one in maps if one.fits(names)]
    if not fitting:
        return None
    lacking = min((one.lacking(names) for one in fitting), key=len)
    if lacking:
        # By this map alone the table would name nobody, and look as if nothing were in it.
        reason = _("the table has no such column: %(columns)s") % {"columns": ", ".join(lacking)}
        problems.append(Problem("E133", file.shown, {"reason": reason}))
    origin = file.origin
    if origin is None:
        origin = RenderedFrom(CSV, file.location, blake3_of_file(file.location), file.size)
    origin = replace(origin, ours=True)
    with target.open("wb") as out:
        sink = LineSink(out, SWELLS_TO + SWELLS_BY * max(file.size, 1))
        try:
            for several in (first, rows):
                for row in several:
                    sink.event(_event(row, fitting, zone))
        except TooMuchWritten:
            problems.append(Problem("E117", file.shown))
        except (OSError, csv.Error):
            broke = True
    if broke:
        problems.append(Problem("E106", file.shown, {"offset": sink.written}))
    set_modified(target, file.location.stat().st_mtime)
    return EvidenceFile(file.shown, target, target.stat().st_size, origin)


def _first_of(rows: Iterator[dict[str, Any]]) -> tuple[list[dict[str, Any]], bool]:
    """Return the first rows, and whether the table broke off among them."""
    first: list[dict[str, Any]] = []
    try:
        first.extend(islice(rows, _ROWS_LOOKED_AT))
    except (OSError, csv.Error):
        return first, True
    return first, False


def _event(row: Mapping[str, Any], maps: Sequence[ReadyMap], zone: Zone) -> Mapping[str, Any]:
    """Return the event of a row; one that no map can read is looked through all the same."""
    events = (one.event_of(row, zone) for one in maps)
    return next((event for event in events if event is not None), maps[0].untold(row))


def _rendered_rows(location: Path) -> Iterator[dict[str, Any]]:
    with location.open("rb") as file:
        for line in file:
            row = _decoder.decode(line)
            if isinstance(row, dict):
                yield row


def _csv_rows(file: EvidenceFile, maps: Sequence[ReadyMap]) -> Iterator[dict[str, Any]]:
    """Yield the rows below the header that a map knows; none where there is no such header.

    Errors: OSError, csv.Error.
    """
    text = None if file.origin is not None else decode(head_of(file.location))
    header = None if text is None else header_of(text, maps)
    if header is None:
        return
    place, separator, names = header
    content, is_whole = _unpacked(file.location)
    whole = decode(content) or ""
    rows = csv.reader(whole.split("\n"), delimiter=separator)
    for cells in islice(rows, place + 1, None):
        row = {name: cell for name, cell in zip(names, cells, strict=False) if cell.strip()}
        if row:
            yield row
    if not is_whole:
        raise csv.Error("cut")


def _unpacked(location: Path) -> tuple[bytes, bool]:
    """Return the bytes of a table as far as they are good, and whether these are all.

    Errors: OSError, csv.Error.
    """
    content = bytearray()
    with location.open("rb") as file:
        codec = codec_of(file.read(8))
        file.seek(0)
        try:
            for piece in unpacked(file, codec):
                content += piece
                if len(content) > _LARGEST_CSV:
                    raise csv.Error("too large")
        except DamagedDataError:
            return bytes(content), False
    return bytes(content), True


def header_of(text: str, maps: Sequence[ReadyMap]) -> tuple[int, str, list[str]] | None:
    """Return row, separator and names of the header that a map fits, None where there is none."""
    first = text.split("\n", _HEADER_WITHIN)[:_HEADER_WITHIN]
    for separator in _SEPARATORS:
        try:
            rows = list(csv.reader(first, delimiter=separator))
        except csv.Error:
            continue
        for place, cells in enumerate(rows):
            names = [cell.strip() for cell in cells]
            if len(names) > 1 and any(one.fits(names) for one in maps):
                return place, separator, names
    return None


def columns_of(location: Path, codec: str) -> list[str]:
    """Return the columns of a table that nobody could read, [] for what is no table.

    Shapes: `codec` is that of its coverage: a kind of rendering, or how a text is packed.
    """
    try:
        if codec in TABLES:
            return list(dict.fromkeys(name for row in _first_rows(location) for name in row))
        text = decode(head_of(location))
        return [] if text is None else _plain_header(text)
    except (OSError, csv.Error, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []


def shown_columns(names: Sequence[str]) -> str:
    """Return the names as one text, the first of many."""
    more = ", ..." if len(names) > _MOST_SHOWN else ""
    return ", ".join(name[:60] for name in names[:_MOST_SHOWN]) + more


def _first_rows(location: Path) -> list[dict[str, Any]]:
    return list(islice(_rendered_rows(location), _HEADER_WITHIN))


def _plain_header(text: str) -> list[str]:
    """Return the cells of a first line that names the columns of the lines below it."""
    lines = [line for line in text.split("\n", _HEADER_WITHIN)[:_HEADER_WITHIN] if line.strip()]
    for separator in _SEPARATORS:
        rows = list(csv.reader(lines, delimiter=separator))
        widest = max(map(len, rows), default=0)
        # A title of one cell may stand above the header.
        start = next((place for place, row in enumerate(rows) if len(row) == widest), 0)
        names = [cell.strip() for cell in rows[start]] if rows else []
        is_header = all(map(_NAMES.fullmatch, names)) and len({*names}) == len(names)
        below = [len(row) == widest for row in rows[start + 1 :]]
        if widest > _FEWEST and is_header and below and all(below[:-1]):
            return names
    return []
