"""Printed sheets as another program sees them: their text, and the modules of their QR code."""

import unicodedata
from io import BytesIO

import pypdfium2
from PIL import Image

_SCALE = 6


def page_text(pdf: bytes) -> str:
    """Return the text of the one page, on one line, without the places to break."""
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1
        text = document[0].get_textpage().get_text_range()
    shown = text.replace("\u200b", "").replace("\ufffe", "-")
    return unicodedata.normalize("NFC", " ".join(shown.split()))


def code_on(pdf: bytes, page: int = 0, scale: int = _SCALE) -> list[list[bool]]:
    """Return the modules of the QR code on a page, measured in the page's picture."""
    with pypdfium2.PdfDocument(pdf) as document:
        bitmap = document[page].render(scale=scale, grayscale=True)
        image = bitmap.to_pil().convert("L")
    return _modules(image, _finders_box(image))


def code_in_png(data: bytes) -> list[list[bool]]:
    """Return the modules of a QR code that fills a PNG but for its border."""
    image = Image.open(BytesIO(data)).convert("L")
    return _modules(image, _dark_box(image))


def _dark_box(image: Image.Image) -> tuple[int, int, int, int]:
    box = image.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert box is not None
    return box


def _finders_box(image: Image.Image) -> tuple[int, int, int, int]:
    """Return the box of the code, told by its three finders: 1, 1, 3, 1, 1 dark and light."""
    found = []
    for y in range(0, image.height, 4):
        for begin, end in _finders(_runs(image.crop((0, y, image.width, y + 1)))):
            middle = (begin + end) // 2
            column = _finders(_runs(image.crop((middle, 0, middle + 1, image.height))))
            # Letters may look like a finder along a line, but not across it as well.
            tall = [(top, end) for top, end in column if top <= y < end]
            found += [(begin, end, top, bottom) for top, bottom in tall]
    left, right = min(one[0] for one in found), max(one[1] for one in found)
    top, bottom = min(one[2] for one in found), max(one[3] for one in found)
    assert abs((right - left) - (bottom - top)) <= 4
    return left, top, right, bottom


def _runs(strip: Image.Image) -> list[tuple[bool, int, int]]:
    """Return the runs of a row or column: whether dark, begin, end."""
    line = strip.tobytes()
    runs: list[tuple[bool, int, int]] = []
    begin = 0
    for x in range(1, len(line) + 1):
        if x == len(line) or (line[x] < 128) != (line[begin] < 128):
            runs.append((line[begin] < 128, begin, x))
            begin = x
    return runs


def _finders(runs: list[tuple[bool, int, int]]) -> list[tuple[int, int]]:
    found = []
    for place in range(len(runs) - 4):
        five = runs[place : place + 5]
        widths = [end - begin for _, begin, end in five]
        unit = sum(widths) / 7
        wanted = (1, 1, 3, 1, 1)
        # A module of less than eight dots is a letter, not a code.
        if (
            five[0][0]
            and unit >= 8
            and all(
                abs(width - share * unit) <= 0.3 * unit
                for width, share in zip(widths, wanted, strict=True)
            )
        ):
            found.append((five[0][1], five[4][2]))
    return found


def _modules(image: Image.Image, box: tuple[int, int, int, int]) -> list[list[bool]]:
    left, top, right, _ = box
    dark = [image.getpixel((x, top + 2)) < 128 for x in range(left, right)]
    module = dark.index(False) / 7
    count = round((right - left) / module)
    module = (right - left) / count
    return [
        [
            image.getpixel((int(left + (c + 0.5) * module), int(top + (r + 0.5) * module))) < 128
            for c in range(count)
        ]
        for r in range(count)
    ]
