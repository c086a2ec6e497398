"""Pages of our own PDFs as pictures, so that a document is read where it is signed."""

from io import BytesIO
from threading import Lock

import pypdfium2

from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.storage import path_of

MOST_PAGES = 30
WIDTH = 1100
"""Pixels: legible at 1366 px and sharp on a phone."""

_ONE_AT_A_TIME = Lock()  # PDFium is not thread-safe.


def page_count(stored: StoredFile) -> int:
    """Return how many pages of the PDF are shown as pictures; 0 when it cannot be opened."""
    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(path_of(stored).read_bytes())
        except (pypdfium2.PdfiumError, OSError):
            return 0
        try:
            return min(len(document), MOST_PAGES)
        finally:
            document.close()


def page_picture(stored: StoredFile, number: int) -> bytes | None:
    """Return page `number`, counted from 1, as PNG; None where there is none."""
    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(path_of(stored).read_bytes())
        except (pypdfium2.PdfiumError, OSError):
            return None
        try:
            if not 1 <= number <= min(len(document), MOST_PAGES):
                return None
            page = document[number - 1]
            scale = WIDTH / max(page.get_width(), 1)
            picture = page.render(scale=min(scale, 4), grayscale=True).to_pil()
        finally:
            document.close()
    out = BytesIO()
    # Print is black on white: 16 greys are enough, and a page has some 60 KB.
    picture.quantize(16).save(out, "PNG", optimize=True)
    return out.getvalue()
