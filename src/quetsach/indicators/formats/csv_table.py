"""The table list: delimiter, header and the column of the indicators are detected and shown."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from quetsach.clocks import Zone
from quetsach.errors.exceptions import Problem
from quetsach.indicators import claim_words
from quetsach.indicators.claim_words import claim_in
from quetsach.indicators.formats.contract import FEWEST_BYTES, FormReading, ListFile, ListRow
from quetsach.indicators.formats.plain import plain_rows
from quetsach.indicators.model import Claim
from quetsach.indicators.options import ListOptions, RefusalReason, plain_heading
from quetsach.indicators.values import parse_value

if TYPE_CHECKING:
    from quetsach.indicators.formats.bulk_rows import SiftedRows

_TABLES = (".csv", ".tsv")
_PROSE = (".md", ".adoc", ".rst", ".html", ".htm")
_DELIMITERS = ",;\t|"
_LIMIT_SHARE = 0.8
_RULER = re.compile(r"\s*\|?\s*:?-{3,}:?\s*\|")
VALUE_HEADINGS = re.compile(
    r"indicators?( of compromise)?|iocs?|ioc value|values?|data|domains?|domain name|hosts?"
    r"|hostname|fqdn|urls?|ip|ips|ip ?address(es)?|address|sha[ -]?256|sha[ -]?1|md5|hash"
    r"|chỉ báo|giá trị|dữ liệu|tên miền|địa chỉ|địa chỉ ip|máy chủ|đường dẫn|mã băm|dấu hiệu"
)
_OWN_HEADINGS = re.compile(
    r"domains?|domain name|fqdn|hosts?|hostname|urls?|ips?|ip ?address(es)?|c2"
    r"|sha[ -]?256|sha[ -]?1|md5|hash|tên miền|địa chỉ ip|máy chủ|đường dẫn|mã băm"
)
_URL_HEADINGS = re.compile(r"urls?|đường dẫn")
_HOST_HEADINGS = re.compile(r"hosts?|hostname|máy chủ")
SOURCE_HEADINGS = re.compile(r".*(source|reference|ref|link|nguồn|tham chiếu|tham khảo).*")
HEADINGS = {
    "port": re.compile(r"(dest(ination)? ?)?port|cổng( dịch vụ)?"),
    "label": re.compile(r"label|tags?|nhãn|notes?|comments?|descriptions?|ghi chú|mô tả|chú thích"),
    "family": re.compile(r"malware( family)?|family|threat|signature|mã độc|họ mã độc|tên mã độc"),
    # "First seen" is no bound: machines met the address before anybody wrote it down.
    "valid_from": re.compile(r"valid from|effective from|hiệu lực từ|từ ngày|ngày hiệu lực"),
    "valid_until": re.compile(
        r"valid (until|to)|expires?( at)?|expiry|expiration( date)?|hiệu lực đến|đến ngày|hết hạn"
        r"|hết hiệu lực|ngày hết hạn"
    ),
    **claim_words.HEADINGS,
}
OTHER_KIND = re.compile(
    r"desc|file|path|command|cmd|tool|e-?mail|registry|mutex|service|process|user.?agent|wallet"
    r"|certificate|mô tả|tệp|tập tin|đường dẫn tệp|lệnh|thư điện tử",
    re.IGNORECASE,
)
"""How lists name kinds that are not indicators; matched at the start."""

_KIND = re.compile(
    r"(ip|ipv4|ipv6|ip.?addr(ess)?|domain|host|hostname|fqdn|ur[li]|md5|sha.?1|sha.?256|hash|c2"
    r"|tên miền|địa chỉ ip)([_ ,|:-].*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class CsvLayout:
    """The layout of one table: delimiter, column numbers from 0, and the column of the values.

    Shapes: `width` is the count of columns of most rows; `value` is None where no column holds
    indicators; `others` are those of kind, port and HEADINGS that are there; `header` is whether
    the first row names them; `more` are further columns that hold indicators by their headings;
    `unread` names the columns that hold such values and are not read: nobody says what they are.
    """

    delimiter: str
    width: int
    value: int | None
    shown: str
    header: bool
    good: int
    others: dict[str, int] = field(default_factory=dict)
    more: tuple[int, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class CsvTable:
    """A table of values separated by commas, semicolons, tabs or bars.

    Files of `bulk_from` bytes and more are read a column at a time.
    """

    bulk_from: int = FEWEST_BYTES
    name = "csv"
    title = "Table (CSV, TSV)"
    reads = (
        "the columns that hold indicators, with kind, port, malware, class, remark, TLP, "
        "confidence, status, validity and last day of use"
    )

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each record, or None for prose, plain lists and data."""
        if not file.is_text or file.suffix in _PROSE:
            return None

        def is_value(cell: str) -> bool:
            return _is_value(cell, file.options)

        named_csv = file.suffix in _TABLES
        table = sniff(file.sample, is_value, named_csv=named_csv)
        if table is None or (table.value is None and not named_csv):
            return None
        # "203.0.113.0/24 ; SBL1": the same sign begins a comment, and the plain list knows that.
        if table.delimiter == ";" and not named_csv:
            good = sum(is_value(row.value) for row in plain_rows(iter(file.sample)))
            if good >= table.good:
                return None
        unread = Problem("E276", file.name, {"columns": ", ".join(table.unread)})
        problems = (unread,) if table.unread else ()
        sifted = None if len(file.raw) < self.bulk_from else _sifted(file, table)
        if sifted is None:
            rows = csv_rows(file.lines(), table, file.options.zone)
            return FormReading(rows, table.shown, problems)
        rows = _single_rows(sifted.rest, table, file.options.zone)
        return FormReading(rows, table.shown, problems, bulk=sifted.bulk)


