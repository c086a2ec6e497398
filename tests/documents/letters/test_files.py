"""The letter on paper: both files say the same, keep the layout, and print texts as they are."""

import re
import subprocess
import sys
import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
import pytest

from quetsach.documents.letters.files import letter_digest, letter_files, write_letter
from quetsach.documents.letters.letter import (
    LetterAppendix,
    LetterSigner,
    LetterTable,
    Medium,
    OfficialLetter,
    SignatureLine,
    SigningCapacity,
)
from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.typst import shows
from quetsach.errors.exceptions import QuetsachError
from tests.documents.letters import (
    DECOMPOSED,
    HOSTILE,
    LINK,
    broken_rules,
    full,
    hostile,
    passage,
    pdf_pages,
    proven,
    usual,
    word_text,
)
from tests.documents.sheets import code_in_png, code_on
from tests.oracles import qr
from tests.whole import daily, todays_share

LETTERS = {"usual": usual(), "full": full(), **{f"h{n}": hostile(t) for n, t in enumerate(HOSTILE)}}


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFC", text))


def letters_of(text: str) -> Counter[str]:
    """Return how often each sign stands in `text`; where it stands is a matter of the layout."""
    return Counter(squeezed(text))


def numbers_aside(pages: list[str]) -> str:
    """Return the text of all pages without the page numbers at their heads."""
    return "\n".join(re.sub(r"^\d+\r\n", "", page) for page in pages)


@pytest.mark.parametrize("medium", list(Medium))
@pytest.mark.parametrize("name", LETTERS)
def test_word_and_pdf_say_the_same(name: str, medium: Medium) -> None:
    made = letter_files(LETTERS[name], medium=medium)
    assert letters_of(numbers_aside(pdf_pages(made.pdf))) == letters_of(word_text(made.docx))


@pytest.mark.parametrize("medium", list(Medium))
@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_keeps_every_rule_of_the_decree(name: str, medium: Medium) -> None:
    assert broken_rules(letter_files(LETTERS[name], medium=medium).docx) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_D1_D4_any_text_is_printed_as_it_is_in_every_place(text: str) -> None:
    made = letter_files(hostile(text), medium=Medium.PAPER)
    told = squeezed(numbers_aside(pdf_pages(made.pdf))), squeezed(word_text(made.docx))
    # Body twice, place, addressees twice, basis, name, recipients, annex three times and more.
    for each in told:
        assert each.count(squeezed(text)) >= 10, text
    assert "root:" not in "".join(told)
    assert made.notes == ()


def test_D1_no_field_formula_or_outside_link_comes_into_the_word_file() -> None:
    made = letter_files(hostile("\n".join(HOSTILE)), medium=Medium.PAPER)
    with ZipFile(BytesIO(made.docx)) as package:
        names = package.namelist()
        xml = {
            name: package.read(name).decode() for name in names if name.endswith((".xml", "rels"))
        }
    assert not any(re.search(r"macro|vba|embed|activeX", name) for name in names)
    assert not any('TargetMode="External"' in text for text in xml.values())
    fields = re.findall(r"<w:instrText[^>]*>([^<]*)<", "".join(xml.values()))
    assert fields == [" PAGE "]


