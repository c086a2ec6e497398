"""The report on paper: both files say the same, keep the layout, and print texts as they are."""

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pypdfium2
import pytest
from docx import Document

from quetsach.documents.letters.letter import Medium
from quetsach.documents.reports.paper import compose_official
from quetsach.documents.reports.paper_files import page_count, register_entry, report_files
from quetsach.documents.reports.report import FilingFacts, OfficialReport, ReportFiles
from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.docx import docx_bytes
from quetsach.documents.typeset.letterhead import Letterhead
from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.adding import add_up
from quetsach.forms.reading import shipped_codes, shipped_form
from quetsach.forms.values import (
    AbsenceReason,
    FieldRows,
    FigureGrade,
    GradedCount,
    OwnValue,
    TextValue,
)
from tests.documents.letters import (
    DECOMPOSED,
    HOSTILE,
    broken_rules,
    pdf_pages,
)
from tests.documents.letters.test_files import letters_of, numbers_aside, squeezed
from tests.documents.officials import (
    LINK,
    PROOF,
    added_up,
    child,
    corrected,
    every_kind,
    hostile,
    own_of,
    own_report,
    seed_form,
    urgent,
)
from tests.documents.sheets import code_in_png, code_on
from tests.oracles import qr
from tests.whole import daily, todays_share

REPORTS = {
    "own": own_report(),
    "nil": replace(own_report(), is_nil=True, signer=None),
    "blank": OfficialReport(form=every_kind(), figures={}, head=Letterhead()),
    "added-up": added_up(),
    "every-kind": added_up(every_kind()),
    "corrected": corrected(),
    **{f"h{n}": hostile(text) for n, text in enumerate(HOSTILE)},
}
NOTE = " ".join(f"chữ{n}" for n in range(600))


def feet_aside(pages: list[str]) -> tuple[list[str], list[list[str]]]:
    """Return the pages without their feet, and the feet, line by line."""
    bodies, feet = [], []
    for page in pages:
        lines = page.split("\r\n")
        own = [line for line in lines if line.startswith(("Mã kiểm tra: ", "Kiểm tra tại: "))]
        bodies.append("\r\n".join(line for line in lines if line not in own))
        feet.append(own)
    return bodies, feet


def word_body(docx: bytes) -> str:
    """Return all text of the Word file but for its feet, paragraph by paragraph."""
    body = Document(BytesIO(docx)).element.body
    return "\n".join("".join(t.text or "" for t in p.iter("{*}t")) for p in body.iter("{*}p"))


@cache
def files(name: str, medium: Medium) -> ReportFiles:
    """Return a report of `REPORTS`, made once for all tests that only look at it."""
    return report_files(REPORTS[name], medium=medium)


def body_of(pdf: bytes) -> str:
    return numbers_aside(feet_aside(pdf_pages(pdf))[0])


def heads_again(docx: bytes, told: str) -> Counter[str]:
    """Return the letters that the PDF says more often: heads of tables on each further page."""
    tables = Document(BytesIO(docx)).tables
    heads = Counter(
        squeezed("".join(cell.text for cell in table.rows[0].cells))
        for table in tables
        if table._tbl.find(".//{*}tblHeader") is not None
    )
    more: Counter[str] = Counter()
    rest = squeezed(told)
    # The longest first: one head may be the beginning of another.
    for head, count in sorted(heads.items(), key=lambda one: -len(one[0])):
        again = rest.count(head) - count
        assert again >= 0, head
        rest = rest.replace(head, "|")
        more.update({sign: number * again for sign, number in Counter(head).items()})
    return more


def assert_both_say_the_same(made: ReportFiles) -> None:
    told = body_of(made.pdf)
    expected = letters_of(word_body(made.docx)) + heads_again(made.docx, told)
    assert letters_of(told) == expected


@pytest.mark.parametrize("medium", list(Medium))
@pytest.mark.parametrize("name", REPORTS)
def test_word_and_pdf_say_the_same(name: str, medium: Medium) -> None:
    assert_both_say_the_same(files(name, medium))


@pytest.mark.parametrize("medium", list(Medium))
@pytest.mark.parametrize("name", REPORTS)
def test_every_report_keeps_every_rule_of_the_decree(name: str, medium: Medium) -> None:
    assert broken_rules(files(name, medium).docx) == []


@pytest.mark.parametrize("code", shipped_codes())
@pytest.mark.parametrize("filled", [True, False])
def test_every_shipped_form_is_printed_filled_and_empty(code: str, filled: bool) -> None:
    form = shipped_form(code)
    figures = add_up(form, own_of(form, 3), (), {}) if filled else {}
    report = replace(own_report(), form=form, figures=figures, headline=())
    made = report_files(report, medium=Medium.PAPER)
    assert broken_rules(made.docx) == []
    told = squeezed(word_body(made.docx))
    assert_both_say_the_same(made)
    for entry in form.entries():
        assert squeezed(entry.label.vi) in told, entry.id


