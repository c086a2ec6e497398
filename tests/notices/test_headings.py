"""Headings of tables of notices."""

import pytest

from quetsach.notices.headings import NoticeField, columns_of, folded


def fields(*cells: str) -> dict[str, int]:
    found = columns_of(cells)
    return {} if found is None else {field.value: at for field, at in found.places}


def test_headings_are_compared_without_accents_case_and_underscores() -> None:
    assert folded(" Địa_chỉ  IP ") == "dia chi ip"
    assert folded("Source.IP") == "source ip"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (
            ("timestamp", "ip", "port", "dst_ip", "dst_port"),
            {"address": 1, "port": 2, "time": 0, "remote": 3, "remote-port": 4},
        ),
        (
            ("STT", "Địa chỉ IP", "Thời gian", "Tên mã độc", "Địa chỉ kết nối", "Cổng"),
            {"address": 1, "time": 2, "family": 3, "remote": 4, "remote-port": 5},
        ),
        (
            ("STT", "Địa chỉ IP", "Cổng", "Thời gian", "Địa chỉ kết nối", "Cổng đích"),
            {"address": 1, "port": 2, "time": 3, "remote": 4, "remote-port": 5},
        ),
        (
            ("STT", "Địa chỉ IP", "Cổng", "Thời gian", "Địa chỉ kết nối", "Cổng"),
            {"address": 1, "port": 2, "time": 3, "remote": 4, "remote-port": 5},
        ),
        (
            ("TT", "Địa chỉ IP public (IPv4)", "Ngày", "Giờ", "Mã độc"),
            {"address": 1, "time": 2, "clock": 3, "family": 4},
        ),
    ],
)
def test_each_table_is_understood(cells: tuple[str, ...], expected: dict[str, int]) -> None:
    assert fields(*cells) == expected


@pytest.mark.parametrize(
    "cells",
    [("ip",), ("timestamp", "message"), ("a", "b", "c"), (), ("STT", "Họ và tên", "Chức vụ")],
)
def test_other_tables_are_none(cells: tuple[str, ...]) -> None:
    assert columns_of(cells) is None


def test_a_bare_port_of_english_reports_is_the_own_one() -> None:
    assert fields("timestamp", "ip", "dst_ip", "port")["port"] == 3


def test_the_zone_of_vietnamese_headings_is_the_local_one() -> None:
    vietnamese = columns_of(("Địa chỉ IP", "Thời gian"))
    english = columns_of(("ip", "timestamp"))
    assert vietnamese is not None
    assert english is not None
    assert (vietnamese.is_vietnamese, english.is_vietnamese) == (True, False)
    assert (vietnamese.of(NoticeField.TIME), vietnamese.of(NoticeField.PORT)) == (1, None)
