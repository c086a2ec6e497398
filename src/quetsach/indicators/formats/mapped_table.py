"""Tables read with a saved column map, which takes precedence over detection."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from itertools import islice
from typing import NamedTuple

from quetsach.clocks import MICROSECONDS
from quetsach.errors.exceptions import Problem
from quetsach.indicators.claim_words import confidence_in, status_in, tlp_in
from quetsach.indicators.dates import date_us
from quetsach.indicators.formats.contract import HEAD, FormReading, ListFile, ListRow
from quetsach.indicators.formats.csv_table import OTHER_KIND
from quetsach.indicators.formats.plain import LONGEST_LABEL
from quetsach.indicators.model import NO_CLAIM, Claim, IndicatorClass, IndicatorKind, MatchRule
from quetsach.indicators.options import (
    ColumnMap,
    ListOptions,
    RefusalReason,
    ValueColumn,
    plain_heading,
)
from quetsach.indicators.values import parse_value

FIRST_ROWS = 50
"""In how many first rows the headings are searched: titles may precede them."""

_KINDS = {
    "name": {IndicatorKind.NAME},
    "address": {IndicatorKind.ADDRESS, IndicatorKind.NETWORK},
    "network": {IndicatorKind.ADDRESS, IndicatorKind.NETWORK},
    "url": {IndicatorKind.URL},
    "hash": {IndicatorKind.HASH},
}
_RULES = {"exact": MatchRule.EXACT, "below": MatchRule.BELOW, "": None}


class MappedRow(NamedTuple):
    """One row of a table: its number from 1, its text, and its cells."""

    number: int
    text: str
    cells: Sequence[str]


class MapFit(NamedTuple):
    """A map that fits a table: the row of its headings, 0 for none, and each column's index."""

    column_map: ColumnMap
    header_row: int
    places: dict[str, int]
    problem: Problem | None = None


def fit_of(
    column_map: ColumnMap, name: str, rows: Iterable[MappedRow], *, sheet: str = ""
) -> MapFit | None:
    """Return how `column_map` reads the table that begins with `rows`, or None if it is not its.

    Shapes: `name` is that of the file; `sheet` that of the sheet, "" where there are none. The fit
    carries E218 where the file is the sender's by its name, and lacks a column of the map.
    """
    marks = column_map.recognise
    if column_map.sheet and sheet and plain_heading(column_map.sheet) != plain_heading(sheet):
        return None
    if marks.file_name and not fnmatchcase(_base(name).lower(), marks.file_name.lower()):
        return None
    marked_headings = [plain_heading(heading) for heading in marks.headings]
    column_headings = {
        plain_heading(heading) for heading in _columns(column_map) if isinstance(heading, str)
    }
    for row in islice(rows, FIRST_ROWS):
        headings = [plain_heading(cell) for cell in row.cells]
        while headings and not headings[-1]:
            headings.pop()
        if (
            headings == marked_headings
            if marked_headings
            else column_headings and column_headings <= set(headings)
        ):
            return MapFit(column_map, row.number, _places(column_map, headings))
    if marked_headings:
        return None
    problem = None
    if column_headings:
        reason = ", ".join(sorted(column_headings))
        problem = Problem("E218", name, {"reason": reason})
    return MapFit(column_map, 0, _places(column_map, []), problem)


def first_fit(
    options: ListOptions, name: str, rows: Sequence[MappedRow], *, sheet: str = ""
) -> MapFit | None:
    """Return how the first saved map that knows this table reads it, or None where none does.

    Shapes: as in `fit_of`; `rows` are the first FIRST_ROWS of the table, or all of them.
    """
    fits = (fit_of(column_map, name, rows, sheet=sheet) for column_map in options.column_maps)
    return next((fit for fit in fits if fit is not None), None)


def mapped_rows(fit: MapFit, rows: Iterable[MappedRow], options: ListOptions) -> Iterator[ListRow]:
    """Return a row for each filled column of values in each of `rows` below the header.

    `rows` are all rows of the table, from its first. A row without any value is refused as empty.
    """
    for row in rows:
        if row.number <= fit.header_row or not any(cell.strip() for cell in row.cells):
            continue
        cells = [cell.strip() for cell in row.cells]
        claim = _claim(fit, cells, options)
        port = _port(_cell(fit, cells, "port"))
        is_other = OTHER_KIND.match(_cell(fit, cells, "kind")) is not None
        has_value = False
        for number, column in enumerate(fit.column_map.value):
            value_cell = _cell(fit, cells, f"value {number}")
            if value_cell:
                has_value = True
                refused = (
                    RefusalReason.OTHER_KIND if is_other else _refusal(value_cell, column, options)
                )
                rule = _rule(value_cell, column, options)
                yield ListRow(row.number, row.text, value_cell, port, rule, claim, refused)
        if not has_value:
            yield ListRow(row.number, row.text, "", claim=claim, refused=RefusalReason.EMPTY)


def _columns(column_map: ColumnMap) -> list[str | int]:
    return [*(column.column for column in column_map.value), *column_map.columns.values()]


def _places(column_map: ColumnMap, headings: Sequence[str]) -> dict[str, int]:
    columns: dict[str, str | int] = {
        f"value {number}": value_column.column
        for number, value_column in enumerate(column_map.value)
    }
    columns |= {str(what): column for what, column in column_map.columns.items()}
    places = {}
    for what, column in columns.items():
        if isinstance(column, int):
            places[what] = column - 1
        elif (heading := plain_heading(column)) in headings:
            places[what] = headings.index(heading)
    return places


def _base(name: str) -> str:
    return re.split(r"[/\\]", name)[-1]


def _cell(fit: MapFit, cells: Sequence[str], what: str) -> str:
    place = fit.places.get(what, len(cells))
    return cells[place] if place < len(cells) else ""


