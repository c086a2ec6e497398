"""Paper: the letter with the sheet of receipt for each unit, ready to be printed."""

from collections.abc import Iterator
from io import BytesIO
from itertools import chain

import pypdfium2
from django.core.files.uploadedfile import SimpleUploadedFile

from quetsach_portal.files.actions import keep
from quetsach_portal.files.models import Purpose
from quetsach_portal.files.storage import path_of
from quetsach_portal.jobs.work import Work
from quetsach_portal.letters.actions.drafting import note
from quetsach_portal.letters.documents import sheet_of
from quetsach_portal.letters.links import receipt_page
from quetsach_portal.letters.models import About, Channel, Dispatch, Letter

KIND = "letters.sheets"


def run(work: Work) -> None:
    """Make the letter and the sheets of all units that get it on paper, and keep them with it."""
    letter = Letter.objects.select_related("node__unit", "pdf", "paper", "original").get(
        pk=work.payload["letter_id"]
    )
    content = merged(_pages(letter, work))
    upload = SimpleUploadedFile(f"phieu-nhan-{letter.pk}.pdf", content)
    with work.finishing():
        letter.sheets = keep(
            upload, purpose=Purpose.DOCUMENT, owner_path=letter.node.unit.path, actor=None
        )
        letter.save(update_fields=["sheets"])
        note("letter.sheets_made", letter, None)


def paper_for(row: Dispatch) -> bytes:
    """Return the letter and the sheet of one unit, whose code leads to the page of receipt."""
    return merged(chain(_printed_letter(row.letter), [_sheet(row)]))


def merged(parts: Iterator[bytes]) -> bytes:
    """Return one PDF with the pages of all `parts` in order."""
    whole = pypdfium2.PdfDocument.new()
    try:
        for part in parts:
            source = pypdfium2.PdfDocument(part)
            whole.import_pages(source)
            source.close()
        out = BytesIO()
        whole.save(out)
    finally:
        whole.close()
    return out.getvalue()


def _pages(letter: Letter, work: Work) -> Iterator[bytes]:
    rows = list(
        Dispatch.objects.filter(letter=letter, channel=Channel.PAPER, about=About.ISSUE)
        .select_related("letter", "to_node")
        .order_by("to_node__name_at_freeze", "pk")
    )
    # Once: a copier multiplies it, and 3,000 copies would make a file that no printer takes.
    yield from _printed_letter(letter)
    for place, row in enumerate(rows):
        work.progress(place, len(rows))
        yield _sheet(row)


def _printed_letter(letter: Letter) -> Iterator[bytes]:
    """Yield the letter as PDF: the signed original where it is one that opens, else ours."""
    for stored in (letter.original, letter.paper, letter.pdf):
        if stored is not None:
            content = path_of(stored).read_bytes()
            if content.startswith(b"%PDF-") and _opens(content):
                yield content
                return


def _opens(content: bytes) -> bool:
    try:
        pypdfium2.PdfDocument(content).close()
    except pypdfium2.PdfiumError:
        return False
    return True


def _sheet(row: Dispatch) -> bytes:
    letter = row.letter
    return sheet_of(letter, row.to_node.name_at_freeze, receipt_page(row.to_node_id))
