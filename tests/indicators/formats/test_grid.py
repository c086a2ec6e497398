"""Tables of documents: values by their headings, with port, family and remark of their row."""

from quetsach.indicators.formats.contract import ListRow
from quetsach.indicators.formats.document import document_rows
from quetsach.indicators.formats.passages import DocumentContext, TextPassage
from quetsach.indicators.options import ListOptions, RefusalReason

DOCUMENT = DocumentContext(ListOptions())


def _rows(*tables: list[tuple[str, ...]]) -> list[ListRow]:
    passages = [
        TextPassage("\t".join(cells), number, cells=cells, table=table)
        for table, rows in enumerate(tables, start=1)
        for number, cells in enumerate(rows, start=1)
    ]
    return list(document_rows(passages, DOCUMENT))


HEADER = ("STT", "Tên miền", "Địa chỉ IP", "Cổng", "Mã độc", "Ghi chú", "Hết hạn")


def test_a_row_gives_all_its_values_with_what_stands_beside_them() -> None:
    rows = _rows([
        ("Danh sách độc hại",) * 7,
        HEADER,
        ("1", "evil[.]\ncom", "203.0.113.5", "443, 8443", "Emotet", "máy chủ C2", "31/12/2022"),
    ])  # fmt: skip
    assert [(row.value, row.port, row.number) for row in rows] == [
        ("evil.com", None, 3), ("203.0.113.5", 443, 3), ("203.0.113.5", 8443, 3),
    ]  # fmt: skip
    assert {(row.claim.family, row.claim.label) for row in rows} == {("Emotet", "máy chủ C2")}
    assert rows[0].claim.valid_until_us == 1_672_531_199_999_999


def test_several_values_in_a_cell_are_all_taken_and_numbers_of_rows_are_none() -> None:
    rows = _rows(
        [HEADER[:3], ("203", "a.example, b.example\nc.example", "203.0.113.5-203.0.113.9")]
    )
    assert [row.value for row in rows] == [
        "a.example", "b.example", "c.example", "203.0.113.5-203.0.113.9",
    ]  # fmt: skip


def test_a_miswritten_address_beside_good_ones_is_asked_about() -> None:
    rows = _rows([HEADER[:3], ("1", "", "203.0.113.5, 203.0.113.4444; 10.0.0.1")])
    assert [(row.value, row.refused) for row in rows] == [
        ("203.0.113.5", None),
        ("10.0.0.1", RefusalReason.PRIVATE),
        ("203.0.113.4444", RefusalReason.UNCLEAR),
    ]


def test_titles_of_one_cell_above_the_header_are_no_header() -> None:
    rows = _rows([
        ("Danh sách của cơ quan A",),
        ("TT", "Thời gian phát hiện", "Đối tượng", "Cổng"),
        ("1", "01/9/2022", "203[.]0[.]113[.]5", "443"),
    ])  # fmt: skip
    assert [(row.value, row.port, row.refused) for row in rows] == [("203.0.113.5", 443, None)]


def test_the_header_of_every_page_is_none_and_holds_for_pages_without() -> None:
    first, second = [HEADER[:3], ("1", "a.example", "")], [HEADER[:3], ("2", "b.example", "")]
    third = [("3", "c.example", "203.0.113.7")]
    rows = _rows(first, second, third)
    assert [(row.value, row.refused) for row in rows] == [
        ("a.example", None), ("b.example", None), ("c.example", None), ("203.0.113.7", None),
    ]  # fmt: skip


def test_a_table_without_headings_is_read_by_its_content() -> None:
    rows = _rows([("1", "203.0.113.7", "xem"), ("2", "203.0.113.8", "lại")])
    assert [row.value for row in rows] == ["203.0.113.7", "203.0.113.8"]


def test_another_table_of_the_same_width_does_not_inherit_what_does_not_fit() -> None:
    rows = _rows([("SHA-256", "Tên tệp"), ("0a" * 32, "x.exe")], [("a.example", "203.0.113.7")])
    assert [(row.value, row.refused) for row in rows] == [
        ("0a" * 32, None), ("a.example", None), ("203.0.113.7", None),
    ]  # fmt: skip


def test_files_sources_and_other_kinds_are_not_taken() -> None:
    rows = _rows([
        ("Loại", "Chỉ báo", "Tên tệp", "Nguồn"),
        ("domain", "a.example", "Benaughty.com", "https://bao.example/a"),
        ("filename", "b.example", "", ""),
        ("ip", "chưa rõ tên", "", ""),
    ])  # fmt: skip
    assert [(row.value, row.refused) for row in rows] == [
        ("a.example", None), ("https://bao.example/a", "reference"), ("b.example", "other-kind"),
        ("chưa rõ tên", "unparsable"),
    ]  # fmt: skip


def test_a_remark_that_a_row_is_harmless_is_believed_and_a_defanged_one_in_it_is_taken() -> None:
    rows = _rows([
        ("Tên miền", "Ghi chú"),
        ("a.example", "không phải mã độc, chỉ kiểm tra kết nối"),
        ("b.example", "tải về từ hxxp://tai[.]example/x"),
    ])  # fmt: skip
    assert [(row.value, row.refused) for row in rows] == [
        ("a.example", "context"), ("b.example", None), ("http://tai.example/x", None),
    ]  # fmt: skip


def test_a_table_that_has_nothing_to_do_with_indicators_gives_nothing() -> None:
    rows = _rows([("TT", "Đơn vị", "Địa chỉ", "Số lượng"), ("1", "UBND xã", "ấp Chợ", "12")])
    assert rows == []


def test_a_row_with_one_filled_cell_is_lost_in_no_table() -> None:
    rows = _rows([("Tên miền", "Ghi chú"), ("a.example", ""), ("chưa rõ tên", "")])
    assert [(row.value, row.refused) for row in rows] == [
        ("a.example", None), ("chưa rõ tên", "unparsable"),
    ]  # fmt: skip


def test_a_piece_that_may_be_part_of_the_next_is_asked_about() -> None:
    rows = _rows([("Tên miền",), ("evil.co\nm",)])
    assert [(row.value, row.refused) for row in rows] == [("evil.com", "unclear")]
