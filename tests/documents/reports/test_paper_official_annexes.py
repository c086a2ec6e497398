"""Which annexes a report has, how they are called, and old and new side by side."""

from dataclasses import replace

from quetsach.documents.reports.paper import annex_labels, annexes
from quetsach.documents.reports.report import Correction, OfficialReport
from quetsach.documents.typeset.content import DocumentAppendix, DocumentTable, TextFitter
from quetsach.forms.values import AbsenceReason, FigureGrade, GradedCount, TextValue
from tests.documents.officials import added_up, corrected, figure, own_report


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
