"""The report on paper: number, basis, who reported, results, re-check, foot, annexes."""

from dataclasses import replace
from datetime import date

import pytest

from quetsach.documents.letters.letter import LetterSigner, Medium, SignatureLine, SigningCapacity
from quetsach.documents.reports.paper import annex_labels, annexes, compose_official, notation_of
from quetsach.documents.reports.report import Correction, OfficialReport
from quetsach.documents.typeset.content import (
    DocumentAppendix,
    DocumentTable,
    Paragraph,
    ParagraphRole,
    TextFitter,
)
from quetsach.documents.typeset.letterhead import Letterhead
from quetsach.forms.values import AbsenceReason, FigureGrade, GradedCount, TextValue
from tests.documents.officials import (
    LINK,
    PROOF,
    WHERE,
    added_up,
    corrected,
    every_kind,
    figure,
    own_report,
)


def lines_of(report: OfficialReport, medium: Medium = Medium.PAPER) -> list[str]:
    blocks = compose_official(report, medium).blocks
    return [one.text for one in blocks if not isinstance(one, DocumentTable)]


def test_number_and_day_are_dots_until_the_clerk_gives_them() -> None:
    paper = compose_official(own_report(), Medium.PAPER)
    assert paper.head.number == "Số: ......../BC-UBND"
    assert paper.head.place == "Tập Sơn, ngày ..... tháng ..... năm ......."
    numbered = compose_official(own_report(7), Medium.PAPER)
    assert numbered.head.number == "Số: 07/BC-UBND"
    assert numbered.head.place == "Tập Sơn, ngày 28 tháng 9 năm 2022"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("UBND", "BC-UBND"),
        ("bc - ubnd", "BC-UBND"),
        ("BC-UBND", "BC-UBND"),
        (None, "BC-.........."),
    ],
)
def test_the_code_is_kind_and_body(code: str | None, shown: str) -> None:
    head = Letterhead(code=code, number=123)
    assert notation_of(own_report(), head) == shown
    numbered = compose_official(replace(own_report(), head=head), Medium.PAPER)
    assert numbered.head.number == f"Số: 123/{shown}"


def test_basis_is_the_forms_own_or_what_was_given_or_a_plain_sentence() -> None:
    first = lines_of(own_report())[0]
    assert first == f"Thực hiện {'.' * 40}, đơn vị báo cáo kết quả như sau:", "not another's letter"
    given = replace(own_report(), legal=("Căn cứ A;", "Căn cứ B."), basis=("Thực hiện C:",))
    assert lines_of(given)[:3] == ["Căn cứ A;", "Căn cứ B.", "Thực hiện C:"]
    plain = replace(own_report(), form=every_kind(), figures={})
    assert lines_of(plain)[0] == "Ủy ban nhân dân xã Tập Sơn báo cáo kết quả như sau:"


def test_a_unit_without_children_says_nothing_of_reports_below() -> None:
    lines = lines_of(own_report())
    assert "1. Kết quả chính" in lines
    assert not any("đơn vị trực thuộc" in line for line in lines)


def test_declared_stands_against_verified_with_its_method() -> None:
    lines = lines_of(added_up())
    at = lines.index("3. Kết quả rút thăm kiểm tra lại")
    assert lines[at + 1] == (
        "- Máy tính đã được xử lý sạch: theo báo cáo 96%; rút thăm kiểm tra lại 70%, "
        "tính cho toàn bộ vào khoảng 62% đến 79%."
    )
    assert lines[at + 2] == (
        "Cách làm: rút thăm 120 trong số 2.345 máy tính: 85 đạt, 35 không đạt; "
        "khoảng nêu trên có độ tin cậy 95% (công thức Wilson)."
    )
    assert lines[at + 3] == "Mã rút thăm: 2022-09"
    assert lines[at + 4].startswith("Tỷ lệ phần trăm được làm tròn xuống")
    share = "rút thăm kiểm tra lại: 70%, trong khoảng 62% đến 79%"
    beside = next(line for line in lines if share in line)
    assert beside.startswith("- Tổng số cơ quan tổ chức triển khai Chiến dịch: 156")


