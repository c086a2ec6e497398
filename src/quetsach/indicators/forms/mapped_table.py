"""The table of a sender whose columns were saved: the map wins over guessing."""

import csv
import io
from collections.abc import Iterator
from itertools import islice

from quetsach.indicators.column_map import ColumnMap
from quetsach.indicators.forms.contract import HEAD, FormReading, ListFile
from quetsach.indicators.mapped_rows import FIRST_ROWS, Fit, TableRow, fit_of, mapped_rows

_DELIMITERS = ",;\t|"

MOST_LINES = 50
"""Over how many lines a cell in quotes may go."""


class MappedTable:
    """A table in text that one of the saved column maps knows."""

    name = "mapped"
    title = "Table with a saved column map"
    reads = "the columns that the sender's map names"

    def read(self, file: ListFile) -> FormReading | None:
        """Return the rows by the first map that knows the file, or None where none does."""
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
            delimiter, fit = next((one for one in fits if one[1].problem is None), fits[0])
            if fit.problem is not None:
                return FormReading((), problems=(fit.problem,), sender=column_map.sender)
            rows = mapped_rows(fit, table_rows(text, delimiter), file.options)
            columns = ", ".join(str(one.column) for one in column_map.value)
            return FormReading(rows, columns, sender=column_map.sender)
        return None


def table_rows(text: str, delimiter: str) -> Iterator[TableRow]:
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
            first, whole = waiting[0][0], "".join(one for _number, one in waiting)
            yield TableRow(first, whole.strip(), _cells(whole, delimiter))
        elif len(waiting) >= MOST_LINES:
            yield from _each(waiting, delimiter)
        else:
            continue
        waiting, quotes = [], 0
    yield from _each(waiting, delimiter)


def _each(waiting: list[tuple[int, str]], delimiter: str) -> Iterator[TableRow]:
    for number, line in waiting:
        yield TableRow(number, line.strip(), _cells(line, delimiter))


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error:
        return line.rstrip("\n").split(delimiter)


def _fit(column_map: ColumnMap, name: str, text: str, delimiter: str) -> Fit | None:
    return fit_of(column_map, name, islice(table_rows(text, delimiter), FIRST_ROWS))


def _likely(text: str) -> list[str]:
    """Return the delimiters, the most frequent in the head of `text` first."""
    return sorted(_DELIMITERS, key=lambda one: -text.count(one, 0, HEAD))


def _text(file: ListFile, column_map: ColumnMap) -> str | None:
    if not column_map.encoding or file.text is None:
        return file.text
    text = file.raw.decode(column_map.encoding, "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
