"""Single pages as PDF: of what is signed, of devices, for the units of a campaign."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from quetsach.api.here import HERE
from quetsach.documents.sheet_values import JoinSheet, ReceiptSheet, WeekSheet
from quetsach.documents.table_files import Cell
from quetsach.run.typed import zone_of
from quetsach.texts import Language, in_language


def sheet(path: Path, *, out: Path | None = None, key_id: str | None = None) -> Path:
    """Write the one-page sheet of what is signed at `path` as PDF, and return where it is.

    Errors: E235 when it was changed; E238 when it is not signed; E405, E406 for the PDF.
    """
    from quetsach.run.sheet import write_sheet

    return write_sheet(path, out=out, key_id=key_id)


def cards(
    folder: Path,
    *,
    devices: Sequence[str] = (),
    out: Path | None = None,
    html: bool = False,
    case_url: str | None = None,
    tool: str = "",
) -> tuple[Path, ...]:
    """Write a handling sheet for each device in `folder`, or for `devices`; return the files.

    Errors: E303, E305; E405, E406; E408 for a device that is not there; E409 for the URL.
    """
    from quetsach.run.card import write_cards

    return write_cards(folder, devices=devices, out=out, html=html, case_url=case_url, tool=tool)


def card(
    device: Mapping[str, Any],
    *,
    case_url: str,
    zone: str = HERE,
    tool: str = "",
    language: Language | None = None,
) -> bytes:
    """Return the handling sheet of one device as PDF, its QR code leading to `case_url`.

    Shapes: `device` as devices.json of a findings folder has it; what it lacks stays blank.
    Errors: E405; E409 for the URL; E601 for the zone.
    """
    from quetsach.documents.card import Campaign, card_of
    from quetsach.documents.card_pdf import card_pdf
    from quetsach.documents.link import checked_link

    with in_language(language):
        return card_pdf(card_of(device, Campaign(zone_of(zone), tool), checked_link(case_url)))


def join_sheet(sheet: JoinSheet, *, language: Language | None = None) -> bytes:
    """Return the sheet that invites a unit's people to a campaign, as PDF.

    Errors: E405; E409 for the link; E423.
    """
    from quetsach.documents.join_sheet import join_sheet_pdf

    with in_language(language):
        return join_sheet_pdf(sheet)


def table_xlsx(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return figures as a workbook; numbers are numbers, and no cell is a formula."""
    from quetsach.documents.table_files import table_xlsx

    return table_xlsx(heads, rows)


def table_csv(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return figures as CSV in UTF-8; no cell is taken for a formula."""
    from quetsach.documents.table_files import table_csv

    return table_csv(heads, rows)


def write_table(
    out: IO[bytes], heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, xlsx: bool
) -> None:
    """Write figures as workbook or CSV, row by row: so many of them need no more memory."""
    from quetsach.documents.table_files import write_csv, write_xlsx

    (write_xlsx if xlsx else write_csv)(out, heads, rows)


def week_sheet(sheet: WeekSheet, *, language: Language | None = None) -> bytes:
    """Return the week of a campaign on one page, for who leads a unit, as PDF.

    Errors: E405; E409 for the link.
    """
    from quetsach.documents.week_sheet import week_sheet_pdf

    with in_language(language):
        return week_sheet_pdf(sheet)


def receipt_sheet(sheet: ReceiptSheet, *, language: Language | None = None) -> bytes:
    """Return the sheet that goes with a printed letter, to confirm its receipt, as PDF.

    Errors: E405; E409 for the link.
    """
    from quetsach.documents.receipt_sheet import receipt_sheet_pdf

    with in_language(language):
        return receipt_sheet_pdf(sheet)
