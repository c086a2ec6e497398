"""Tables of requests for holders: what is not understood is asked about, row by row."""

from collections.abc import Sequence

import pytest

from quetsach.letters.holder_request import HolderRow
from quetsach.letters.read import read_letter
from quetsach.readers.read import read_paper
from tests.letters.asked_letters import WORDINGS, Table, as_pdf, as_word, letter_parts

HEADINGS = ("TT", "Địa chỉ IP", "Cổng nguồn", "Thời gian")
FIRST = ("1", "203.0.113.5", "40112", "08:15:22 01/9/2026")
SECOND = ("2", "203.0.113.6", "40113", "09:20:30 02/9/2026")
READ = [
    ("203.0.113.5", 40112, "2026-09-01T08:15:22+07:00", ()),
    ("203.0.113.6", 40113, "2026-09-02T09:20:30+07:00", ()),
]


def rows_of(*body: str | Table) -> Sequence[HolderRow]:
    raw = as_word(letter_parts(body, WORDINGS[0], " (UTC+7)"))
    request = read_letter(read_paper(raw, "letter.docx")).holder_request
    assert request is not None
    return request.rows


def facts_of(rows: Sequence[HolderRow]) -> list[tuple[object, ...]]:
    return [(row.address, row.port, row.first, row.open) for row in rows]


def test_a_second_table_that_fits_goes_on_with_the_columns_before() -> None:
    assert facts_of(rows_of([HEADINGS, FIRST], "Tiếp theo:", [SECOND])) == READ


UNREAD = ("203.0.113.6", None, None, ("holder-table",))


@pytest.mark.parametrize(
    "row",
    [
        ("2", "203.0.113.6", "40113"),
        ("2", "203.0.113.6", "40113", "09:20:30 02/9/2026", "198.51.100.7"),
        ("2", "203.0.113.6", "09:20:30 02/9/2026", "40113"),
        ("2", "Nguyễn Văn A", "203.0.113.6", "09:20:30 02/9/2026"),
        ("2", "203.0.113.6", "-", "tháng 9"),
    ],
)
def test_a_second_table_of_other_columns_is_not_understood(row: Sequence[str]) -> None:
    rows = rows_of([HEADINGS, FIRST], "Tiếp theo:", [row])
    assert facts_of(rows) == [READ[0], UNREAD]
    assert "203.0.113.6" in rows[1].words


def test_a_second_table_about_servers_is_not_understood() -> None:
    rows = rows_of([HEADINGS, FIRST], "Danh sách máy chủ độc hại đã kết nối:", [SECOND])
    assert facts_of(rows) == [READ[0], UNREAD]


def test_a_table_without_any_headings_is_not_understood() -> None:
    rows = rows_of([FIRST, SECOND])
    assert [(row.address, row.open) for row in rows] == [
        ("203.0.113.5", ("holder-table",)),
        ("203.0.113.6", ("holder-table",)),
    ]


def test_a_row_whose_address_stands_above_is_asked_about() -> None:
    rows = rows_of([HEADINGS, FIRST, ("", "", "40113", "09:20:30 02/9/2026")])
    assert facts_of(rows[:1]) == READ[:1]
    assert [row.open for row in rows[1:]] == [("holder-address",)]
    assert "40113" in rows[1].words


def test_a_heading_that_stands_twice_gives_no_address_the_time_of_another() -> None:
    # "Địa chỉ lP": a machine read the first heading wrongly.
    table = [
        ("Địa chỉ lP", "203.0.113.5"),
        ("Cổng nguồn", "40112"),
        ("Thời gian", "08:15:22 01/9/2026"),
        ("Địa chỉ IP", "203.0.113.6"),
        ("Cổng nguồn", "40113"),
        ("Thời gian", "09:20:30 02/9/2026"),
    ]
    assert [(row.address, row.port, row.first) for row in rows_of(table)] == [
        ("203.0.113.5", None, None),
        ("203.0.113.6", None, None),
    ]


def test_a_zone_in_a_heading_is_that_of_its_table_and_one_in_a_row_of_its_row() -> None:
    headings = (*HEADINGS[:3], "Thời gian (UTC)")
    rows = rows_of([headings, FIRST, (*SECOND[:3], "09:20:30 02/9/2026 (UTC+7)")])
    assert [row.first for row in rows] == [
        "2026-09-01T08:15:22+00:00",
        "2026-09-02T09:20:30+07:00",
    ]


def test_lines_of_totals_are_no_rows() -> None:
    assert facts_of(rows_of([HEADINGS, FIRST, SECOND, ("", "Tổng số", "", "02 mục")])) == READ


def test_the_table_of_a_pdf_is_read_over_its_pages() -> None:
    many = [
        (str(n), f"203.0.113.{n}", str(40_000 + n), f"08:15:{n % 60:02} 01/9/2026")
        for n in range(1, 120)
    ]
    raw = as_pdf(letter_parts([[HEADINGS, *many]], WORDINGS[0], " (UTC+7)"))
    request = read_letter(read_paper(raw, "letter.pdf")).holder_request
    assert request is not None
    assert [(row.address, row.port) for row in request.rows] == [
        (address, int(port)) for _n, address, port, _time in many
    ]
    assert not any(row.open for row in request.rows)