@pytest.mark.parametrize("text", HOSTILE)
def test_D1_D4_any_text_is_printed_as_it_is_in_every_place(text: str) -> None:
    made = report_files(hostile(text), medium=Medium.PAPER)
    for told in map(squeezed, (body_of(made.pdf), word_body(made.docx))):
        # Text, remark, reason, table, latest, name of a unit, correction, and more.
        assert told.count(squeezed(text)) >= 25, text
        assert "root:" not in told
    assert made.notes == ()


@pytest.mark.parametrize("place", range(len(HOSTILE)))
def test_D1_no_field_formula_or_outside_link_comes_into_the_word_file(place: int) -> None:
    made = files(f"h{place}", Medium.PAPER)
    with ZipFile(BytesIO(made.docx)) as package:
        names = package.namelist()
        xml = {
            name: package.read(name).decode() for name in names if name.endswith((".xml", "rels"))
        }
    assert not any(re.search(r"macro|vba|embed|activeX", name) for name in names)
    assert not any('TargetMode="External"' in text for text in xml.values())
    fields = re.findall(r"<w:instrText[^>]*>([^<]*)<", "".join(xml.values()))
    assert fields == [" PAGE "]


def test_D3_decomposed_letters_are_printed_joined() -> None:
    made = report_files(hostile(DECOMPOSED))
    for told in (word_body(made.docx), body_of(made.pdf)):
        assert "XÃ TẬP SƠN" in told
        assert "Xã Tập Sơn" in told
    assert "Xã Tập Sơn" in made.metadata.decode()


@pytest.mark.usefixtures("others")
@pytest.mark.parametrize(("sign", "named"), [("\U0001f600", "U+1F600"), ("\x01", "U+0001")])
def test_D3_what_no_font_can_show_becomes_a_box_and_a_note(sign: str, named: str) -> None:
    made = report_files(hostile(f"Phòng {sign} Một"), medium=Medium.PAPER)
    (told,) = made.notes
    assert named in told
    assert "Phòng □ Một" in told
    assert [one.sign for one in made.unfit] == [sign]
    for told in (word_body(made.docx), body_of(made.pdf)):
        assert squeezed(told).count("□") >= 25
        assert "Phòng □ Một" in told
    ElementTree.fromstring(made.metadata)


def test_D3_a_note_of_4000_characters_is_whole_and_on_the_page_in_every_place() -> None:
    assert len(NOTE) > 4000
    form = every_kind()
    own = {
        "words": OwnValue(TextValue(NOTE, FigureGrade.DECLARED)),
        "staff": OwnValue(GradedCount(3, FigureGrade.DECLARED, NOTE)),
        "cases": OwnValue(FieldRows(((NOTE, "2"),))),
        "count_1": OwnValue(GradedCount(1, FigureGrade.DECLARED, NOTE)),
    }
    late = replace(child(form, 1), reason=NOTE)
    report = replace(
        added_up(form),
        figures=add_up(form, own, (late,), {}),
        children=(late,),
        verified=(),
        headline=(),
    )
    made = report_files(report, medium=Medium.PAPER)
    assert squeezed(word_body(made.docx)).count(squeezed(NOTE)) == 5
    # A row of a table goes on overleaf word by word, cells side by side: each word is there.
    assert_both_say_the_same(made)
    assert broken_rules(made.docx) == []
    for box in boxes_of(made.pdf):
        assert box[1] >= decree.points(decree.CODED_BOTTOM_MM) - 1 or in_foot(box)


def in_foot(box: tuple[float, float, float, float]) -> bool:
    return decree.points(decree.FOOT_QR_ABOVE_EDGE_MM) - 1 <= box[1]


def boxes_of(pdf: bytes) -> list[tuple[float, float, float, float]]:
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            shown = text.get_text_range()
            found += [
                text.get_charbox(at) for at, sign in enumerate(shown) if sign not in " \r\n\u200b"
            ]
    return found


@pytest.mark.parametrize("name", REPORTS)
def test_no_text_leaves_the_margins(name: str) -> None:
    boxes = boxes_of(files(name, Medium.PAPER).pdf)
    assert min(box[0] for box in boxes) >= decree.points(decree.LEFT_MM) - 1
    assert max(box[2] for box in boxes) <= decree.points(210 - decree.RIGHT_MM) + 1.5
    assert min(box[1] for box in boxes) >= decree.points(decree.FOOT_QR_ABOVE_EDGE_MM)