def _is_value(cell: str, options: ListOptions) -> bool:
    # A private address or a public suffix is still what such a column holds.
    return parse_value(cell, options).reason not in (RefusalReason.UNPARSABLE, RefusalReason.EMPTY)


def sniff(
    sample: Sequence[str], is_value: Callable[[str], bool], *, named_csv: bool
) -> CsvLayout | None:
    """Return the layout of the table that begins with the lines `sample`, or None if it is none."""
    if any(_RULER.match(line) for line in sample):  # a table of Markdown is prose
        return None
    tables = []
    for delimiter in _DELIMITERS:
        rows = [cells for line in sample if (cells := _cells(line, delimiter))]
        widths = Counter(len(cells) for cells in rows if len(cells) > 1)
        if not widths:
            continue
        share = widths.most_common(1)[0][1] / len(rows)
        if share >= _LIMIT_SHARE or named_csv:
            tables.append((table_of(rows, delimiter, is_value), share))
    if not tables:
        return None
    return max(tables, key=lambda pair: (pair[0].good, pair[1]))[0]


def csv_rows(lines: Iterator[str], table: CsvLayout, zone: Zone) -> Iterator[ListRow]:
    """Return the rows of the table; its header, blank lines and comment lines are none."""
    to_skip = table.header
    for number, line, cells in _records(lines, table.delimiter):
        if not any(cell.strip() for cell in cells):
            continue
        if to_skip:
            to_skip = False
            continue
        row = _row(number, line, cells, table, zone)
        if table.more:
            yield from _each_value(row, cells, table)
        else:
            yield row


def _each_value(row: ListRow, cells: list[str], table: CsvLayout) -> Iterator[ListRow]:
    """Return `row` for each of its columns of values that is filled, or as it is if none is."""
    every = (table.value, *table.more)
    filled = [n for n in every if n is not None and n < len(cells) and cells[n].strip()]
    for number in filled:
        yield row._replace(value=cells[number])
    if not filled:
        yield row


def _single_rows(
    lines: Iterable[tuple[int, str]], table: CsvLayout, zone: Zone
) -> Iterator[ListRow]:
    """Return the rows of lines that each hold one record; the first is the header, if any."""
    to_skip = table.header
    for number, line in lines:
        cells = _cells(line, table.delimiter)
        if not any(cell.strip() for cell in cells):
            continue
        if to_skip:
            to_skip = False
            continue
        yield _row(number, line.strip(), cells, table, zone)


def _sifted(file: ListFile, table: CsvLayout) -> "SiftedRows | None":
    """Return the table read a column at a time, or None where that cannot be done."""
    # A small list is read without what reads columns, which takes time to load.
    from quetsach.indicators.formats.bulk_rows import BulkColumns, sift_table

    used = (table.value, *table.others.values())
    if (
        table.more
        or table.value is None
        or any(column >= table.width for column in used if column is not None)
    ):
        return None
    others = [what for what in table.others if what != "port"]

    def claim_of(texts: Sequence[str]) -> Claim | None:
        fields = dict(zip(others, (text.strip() for text in texts), strict=True))
        kind = fields.get("kind", "")
        return None if OTHER_KIND.match(kind) else claim_in(fields, file.options.zone)

    columns = BulkColumns(
        table.delimiter,
        table.width,
        table.value,
        claim_columns=[table.others[what] for what in others],
        empty=[table.others["port"]] if "port" in table.others else [],
        claim_of=claim_of,
    )
    return sift_table(file, columns)


def _row(number: int, line: str, cells: list[str], table: CsvLayout, zone: Zone) -> ListRow:
    fields = {
        what: cells[column].strip() for what, column in table.others.items() if column < len(cells)
    }
    value_cell = cells[table.value] if table.value is not None and table.value < len(cells) else ""
    port = fields.get("port", "")
    return ListRow(
        number,
        line,
        value_cell if table.value is not None else line,
        int(port) if port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536 else None,
        claim=claim_in(fields, zone),
        refused=RefusalReason.OTHER_KIND if OTHER_KIND.match(fields.get("kind", "")) else None,
    )


