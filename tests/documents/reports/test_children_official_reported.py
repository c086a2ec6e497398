"""How many have reported, in words."""

from dataclasses import replace

from quetsach.documents.reports.children import MOST_NAMED, reported_sentences
from tests.documents.officials import added_up


def test_few_missing_units_are_named_in_the_report_itself() -> None:
    told = list(reported_sentences(added_up(), "Phụ lục II"))
    assert told == [
        "14/16 đơn vị trực thuộc đã báo cáo; chưa báo cáo: Ủy ban nhân dân xã Đại An; "
        "Ủy ban nhân dân xã Hàm Giang.",
        "Trong đó 1 đơn vị báo cáo muộn, số liệu vẫn được tính vào tổng.",
        "1 báo cáo không được tính vào tổng, lý do nêu tại Phụ lục II.",
    ]


def test_many_missing_units_are_named_in_the_annex() -> None:
    names = tuple(f"Xã {n}" for n in range(MOST_NAMED + 1))
    told = next(reported_sentences(replace(added_up(), missing=names), "Phụ lục II"))
    assert told == (
        "14/25 đơn vị trực thuộc đã báo cáo; 11 đơn vị chưa báo cáo; "
        "các đơn vị được nêu tên tại Phụ lục II."
    )


def test_who_handed_in_and_waits_and_whose_was_returned_has_not_failed_to_report() -> None:
    report = replace(added_up(), missing=("Xã A",), waiting=("Xã B", "Xã C"), returned=("Xã D",))
    assert next(reported_sentences(report, "Phụ lục II")) == (
        "16/18 đơn vị trực thuộc đã báo cáo; trong đó 2 báo cáo đã nộp, chờ tiếp nhận, chưa có "
        "trong tổng: Xã B; Xã C; bị trả lại, chưa nộp lại: Xã D; chưa báo cáo: Xã A."
    )
    assert next(reported_sentences(report)) == (
        "16/18 đơn vị trực thuộc đã báo cáo; trong đó 2 báo cáo đã nộp, chờ tiếp nhận, chưa có "
        "trong tổng; 1 đơn vị bị trả lại, chưa nộp lại; 1 đơn vị chưa báo cáo."
    )


def test_where_all_have_reported_nobody_is_missing() -> None:
    report = replace(added_up(), missing=(), children=added_up().children[:12])
    assert list(reported_sentences(report, "Phụ lục II")) == ["12/12 đơn vị trực thuộc đã báo cáo."]