def long_report(units: int = 4_000, *, worded: bool) -> OfficialReport:
    """Return the report of a province over `units`, with what each says in words or without."""
    form = seed_form()
    keys = set(form.ids()) if worded else {row.id for row in form.counts()}
    children = []
    for place in range(1, units + 1):
        one = child(form, place)
        figures = {key: value for key, value in one.figures.items() if key in keys}
        children.append(replace(one, figures=figures))
    figures = add_up(form, own_of(form, 12), children, {})
    return replace(added_up(), figures=figures, children=tuple(children), verified=())


def test_D5_thousands_of_units_are_all_there_below_the_head_of_each_page() -> None:
    units = daily(1_000, whole=4_000)
    made = report_files(long_report(units, worded=False), medium=Medium.PAPER)
    pages = pdf_pages(made.pdf)
    assert len(pages) == page_count(made.pdf)
    begin = next(n for n, page in enumerate(pages) if page.startswith("Phụ lục II\r\n"))
    with_rows = pages[begin:]
    shown = [int(n) for page in with_rows for n in re.findall(r"xã\s+thứ\s+(\d+)", page)]
    assert shown == list(range(1, units + 1))
    assert len(with_rows) > units // 40
    assert all("TT Đơn vị Lần" in page for page in with_rows)
    assert all(PROOF.code in page for page in pages)
    assert f"<PageAmount>{len(pages)}</PageAmount>" in made.metadata.decode()
    assert broken_rules(made.docx) == []


