"""The annex of the units below: each report with version, digest and figures; who is missing."""

from dataclasses import replace

from quetsach.documents.reports.children import MOST_NAMED, child_blocks, reported_sentences
from quetsach.documents.reports.figures import print_count
from quetsach.documents.reports.report import OfficialReport
from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.content import Block, DocumentTable, TextFitter
from quetsach.forms.adding import add_up
from quetsach.forms.values import AbsenceReason, FigureGrade, GradedCount, OwnValue
from tests.documents.officials import added_up, child, every_kind, own_of, seed_form


def blocks_of(report: OfficialReport) -> tuple[list[str], list[DocumentTable]]:
    blocks: list[Block] = list(child_blocks(report, TextFitter()))
    return (
        [one.text for one in blocks if not isinstance(one, DocumentTable)],
        [one for one in blocks if isinstance(one, DocumentTable)],
    )


def test_each_report_stands_with_version_digest_and_figures() -> None:
    report = added_up()
    _lines, (_missing, reports) = blocks_of(report)
    assert reports.heads == ("TT", "Đơn vị", "Lần", "Mã kiểm tra", "(1)", "(2)", "(3)", "Ghi chú")
    for row, one in zip(reports.rows, report.children, strict=False):
        assert row[1:4] == (one.name, str(one.version), one.digest[:16])
    assert reports.rows[12][-1] == "Báo cáo muộn"
    assert reports.rows[13][4:] == (
        "(17)",
        "(18)",
        "(19)",
        "Không tính: đã tính ở Phòng Giáo dục và Đào tạo",
    )


def test_the_column_adds_up_on_paper() -> None:
    _lines, (_missing, reports) = blocks_of(added_up())
    sums = {row[1]: row for row in reports.rows[14:]}
    assert list(sums) == ["Cộng các đơn vị", "Đơn vị tự có", "Điều chỉnh", "Tổng cộng"]
    for column, change in ((4, 0), (5, -3), (6, 0)):
        counted = [row[column] for row in reports.rows[:14] if not row[column].startswith("(")]
        below = sum(map(int, counted))
        assert sums["Cộng các đơn vị"][column] == str(below)
        own, total = (int(sums[name][column]) for name in ("Đơn vị tự có", "Tổng cộng"))
        assert own + below + change == total


def test_missing_units_are_named_and_counted() -> None:
    report = added_up()
    lines, (missing, _reports) = blocks_of(report)
    assert lines[0] == "14/16 đơn vị trực thuộc đã báo cáo; 2 đơn vị chưa báo cáo."
    assert [row[1] for row in missing.rows] == list(report.missing)


def test_what_the_records_know_of_all_below_is_not_called_the_units_own() -> None:
    report = added_up()
    row = report.form.counts()[0]
    figure = report.figures[row.id]
    assert figure.own is not None
    many = replace(figure.own, organisations=frozenset({"a", "b"}))
    figures = {**report.figures, row.id: replace(figure, own=many)}
    _lines, grids = blocks_of(replace(report, figures=figures))
    sums = {one[1]: one[2:] for one in grids[-1].rows if not one[0]}
    place = grids[-1].heads.index("(1)") - 2
    assert sums["Theo dữ liệu của đơn vị và mọi cấp dưới"][place]
    assert not sums["Đơn vị tự có"][place]
    assert "theo dữ liệu của đơn vị và mọi cấp dưới" in print_count(figures[row.id]).remark


def test_units_of_which_no_report_went_in_stand_under_their_own_heads() -> None:
    report = replace(added_up(), missing=("Xã A",), waiting=("Xã B",), returned=("Xã C",))
    lines, grids = blocks_of(report)
    heads = ("Đơn vị đã nộp báo cáo, chờ tiếp nhận", "Đơn vị có báo cáo bị trả lại, chưa nộp lại")
    assert all(head in lines for head in heads)
    assert [grid.rows for grid in grids[:3]] == [
        (("1", name),) for name in ("Xã B", "Xã C", "Xã A")
    ]


def test_where_nobody_has_reported_all_are_missing_and_no_table_is_empty() -> None:
    lines, grids = blocks_of(replace(added_up(), children=(), missing=("Xã A", "Xã B")))
    assert lines[0].startswith("0/2 đơn vị")
    assert len(grids) == 1


def test_many_figures_have_tables_of_their_own_that_lose_no_column() -> None:
    form = replace(every_kind(), sections=every_kind().sections * 1)
    children = tuple(
        replace(one, figures=add_up(form, own_of(form, 1_234_567), (), {}))
        for one in (child(form, 1), child(form, 2))
    )
    figures = add_up(form, own_of(form, 1), children, {})
    lines, grids = blocks_of(replace(added_up(form), children=children, figures=figures))
    versions, *others = grids[1:]
    assert versions.heads == ("TT", "Đơn vị", "Lần", "Mã kiểm tra")
    assert [head for one in others for head in one.heads[2:]] == [f"({n})" for n in range(1, 9)]
    assert all(abs(sum(one.widths) - decree.TEXT_WIDTH_MM) < 0.01 for one in grids)
    assert all(one.widths[1] >= 39 for one in others)
    titles = [line for line in lines if line.startswith("Số liệu, cột")]
    assert titles[0].startswith("Số liệu, cột (1) đến (")
    assert titles[-1].endswith("đến (8)")
    named = [line for line in lines if line.startswith("Cột số liệu: ")]
    assert [line.count(";") + 1 for line in named] == [len(one.heads) - 2 for one in others]
    assert "(8) Số máy tính đã xử lý theo hạng 7." in named[-1]


def test_B9_each_absence_has_its_sign_and_the_legend_names_those_that_stand_there() -> None:
    form = seed_form()
    keys = [row.id for row in form.counts()]
    own = {
        keys[0]: OwnValue(GradedCount(0, FigureGrade.DECLARED)),
        keys[1]: OwnValue(AbsenceReason.NIL),
    }
    # The third is not there at all: its form did not have it.
    figures = {key: value for key, value in add_up(form, own, (), {}).items() if key != keys[2]}
    one = replace(child(form, 1), figures=figures)
    report = replace(added_up(), children=(one,), figures=add_up(form, {}, (one,), {}))
    lines, (_missing, reports) = blocks_of(report)
    assert reports.rows[0][4:] == ("0", "–", "KTT")
    assert "Ký hiệu: “–”: không phát sinh; “KTT”: không thu thập." in lines


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