@pytest.mark.parametrize("medium", list(Medium))
def test_a_letter_bears_its_digits_on_each_page_and_their_code_on_paper(medium: Medium) -> None:
    link = "https://portal.example/kiem-tra/0123456789abcdef/"
    known = proven().proof
    assert known is not None
    coded = replace(proven(), proof=replace(known, payload=link))
    made = letter_files(coded, medium=medium)
    assert broken_rules(made.docx) == []
    with pypdfium2.PdfDocument(made.pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    assert all("0123456789abcdef" in page for page in pages)
    assert made.pdf == letter_files(coded, medium=medium).pdf


def test_D3_decomposed_letters_are_printed_joined() -> None:
    made = letter_files(hostile(DECOMPOSED))
    for told in (word_text(made.docx), numbers_aside(pdf_pages(made.pdf))):
        assert "XÃ TẬP SƠN" in told
        assert "Xã Tập Sơn" in told


@pytest.mark.usefixtures("others")
@pytest.mark.parametrize(
    ("sign", "named"), [("\U0001f600", "U+1F600"), ("\x01", "U+0001"), ("漢", "U+6F22")]
)
def test_D3_what_no_font_can_show_becomes_a_box_and_a_note(sign: str, named: str) -> None:
    made = letter_files(hostile(f"Phòng {sign} Một"))
    (told,) = made.notes
    assert named in told
    assert "Phòng □ Một" in told
    assert [one.sign for one in made.unfit] == [sign]
    for told in (word_text(made.docx), numbers_aside(pdf_pages(made.pdf))):
        assert squeezed(told).count("□") >= 12
        assert "Phòng □ Một" in told


def test_D3_what_another_typeface_of_this_system_shows_is_printed_as_it_was_typed() -> None:
    shown = next((sign for sign in "ខ☑😀漢" if shows(sign)), None)
    if shown is None:
        pytest.skip("no typeface here but Times New Roman or its twin")
    made = letter_files(hostile(f"Phòng {shown} Một"), medium=Medium.PAPER)
    for told in (word_text(made.docx), numbers_aside(pdf_pages(made.pdf))):
        assert squeezed(told).count(shown) >= 12
    assert (made.notes, made.unfit) == ((), ())
    again = letter_files(hostile(f"Phòng {shown} Một"), medium=Medium.PAPER)
    assert (made.docx, made.pdf) == (again.docx, again.pdf)
    assert broken_rules(made.docx) == []


def test_D3_a_note_of_4000_characters_is_whole_in_both_files() -> None:
    note = " ".join(f"chữ{n}" for n in range(600))
    assert len(note) > 4000
    letter = usual()
    made = letter_files(replace(letter, text=replace(letter.text, body=(passage(note),))))
    for told in (word_text(made.docx), numbers_aside(pdf_pages(made.pdf))):
        assert squeezed(note) in squeezed(told)
    assert broken_rules(made.docx) == []


ROWS = daily(1_000, whole=4_000)


def long_letter() -> OfficialLetter:
    """Return a letter whose annex lists 4,000 units, a thousand each day."""
    rows = tuple((str(n), f"Đơn vị thứ {n}", "0") for n in range(1, ROWS + 1))
    table = LetterTable(("TT", "Tên", "SL"), rows)
    return replace(usual(), annexes=(LetterAppendix("Danh sách", (table,)),))


def test_D5_a_table_of_4000_rows_repeats_its_head_and_loses_no_row() -> None:
    made = letter_files(long_letter())
    pages = pdf_pages(made.pdf)
    shown = [int(n) for page in pages for n in re.findall(r"Đơn vị thứ (\d+)", page)]
    assert shown == list(range(1, ROWS + 1))
    with_rows = [page for page in pages if "Đơn vị thứ" in page]
    assert len(with_rows) > ROWS // 80
    assert all("TT Tên SL" in page for page in with_rows)
    assert [page.split("\r\n")[0] for page in with_rows[1:4]] == ["2", "3", "4"]
    assert broken_rules(made.docx) == []


LONG = """
from quetsach.documents.letters.files import letter_files
from tests.documents.letters.test_files import long_letter
letter_files(long_letter())
# Not ru_maxrss: a child begins with the peak of the process that started it.
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux to tell its peak")
def test_D5_a_table_of_4000_rows_needs_no_gigabyte() -> None:
    # In a process of its own: the peak of this one is that of all tests before.
    words, root = [sys.executable, "-c", LONG], Path(__file__).parents[3]
    run = subprocess.run(words, capture_output=True, check=True, cwd=root)
    assert int(run.stdout) < 1_000_000


@pytest.mark.parametrize("medium", list(Medium))
@pytest.mark.parametrize("name", todays_share([*LETTERS], days=3))
def test_D6_the_same_letter_has_the_same_bytes(name: str, medium: Medium) -> None:
    first, again = (letter_files(LETTERS[name], medium=medium) for _ in range(2))
    assert first == again


def test_D6_bytes_carry_the_day_of_signing_and_no_clock() -> None:
    made = letter_files(full())
    with pypdfium2.PdfDocument(made.pdf) as document:
        assert document.get_metadata_dict()["CreationDate"] == "D:20260105000000Z"
    with ZipFile(BytesIO(made.docx)) as package:
        assert {one.date_time for one in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    other = letter_files(full(), created=datetime(2026, 1, 6, tzinfo=UTC))
    assert other.docx != made.docx


def test_the_printed_copy_has_the_code_and_the_electronic_one_has_none() -> None:
    paper, electronic = (
        letter_files(usual(), medium=medium) for medium in (Medium.PAPER, Medium.ELECTRONIC)
    )
    assert "Quét mã" in word_text(paper.docx)
    assert "Quét mã" not in word_text(electronic.docx)
    assert pictures(paper.docx) == ["word/media/image1.png"]
    assert pictures(electronic.docx) == []
    assert qr.read(code_on(paper.pdf, page=0)) == LINK


def test_the_code_in_the_word_file_says_the_same_link() -> None:
    made = letter_files(usual(), medium=Medium.PAPER)
    with ZipFile(BytesIO(made.docx)) as package:
        data = package.read("word/media/image1.png")
    assert qr.read(code_in_png(data)) == LINK


def pictures(docx: bytes) -> list[str]:
    with ZipFile(BytesIO(docx)) as package:
        return [name for name in package.namelist() if "/media/" in name]


def test_page_numbers_begin_on_page_2_and_anew_in_each_annex() -> None:
    letter = full()
    rows = tuple((str(n), "Tên") for n in range(60))
    long = replace(
        letter,
        text=replace(letter.text, body=(*letter.text.body[:1], passage("dài lắm " * 900))),
        annexes=(
            letter.annexes[0],
            LetterAppendix("Danh sách", (LetterTable(("TT", "Đơn vị"), rows),)),
        ),
    )
    pages = pdf_pages(letter_files(long).pdf)
    numbers = [m.group(1) if (m := re.match(r"(\d+)\r\n", page)) else "" for page in pages]
    assert numbers[:3] == ["", "2", "3"]
    first = [n for n, page in enumerate(pages) if page.startswith("Phụ lục")]
    assert len(first) == 2
    assert [numbers[n] for n in first] == ["", ""]
    assert numbers[first[1] + 1] == "2"


@pytest.mark.parametrize("name", LETTERS)
def test_no_text_leaves_the_margins(name: str) -> None:
    pdf = letter_files(LETTERS[name], medium=Medium.PAPER).pdf
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            shown = text.get_text_range()
            boxes = [
                text.get_charbox(at) for at, sign in enumerate(shown) if sign not in " \r\n\u200b"
            ]
            assert min(box[0] for box in boxes) >= decree.points(decree.LEFT_MM) - 1
            assert max(box[2] for box in boxes) <= decree.points(210 - decree.RIGHT_MM) + 1


@pytest.mark.parametrize(
    "unit",
    [
        "Ban Chỉ đạo chuyển đổi số, ứng dụng công nghệ thông tin và bảo đảm an toàn thông tin mạng",
        "Trung-tâm-Giám-sát-an-toàn-không-gian-mạng-quốc-gia-và-ứng-cứu-khẩn-cấp",
        "X" * 300,
    ],
)
def test_a_long_name_of_a_unit_wraps_within_its_column(unit: str) -> None:
    letter = usual()
    made = letter_files(
        replace(letter, head=replace(letter.head, unit=unit, parent=unit, parent_shown=True))
    )
    assert broken_rules(made.docx) == []
    for told in (word_text(made.docx), pdf_pages(made.pdf)[0]):
        assert squeezed(told).count(squeezed(unit.upper())) == 2
    with pypdfium2.PdfDocument(made.pdf) as document:
        text = document[0].get_textpage()
        nation = text.get_charbox(text.get_text_range().index("CỘNG"))
        shown = text.get_text_range()
        before = [text.get_charbox(n) for n in range(shown.index("CỘNG")) if shown[n].isalnum()]
        # The name stays left of the nation's column.
        assert max(box[2] for box in before) < nation[0]


def test_the_motto_and_the_nation_are_one_line_each() -> None:
    page = pdf_pages(letter_files(usual()).pdf)[0]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\r\n" in page
    assert "Độc lập - Tự do - Hạnh phúc\r\n" in page


def test_capacities_stand_above_the_post_in_their_order() -> None:
    signer = LetterSigner(
        "Phó Chủ tịch",
        "Nguyễn Văn A",
        (
            SignatureLine(SigningCapacity.ON_BEHALF_OF_BODY, "Ủy ban nhân dân"),
            SignatureLine(SigningCapacity.FOR_SUPERIOR, "Chủ tịch"),
        ),
    )
    made = letter_files(replace(usual(), signer=signer))
    page = squeezed(pdf_pages(made.pdf)[0])
    assert "TM.ỦYBANNHÂNDÂN" in page
    assert page.index("TM.ỦYBAN") < page.index("KT.CHỦTỊCH") < page.index("PHÓCHỦTỊCH")
    assert broken_rules(made.docx) == []


def test_after_numbering_the_line_is_filled(tmp_path: Path) -> None:
    letter = usual()
    drafted = word_text(letter_files(letter).docx)
    assert "Số: ......../UBND-TH" in drafted
    assert "Trà Cú, ngày ..... tháng ..... năm ......." in drafted
    numbered = replace(letter, head=replace(letter.head, number=7, signed_on=date(2022, 9, 12)))
    told = word_text(letter_files(numbered).docx)
    assert "Số: 07/UBND-TH" in told
    assert "Trà Cú, ngày 12 tháng 9 năm 2022" in told


def test_both_files_are_written_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "công văn"
    written = write_letter(usual(), out, name="07-UBND-TH")
    assert sorted(out.iterdir()) == sorted(written.files)
    assert [path.name for path in written.files] == ["07-UBND-TH.docx", "07-UBND-TH.pdf"]
    assert written.files[1].read_bytes() == letter_files(usual()).pdf


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".x", "a\nb", "x" * 200, "c:x"])
def test_a_name_that_is_no_files_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(QuetsachError) as caught:
        write_letter(usual(), tmp_path, name=name)
    assert caught.value.problem.code == "E406"
    assert list(tmp_path.iterdir()) == []


def test_a_letter_that_cannot_be_made_leaves_no_file(tmp_path: Path) -> None:
    letter: OfficialLetter = replace(usual(), text=replace(usual().text, subject=" "))
    with pytest.raises(QuetsachError) as caught:
        write_letter(letter, tmp_path)
    assert caught.value.problem.code == "E422"
    assert list(tmp_path.iterdir()) == []


def test_the_digest_is_of_what_a_letter_says_and_of_nothing_else() -> None:
    letter = proven()
    known = letter_digest(letter)
    assert len(known) == 64
    assert letter_digest(replace(full(), mark=None)) == known
    assert letter_digest(replace(letter, head=replace(letter.head, number=6))) != known
    assert letter_digest(replace(letter, recipients=())) != known
