"""Tables of a request for the holder of an address: by rows, by columns, and lines of pairs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from quetsach.letters.holder_rows import (
    ADDRESS,
    WrittenRow,
    damaged_addresses,
    ports_in,
    split_cell,
)
from quetsach.letters.holder_times import day_in, time_in, zones_in
from quetsach.letters.lines import LetterLine, fold_accents
from quetsach.notices.headings import NoticeColumns, NoticeField, columns_of, folded

_PAIR = re.compile(
    r"(?:[-+*•] ?|\d{1,3}[.)] ?|[a-z][.)] ?)?"
    r"(?P<name>[^:;.\d(]{2,60}(?:\([^():;]{0,40}\))?) ?: ?(?=\S)"
)
_NUMBERS = re.compile(r"(?:s?tt|so tt|no\.?|\d{1,6}[.)]?|)\Z")
_OF_THE_OTHER_END = re.compile(r"may chu|dich|doc hai|ket noi den|ket noi toi")

# Headings of such tables beside those of notices, and the one of those that each stands for.
_ALIASES = {
    **dict.fromkeys(
        (
            *("ip:port", "ip/port", "ip:cong", "ip va cong", "dia chi ip:cong", "dia chi ip:port"),
            *(
                "dia chi ip va cong",
                "dia chi ip, cong",
                "dia chi ip/cong",
                "dia chi ip, cong nguon",
            ),
            *("dia chi ip nguon:cong nguon", "ip nguon:cong nguon", "dia chi ip va cong nguon"),
            *("dia chi ip can xac minh", "ip can xac minh", "dia chi ip su dung", "dia chi ipv6"),
            *("dia chi ipv4", "dia chi ip truy cap", "dia chi ip nguon, cong nguon"),
        ),
        "dia chi ip",
    ),
    **dict.fromkeys(
        ("gio bat dau", "tu gio", "gio truy cap", "gio su dung", "thoi diem gio"), "gio"
    ),
    **dict.fromkeys(("gio ket thuc", "den gio", "ket thuc"), "den"),
    **dict.fromkeys(
        (
            "ngay, gio",
            "ngay va gio",
            "gio, ngay",
            "bat dau",
            "thoi gian phien",
            "thoi diem su dung",
        ),
        "thoi gian",
    ),
    **dict.fromkeys(("ngay thang", "ngay thang nam", "ngay su dung", "ngay truy cap"), "ngay"),
    **dict.fromkeys(("so cong nguon", "cong nguon (port)", "port nguon (tcp)"), "cong nguon"),
}


@dataclass(frozen=True)
class _Layout:
    """What the columns of a table hold, and which zones its headings state."""

    columns: NoticeColumns
    width: int
    zones: tuple[str, ...]

    def fields(self, cells: Sequence[str]) -> dict[NoticeField, str]:
        """Return the filled cells of a row by what they hold."""
        return {
            field: cells[place]
            for field, place in self.columns.places
            if place < len(cells) and cells[place].strip()
        }


def with_pairs_as_tables(lines: Sequence[LetterLine]) -> list[LetterLine]:
    """Return `lines` with runs of "Địa chỉ IP: ...", "Thời gian: ..." as tables of two columns."""
    result: list[LetterLine] = []
    run: list[LetterLine] = []
    for line in lines:
        pair = _PAIR.match(line.folded) if not line.cells and len(line.text) <= 400 else None
        if pair is not None:
            cells = (line.at(*pair.span("name")), line.text[pair.end() :].strip())
            run.append(replace(line, cells=cells))
            continue
        result += _closed(run)
        run = []
        result.append(line)
    return result + _closed(run)


def _closed(run: Sequence[LetterLine]) -> list[LetterLine]:
    """Return a run of pairs, as it was where it is no description of an address and a time."""
    has_address = any(_has_address(pair) for pair in run)
    if has_address and _layout_of([pair.cells[0] for pair in run]) is not None:
        return list(run)
    return [replace(pair, cells=()) for pair in run]


def table_rows(lines: Sequence[LetterLine]) -> Iterator[WrittenRow]:
    """Yield the rows of all tables; of one that is not understood, those with an address.

    A table without headings has those of the table before, where number and kinds of its
    columns fit.
    """
    before: _Layout | None = None
    for table, between in _tables(lines):
        layouts = filter(None, (_layout_of(row.cells) for row in table))
        layout = next(layouts, None)
        if layout is not None:
            before = layout
            yield from _rows_below_headings(table)
        elif (records := _records(table)) is not None:
            yield from records
        elif (
            before is not None
            and not _OF_THE_OTHER_END.search(between)
            and all(_fits(before, row) for row in table)
        ):
            yield from (written for row in table for written in _row_of(before, row))
        else:
            yield from map(_unread, filter(_has_address, table))


def _tables(lines: Sequence[LetterLine]) -> Iterator[tuple[list[LetterLine], str]]:
    """Yield each table with the text, without accents, that stands between it and the one before.

    Shapes: rows of text, parted by tabs, are one table while no other line stands between them.
    """
    table: list[LetterLine] = []
    above, between = "", ""
    for line in lines:
        if not line.cells:
            between += f" {line.folded[:1000]}"
            continue
        if table and (between or _key(table[-1]) != _key(line)):
            yield table, above
            table = []
        if not table:
            above = between
        between = ""
        table.append(line)
    if table:
        yield table, above


def _key(line: LetterLine) -> tuple[object, ...]:
    place = line.place
    return (place.part, place.sheet, None if place.table is None else (place.page, place.table))


def _layout_of(headings: Sequence[str]) -> _Layout | None:
    names = [_ALIASES.get(_bare(heading), heading) for heading in headings]
    columns = columns_of(names)
    if columns is None:
        return None
    # A heading names what stands below it; a row of data may hold its words, but has an address.
    if any(ADDRESS.search(fold_accents(heading)) for heading in headings):
        return None
    return _Layout(columns, len(headings), zones_in(fold_accents(" | ".join(headings))))


def _bare(heading: str) -> str:
    return re.sub(r"\s*\([^()]{0,60}\)", "", folded(heading)).strip()


def _rows_below_headings(table: Sequence[LetterLine]) -> Iterator[WrittenRow]:
    layout: _Layout | None = None
    for row in table:
        headings = _layout_of(row.cells)
        if headings is not None:
            layout = headings
        elif layout is not None and (len(row.cells) == layout.width or _fits(layout, row)):
            yield from _row_of(layout, row)
        elif _has_address(row):
            yield _unread(row)


def _row_of(layout: _Layout, row: LetterLine) -> Iterator[WrittenRow]:
    fields = layout.fields(row.cells)
    written = fields.get(NoticeField.ADDRESS, "")
    times = [fields.get(field, "") for field in (NoticeField.TIME, NoticeField.CLOCK)]
    end = fields.get(NoticeField.END, "")
    when = fold_accents(" ".join(filter(None, times)) + (f" den {end}" if end else ""))
    port = fields.get(NoticeField.PORT, "").strip()
    if not any(sign in written for sign in ".:") and not (port.isdecimal() or day_in(when)):
        # A line of totals, or a heading over the rows of one subject.
        return
    address, behind = split_cell(fold_accents(written))
    beside = ports_in(fold_accents(written).replace(address, " ", 1))
    ports = tuple(filter(None, (behind, *beside, "" if port in ("-", "0") else port)))
    yield WrittenRow(
        address,
        ports,
        time_in(when),
        zones_in(when) or zones_in(_beside_addresses(row)) or layout.zones,
        fields.get(NoticeField.REMOTE, ""),
        row,
    )


def _beside_addresses(row: LetterLine) -> str:
    return ADDRESS.sub(" ", row.folded)


def _records(table: Sequence[LetterLine]) -> list[WrittenRow] | None:
    """Return the rows of a table with its headings in the first column, None for any other."""
    cells = [row.cells for row in table]
    if cells and all(_NUMBERS.match(fold_accents(row[0])) for row in cells):
        cells = [row[1:] for row in cells]
    width = len(cells[0]) if cells else 0
    if width < 2 or any(len(row) != width for row in cells):
        return None
    first = folded(cells[0][0])
    starts = [place for place, row in enumerate(cells) if folded(row[0]) == first]
    rows: list[WrittenRow] = []
    for start, end in zip(starts, [*starts[1:], len(cells)], strict=True):
        names = [folded(row[0]) for row in cells[start:end] if row[0]]
        layout = _layout_of([row[0] for row in cells[start:end]])
        # A heading that stands twice may begin the next address.
        if layout is None or len(set(names)) != len(names):
            return None
        for column in range(1, width):
            values = tuple(row[column] for row in cells[start:end])
            pairs = [f"{row[0]}: {row[column]}" for row in cells[start:end] if row[column]]
            line = replace(table[start], text="; ".join(pairs), cells=values)
            record = list(_row_of(layout, line))
            is_whole = record and _addresses(line) <= 1 + bool(record[0].destination)
            rows += record if is_whole else [_unread(line)] if _has_address(line) else []
    return rows


def _addresses(row: LetterLine) -> int:
    texts = map(fold_accents, row.cells)
    return sum(bool(ADDRESS.search(text) or any(damaged_addresses(text))) for text in texts)


def _fits(layout: _Layout, row: LetterLine) -> bool:
    """Return whether the cells of `row` are of the kinds of these columns."""
    # Text has no tabs behind its last filled cell.
    cells = (*row.cells, *[""] * (layout.width - len(row.cells)))
    fields = layout.fields(cells)
    address = fold_accents(fields.get(NoticeField.ADDRESS, ""))
    port = fields.get(NoticeField.PORT, "-").strip()
    when = fold_accents(fields.get(NoticeField.TIME, ""))
    remote = fold_accents(fields.get(NoticeField.REMOTE, ""))
    places = {place for _field, place in layout.columns.places}
    others = [cell for place, cell in enumerate(cells) if place not in places]
    return (
        len(cells) == layout.width
        and ADDRESS.search(address) is not None
        and day_in(ADDRESS.sub(" ", when))
        and (port.isdecimal() or port == "-")
        and not (remote and day_in(ADDRESS.sub(" ", remote)))
        and not any(ADDRESS.search(fold_accents(cell)) for cell in others)
    )


def _has_address(row: LetterLine) -> bool:
    return bool(ADDRESS.search(row.folded)) or any(damaged_addresses(row.folded))


def _unread(row: LetterLine) -> WrittenRow:
    match = ADDRESS.search(row.folded)
    address = match[0] if match else next(damaged_addresses(row.folded), "")
    return WrittenRow(address, (), None, (), "", row, is_in_unread_table=True)
