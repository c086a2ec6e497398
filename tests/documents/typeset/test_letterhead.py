"""Who issues a document, and what the clerk fills in."""

from datetime import date

import pytest

from quetsach.documents.typeset.form_paper import compose
from quetsach.documents.typeset.letterhead import Letterhead, letterhead_of
from quetsach.forms.definition import ReportFormDefinition
from quetsach.forms.values import FilledForm


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
