"""The sheet of a signed release as PDF/A, and tables of figures as XLSX and CSV."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any

from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.text import printable
from quetsach.documents.typeset.typst import Face, set_page
from quetsach.spreadsheet_cells import harmless_row
from quetsach.texts import _, language

_TEMPLATE = Path(__file__).with_name("sheet.typ")
_BREAK_HERE = "\u200b"
_LONG = 30
MOST_TEXT = 120


@dataclass(frozen=True)
class ReleaseSheet:
    """The content of the sheet; foreign texts are shown unchanged.

    Shapes: `words` are 24, `groups` 16 of four hex digits, `spoken` 6 of four decimal digits;
    `count` is None where nothing is counted; `signed` and `created` are ISO 8601.
    """

    name: str
    title: str
    kind: str
    count: int | None
    created: str
    signed: str
    key_id: str
    groups: tuple[str, ...]
    words: tuple[str, ...]
    spoken: tuple[str, ...]
    qr: str


def sheet_pdf(sheet: ReleaseSheet, *, face: Face | None = None) -> bytes:
    """Return the page in the language in use; the same sheet gives the same bytes.

    Errors: E405 when the typesetter refuses or warns.
    """
    when_s = int(datetime.fromisoformat(sheet.signed).timestamp())
    return set_page(_TEMPLATE, "sheet", _texts(sheet), qr=sheet.qr, when_s=when_s, face=face)


def _texts(sheet: ReleaseSheet) -> dict[str, Any]:
    kinds = {
        "release": _("Signed release of indicators"),
        "findings": _("Signed findings"),
        "file": _("Signed file"),
    }
    facts: list[tuple[str, str]] = [(_("File"), sheet.name)]
    if sheet.title:
        facts.append((_("Title"), sheet.title))
    if sheet.count is not None:
        counted = f"{sheet.count:,}"
        facts.append(
            (_("Indicators"), counted if language() == "en" else counted.replace(",", "."))
        )
    if sheet.created:
        facts.append((_("Made at"), sheet.created))
    facts.append((_("Signed at"), sheet.signed))
    facts.append((_("Number of the key"), sheet.key_id))
    return {
        "lang": language(),
        "head": kinds.get(sheet.kind, kinds["file"]),
        "facts": [[label, _printable(value)] for label, value in facts],
        "groups": sheet.groups,
        "words": sheet.words,
        "spoken": sheet.spoken,
        "page": decree.PAGE_MM,
        **_fixed(sheet),
    }


def _fixed(sheet: ReleaseSheet) -> Mapping[str, Any]:
    command = "quetsach indicators verify"
    return {
        "spoken_head": _("To read out by telephone: 24 digits (about 80 bits)"),
        "words_head": _("The digest as 24 words"),
        "groups_head": _("The same digest in hex digits (SHA-256)"),
        "qr_head": _("QR code: digest, key number, time and signature"),
        "how_head": _("How to check, without any network"),
        "how": [
            [
                _("Hold the file against this sheet. The first four letters of a word are enough:"),
                f'{command} {_printable_name(sheet.name)} --printed "{sheet.words[0]} … '
                f'{sheet.words[-1]}"',
            ],
            [
                _("Or read the QR code and verify who signed, even without the file:"),
                f'{command} --key {_("KEY")}.pub.pem --printed "quetsach:1:…"',
            ],
            [
                _(
                    "Compare the number of the key with the one that its owner gave you in "
                    "another way: a sheet that came with the file may be forged together with it."
                ),
                "",
            ],
        ],
    }


def _printable(text: str) -> str:
    fitted = " ".join(printable(text)[0].split())
    cut = fitted if len(fitted) <= MOST_TEXT else fitted[: MOST_TEXT - 1] + "…"
    return " ".join(_breakable(word) for word in cut.split(" "))


def _printable_name(name: str) -> str:
    shown = printable(name)[0]
    return _breakable(shown if len(shown) <= _LONG else "FILE")


def _breakable(word: str) -> str:
    return word if len(word) < _LONG else _BREAK_HERE.join(word)


Cell = str | int | float | None
"""A None is an empty cell."""


def table_xlsx(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return the table as a workbook of one page."""
    out = io.BytesIO()
    write_xlsx(out, heads, rows)
    return out.getvalue()


def write_xlsx(out: IO[bytes], heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write the table into `out` as a workbook of one page.

    Cost: one row of memory, whatever their number; they lie in temporary files meanwhile.
    """
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        page, bold = book.add_worksheet(), book.add_format({"bold": True, "text_wrap": True})
        for column, head in enumerate(heads):
            page.write_string(0, column, head, bold)
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(at, column, cell)
                elif cell is not None:
                    page.write_number(at, column, cell)
        page.set_column(0, 0, 48)
        page.freeze_panes(1, 1)


def table_csv(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return the table as CSV, as `write_csv` writes it."""
    out = io.BytesIO()
    write_csv(out, heads, rows)
    return out.getvalue()


def write_csv(out: IO[bytes], heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write the table into `out` as CSV in UTF-8 with a byte order mark.

    Words that a spreadsheet might take for a formula begin with an apostrophe (F2).
    Cost: one row of memory.
    """
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows(harmless_row(row) for row in chain([heads], rows))
    text.detach()
