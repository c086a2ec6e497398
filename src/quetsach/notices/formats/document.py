"""The monthly list of a unit as a document: rows of tables in PDF, Word, Excel or mail.

Its zone is seldom told; that of the authority is taken, and said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from quetsach.errors.catalogue import N_
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.notices.formats.contract import (
    NoticeFormat,
    NoticeOptions,
    NoticeRecord,
    NoticeSource,
)
from quetsach.notices.formats.json import INTELMQ, N6, XARF, XARF_OLD, json_values
from quetsach.notices.formats.table import TextNotices, record_of
from quetsach.notices.headings import NoticeColumns, columns_of, folded
from quetsach.readers.contract import BlockKind, BlockPlace, DocumentBlock
from quetsach.readers.read import read_paper, reader_of

TEXT_FORMS: tuple[NoticeFormat, ...] = (XARF, XARF_OLD, N6, INTELMQ, TextNotices())
"""Forms of notices that are text, whether they come alone or in a mail or an archive."""

_MARKS = frozenset({"stt", "tt", "no", "no.", "#", "so tt", "so thu tu"})


class DocumentNotices:
    """A table of notices in a document."""

    name = "paper"
    title = N_("lists of a unit's addresses in a letter, a PDF or a sheet")

    def read(self, source: NoticeSource) -> Iterator[NoticeRecord] | None:
        """Return a record for each row of its tables of notices, or None where it has none.

        Errors: E410 to E419 for a document of which nothing can be read, or no notice where
        parts of it could not be.
        """
        if reader_of(source.raw, source.name, text=False) is None:
            return None
        paper = read_paper(source.raw, source.name)
        records = [
            *_records(paper.blocks, source.options),
            *_of_text(paper.blocks, source.options),
        ]
        if not records:
            _raise_unread(paper.problems)
            return None
        return iter([*records, *(NoticeRecord(problem=one) for one in paper.problems)])


def _raise_unread(problems: Sequence[Problem]) -> None:
    """Raise the first problem that may have hidden the notices, such as a page that is a picture.

    Macros (E415) and old fonts (E419) hide nothing.
    """
    for one in problems:
        if one.code not in ("E415", "E419"):
            raised = QuetsachError(one.code, one.where)
            raised.problem = one
            raise raised


def _records(blocks: Sequence[DocumentBlock], options: NoticeOptions) -> Iterator[NoticeRecord]:
    columns: NoticeColumns | None = None
    table: tuple[str, str, int | None] | None = None
    for block in blocks:
        if block.kind is not BlockKind.ROW:
            continue
        cells = [" ".join(cell.split()) for cell in block.cells]
        here = (block.place.part, block.place.sheet, block.place.table)
        found = columns_of(cells)
        if found is not None:
            columns, table = found, here
            continue
        # A table that goes on over the page is another table of the same width to its reader.
        if columns is None or (here != table and len(cells) != len(columns.names)):
            continue
        if _is_empty(cells) or _numbers_columns(cells):
            continue
        yield record_of(
            cells,
            columns,
            options,
            excerpt=" | ".join(cells),
            row=block.place.row,
            place=_shown(block.place),
        )


def _of_text(blocks: Sequence[DocumentBlock], options: NoticeOptions) -> Iterator[NoticeRecord]:
    """Yield the records of tables that are text: a CSV in an archive, or attached to a mail."""
    plain = (one for one in blocks if one.kind is BlockKind.PARAGRAPH)
    for part, lines in groupby(plain, key=lambda one: one.place.part):
        if not part:
            continue
        text = "\n".join(one.text for one in lines)
        values = json_values(text)
        source = NoticeSource(part, b"", text, values, options)
        for form in TEXT_FORMS:
            found = form.read(source)
            if found is not None:
                yield from (replace(one, place=part) for one in found)
                break


def _is_empty(cells: Sequence[str]) -> bool:
    """Return whether a row holds nothing beside its own number."""
    return not any(cell for cell in cells[1:])


def _numbers_columns(cells: Sequence[str]) -> bool:
    """Return whether a row only numbers the columns, as forms do: (1) (2) (3)."""
    plain = [folded(cell).strip("()") for cell in cells]
    return plain == [str(number) for number in range(1, len(cells) + 1)] or (
        plain[0] in _MARKS and len(set(plain)) == 1
    )


def _shown(place: BlockPlace) -> str:
    parts = (
        place.part,
        place.sheet,
        "" if place.page is None else f"p. {place.page}",
        "" if place.table is None else f"table {place.table}",
    )
    return ", ".join(part for part in parts if part)