def _refusal(value_cell: str, column: ValueColumn, options: ListOptions) -> RefusalReason | None:
    if column.kind == "any":
        return None
    # "a.example" in a column of hashes is a mistake of the sender: a person must review it.
    kinds = {parsed.kind for parsed in parse_value(value_cell, options).values}
    return RefusalReason.UNCLEAR if kinds - _KINDS[column.kind] else None


def _rule(value_cell: str, column: ValueColumn, options: ListOptions) -> MatchRule | None:
    rule = _RULES[column.rule]
    if rule is None:
        return None
    is_name = any(
        parsed.kind is IndicatorKind.NAME for parsed in parse_value(value_cell, options).values
    )
    return rule if is_name else None


def _claim(fit: MapFit, cells: Sequence[str], options: ListOptions) -> Claim:
    constants = fit.column_map.constants
    word = _cell(fit, cells, "class")
    of_class = _class_of(word, fit.column_map)
    label = _cell(fit, cells, "label") or constants.label
    if of_class is None and word:
        label = f"{word}; {label}" if label else word
    confidence = confidence_in(_cell(fit, cells, "confidence"))
    claim = Claim(
        of_class=constants.of_class if of_class is None else of_class,
        family=(_cell(fit, cells, "family") or constants.family)[:LONGEST_LABEL],
        label=label[:LONGEST_LABEL],
        confidence=constants.confidence if confidence is None else confidence,
        tlp=tlp_in(_cell(fit, cells, "tlp")) or constants.tlp,
        status=status_in(_cell(fit, cells, "status")),
        valid_from_us=_moment(_cell(fit, cells, "valid_from"), fit, options, at_end=False),
        valid_until_us=_moment(_cell(fit, cells, "valid_until"), fit, options, at_end=True),
        last_seen_us=_moment(_cell(fit, cells, "last_seen"), fit, options, at_end=True),
    )
    return NO_CLAIM if claim == NO_CLAIM else claim


def _class_of(word: str, column_map: ColumnMap) -> IndicatorClass | None:
    heading = plain_heading(word)
    for class_word, of_class in column_map.class_words.items():
        if plain_heading(class_word) == heading:
            return of_class
    return next((of_class for of_class in IndicatorClass if of_class == heading), None)


def _moment(text: str, fit: MapFit, options: ListOptions, *, at_end: bool) -> int | None:
    form = fit.column_map.date_format
    if not form or not text:
        return date_us(text, options.zone, at_end=at_end)
    try:
        when = datetime.strptime(text, form)
        if when.tzinfo is None:
            when = when.replace(tzinfo=options.zone)
        iso = when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if at_end and "%H" not in form and "%I" not in form:
        return date_us(when.date().isoformat(), options.zone, at_end=True)
    return int(iso.timestamp()) * MICROSECONDS


def _port(text: str) -> int | None:
    is_port = text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65536
    return int(text) if is_port else None


_DELIMITERS = ",;\t|"

MOST_LINES = 50
"""Over how many lines a cell in quotes may go."""


class MappedTable:
    """A text table that one of the saved column maps fits."""

    name = "mapped"
    title = "Table with a saved column map"
    reads = "the columns that the sender's map names"

    def read(self, file: ListFile) -> FormReading | None:
        """Return the rows by the first map that fits the file, or None where none does."""
        for column_map in file.options.column_maps:
            text = _text(file, column_map)
            if text is None:
                continue
            fits = [
                (delimiter, fit)
                for delimiter in column_map.delimiter or _likely(text)
                if (fit := _fit(column_map, file.name, text, delimiter)) is not None
            ]
            if not fits:
                continue
            delimiter, fit = next((pair for pair in fits if pair[1].problem is None), fits[0])
            if fit.problem is not None:
                return FormReading((), problems=(fit.problem,), sender=column_map.sender)
            rows = mapped_rows(fit, table_rows(text, delimiter), file.options)
            columns = ", ".join(str(column.column) for column in column_map.value)
            return FormReading(rows, columns, sender=column_map.sender)
        return None


def table_rows(text: str, delimiter: str) -> Iterator[MappedRow]:
    """Return every record of the table in `text` by its first line; comments are none.

    A cell may go on over lines where its quote is closed within MOST_LINES; a quote that never
    closes swallows nothing.
    """
    waiting: list[tuple[int, str]] = []
    quotes = 0
    for number, line in enumerate(io.StringIO(text), start=1):
        if not waiting and line.startswith("#"):
            continue
        waiting.append((number, line))
        quotes += line.count('"')
        if quotes % 2 == 0:
            first, whole = waiting[0][0], "".join(text for _number, text in waiting)
            yield MappedRow(first, whole.strip(), _cells(whole, delimiter))
        elif len(waiting) >= MOST_LINES:
            yield from _each(waiting, delimiter)
        else:
            continue
        waiting, quotes = [], 0
    yield from _each(waiting, delimiter)


def _each(waiting: list[tuple[int, str]], delimiter: str) -> Iterator[MappedRow]:
    for number, line in waiting:
        yield MappedRow(number, line.strip(), _cells(line, delimiter))


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error:
        return line.rstrip("\n").split(delimiter)


def _fit(column_map: ColumnMap, name: str, text: str, delimiter: str) -> MapFit | None:
    return fit_of(column_map, name, islice(table_rows(text, delimiter), FIRST_ROWS))


def _likely(text: str) -> list[str]:
    """Return the delimiters, the most frequent in the head of `text` first."""
    return sorted(_DELIMITERS, key=lambda delimiter: -text.count(delimiter, 0, HEAD))


def _text(file: ListFile, column_map: ColumnMap) -> str | None:
    if not column_map.encoding or file.text is None:
        return file.text
    text = file.raw.decode(column_map.encoding, "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
