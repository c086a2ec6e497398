"""Tables of Parquet, Arrow, Excel and OpenDocument: each row is a document with the columns' names.

Whoever reads the lines knows the columns: names of ECS are read as ECS, those of known exports by
their form, and any other row is a line to look at.
Source: Apache Parquet and Arrow, file formats; ECMA-376; OpenDocument 1.3.
"""

import struct
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from quetsach.captures.contract import CaptureDamaged, CaptureSource, LineSink, UnreadReason
from quetsach.containers.refusal import ContainerRefused
from quetsach.containers.sheets import check_open_sheets
from quetsach.containers.signatures import is_compound, is_zip
from quetsach.errors.catalogue import N_

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_AT_ONCE = 4_096
MOST_COLUMNS = 2_000
"""A wider row is no row of a log."""

HEADER_WITHIN = 20
"""In so many first rows of a sheet its header is looked for."""

LONGEST_CELL = 1 << 20
_PARQUET, _LOCKED_PARQUET, _ARROW = b"PAR1", b"PARE", b"ARROW1\x00\x00"
_BOOKS = (".xlsx", ".xlsm", ".xlsb", ".ods", ".xls")
_BOOK_PARTS = (b"xl/", b"application/vnd.oasis.opendocument.spreadsheet", b"[Content_Types].xml")
_LETTERS = 26


