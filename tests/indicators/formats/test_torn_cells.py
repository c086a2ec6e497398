"""A value over two cells is joined where the table says so; else a person is asked."""

import pytest

from quetsach.indicators.formats.document import document_rows
from quetsach.indicators.formats.passages import DocumentContext, TextPassage
from quetsach.indicators.formats.torn_cells import joined_cells, whole_rows
from quetsach.indicators.options import ListOptions

OPTIONS = ListOptions()
HALF = "0a1b" * 8


def told(*rows: tuple[str, ...]) -> list[str]:
    """Return the values of a table, "?" before one that is asked, with the port behind."""
    passages = [
        TextPassage("\t".join(cells), number, cells=cells, table=1)
        for number, cells in enumerate(rows, start=1)
    ]
    return [
        ("?" if row.refused else "") + row.value + (f" {row.port}" if row.port else "")
        for row in document_rows(passages, DocumentContext(OPTIONS))
    ]


@pytest.mark.parametrize(
    ("heading", "row", "values"),
    [
        (("STT", "Tên miền", "Đường dẫn"), ("1", "bad[.]example", "/a.php"), ["bad.example/a.php"]),
        (("STT", "URL", ""), ("1", "hxxp://bad[.]example", "/a.php"), ["http://bad.example/a.php"]),
        (("STT", "URL", "Mã độc"), ("1", "hxxp://bad[.]example", "/a.php"), ["?http://bad.example"]),
        (("STT", "Tên miền", ""), ("1", "update[.]kms-", "active[.]example"),
         ["update.kms-active.example"]),
        (("STT", "Tên miền", "Ghi chú"), ("1", "update[.]bad", ".example"), ["?update.bad"]),
        (("STT", "Địa chỉ IP", ""), ("1", "203.0.113.0", "/24"), ["203.0.113.0/24"]),
        (("STT", "Địa chỉ IP", "Mặt nạ"), ("1", "203.0.113.0", "/24"), ["203.0.113.0/24"]),
        (("STT", "SHA-256", ""), ("1", HALF, HALF), [HALF * 2]),
        (("STT", "SHA-256", "MD5"), ("1", HALF, HALF[::-1]), ["?" + HALF, HALF[::-1]]),
        (("STT", "SHA-256", "Ghi chú"), ("1", HALF, "x"), ["?" + HALF]),
        (("STT", "Từ địa chỉ IP", "Đến địa chỉ IP"), ("1", "203.0.113.4", "203.0.113.7"),
         ["203.0.113.4 - 203.0.113.7"]),
        (("STT", "IP đầu", "IP cuối"), ("1", "203.0.113.4", "203.0.113.7"),
         ["203.0.113.4 - 203.0.113.7"]),
        (("STT", "Tên miền", "Địa chỉ IP"), ("1", "bad[.]example", "203.0.113.7"),
         ["bad.example", "203.0.113.7"]),
    ],
)  # fmt: skip
def test_two_cells_of_a_row(
    heading: tuple[str, ...], row: tuple[str, ...], values: list[str]
) -> None:
    assert told(heading, row)[: len(values)] == values


HEAD = ("STT", "Tên miền/URL", "Ghi chú")


@pytest.mark.parametrize(
    ("rows", "values"),
    [
        ([("1", "hxxp://bad[.]example/long-", ""), ("", "path/x.php", "")],
         ["http://bad.example/long-path/x.php"]),
        ([("1", "hxxp://bad[.]example/long", ""), ("", "path/x.php", "")],
         ["?http://bad.example/longpath/x.php"]),
        ([("1", "update[.]", ""), ("", "bad[.]example", "")], ["update.bad.example"]),
        ([("1", "a[.]example", ""), ("", "b[.]example", "")], ["a.example", "b.example"]),
        ([("1", "a[.]example", ""), ("2", "b[.]example", "")], ["a.example", "b.example"]),
    ],
)  # fmt: skip
def test_a_row_without_a_number_goes_on_with_the_value_above(
    rows: list[tuple[str, ...]], values: list[str]
) -> None:
    assert told(HEAD, *rows) == values


def test_rows_of_another_width_and_cells_without_neighbours_are_left() -> None:
    rows = [TextPassage("a", 1, cells=("1", "a.example")), TextPassage("b", 2, cells=("x.php",))]
    assert list(whole_rows(rows, [1], [0], OPTIONS)) == rows
    assert joined_cells(rows[1], [0], [], OPTIONS).passage == rows[1]


@pytest.mark.parametrize(
    ("heading", "row", "values"),
    [
        (("STT", "Đích", "Mã độc"), ("1", "203.0.113.7:8080", "Mozi"), ["203.0.113.7:8080"]),
        (("Mã độc", "Ghi chú", "STT"), ("Mozi", "203.0.113.7:8080", "1"), ["203.0.113.7:8080"]),
        (("Socket", "STT"), ("[2001:db8::7]:443\n203.0.113.8:80", "1"),
         ["[2001:db8::7]:443", "203.0.113.8:80"]),
        (("Cổng kết nối", "Địa chỉ IP", "STT"), ("8080", "203.0.113.7", "1"), ["203.0.113.7 8080"]),
        (("Địa chỉ IP", "Cổng (port)"), ("203.0.113.7", "443/tcp"), ["203.0.113.7 443"]),
        (("Địa chỉ IP", "Port"), ("203.0.113.7", "8000-9000"), ["?203.0.113.7"]),
        (("IP nguồn", "Địa chỉ C2"), ("198.51.100.9:40112", "203.0.113.7:443"),
         ["?198.51.100.9:40112", "203.0.113.7:443"]),
        (("Địa chỉ IP máy bị nhiễm", "Tên miền độc hại"), ("198.51.100.9", "bad[.]example"),
         ["?198.51.100.9", "bad.example"]),
        (("IP nguồn tấn công", "Ghi chú"), ("203.0.113.7", ""), ["203.0.113.7"]),
    ],
)  # fmt: skip
def test_addresses_with_ports_in_any_order_of_columns(
    heading: tuple[str, ...], row: tuple[str, ...], values: list[str]
) -> None:
    assert told(heading, row) == values
