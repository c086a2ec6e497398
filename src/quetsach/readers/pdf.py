"""PDF documents: their text in lines and tables, by PDFium; pages that are pictures by OCR."""

from typing import Any

from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.attachments import AttachedDocuments, PartReader
from quetsach.readers.contract import BlockPlace, ReadDocument, ReadLimits
from quetsach.readers.gather import BlockCollector, LimitReachedError
from quetsach.readers.layout import PageLine, PlacedWord, lines_of, take_lines, take_words, text_of
from quetsach.readers.pdf_page import PdfPage
from quetsach.readers.pdf_tables import PdfGrid, grids_of
from quetsach.readers.pictures import CannotReadError, OcrReader, take_picture
from quetsach.texts import _

_HEAD = 1024
_SAME_EDGE = 4.0


class PdfReader:
    """Reads a PDF page by page; a page without text is read by OCR, and marked so."""

    name = "pdf"
    title = "PDF"

    def __init__(self, read_part: PartReader) -> None:
        self._read_part = read_part

    def knows(self, raw: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `raw` is a PDF."""
        # PDF 32000-1, annex H.3: readers accept the header anywhere in the first 1024 bytes.
        return b"%PDF-" in raw[:_HEAD]

    def read(self, raw: bytes, name: str, limits: ReadLimits) -> ReadDocument:
        """Return the document.

        Shapes: rows that go on on the next page count on in the same table.
        Errors: E411 or E412 when nothing of it can be read.
        Cost: 3 ms a page of text, 6 ms a page of tables, some seconds a page that is a picture.
        """
        import pypdfium2 as pdfium
        import pypdfium2.raw as pdfium_c

        out = BlockCollector(name, self.name, limits)
        try:
            document = pdfium.PdfDocument(raw)
        except pdfium.PdfiumError as err:
            if getattr(err, "err_code", None) in (
                pdfium_c.FPDF_ERR_PASSWORD,
                pdfium_c.FPDF_ERR_SECURITY,
            ):
                raise QuetsachError("E412", name) from err
            raise QuetsachError("E411", name, reason=str(err).rstrip(".")) from err
        with out.bounded():
            _Reading(document, out).run(AttachedDocuments(out, self._read_part))
        return out.paper(raw)


class _Reading:
    def __init__(self, document: Any, out: BlockCollector) -> None:
        self._document = document
        self._out = out
        self._ocr = OcrReader(out.limits.ocr_pages, out.limits.ocr_seconds)
        self._table = 0
        self._row = 0
        self._last: PdfGrid | None = None

    def run(self, parts: AttachedDocuments) -> None:
        import pypdfium2 as pdfium

        out = self._out
        pages = len(self._document)
        for number in range(1, min(pages, out.limits.pages) + 1):
            out.check_now()
            where = _("page %(page)s") % {"page": number}
            try:
                raw_page = self._document[number - 1]
            except pdfium.PdfiumError as err:
                out.problem("E411", where, reason=str(err))
                continue
            try:
                self._page(PdfPage(raw_page, out), number, where)
            except pdfium.PdfiumError as err:
                out.problem("E411", where, reason=str(err))
            finally:
                raw_page.close()
        self._attachments(parts)
        if pages > out.limits.pages:
            raise LimitReachedError(_("%(count)s pages") % {"count": out.limits.pages})
        if not pages:
            raise QuetsachError("E411", out.name, reason=_("it has no page"))

    def _page(self, page: PdfPage, number: int, where: str) -> None:
        edges = page.edges()
        words = page.words(edges)
        if page.is_picture(len(words)):
            self._scan(page, words, number, where)
            return
        self._take(words, grids_of(edges), page, number)
        for picture in page.large_pictures():
            self._read_picture(picture, _("an image on it"), number, where)

    def _take(
        self, words: list[PlacedWord], grids: list[PdfGrid], page: PdfPage, number: int
    ) -> None:
        rest: list[PlacedWord] = []
        inside: list[list[PlacedWord]] = [[] for _ in grids]
        for word in words:
            at = next((at for at, grid in enumerate(grids) if grid.holds(word)), None)
            (rest if at is None else inside[at]).append(word)
        waiting = [
            (grid, of) for grid, of in zip(grids, inside, strict=True) if _is_table(grid, of)
        ]
        for grid, of in zip(grids, inside, strict=True):
            if not _is_table(grid, of):
                rest += of
        lines = lines_of(rest)
        number_on_page = 1
        for grid, of in waiting:
            end = grid.top + _SAME_EDGE
            above = [line for line in lines if line.bottom <= end]
            lines = [line for line in lines if not line.bottom <= end]
            number_on_page = self._lines(above, page, number, number_on_page)
            goes_on = number_on_page == 1 and grid is waiting[0][0]
            self._rows(grid, of, number, goes_on=goes_on and self._continues(grid))
        self._lines(lines, page, number, number_on_page)
        self._last = waiting[-1][0] if waiting and not lines else None

    def _lines(self, lines: list[PageLine], page: PdfPage, number: int, first: int) -> int:
        return take_lines(lines, self._out, page=number, by_ocr=page.read_before, first=first)

    def _rows(self, grid: PdfGrid, words: list[PlacedWord], number: int, *, goes_on: bool) -> None:
        if not goes_on:
            self._table += 1
            self._row = 0
        for cells in grid.rows(words):
            self._row += 1
            links = tuple(dict.fromkeys(link for cell in cells for w in cell for link in w.links))
            place = BlockPlace(page=number, table=self._table, row=self._row)
            self._out.row([text_of(cell) for cell in cells], place, links=links)

    def _continues(self, grid: PdfGrid) -> bool:
        last = self._last
        return (
            last is not None
            and len(last.xs) == len(grid.xs)
            and all(abs(x - y) < _SAME_EDGE for x, y in zip(last.xs, grid.xs, strict=True))
        )

    def _scan(self, page: PdfPage, words: list[PlacedWord], number: int, where: str) -> None:
        self._last = None
        self._read_picture(page.picture(), _("the page"), number, where)
        # A stamp or a signature that a program set upon the scan.
        take_words(words, self._out, page=number, by_ocr=page.read_before)

    def _read_picture(self, picture: bytes, what: str, number: int, where: str) -> None:
        before = self._ocr.used
        try:
            take_picture(picture, self._ocr, self._out, page=number)
        except CannotReadError as err:
            self._out.problem("E418", where, what=what, reason=str(err))
        finally:
            self._out.spend_on_ocr(self._ocr.used - before)

    def _attachments(self, parts: AttachedDocuments) -> None:
        import pypdfium2 as pdfium

        for at in range(min(self._document.count_attachments(), self._out.limits.parts)):
            try:
                attachment = self._document.get_attachment(at)
                name = attachment.get_name() or str(at + 1)
                raw = bytes(attachment.get_data())
            except pdfium.PdfiumError as err:
                self._out.problem("E411", str(at + 1), reason=str(err))
                continue
            parts.read(raw, name)


def _is_table(grid: PdfGrid, words: list[PlacedWord]) -> bool:
    """Return whether there is more than a frame around text: more than one cell has words."""
    return grid.cells > 1 and sum(any(row) for row in grid.rows(words)) > 0
