"""The content of a PDF page: words, ruled lines, pictures, links; places from its top left."""

import ctypes
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from quetsach.readers.gather import BlockCollector
from quetsach.readers.layout import PlacedWord
from quetsach.readers.pdf_tables import PdfRule
from quetsach.texts import _

_MOST_OBJECTS = 200_000
_MOST_EDGES = 40_000
_MOST_LINKS = 5_000
_FORMS_DEEP = 6
_THIN = 3.0
_FEW_WORDS = 40
_PICTURE_SHARE = 0.4
_LARGE_SHARE = 0.1
_MOST_LARGE = 20
_DRAWN_LETTERS = 100
_OCR_DPI = 300
_MOST_DOTS = 14_000_000
_LETTER_GAP = 0.35
_OVERLAP = 0.5
_SLACK = 0.5
_LOOK_AT_CLOCK = 2048
_HYPHEN = 2
"""PDFium's sign for a hyphen at the end of a line."""


Box = tuple[float, float, float, float]


class PdfPage:
    """A page, asked once for each of its kinds of content; a rotated page is read upright."""

    def __init__(self, page: Any, out: BlockCollector) -> None:
        self._page = page
        self._out = out
        self._turn = page.get_rotation()
        self._paths = 0
        self._image_share = 0.0
        self._large: list[Any] = []
        self._texts = self._hidden_texts = 0
        self._left, self._bottom, self._right, self._top = page.get_cropbox()

    @property
    def read_before(self) -> bool:
        """Whether the text was laid unseen upon a picture, as scanners with OCR do."""
        return self._texts > 0 and self._hidden_texts * 2 > self._texts and self._image_share > 0.3

    def words(self, edges: Sequence[PdfRule]) -> list[PlacedWord]:
        """Return the words in the order of the file; none reaches over an upright edge."""
        text = self._page.get_textpage()
        try:
            rules = sorted((edge.at, edge.low, edge.high) for edge in edges if edge.upright)
            return _Words(self, text.raw, rules).all(self._links())
        finally:
            text.close()

    def place(self, across: float, up: float) -> tuple[float, float]:
        """Return a point of the file as a point from the top left of the upright page."""
        if self._turn == 90:
            return up - self._bottom, across - self._left
        if self._turn == 180:
            return self._right - across, up - self._bottom
        if self._turn == 270:
            return self._top - up, self._right - across
        return across - self._left, self._top - up

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """Return a rectangle of the file as (left, top, right, bottom) of the upright page."""
        (a, b), (d, e) = self.place(x0, y0), self.place(x1, y1)
        return min(a, d), min(b, e), max(a, d), max(b, e)

    def boxing(self) -> Callable[[float, float, float, float], Box]:
        """Return what `box` does, faster for a page that is not turned: called for each letter."""
        if self._turn:
            return self.box
        left, top = self._left, self._top
        return lambda x0, y0, x1, y1: (x0 - left, top - y1, x1 - left, top - y0)

    def check_clock(self) -> None:
        """Look at the clock of the reading."""
        self._out.check_now()

    def edges(self) -> list[PdfRule]:
        """Return the ruled lines; note by the way what pictures and hidden texts there are."""
        import pypdfium2.raw as c

        edges: list[PdfRule] = []
        for count, shape in enumerate(self._page.get_objects(max_depth=_FORMS_DEEP)):
            self._out.check()
            if count > _MOST_OBJECTS:
                limit = _("%(count)s shapes on a page") % {"count": f"{_MOST_OBJECTS:,}"}
                self._out.problem("E413", limit=limit)
                break
            if shape.type == c.FPDF_PAGEOBJ_TEXT:
                self._texts += 1
                mode = c.FPDFTextObj_GetTextRenderMode(shape.raw)
                self._hidden_texts += mode == c.FPDF_TEXTRENDERMODE_INVISIBLE
            elif shape.type == c.FPDF_PAGEOBJ_IMAGE:
                self._note_picture(shape)
            elif shape.type == c.FPDF_PAGEOBJ_PATH:
                self._paths += 1
                if len(edges) < _MOST_EDGES:
                    edges += self._edges_of(shape, c)
        return edges

    def _note_picture(self, image: Any) -> None:
        x0, y0, x1, y1 = image.get_bounds()
        area = max(1.0, (self._right - self._left) * (self._top - self._bottom))
        wide = max(0.0, min(x1, self._right) - max(x0, self._left))
        share = wide * max(0.0, min(y1, self._top) - max(y0, self._bottom)) / area
        self._image_share += share
        if share >= _LARGE_SHARE and len(self._large) < _MOST_LARGE:
            self._large.append(image)

    def is_picture(self, words: int) -> bool:
        """Return whether the text of the page is in a picture; to be asked after `edges`."""
        if self.read_before:
            return False
        if words < _FEW_WORDS and self._image_share >= _PICTURE_SHARE:
            return True
        # Letters that were drawn as lines, as some programs print them.
        return words == 0 and (self._image_share > 0.02 or self._paths > _DRAWN_LETTERS)

    def large_pictures(self) -> Iterator[bytes]:
        """Yield, as PNM, the pictures on a page of text that are large enough to hold more of it.

        A picture that is too large or of a rare kind comes as b"".
        """
        for image in [] if self.read_before else self._large:
            width, height = image.get_px_size()
            yield _as_pnm(image.get_bitmap()) if 0 < width * height <= _MOST_DOTS else b""

    def picture(self) -> bytes:
        """Return the page as a picture for OCR (PGM), never larger than what OCR can use."""
        width, height = self._page.get_size()
        scale = _OCR_DPI / 72
        dots = max(1.0, width * height * scale * scale)
        scale *= min(1.0, (_MOST_DOTS / dots) ** 0.5)
        return _as_pnm(self._page.render(scale=scale, grayscale=True))

    def _edges_of(self, path: Any, c: Any) -> Iterator[PdfRule]:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        c.FPDFPath_GetDrawMode(path.raw, fill, stroke)
        if not fill.value and not stroke.value:
            return
        matrix = path.get_matrix()
        container = path.container
        while container is not None:
            matrix = matrix.multiply(container.get_matrix())
            container = container.container
        across, up = ctypes.c_float(), ctypes.c_float()
        start = last = None
        for at in range(min(c.FPDFPath_CountSegments(path.raw), _MOST_EDGES)):
            segment = c.FPDFPath_GetPathSegment(path.raw, at)
            c.FPDFPathSegment_GetPoint(segment, across, up)
            point = self.place(*matrix.on_point(across.value, up.value))
            kind = c.FPDFPathSegment_GetType(segment)
            if kind == c.FPDF_SEGMENT_MOVETO:
                start = point
            elif kind == c.FPDF_SEGMENT_LINETO and last is not None:
                yield from _edge(last, point)
            last = point
            if c.FPDFPathSegment_GetClose(segment) and start is not None:
                yield from _edge(point, start)
                last = start

    def _links(self) -> list[tuple[Box, str]]:
        import pypdfium2.raw as c

        links: list[tuple[Box, str]] = []
        position, link = ctypes.c_int(0), c.FPDF_LINK()
        document = self._page.pdf.raw
        while len(links) < _MOST_LINKS and c.FPDFLink_Enumerate(self._page.raw, position, link):
            action = c.FPDFLink_GetAction(link)
            size = c.FPDFAction_GetURIPath(document, action, None, 0) if action else 0
            rect = c.FS_RECTF()
            if 1 < size < 65_536 and c.FPDFLink_GetAnnotRect(link, rect):
                buffer = ctypes.create_string_buffer(size)
                c.FPDFAction_GetURIPath(document, action, buffer, size)
                target = buffer.value.decode("utf-8", "replace")
                links.append((self.box(rect.left, rect.bottom, rect.right, rect.top), target))
        return links