def _records(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, str, list[str]]]:
    """Return (line number, text, cells) of each record; an unclosed quote swallows no line.

    A comment has no cells, and a quote that it opens is none.
    """
    pending: list[str] = []

    def feed() -> Iterator[str]:
        for line in lines:
            pending.append(line)
            yield "\n" if len(pending) == 1 and line.startswith("#") else line

    reader = csv.reader(feed(), delimiter=delimiter, strict=True)
    number = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            for step, line in enumerate(pending):
                yield number + step, line.strip(), _cells(line, delimiter)
            cells = []
        else:
            if cells is None:
                return
            yield number, "".join(pending).strip(), cells
        number += len(pending)
        pending.clear()


def _cells(line: str, delimiter: str) -> list[str]:
    if not line.strip() or line.startswith("#"):
        return []
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


def table_of(rows: list[list[str]], delimiter: str, is_value: Callable[[str], bool]) -> CsvLayout:
    """Return the layout of the table with these first `rows`."""
    first, width = rows[0], max(len(cells) for cells in rows)
    common = Counter(len(cells) for cells in rows).most_common(1)[0][0]
    columns = [[cells[n] if n < len(cells) else "" for cells in rows] for n in range(width)]
    good = [sum(map(is_value, column)) for column in columns]
    headings = [plain_heading(first[n]) if n < len(first) else "" for n in range(width)]
    value_column = _value_column(good, headings)
    header = value_column is None or (
        good[value_column] > 0 and not is_value(columns[value_column][0])
    )
    kind = _kind_column(columns, skip=value_column)
    others = {} if kind is None else {"kind": kind}
    if header:
        others |= _named_columns(headings, skip=value_column)
    if value_column is None:
        return CsvLayout(delimiter, common, None, "", header, 0, others)
    more = _more_values(good, headings, value_column) if header else ()
    names = [first[n].strip() for n in (value_column, *more) if header and n < len(first)]
    shown = ", ".join(filter(None, names)) or str(value_column + 1)
    read_columns = {value_column, *more, *others.values()}
    unread = tuple(
        (header and n < len(first) and first[n].strip()[:60]) or str(n + 1)
        for n, column in enumerate(columns)
        if n not in read_columns and good[n] and _is_unread(headings, n, good[n], column[header:])
    )
    return CsvLayout(
        delimiter, common, value_column, shown, header, good[value_column], others, more, unread
    )


def _is_unread(headings: list[str], number: int, good: int, cells: list[str]) -> bool:
    """Return whether a column that is not read holds mostly what an indicator may be."""
    heading = headings[number]
    # Where it was read of, and the host of a web address, are known to be none.
    is_host = _HOST_HEADINGS.fullmatch(heading) and any(map(_URL_HEADINGS.fullmatch, headings))
    is_known = SOURCE_HEADINGS.fullmatch(heading) or is_host
    return not is_known and 2 * good >= sum(map(bool, map(str.strip, cells)))


def _value_column(good: list[int], headings: list[str]) -> int | None:
    best = max(good)
    if not best:
        return None

    def rank(column: int) -> tuple[int, int, int]:
        if VALUE_HEADINGS.fullmatch(headings[column]):
            return 2, good[column], -column
        return int(not SOURCE_HEADINGS.fullmatch(headings[column])), good[column], -column

    return max((n for n in range(len(good)) if good[n] >= 0.5 * best), key=rank)


def _more_values(good: list[int], headings: list[str], value_column: int) -> tuple[int, ...]:
    """Return further columns of values: those whose headings name a kind, and that hold some."""
    # The host beside a web address is often a hacked site: only the address is an indicator.
    has_url = any(map(_URL_HEADINGS.fullmatch, headings))
    return tuple(
        n
        for n, heading in enumerate(headings)
        if n != value_column
        and good[n]
        and _OWN_HEADINGS.fullmatch(heading)
        and _OWN_HEADINGS.fullmatch(headings[value_column])
        and not (has_url and _HOST_HEADINGS.fullmatch(heading))
    )


def _kind_column(columns: list[list[str]], skip: int | None) -> int | None:
    for number, column in enumerate(columns):
        filled = [cell.strip() for cell in column[1:] if cell.strip()]
        ours = sum(_KIND.fullmatch(cell) is not None for cell in filled)
        others = sum(OTHER_KIND.match(cell) is not None for cell in filled)
        # Notes may begin with "file ..." too; a column of kinds names a kind of ours as well.
        if number != skip and ours and ours + others >= 0.5 * len(filled):
            return number
    return None


def _named_columns(headings: list[str], skip: int | None) -> dict[str, int]:
    columns: dict[str, int] = {}
    for what, pattern in HEADINGS.items():
        for number, heading in enumerate(headings):
            if number != skip and what not in columns and pattern.fullmatch(heading):
                columns[what] = number
    return columns