LONG = """
from quetsach.documents.typeset.docx import docx_bytes
from quetsach.documents.letters.letter import Medium
from quetsach.documents.reports.paper_files import report_files
from tests.documents.reports.test_paper_files import long_report
report_files(long_report(worded=True), medium=Medium.PAPER)
# Not ru_maxrss: a child begins with the peak of the process that started it.
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux to tell its peak")
def test_D5_4000_units_need_no_gigabyte() -> None:
    words, root = [sys.executable, "-c", LONG], Path(__file__).parents[3]
    run = subprocess.run(words, capture_output=True, check=True, cwd=root)
    assert int(run.stdout) < 1_000_000


@pytest.mark.parametrize("medium", list(Medium))
@pytest.mark.parametrize("name", todays_share([*REPORTS], days=3))
def test_D6_the_same_report_has_the_same_bytes(name: str, medium: Medium) -> None:
    assert report_files(REPORTS[name], medium=medium) == files(name, medium)


def test_D6_bytes_carry_the_day_of_signing_and_no_clock() -> None:
    made = report_files(added_up())
    with pypdfium2.PdfDocument(made.pdf) as document:
        assert document.get_metadata_dict()["CreationDate"] == "D:20220928000000Z"
    with ZipFile(BytesIO(made.docx)) as package:
        assert {one.date_time for one in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    other = report_files(added_up(), created=datetime(2026, 1, 6, tzinfo=UTC))
    assert other.docx != made.docx


def test_every_page_of_the_paper_copy_has_code_and_digits() -> None:
    made = report_files(corrected(), medium=Medium.PAPER)
    _bodies, feet = feet_aside(pdf_pages(made.pdf))
    assert len(feet) == page_count(made.pdf)
    for page, foot in enumerate(feet):
        assert foot[0] == f"Mã kiểm tra: {PROOF.code} (phiên bản 2)"
        assert foot[1] == f"Kiểm tra tại: {PROOF.where}"
        # To read the picture of a page takes seconds: the first, the second, one of an annex.
        if page in (0, 1, len(feet) - 1):
            assert qr.read(code_on(made.pdf, page=page, scale=9)) == LINK
    for one in feet_in_word(made.docx):
        assert PROOF.code in one
    with ZipFile(BytesIO(made.docx)) as package:
        media = [name for name in package.namelist() if "/media/" in name]
        assert [qr.read(code_in_png(package.read(name))) for name in media] == [LINK]


def test_every_page_of_the_electronic_copy_has_the_digits_alone() -> None:
    made = report_files(corrected())
    _bodies, feet = feet_aside(pdf_pages(made.pdf))
    assert {foot[0] for foot in feet} == {f"Mã kiểm tra: {PROOF.code} (phiên bản 2)"}
    assert all(PROOF.code in one for one in feet_in_word(made.docx))
    with ZipFile(BytesIO(made.docx)) as package:
        assert not [name for name in package.namelist() if "/media/" in name]


def feet_in_word(docx: bytes) -> list[str]:
    """Return the text of each foot that a page may have: first and others of each section."""
    document = Document(BytesIO(docx))
    return [
        "\n".join("".join(t.text or "" for t in p.iter("{*}t")) for p in foot._element.iter("{*}p"))
        for section in document.sections
        for foot in (section.first_page_footer, section.footer)
    ]


def test_a_report_without_proof_has_no_foot() -> None:
    made = report_files(replace(own_report(), proof=None), medium=Medium.PAPER)
    assert "Mã kiểm tra" not in "".join(pdf_pages(made.pdf))
    assert not any("Mã kiểm tra" in one for one in feet_in_word(made.docx))


def test_page_numbers_begin_on_page_2_and_anew_in_each_annex() -> None:
    pages = pdf_pages(report_files(added_up(every_kind())).pdf)
    numbers = [m.group(1) if (m := re.match(r"(\d+)\r\n", page)) else "" for page in pages]
    first = [n for n, page in enumerate(pages) if page.startswith("Phụ lục")]
    assert [pages[n].split("\r\n")[0] for n in first] == ["Phụ lục I", "Phụ lục II"]
    for begin, end in zip([0, *first], [*first, len(pages)], strict=True):
        assert numbers[begin:end] == ["", *(str(n) for n in range(2, end - begin + 1))]


def test_B9_five_absences_are_five_outputs_in_both_files() -> None:
    form = every_kind()
    values = [GradedCount(0, FigureGrade.DECLARED), *AbsenceReason]
    own = {f"count_{n}": OwnValue(value) for n, value in enumerate(values, 1)}
    report = replace(
        own_report(), form=form, figures=add_up(form, own, (), {}), headline=tuple(own)
    )
    made = report_files(report)
    told = ("0 máy", "chưa có số liệu", "không phát sinh", "không thu thập", "không áp dụng")
    for text in (body_of(made.pdf), word_body(made.docx)):
        lines = [
            re.sub(r"\s+", " ", found)
            for found in re.findall(r"hạng\s+\d:\s+([^.;(]*)", text.replace("\r\n", " "))
        ]
        assert [line.strip() for line in lines[:5]] == list(told)


def test_the_line_of_the_annexes_is_blank_in_the_electronic_copy_alone() -> None:
    electronic, paper = (report_files(added_up(), medium=medium) for medium in Medium)
    assert "(Kèm theo Văn bản số ......../.......... ngày" in word_body(electronic.docx)
    named = "(Kèm theo Văn bản số 05/BC-UBND ngày 28 tháng 9 năm 2022 của Ủy ban nhân dân huyện"
    assert named in word_body(paper.docx)


def test_the_register_holds_what_is_printed() -> None:
    entry = register_entry(added_up())
    assert (entry.number, entry.notation, entry.type_name) == (5, "BC-UBND", "Báo cáo")
    root = ElementTree.fromstring(report_files(added_up()).metadata)
    assert root.findtext("CodeNumber") == "05"
    assert root.findtext("IssuedDate") == "28/09/2022"
    assert root.findtext("OrganName") == "Ủy ban nhân dân huyện Trà Cú"
    assert root.findtext("FileCode/OrganId") == "000.00.24.H59"
    assert root.findtext("SignerInfo/FullName") == "Nguyễn Văn A"
    assert [one.findtext("OrganName") for one in root.findall("To")] == [
        "Ủy ban nhân dân tỉnh Trà Vinh",
        "Sở Thông tin và Truyền thông",
    ]


def test_what_the_register_cannot_hold_is_refused_with_words() -> None:
    report = replace(added_up(), filed=FilingFacts(organ_id="0" * 14))
    with pytest.raises(QuetsachError) as caught:
        report_files(report)
    assert caught.value.problem.code == "E461"
    assert "14" in caught.value.problem.what()
    assert "13" in caught.value.problem.what()


def test_an_address_at_the_foot_of_page_1_is_there_once_and_the_digits_everywhere() -> None:
    paper = replace(compose_official(added_up(), Medium.PAPER), contact=("Địa chỉ: Khóm 3",))
    feet = feet_in_word(docx_bytes(paper, datetime(2026, 1, 6, tzinfo=UTC)))
    assert ["Khóm 3" in foot for foot in feet] == [True, *(False,) * (len(feet) - 1)]
    assert len(feet) == 6
    assert all(PROOF.code in foot for foot in feet)


def test_a_stamp_and_an_address_are_the_same_in_both_files_and_the_register_knows_the_stamp() -> (
    None
):
    for medium in Medium:
        made = report_files(urgent(), medium=medium)
        assert b"<Priority>3</Priority>" in made.metadata
        for told in (word_body(made.docx), body_of(made.pdf)):
            assert "HỎA TỐC" in told
        with pypdfium2.PdfDocument(made.pdf) as document:
            feet = ["Khóm 3" in page.get_textpage().get_text_range() for page in document]
        assert feet == [True, *(False,) * (len(feet) - 1)]
        assert "Khóm 3" in feet_in_word(made.docx)[0]


def test_an_address_that_does_not_fit_beside_the_code_is_refused() -> None:
    with pytest.raises(QuetsachError, match="E460"):
        report_files(replace(urgent(), contact=("Địa chỉ: " + "M" * 80,)))
