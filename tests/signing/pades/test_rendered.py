"""What a signature draws lies on no figure, and the rest of the page looks as before."""

from io import BytesIO

import pypdfium2
import pytest

from quetsach.signing.pades.rendered import Box, drawn_difference
from quetsach.signing.pades.state import PdfDifference
from quetsach.signing.pades.unchanged import changed_since, difference_since
from tests.signing.pades.authority import pdf
from tests.signing.pades.test_unchanged import drawn_by_signing

FIGURE = "So may nhiem: 3"
WORDS = "KT. CHU TICH"


def box_of(text: str, wanted: str) -> Box:
    """Return where `wanted` stands in the page that `pdf(text)` makes."""
    page = pypdfium2.PdfDocument(BytesIO(pdf(text)))[0].get_textpage()
    start = text.index(wanted)
    boxes = [page.get_charbox(place) for place in range(start, start + len(wanted))]
    lefts, lows, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(lows), max(rights), max(tops)


def signed_at(text: str, box: Box) -> bytes:
    left, low, right, top = (round(side) for side in box)
    return drawn_by_signing(pdf(text), (left, low, right, top), "Seal")


@pytest.mark.parametrize("shift", [(0, 0, 0, 0), (8, 0, 20, 4), (-20, 0, -8, 0)])
def test_S3_a_picture_on_or_beside_a_figure_counts_as_a_change(shift: Box) -> None:
    box = box_of(FIGURE, "3")
    moved = (box[0] + shift[0], box[1] + shift[1], box[2] + shift[2], box[3] + shift[3])
    assert difference_since(pdf(FIGURE), signed_at(FIGURE, moved)) is PdfDifference.COVERS


def test_S3_a_picture_on_the_post_of_the_signer_or_on_blank_paper_is_a_signature() -> None:
    box = box_of(WORDS, WORDS)
    assert changed_since(pdf(WORDS), signed_at(WORDS, (*box[:2], box[2], box[3] + 40))) is False
    assert changed_since(pdf(FIGURE), signed_at(FIGURE, (300, 100, 420, 200))) is False


def test_a_picture_on_many_words_counts_as_a_change() -> None:
    many = " ".join(["chu"] * 20)
    difference = difference_since(pdf(many), signed_at(many, (60, 700, 500, 740)))
    assert difference is PdfDifference.COVERS


def test_a_change_weighs_more_than_a_picture_on_a_figure() -> None:
    on_figure = {0: [box_of(FIGURE, "3")]}
    assert drawn_difference(pdf(FIGURE), pdf(FIGURE), on_figure) is PdfDifference.COVERS
    other = pdf(FIGURE.replace("So", "Ba"))
    assert drawn_difference(pdf(FIGURE), other, on_figure) is PdfDifference.CHANGED


def test_pages_are_compared_outside_of_the_boxes() -> None:
    assert drawn_difference(pdf("Ba"), pdf("Ba"), {}) is None
    assert drawn_difference(pdf("Ba"), pdf("Nam"), {}) is PdfDifference.CHANGED
    assert drawn_difference(pdf("Ba"), pdf("Nam"), {0: [(60.0, 700.0, 200.0, 740.0)]}) is None
    assert (
        drawn_difference(pdf("Ba"), pdf("Nam"), {0: [(60.0, 600.0, 200.0, 640.0)]})
        is PdfDifference.CHANGED
    )


def test_what_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(ValueError, match="oad"):
        drawn_difference(pdf(), b"%PDF-1.7\nno", {})