def test_a_recheck_of_what_nobody_declared_declares_nothing() -> None:
    report = added_up()
    bare = replace(report.verified[0], declared=None, seed="", field="")
    told = "\n".join(lines_of(replace(report, verified=(bare,))))
    assert "theo báo cáo" not in told
    assert "Mã rút thăm" not in told


def test_what_was_drawn_and_could_not_be_told_is_counted_and_named() -> None:
    report = added_up()
    seen = replace(
        report.verified[0], undecided=("Xã Kim Sơn",), outside="không có chính huyện Trà Cú"
    )
    told = "\n".join(lines_of(replace(report, verified=(seen,))))
    assert (
        "rút thăm 121 trong số 2.345 máy tính: 85 đạt, 35 không đạt; 1 không xác định được "
        "nên không tính vào tỷ lệ: Xã Kim Sơn; khoảng nêu trên có độ tin cậy 95% (công thức "
        "Wilson). Danh sách để rút thăm không có chính huyện Trà Cú. Ai cũng có thể rút lại đúng "
        "như vậy bằng mã rút thăm." in told
    )


def test_a_correction_names_what_it_replaces_and_leads_to_old_and_new() -> None:
    told = "\n".join(lines_of(corrected()))
    assert (
        "Báo cáo này thay thế Báo cáo số 05/BC-UBND ngày 28/9/2022 của Ủy ban nhân dân huyện "
        "Trà Cú. Lý do: Xã Long Hiệp báo cáo lại." in told
    )
    assert "được nêu tại Phụ lục III." in told


def test_a_supplement_adds_and_replaces_nothing() -> None:
    change = corrected().correction
    assert change is not None
    told = "\n".join(lines_of(replace(corrected(), correction=replace(change, is_supplement=True))))
    assert "Báo cáo này bổ sung cho Báo cáo số 05/BC-UBND" in told
    assert "thay thế" not in told


def test_a_nil_report_says_so_in_words() -> None:
    told = lines_of(replace(own_report(), is_nil=True))
    assert "Trong kỳ báo cáo, đơn vị không phát sinh nội dung phải báo cáo." in told


def test_only_the_figures_asked_for_are_named() -> None:
    named = [line for line in lines_of(added_up()) if line.startswith("- Tổng số")]
    assert len(named) == 3
    chosen = replace(added_up(), headline=("people_took_part",))
    named = [line for line in lines_of(chosen) if line.startswith("- Tổng số")]
    assert len(named) == 1
    assert not [
        line for line in lines_of(replace(added_up(), headline=())) if line.startswith("- Tổng số")
    ]


def test_the_report_ends_as_the_decree_says() -> None:
    last = compose_official(added_up(), Medium.PAPER).blocks[-1]
    assert isinstance(last, Paragraph)
    assert last.role is ParagraphRole.CLOSING
    assert last.text.endswith("./.")