class ArrowTables:
    """Reads the rows of Parquet files and of Arrow files and streams."""

    kind = "parquet"
    title = N_("Parquet or Arrow table")
    reads = N_("each row as a document with the names of its columns")
    wants_beside = False

    def recognise(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `head` begins a Parquet file, an Arrow file or an Arrow stream."""
        return head.startswith((_PARQUET, _LOCKED_PARQUET, _ARROW)) or _is_stream(head)

    def decode(self, source: CaptureSource, sink: LineSink) -> None:
        """Write each row that is not empty."""
        import pyarrow as pa  # It takes a third of a second to load.

        with source.path.open("rb") as file:
            start = file.read(len(_ARROW))
        if start.startswith(_LOCKED_PARQUET):
            raise CaptureDamaged(UnreadReason.ENCRYPTED)
        try:
            for batch in _batches(source, start):
                # What points outside of its buffers would be read from there.
                batch.validate(full=True)
                _write_rows(_rows_of(batch, sink), sink)
        except (pa.ArrowException, OSError, ValueError) as error:
            locked = "encrypt" in str(error).lower()
            reason = UnreadReason.ENCRYPTED if locked else UnreadReason.DAMAGED
            raise CaptureDamaged(reason) from error


class Workbooks:
    """Reads the rows of the sheets of Excel and OpenDocument workbooks."""

    kind = "workbook"
    title = N_("Excel or OpenDocument workbook")
    reads = N_("each row of each sheet as a document with the names of its header")
    wants_beside = False

    def recognise(self, head: bytes, name: str) -> bool:
        """Return whether it is a workbook: by its name, or by the parts that its start names."""
        if is_zip(head):
            named = name.lower().endswith(_BOOKS)
            return named or any(part in head[:4_096] for part in _BOOK_PARTS[:2])
        return is_compound(head) and name.lower().endswith(".xls")

    def decode(self, source: CaptureSource, sink: LineSink) -> None:
        """Write each row that is not empty; the values are those last shown."""
        from python_calamine import CalamineError, CalamineWorkbook, PasswordError

        try:
            with source.path.open("rb") as file:
                check_open_sheets(file)
                file.seek(0)
                book = CalamineWorkbook.from_filelike(file)
                for title in book.sheet_names:
                    sheet = book.get_sheet_by_name(title)
                    _write_rows(_documents(sheet.iter_rows()), sink)
        except PasswordError as error:
            raise CaptureDamaged(UnreadReason.ENCRYPTED) from error
        except (CalamineError, ContainerRefused, OSError, ValueError) as error:
            raise CaptureDamaged(UnreadReason.DAMAGED) from error


def _is_stream(head: bytes) -> bool:
    """Return whether `head` begins an Arrow stream: a mark, and the size of a small schema."""
    if not head.startswith(b"\xff\xff\xff\xff") or len(head) < 16:
        return False
    (size,) = struct.unpack_from("<i", head, 4)
    # A flatbuffer begins with the place of its root table.
    (root,) = struct.unpack_from("<I", head, 8)
    return bool(16 <= size <= 1 << 20 and size % 8 == 0 and 4 <= root < size)


def _batches(source: CaptureSource, start: bytes) -> "Iterator[pa.RecordBatch]":
    """Errors: pa.ArrowException; OSError."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if start.startswith(_PARQUET):
        with pq.ParquetFile(source.path, pre_buffer=False) as table:
            if len(table.schema_arrow.names) > MOST_COLUMNS:
                raise CaptureDamaged(UnreadReason.TOO_LONG)
            yield from table.iter_batches(batch_size=ROWS_AT_ONCE, use_threads=False)
        return
    with pa.OSFile(str(source.path)) as file:
        if start == _ARROW:
            with pa.ipc.open_file(file) as reader:
                for number in range(reader.num_record_batches):
                    yield reader.get_batch(number)
            return
        with pa.ipc.open_stream(file) as stream:
            yield from stream


def _rows_of(batch: "pa.RecordBatch", sink: LineSink) -> Iterator[dict[str, Any]]:
    """Yield the rows; those of a batch that Python cannot hold are counted."""
    import pyarrow as pa

    for start in range(0, batch.num_rows, ROWS_AT_ONCE):
        part = batch.slice(start, ROWS_AT_ONCE)
        try:
            columns = [_as_python_knows(column) for column in part.columns]
            names = _different(part.schema.names)
            rows = pa.RecordBatch.from_arrays(columns, names).to_pylist()
        except (pa.ArrowException, ValueError, OverflowError, KeyError):
            # KeyError: a zone without a name that is known, within a list or a struct.
            sink.miss(UnreadReason.DAMAGED, part.num_rows)
            continue
        yield from rows


def _as_python_knows(column: "pa.Array") -> "pa.Array":
    """Return times in us, as Python knows nothing finer, and in UTC where their zone is unknown."""
    import pyarrow as pa

    if not pa.types.is_timestamp(column.type):
        return column
    unit, zone = column.type.unit, column.type.tz
    if zone is not None and not _is_zone(zone):
        # With any zone the values are UTC; the zone only says how to show them.
        zone = "UTC"
        column = column.view(pa.timestamp(unit, zone))
    return column.cast(pa.timestamp("us", zone), safe=False) if unit == "ns" else column


def _is_zone(name: str) -> bool:
    import pyarrow as pa

    try:
        pa.lib.string_to_tzinfo(name)
    except (pa.ArrowException, ValueError, KeyError):
        return False
    return True


def _different(names: Sequence[str]) -> list[str]:
    """Return the names, those that come twice with their number."""
    used: set[str] = set()
    different = []
    for place, name in enumerate(names):
        unique = f"{name}_{place + 1}" if name in used else name
        used.add(unique)
        different.append(unique)
    return different


def _documents(rows: Iterator[list[Any]]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a sheet by the names of its header; without one by their letters."""
    names: list[str] = []
    for number, row in enumerate(rows):
        cells = row[:MOST_COLUMNS]
        if not names and number < HEADER_WITHIN and _is_header(cells):
            names = _different([str(cell).strip() or _letter(n) for n, cell in enumerate(cells)])
            continue
        yield {
            names[place] if place < len(names) else _letter(place): cell
            for place, cell in enumerate(cells)
        }


def _is_header(cells: Sequence[Any]) -> bool:
    """Return whether a row names columns: texts, each once, in most of its cells."""
    filled = [cell for cell in cells if cell not in (None, "")]
    texts = {cell.strip() for cell in filled if isinstance(cell, str) and cell.strip()}
    return len(texts) >= 2 and len(texts) == len(filled) and 2 * len(filled) > len(cells)


def _letter(place: int) -> str:
    """Return what spreadsheets call a column: A, B, ... AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def _write_rows(rows: Iterator[dict[str, Any]], sink: LineSink) -> None:
    for row in rows:
        document = {name: _plain(cell) for name, cell in row.items() if cell not in (None, "", [])}
        if document:
            sink.text(msgspec.json.encode(document), 1)


def _plain(cell: Any, depth: int = 8) -> Any:
    """Return a value as JSON has it; a time without a zone stays one, in ISO 8601."""
    if cell is None or isinstance(cell, (bool, int, str)):
        return cell[:LONGEST_CELL] if isinstance(cell, str) else cell
    if isinstance(cell, float):
        # A workbook has no whole numbers of its own.
        return int(cell) if cell.is_integer() and abs(cell) < 1 << 53 else cell
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    if isinstance(cell, bytes):
        return _text_of(cell[:LONGEST_CELL])
    if isinstance(cell, dict) and depth:
        return {
            str(name): _plain(inner, depth - 1) for name, inner in cell.items() if inner is not None
        }
    if isinstance(cell, (list, tuple)) and depth:
        return [_plain(inner, depth - 1) for inner in cell]
    return str(cell) if isinstance(cell, Decimal) else repr(cell)[:LONGEST_CELL]


def _text_of(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.hex()
