"""PDF documents, written by typst and by hand: text, tables, links, damage and hostility."""

import zlib

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.contract import ReadLimits
from quetsach.readers.pdf import PdfReader
from quetsach.readers.read import read_isolated, read_paper
from tests.readers.pdf_bytes import FONT, one_page, stream, text_at, written
from tests.readers.samples import attempted, codes, only, pdf, read, rows, texts

HEAD = """
#grid(columns: (1fr, 1.5fr), align: center,
  [ỦY BAN NHÂN DÂN \\ HUYỆN TRÀ CÚ \\ Số: 12/UBND-TH],
  [*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM* \\ *Độc lập - Tự do - Hạnh phúc* \\
   _Trà Cú, ngày 9 tháng 9 năm 2022_])
#v(1cm)
Kính gửi: Thủ trưởng các phòng, ban, ngành huyện và Chủ tịch Ủy ban nhân dân các xã \\
và thị trấn.
"""


def test_a_letter_is_read_in_its_order_with_pages_and_lines() -> None:
    paper = read(PdfReader(read_paper), pdf(f"{HEAD}#pagebreak()\nTrang hai"), "cv.pdf")
    assert texts(paper) == [
        "ỦY BAN NHÂN DÂN",
        "HUYỆN TRÀ CÚ",
        "Số: 12/UBND-TH",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Trà Cú, ngày 9 tháng 9 năm 2022",
        "Kính gửi: Thủ trưởng các phòng, ban, ngành huyện và Chủ tịch Ủy ban nhân dân các xã",
        "và thị trấn.",
        "Trang hai",
    ]
    assert [(b.place.page, b.place.line) for b in paper.blocks][-2:] == [(1, 8), (2, 1)]


def test_a_cell_whose_text_wraps_is_one_row() -> None:
    raw = pdf(
        "Trước\n#table(columns: (1cm, 4cm, 3cm), [1], "
        "[`http://bad.example/a/very/long/path/that/does/not/fit`], [203.0.113.7])\nSau"
    )
    paper = read(PdfReader(read_paper), raw, "x.pdf")
    ((number, url, address),) = rows(paper)
    assert (number, address) == ("1", "203.0.113.7")
    assert "\n" in url
    assert url.replace("\n", "") == "http://bad.example/a/very/long/path/that/does/not/fit"
    assert [b.text for b in paper.blocks if b.cells == ()] == ["Trước", "Sau"]


def test_a_table_over_pages_is_one_table_whose_rows_count_on() -> None:
    raw = pdf(
        "#table(columns: 2, ..range(1, 121).map(n => ([#n], [bad-#n;.example])).flatten())\nSau"
    )
    paper = read(PdfReader(read_paper), raw, "x.pdf")
    found = [(b.place.table, b.place.row, b.cells) for b in paper.blocks if b.cells]
    assert found == [(1, n, (str(n), f"bad-{n}.example")) for n in range(1, 121)]
    assert {b.place.page for b in paper.blocks} == {1, 2, 3, 4}


def test_a_table_without_rules_is_read_in_rows() -> None:
    cells = "[STT], [Tên miền], [IP], [1], [bad.example], [203.0.113.1], [2], [c.example], [::1]"
    paper = read(
        PdfReader(read_paper),
        pdf(f"Trước\n#table(columns: 3, stroke: none, {cells})\nSau"),
        "x.pdf",
    )
    assert rows(paper) == [
        ("STT", "Tên miền", "IP"),
        ("1", "bad.example", "203.0.113.1"),
        ("2", "c.example", "::1"),
    ]
    assert texts(paper) == ["Trước", "Sau"]


def test_another_table_on_the_next_page_is_another_table() -> None:
    raw = pdf("#table(columns: 2, [a], [b])\n#pagebreak()\nĐoạn\n#table(columns: 2, [c], [d])")
    assert [b.place.table for b in read(PdfReader(read_paper), raw, "x.pdf").blocks if b.cells] == [
        1,
        2,
    ]


def test_an_attached_file_is_a_part() -> None:
    raw = pdf('#pdf.attach("pl.txt", bytes("bad.example"))\nCông văn')
    assert only(read(PdfReader(read_paper), raw, "x.pdf"), "bad.example").place.part == "pl.txt"


