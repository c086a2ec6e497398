"""Whether the pages of a signed PDF look like those of the original, outside of its signatures.

What structure promises is looked at once more as pictures: both files are drawn and compared. A
picture of a signature may lie on a few words, such as the post and the name of the signer, and on
no figure.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias

from quetsach.signing.pades.state import PdfDifference

if TYPE_CHECKING:
    from PIL.Image import Image

Box: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right, top of a picture, in points of its page."""

MOST_PAGES = 200
"""Later pages are compared only where a signature has a picture on them."""

MOST_WORDS = 16
"""A post of two lines and a name have fewer."""

_SCALE = 1.25
_BESIDE_PT = 12.0
_AROUND_PT = 2.0


def drawn_difference(
    original: bytes, current: bytes, pictures: Mapping[int, Sequence[Box]]
) -> PdfDifference | None:
    """Return how the pages look otherwise than before, None where they look the same.

    A page that is drawn otherwise outside of the pictures of its signatures weighs more than a
    picture that lies on a figure, or on many words.
    Shapes: `pictures` are the places of signatures by the number of their page, counted from 0.
    Errors: ValueError when one of the two cannot be drawn. Cost: some 40 ms a page.
    """
    import pypdfium2

    try:
        before = pypdfium2.PdfDocument(BytesIO(original))
        after = pypdfium2.PdfDocument(BytesIO(current))
        try:
            if len(before) != len(after):
                return PdfDifference.CHANGED
            numbers = sorted({*range(min(len(before), MOST_PAGES)), *pictures})
            if any(
                _page_differs(before[number], after[number], pictures.get(number, ()))
                for number in numbers
            ):
                return PdfDifference.CHANGED
            covers = any(
                _lies_on_text(before[number], box)
                for number in pictures
                for box in pictures[number]
            )
            return PdfDifference.COVERS if covers else None
        finally:
            before.close()
            after.close()
    except pypdfium2.PdfiumError as error:
        raise ValueError(str(error)) from error


def _page_differs(before: Any, after: Any, boxes: Sequence[Box]) -> bool:
    if before.get_size() != after.get_size() or before.get_rotation() != after.get_rotation():
        return True
    from PIL import ImageChops

    first, second = (_picture(page, boxes) for page in (before, after))
    return ImageChops.difference(first, second).getbbox() is not None


def _lies_on_text(page: Any, box: Box) -> bool:
    west, south, east, north = box
    if east <= west or north <= south:
        return False
    text = page.get_textpage()
    covered = text.get_text_bounded(west, south, east, north)
    # A figure just beside a picture would be read together with what is drawn there.
    near = text.get_text_bounded(
        west - _BESIDE_PT, south + _AROUND_PT, east + _BESIDE_PT, north - _AROUND_PT
    )
    has_figure = any(letter.isdigit() for letter in covered + near)
    return has_figure or len(covered.split()) > MOST_WORDS


def _picture(page: Any, boxes: Sequence[Box]) -> "Image":
    """Return the page in greys, with the boxes blank."""
    from PIL import ImageDraw

    drawn: Image = page.render(scale=_SCALE, grayscale=True).to_pil().convert("L")
    height = page.get_height()
    brush = ImageDraw.Draw(drawn)
    for west, south, east, north in boxes:
        place = (west - 1, height - north - 1, east + 1, height - south + 1)
        brush.rectangle([side * _SCALE for side in place], fill=255)
    return drawn
