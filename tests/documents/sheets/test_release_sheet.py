"""The release sheet: one page, a readable QR code; tables as XLSX and CSV."""

import csv
import io
import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from quetsach.documents.sheets.release_sheet import ReleaseSheet, sheet_pdf, table_csv, table_xlsx
from quetsach.signing.printed import groups_of, qr_text, spoken_of, words_of
from quetsach.signing.signature import SignedKind, sign_digest
from quetsach.texts import use_language
from tests.documents.workbooks.test_workbook import HOSTILE, members
from tests.oracles import qr
from tests.signing.seals import KEY, WHEN

DIGEST = "sha256:" + "5e" * 32


def sheet(kind: SignedKind = SignedKind.RELEASE, **more: str) -> ReleaseSheet:
    signature = sign_digest(KEY, kind, DIGEST, WHEN)
    texts = {"name": "release.jsonl", "title": "Danh sách đợt 3", "created": "", **more}
    return ReleaseSheet(
        **texts,
        kind=str(kind),
        count=1_234_567,
        signed=signature.signed,
        key_id=signature.key_id,
        groups=groups_of(DIGEST),
        words=words_of(DIGEST),
        spoken=spoken_of(DIGEST),
        qr=qr_text(kind, signature),
    )


def text_of(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    assert len(document) == 1
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    return unicodedata.normalize("NFC", " ".join(text.replace("\u200b", "").split()))


def modules_of(data: bytes) -> list[list[bool]]:
    """Return the modules of the QR code on the page, measured in its picture."""
    document = pypdfium2.PdfDocument(data)
    bitmap = document[0].render(scale=6, grayscale=True)
    width, stride, pixels = bitmap.width, bitmap.stride, bytes(bitmap.buffer)
    document.close()

    def dark(x: float, y: float) -> bool:
        return pixels[int(y) * stride + int(x)] < 128

    # The head is above it; the first dark row in the right part belongs to the code.
    begin = int(60 / 25.4 * 72 * 6 * 0.55)
    columns = range(width * 55 // 100, width)
    top = next(y for y in range(begin, begin * 3) if sum(dark(x, y) for x in columns) > 60)
    row = [x for x in columns if dark(x, top + 2)]
    run = next(n for n in range(1, 1000) if not dark(row[0] + n, top + 2))
    module = run / 7
    count = round((row[-1] + 1 - row[0]) / module)
    module = (row[-1] + 1 - row[0]) / count
    middle: Callable[[int], float] = lambda n: (n + 0.5) * module  # noqa: E731
    return [[dark(row[0] + middle(c), top + middle(r)) for c in range(count)] for r in range(count)]


@pytest.mark.parametrize("kind", [SignedKind.RELEASE, SignedKind.FINDINGS])
def test_the_printed_code_is_read_back_to_its_text(kind: SignedKind) -> None:
    made = sheet(kind)
    assert qr.read(modules_of(sheet_pdf(made))) == made.qr


def test_another_program_reads_the_printed_code(tmp_path: Path) -> None:
    made = sheet()
    (tmp_path / "s.pdf").write_bytes(sheet_pdf(made))
    try:
        subprocess.run(["pdftoppm", "-r", "150", "-png", "s.pdf", "p"], cwd=tmp_path, check=True)
        run = subprocess.run(
            ["zbarimg", "--raw", "-q", "p-1.png"], cwd=tmp_path, capture_output=True
        )
    except FileNotFoundError:
        pytest.skip("no zbarimg or pdftoppm: apt-get install zbar-tools poppler-utils")
    assert run.stdout.decode().strip() == made.qr


@pytest.mark.parametrize("language", ["vi", "en"])
def test_both_languages_fit_one_page_with_every_word(language: str) -> None:
    use_language(language)  # type: ignore[arg-type]
    text = text_of(sheet_pdf(sheet()))
    use_language("vi")
    for place, word in enumerate(words_of(DIGEST), 1):
        assert f"{place}. {word}" in text
    assert ("1,234,567" if language == "en" else "1.234.567") in text
    assert "quetsach indicators verify" in text


def test_the_same_sheet_has_the_same_bytes() -> None:
    assert sheet_pdf(sheet()) == sheet_pdf(sheet())


def test_hostile_and_long_names_are_shown_as_text_on_one_page() -> None:
    hostile = "#panic() $x$ *b* \\ <a> ]" + "\x1b[2J"
    text = text_of(sheet_pdf(sheet(name=hostile, title="x" * 5000)))
    assert "#panic() $x$ *b* \\ <a> ]" in text
    assert text_of(sheet_pdf(sheet(name="n" * 5000, title=("w" * 29 + " ") * 200)))


HEADS = ("Đơn vị", "Điều chỉnh", "Tỷ lệ")


def test_F3_numbers_below_zero_and_with_decimals_stay_numbers() -> None:
    raw = table_xlsx(HEADS, [("Xã Một", -3, 0.375), ("Xã Hai", 1_234, None)])
    page = openpyxl.load_workbook(io.BytesIO(raw)).active
    assert [[one.value for one in row] for row in page.iter_rows(min_row=2)] == [
        ["Xã Một", -3, 0.375],
        ["Xã Hai", 1_234, None],
    ]
    assert [page[cell].data_type for cell in ("A2", "B2", "C2")] == ["s", "n", "n"]
    assert table_csv(HEADS, [("Xã Một", -3, 0.375)]).decode().splitlines()[1] == "Xã Một,-3,0.375"


@pytest.mark.parametrize("text", [*HOSTILE, "\n=1+1"])
def test_F1_F2_words_are_no_formula_in_either_file(text: str) -> None:
    raw = table_xlsx((text,), [(text,)])
    assert b"<f>" not in members(raw)["xl/worksheets/sheet1.xml"]
    cells = list(csv.reader(io.StringIO(table_csv((text,), [(text,)]).decode("utf-8-sig"))))
    for row in cells:
        assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