@pytest.mark.parametrize("capacity", list(SigningCapacity))
def test_capacity_stands_above_the_post(capacity: SigningCapacity) -> None:
    signer = LetterSigner("Phó Giám đốc", "Trần Thị B", (SignatureLine(capacity, "Giám đốc"),))
    paper = compose_official(replace(own_report(), signer=signer), Medium.PAPER)
    assert paper.signer_post == (f"{capacity} GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
    assert paper.signer_name == "Trần Thị B"


def test_without_a_signer_the_forms_post_stands_above_dots() -> None:
    paper = compose_official(replace(own_report(), signer=None), Medium.PAPER)
    assert paper.signer_post == ("THỦ TRƯỞNG ĐƠN VỊ",)
    assert set(paper.signer_name) == {"."}


def test_the_code_is_on_the_paper_copy_and_the_digits_on_both() -> None:
    paper, electronic = (
        compose_official(added_up(), medium).proof for medium in (Medium.PAPER, Medium.ELECTRONIC)
    )
    assert paper is not None
    assert electronic is not None
    assert paper.lines == electronic.lines
    assert paper.lines == (
        f"Mã kiểm tra: {PROOF.code} (phiên bản 1)",
        f"Kiểm tra tại: {WHERE}",
    )
    assert (paper.payload, electronic.payload) == (LINK, "")


def test_several_addressees_are_a_list() -> None:
    paper = compose_official(added_up(), Medium.PAPER)
    assert paper.addressed == (
        "Kính gửi:",
        "- Ủy ban nhân dân tỉnh Trà Vinh;",
        "- Sở Thông tin và Truyền thông.",
    )


def test_days_and_months_are_written_as_the_decree_has_them() -> None:
    head = replace(own_report(5).head, signed_on=date(2026, 1, 5))
    paper = compose_official(replace(own_report(5), head=head), Medium.PAPER)
    assert paper.head.place == "Tập Sơn, ngày 05 tháng 01 năm 2026"


def annexes_of(report: OfficialReport) -> list[DocumentAppendix]:
    return list(annexes(report, annex_labels(report, "Phụ lục"), "(Kèm theo ...)", TextFitter()))


def test_annexes_have_roman_numbers_where_there_are_two_or_more() -> None:
    assert [one.label for one in annexes_of(own_report())] == ["Phụ lục"]
    assert [one.label for one in annexes_of(added_up())] == ["Phụ lục I", "Phụ lục II"]
    labels = [one.label for one in annexes_of(corrected())]
    assert labels == ["Phụ lục I", "Phụ lục II", "Phụ lục III"]
    alone = replace(own_report(), correction=corrected().correction)
    assert [one.label for one in annexes_of(alone)] == ["Phụ lục I", "Phụ lục II"]


def test_each_annex_names_its_report() -> None:
    assert {one.attached for one in annexes_of(corrected())} == {"(Kèm theo ...)"}


def test_a_correction_shows_old_and_new_of_what_has_changed_alone() -> None:
    (grid,) = annexes_of(corrected())[-1].blocks
    assert isinstance(grid, DocumentTable)
    assert grid.heads == ("TT", "Nội dung", "Đã báo cáo", "Báo cáo lại", "Tăng, giảm")
    assert [row[2:] for row in grid.rows] == [
        ("Nội dung 12", "Đã rà soát lại toàn bộ.", ""),
        ("173", "300", "+127"),
    ]


def change(old: object, new: object) -> list[tuple[str, ...]]:
    report = corrected()
    assert report.correction is not None
    key = report.form.counts()[0].id
    changed = replace(
        report,
        figures={key: figure(new)},  # type: ignore[arg-type] - each case gives a value
        correction=replace(report.correction, old={key: figure(old)}),  # type: ignore[arg-type]
    )
    blocks = annexes_of(changed)[-1].blocks
    return [row[2:] for one in blocks if isinstance(one, DocumentTable) for row in one.rows]


def test_B9_a_change_between_nothing_and_zero_is_a_change() -> None:
    zero = GradedCount(0, FigureGrade.DECLARED)
    assert change(AbsenceReason.NIL, zero) == [("Không phát sinh", "0", "")]
    assert change(zero, AbsenceReason.MISSING) == [("0", "Chưa có số liệu", "")]
    assert change(AbsenceReason.NIL, AbsenceReason.NOT_COLLECTED) == [
        ("Không phát sinh", "Không thu thập", "")
    ]
    assert change(GradedCount(5, FigureGrade.DECLARED), GradedCount(2, FigureGrade.DECLARED)) == [
        ("5", "2", "−3")
    ]


def test_a_better_grade_alone_is_no_other_answer() -> None:
    assert change(GradedCount(5, FigureGrade.DECLARED), GradedCount(5, FigureGrade.MEASURED)) == []


def test_words_that_look_like_an_absence_are_words() -> None:
    assert change(AbsenceReason.NIL, TextValue("Không phát sinh", FigureGrade.DECLARED)) == [
        ("Không phát sinh", "Không phát sinh", "")
    ]


def test_a_supplement_is_called_one() -> None:
    before = corrected().correction
    assert before is not None
    made = replace(
        corrected(), correction=Correction(before.of, before.reason, before.old, is_supplement=True)
    )
    assert "BỔ SUNG" in " ".join(annexes_of(made)[-1].title)