def test_a_locked_document_is_refused_as_locked() -> None:
    key = b"0" * 32
    locked = b"<</Filter/Standard/V 1/R 2/P -44/Length 40/O(%s)/U(%s)>>" % (key, key)
    raw = one_page(text_at(50, 700, "x"))
    raw = raw.replace(b"/Root 1 0 R>>", b"/Root 1 0 R/Encrypt %s/ID[(a)(a)]>>" % locked)
    with pytest.raises(QuetsachError) as raised:
        read(PdfReader(read_paper), raw, "x.pdf")
    assert raised.value.problem.code == "E412"


@pytest.mark.parametrize("raw", [b"%PDF-1.7", b"%PDF-1.7\n" + b"\x00\xff" * 5000, b"x%PDF-\n%%EOF"])
def test_what_only_begins_like_a_pdf_is_refused_as_damaged(raw: bytes) -> None:
    with pytest.raises(QuetsachError) as raised:
        read(PdfReader(read_paper), raw, "x.pdf")
    assert raised.value.problem.code == "E411"


def test_of_a_document_that_breaks_off_each_piece_is_read_or_refused() -> None:
    raw = pdf("#for n in range(1, 9) [Trang #n; #lorem(200) #pagebreak()]")
    whole = texts(read(PdfReader(read_paper), raw, "x.pdf"))
    for part in (0.3, 0.6, 0.9, 0.99):
        piece = raw[: int(len(raw) * part)]
        found = attempted(PdfReader(read_paper), piece, "x.pdf")
        assert set(found) <= {"E411"}
        assert found or set(texts(read(PdfReader(read_paper), piece, "x.pdf"))) <= set(whole)


def test_a_damaged_page_is_named_and_the_others_are_read() -> None:
    raw = written(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R 9 0 R 6 0 R]/Count 3>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
            b"/Resources<</Font<</F 5 0 R>>>>>>",
            stream(text_at(50, 700, "trang mot")),
            FONT,
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 7 0 R"
            b"/Resources<</Font<</F 5 0 R>>>>>>",
            stream(text_at(50, 700, "trang ba")),
        ]
    )
    paper = read(PdfReader(read_paper), raw, "x.pdf")
    assert texts(paper) == ["trang mot", "trang ba"]
    assert codes(paper) == ["E411"]


def test_more_pages_than_allowed_are_named() -> None:
    raw = pdf("#for n in range(1, 9) [Trang #n #pagebreak()]")
    paper = read(PdfReader(read_paper), raw, "x.pdf", ReadLimits(pages=3))
    assert texts(paper) == ["Trang 1", "Trang 2", "Trang 3"]
    assert codes(paper) == ["E413"]


def test_a_hundred_thousand_pages_are_cut_in_time() -> None:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>"
    raw = written(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%s]/Count 100000>>" % (b"3 0 R " * 100_000),
            page,
            stream(b""),
        ]
    )
    paper = read(PdfReader(read_paper), raw, "x.pdf", ReadLimits(pages=500, seconds=30))
    assert "E413" in codes(paper)


def test_pages_that_contain_themselves_end() -> None:
    raw = written([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"])
    assert set(attempted(PdfReader(read_paper), raw, "x.pdf")) == {"E411"}


def test_a_drawing_that_draws_itself_twice_forty_times_over_is_ended() -> None:
    kind = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>"
    raw = written(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 5 0 R"
            b"/Resources<</XObject<</X 4 0 R>>/Font<</F 6 0 R>>>>>>",
            stream(b"/X Do /X Do", kind),
            stream(b"/X Do " + text_at(50, 700, "het")),
            FONT,
        ]
    )
    # PDFium alone would go on for years: 2 to the 40th.
    assert ended(raw, ReadLimits(seconds=0.5)) <= {"E413", "E411"}


def ended(raw: bytes, limits: ReadLimits) -> set[str]:
    try:
        found = codes(read_isolated(raw, "x.pdf", limits))
    except QuetsachError as error:
        found = [error.problem.code]
    assert found
    return set(found)


def test_a_stream_that_swells_is_cut_in_time_and_memory() -> None:
    bomb = zlib.compress(b"0 0 m 9 9 l S\n" * 12_000_000, 9)
    raw = one_page(bomb, b"/Filter/FlateDecode")
    assert len(raw) < 1 << 20
    limits = ReadLimits(seconds=2, ocr_seconds=0, memory=900 << 20)
    assert ended(raw, limits) <= {"E411", "E413", "E418"}