class _Words:
    """Puts a page's letters together, as long as only nothing parts them."""

    def __init__(self, page: PdfPage, text: Any, rules: list[tuple[float, float, float]]) -> None:
        self._page = page
        self._text = text
        self._rules = rules
        self._words: list[PlacedWord] = []
        self._letters: list[str] = []
        self._box = (0.0, 0.0, 0.0, 0.0)
        self._after_space = False

    def all(self, links: list[tuple[Box, str]]) -> list[PlacedWord]:
        import pypdfium2.raw as c

        text, page = self._text, self._page
        rect = c.FS_RECTF()
        boxed = page.boxing()
        half = 0
        for at in range(c.FPDFText_CountChars(text)):
            if at % _LOOK_AT_CLOCK == 0:
                page.check_clock()
            code = c.FPDFText_GetUnicode(text, at)
            if code <= 32 and code != _HYPHEN:
                self._end(follows=code == 32 and not c.FPDFText_IsGenerated(text, at))
                continue
            if 0xD800 <= code < 0xDC00:
                half = code
                continue
            if 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((half - 0xD800) << 10) + code - 0xDC00 if half else 0xFFFD
                half = 0
            if not c.FPDFText_GetLooseCharBox(text, at, rect):
                continue
            box = boxed(rect.left, rect.bottom, rect.right, rect.top)
            self._letter("-" if code == _HYPHEN else chr(min(code, 0x10FFFF)), box)
        self._end(follows=False)
        for box, target in links:
            page.check_clock()
            self._link(box, target)
        return self._words

    def _letter(self, letter: str, box: Box) -> None:
        if self._letters:
            _left, top, x1, bottom = self._box
            tall = bottom - top
            apart = (
                box[0] - x1 > _LETTER_GAP * tall
                or (box[0] < x1 - _OVERLAP * tall and not unicodedata.combining(letter))
                or abs(box[3] - bottom) > tall
                or (box[0] > x1 and self._ruled(x1, box[0], (top + bottom) / 2))
            )
            if apart:
                self._end(follows=False)
        if self._letters:
            x0, top, x1, bottom = self._box
            box = (min(x0, box[0]), min(top, box[1]), max(x1, box[2]), max(bottom, box[3]))
        self._letters.append(letter)
        self._box = box

    def _ruled(self, left: float, right: float, y: float) -> bool:
        at = bisect_left(self._rules, (left - _SLACK,))
        while at < len(self._rules) and self._rules[at][0] <= right + _SLACK:
            if self._rules[at][1] <= y <= self._rules[at][2]:
                return True
            at += 1
        return False

    def _end(self, *, follows: bool) -> None:
        if self._letters:
            x0, top, x1, bottom = self._box
            word = "".join(self._letters)
            self._words.append(PlacedWord(word, x0, top, x1, bottom, self._after_space))
            self._letters = []
            self._after_space = follows
        else:
            self._after_space = self._after_space and follows

    def _link(self, box: Box, target: str) -> None:
        left, top, right, bottom = box
        for word in self._words:
            if (
                left <= (word.x0 + word.x1) / 2 <= right
                and top <= (word.top + word.bottom) / 2 <= bottom
            ):
                word.links += (target,)
                return
        self._words.append(PlacedWord("", *box, links=(target,)))


def _as_pnm(bitmap: Any) -> bytes:
    """Return the bitmap's dots as PGM or PPM; it is closed."""
    try:
        raw, stride = bytes(bitmap.buffer), bitmap.stride
        wide, high, letters = bitmap.width, bitmap.height, bitmap.n_channels
    finally:
        bitmap.close()
    rows = b"".join(raw[at * stride : at * stride + wide * letters] for at in range(high))
    if letters == 1:
        return f"P5 {wide} {high} 255\n".encode() + rows
    # PDFium keeps blue first.
    colours = bytearray(3 * wide * high)
    for to, source in enumerate((2, 1, 0)):
        colours[to::3] = rows[source::letters]
    return f"P6 {wide} {high} 255\n".encode() + bytes(colours)


def _edge(a: tuple[float, float], b: tuple[float, float]) -> Iterator[PdfRule]:
    if abs(a[0] - b[0]) <= _THIN * 0.2:
        yield PdfRule(True, (a[0] + b[0]) / 2, min(a[1], b[1]), max(a[1], b[1]))
    elif abs(a[1] - b[1]) <= _THIN * 0.2:
        yield PdfRule(False, (a[1] + b[1]) / 2, min(a[0], b[0]), max(a[0], b[0]))
