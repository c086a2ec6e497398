"""Letterheads: who issues a document, in the style of the state or of the Party."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.shared import Pt

from quetsach.documents.letters.files import letter_files
from quetsach.documents.letters.letter import (
    LetterSigner,
    Medium,
    OfficialLetter,
    SignatureLine,
    SigningCapacity,
)
from quetsach.documents.letters.paper import compose_letter
from quetsach.documents.reports.paper import compose_official
from quetsach.documents.reports.paper_files import register_entry, report_files
from quetsach.documents.typeset.form_paper import compose
from quetsach.documents.typeset.letterhead import Letterhead, is_party_body, letterhead_of
from quetsach.forms.definition import ReportFormDefinition
from quetsach.forms.values import FilledForm
from tests.documents.letters import pdf_pages, usual
from tests.documents.officials import added_up
from tests.oracles.layout.check import check_layout


@pytest.mark.parametrize(
    ("unit", "parent", "body"),
    [
        ("Ủy ban nhân dân xã Tập Sơn", (), ("ỦY BAN NHÂN DÂN", "XÃ TẬP SƠN")),
        ("ỦY BAN  NHÂN DÂN huyện Trà Cú", (), ("ỦY BAN NHÂN DÂN", "HUYỆN TRÀ CÚ")),
        ("UBND xã Hàm Giang", (), ("ỦY BAN NHÂN DÂN", "XÃ HÀM GIANG")),
        ("Phòng Nội vụ", ("." * 36,), ("PHÒNG NỘI VỤ",)),
        (None, ("." * 36,), ("." * 36,)),
        ("  ", ("." * 36,), ("." * 36,)),
    ],
)
def test_a_committee_stands_alone_and_an_office_under_its_parent(
    form: ReportFormDefinition, unit: str | None, parent: tuple[str, ...], body: tuple[str, ...]
) -> None:
    paper = compose(form, FilledForm(), letterhead_of(unit))
    assert (paper.head.parent, paper.head.body) == (parent, body)


def test_a_committee_has_its_abbreviation_in_the_code(form: ReportFormDefinition) -> None:
    for unit in ("Ủy ban nhân dân xã Tập Sơn", "UBND xã Tập Sơn"):
        assert (
            compose(form, FilledForm(), letterhead_of(unit)).head.number == "Số: ......../BC-UBND"
        )


def test_a_long_name_is_broken_into_even_lines(form: ReportFormDefinition) -> None:
    paper = compose(form, FilledForm(), letterhead_of("Phòng Văn hóa - Thông tin và Thể thao"))
    assert paper.head.body == ("PHÒNG VĂN HÓA -", "THÔNG TIN VÀ", "THỂ THAO")


def test_what_is_known_takes_the_place_of_the_blanks(form: ReportFormDefinition) -> None:
    head = Letterhead(
        unit="Phòng Nội vụ",
        parent="Ủy ban nhân dân huyện Trà Cú",
        code="PNV",
        number=5,
        place="Trà Cú",
        signed_on=date(2022, 9, 28),
        addressees=("Ủy ban nhân dân huyện",),
        signer_post="KT. TRƯỞNG PHÒNG\nPhó trưởng phòng",
        signer_name="Nguyễn Văn A",
    )
    paper = compose(form, FilledForm(), head)
    assert paper.head.number == "Số: 05/BC-PNV"
    assert paper.head.place == "Trà Cú, ngày 28 tháng 9 năm 2022"
    assert paper.addressed == ("Kính gửi: Ủy ban nhân dân huyện.",)
    assert paper.signer_post == ("KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG")
    assert paper.signer_name == "Nguyễn Văn A"


def test_several_addressees_are_listed(form: ReportFormDefinition) -> None:
    head = Letterhead(addressees=("Sở Khoa học và Công nghệ", "Ủy ban nhân dân huyện"))
    assert compose(form, FilledForm(), head).addressed == (
        "Kính gửi:",
        "- Sở Khoa học và Công nghệ;",
        "- Ủy ban nhân dân huyện.",
    )


def test_number_day_place_and_signer_are_left_to_the_clerk(form: ReportFormDefinition) -> None:
    paper = compose(form, FilledForm(), Letterhead())
    assert paper.head.number == "Số: ......../BC-.........."
    assert paper.head.place == "................, ngày ..... tháng ..... năm ......."
    assert set(paper.signer_name) == {"."}


def test_committee_is_signed_for_by_its_chairman_on_its_behalf() -> None:
    head = letterhead_of("UBND xã Hàm Giang")
    assert head.signer_post == "TM. Ủy ban nhân dân\nChủ tịch"
    assert letterhead_of("Phòng Nội vụ").signer_post is None


BODY = "Huyện ủy Trà Cú"


def head() -> Letterhead:
    return replace(letterhead_of(BODY), parent="Tỉnh ủy Trà Vinh", place="Trà Cú")


def letter() -> OfficialLetter:
    standing = (
        SignatureLine(SigningCapacity.ON_BEHALF_OF_BODY, "Ban Thường vụ"),
        SignatureLine(SigningCapacity.FOR_SUPERIOR, "Bí thư"),
    )
    signer = LetterSigner("Phó Bí thư", "Nguyễn Văn Mẫu", standing)
    return replace(
        usual(), head=replace(head(), number=12, addressees=("Các chi bộ",)), signer=signer
    )


def document() -> Any:
    return Document(BytesIO(letter_files(letter()).docx))


def failed(document: Any) -> list[str]:
    out = BytesIO()
    document.save(out)
    out.seek(0)
    return [one.rule for one in check_layout(out) if not one.ok]


def test_1_1_the_heading_is_the_partys_alone_and_its_rule_is_as_long() -> None:
    paper = compose_letter(letter(), Medium.ELECTRONIC)
    assert (paper.head.nation, paper.head.motto) == ("ĐẢNG CỘNG SẢN VIỆT NAM", "")


def test_1_2_a_committee_stands_below_the_party_organisation_above_it() -> None:
    paper = compose_letter(letter(), Medium.ELECTRONIC)
    assert (paper.head.parent, paper.head.body) == (
        ("ĐẢNG BỘ TỈNH", "TRÀ VINH"),
        ("HUYỆN ỦY TRÀ CÚ",),
    )
    under = replace(letterhead_of("Ban Tổ chức Huyện ủy"), parent=BODY)
    board = compose_letter(replace(letter(), head=under), Medium.ELECTRONIC)
    assert board.head.parent == ("HUYỆN ỦY TRÀ CÚ",), "a board stands below its committee itself"


@pytest.mark.parametrize("code", ["HU", "CV/HU", "CV-HU", " hu "])
def test_1_3_number_kind_and_body_however_the_code_was_typed(code: str) -> None:
    given = replace(letter(), head=replace(letter().head, code=code))
    assert compose_letter(given, Medium.ELECTRONIC).head.number == "Số 12-CV/HU"


def test_1_3_a_report_bears_its_kind_also_in_the_register(form: ReportFormDefinition) -> None:
    report = added_up()
    report = replace(report, head=replace(head(), number=5, code="BC-HU"))
    assert compose_official(report, Medium.PAPER).head.number == "Số 05-BC/HU"
    assert register_entry(report).notation == "BC/HU"
    blank = compose(form, FilledForm(), letterhead_of(BODY)).head.number
    assert blank == f"Số ........-{form.kind_code}/HU"


def test_1_5_a_letter_says_what_it_is_about_without_the_states_mark() -> None:
    about = " ".join(compose_letter(letter(), Medium.ELECTRONIC).about)
    assert about == "Triển khai chiến dịch rà quét xử lý mã độc năm 2022"


def test_1_7_capacities_are_written_with_a_stroke() -> None:
    post = compose_letter(letter(), Medium.ELECTRONIC).signer_post
    assert post == ("T/M BAN THƯỜNG VỤ", "K/T BÍ THƯ", "PHÓ BÍ THƯ")


def test_letter_and_report_keep_each_rule_and_docx_and_pdf_say_the_same() -> None:
    files = letter_files(letter())
    assert [one for one in check_layout(BytesIO(files.docx)) if not one.ok] == []
    shown = " ".join(pdf_pages(files.pdf)[0].split())
    for said in ("ĐẢNG CỘNG SẢN VIỆT NAM", "Số 12-CV/HU", "T/M BAN THƯỜNG VỤ", "*"):
        assert said in shown
    assert "CỘNG HÒA" not in shown
    report = replace(added_up(), head=replace(head(), number=5))
    made = report_files(report)
    assert [one for one in check_layout(BytesIO(made.docx)) if not one.ok] == []


def _cell(document: Any, row: int, column: int) -> Any:
    return document.tables[0].rows[row].cells[column]


def _smaller(document: Any) -> None:
    _cell(document, 0, 1).paragraphs[0].runs[0].font.size = Pt(13)


def _no_star(document: Any) -> None:
    _cell(document, 0, 0).paragraphs[-1].runs[0].text = "**"


def _colon(document: Any) -> None:
    _cell(document, 1, 0).paragraphs[0].runs[0].text = "Số: 12/CV-HU"


def _upright(document: Any) -> None:
    _cell(document, 1, 0).paragraphs[1].runs[0].italic = False


def _stop(document: Any) -> None:
    foot = next(t for t in document.tables if t.rows[0].cells[0].text.startswith("Nơi nhận"))
    foot.rows[0].cells[1].paragraphs[0].runs[0].text = "TM. BAN THƯỜNG VỤ\nPHÓ BÍ THƯ"


@pytest.mark.parametrize(
    ("spoil", "rules"),
    [
        (_smaller, ["party-heading", "party-heading-rule"]),
        (_no_star, ["party-parent", "party-star"]),
        (_colon, ["party-number"]),
        (_upright, ["party-about"]),
        (_stop, ["party-capacity"]),
    ],
)
def test_a_copy_that_breaks_a_rule_fails_it(spoil: Callable[[Any], None], rules: list[str]) -> None:
    made = document()
    spoil(made)
    assert failed(made) == rules


@pytest.mark.parametrize(
    ("name", "is_party"),
    [
        ("Huyện ủy Trà Cú", True),
        ("HUYỆN UỶ TRÀ CÚ", True),
        ("Văn phòng Huyện ủy", True),
        ("Đảng ủy xã Hàm Giang", True),
        ("Ban Chấp hành Đảng bộ huyện Trà Cú", True),
        ("Trung tâm chính trị huyện", False),
        ("Trường Chính trị Tỉnh ủy", False),
        ("Ủy ban nhân dân xã Hàm Giang", False),
        ("Ủy ban Mặt trận Tổ quốc huyện", False),
        ("Đoàn Thanh niên Cộng sản Hồ Chí Minh huyện", False),
    ],
)
def test_bodies_of_the_party_are_known_by_their_names(name: str, is_party: bool) -> None:
    assert is_party_body(name) is is_party
    assert letterhead_of(name).is_party is is_party
