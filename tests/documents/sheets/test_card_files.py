"""The handling sheet on paper: always one page, its code readable, its texts shown as they are."""

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
import pytest

from quetsach.documents.sheets.card import card_of
from quetsach.documents.sheets.card_files import card_pdf
from quetsach.documents.typeset.typst import BUILT_IN, Face, find_face
from quetsach.texts import Language, use_language
from tests.documents.cards import CAMPAIGN, QR, broken, hostile, usual
from tests.oracles import qr


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    yield
    use_language("vi")


def pdf(device: dict[str, Any], code: str = QR, face: Face | None = None) -> bytes:
    return card_pdf(card_of(device, CAMPAIGN, code), face=face)


def text_of(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    assert len(document) == 1
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    return unicodedata.normalize("NFC", " ".join(text.replace("\u200b", "").split()))


def modules_of(data: bytes) -> list[list[bool]]:
    """Return the modules of the QR code at the top right, measured in the page's picture."""
    document = pypdfium2.PdfDocument(data)
    bitmap = document[0].render(scale=8, grayscale=True)
    width, stride, pixels = bitmap.width, bitmap.stride, bytes(bitmap.buffer)
    document.close()

    def dark(x: float, y: float) -> bool:
        return pixels[int(y) * stride + int(x)] < 128

    columns = range(width * 70 // 100, width)
    top = next(y for y in range(width) if sum(dark(x, y) for x in columns) > 60)
    row = [x for x in columns if dark(x, top + 2)]
    run = next(n for n in range(1, 1000) if not dark(row[0] + n, top + 2))
    count = round((row[-1] + 1 - row[0]) / (run / 7))
    module = (row[-1] + 1 - row[0]) / count
    middle: Callable[[int], float] = lambda n: (n + 0.5) * module  # noqa: E731
    return [[dark(row[0] + middle(c), top + middle(r)) for c in range(count)] for r in range(count)]


@pytest.mark.parametrize(
    "code", [QR, "https://portal.example/cases/" + "%C3%A1" * 30, "quetsach:case:x"]
)
def test_the_printed_code_is_read_back_to_its_text(code: str) -> None:
    assert qr.read(modules_of(pdf(usual(), code))) == code


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_text_of_the_sheet_stands_on_its_one_page(language: Language) -> None:
    use_language(language)
    made = card_of(usual(), CAMPAIGN, QR)
    text = text_of(card_pdf(made)).replace(" ", "")
    expected = [made.head, made.name, made.period, made.grade, made.meaning, *made.numbers]
    expected += [*made.reasons, *made.rivals, *made.remarks, *made.blanks]
    expected += [one for fact in made.facts for one in fact]
    expected += [one for step in made.steps for one in (step.title, *step.ticks)]
    for one in expected:
        assert one.replace(" ", "") in text, one


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("device", [hostile(), broken(), {}])
@pytest.mark.parametrize("prescribed", [True, False])
def test_it_is_one_page_whatever_the_findings_hold(
    device: dict[str, Any], language: Language, prescribed: bool
) -> None:
    use_language(language)
    face = find_face() if prescribed else Face(BUILT_IN)
    text = text_of(pdf(device, face=face))
    last = card_of(device, CAMPAIGN, QR).steps[2].ticks[2]
    assert last.replace(" ", "") in text.replace(" ", "")


def test_markup_in_a_name_is_shown_as_text() -> None:
    device = {**usual(), "machine": {"name": "#panic() $x$ *b* \\ <a>"}}
    assert "#panic() $x$ *b* \\ <a>" in text_of(pdf(device))


def test_the_same_sheet_has_the_same_bytes() -> None:
    assert pdf(usual()) == pdf(usual())
    assert pdf(usual()).startswith(b"%PDF-")
