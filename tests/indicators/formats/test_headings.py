"""Headings of letters and reports are understood."""

import pytest

from quetsach.indicators.formats.contract import ListFile
from quetsach.indicators.formats.headings import (
    ColumnRole,
    announces_names,
    cells_of,
    hash_length,
    headers_of,
    is_of_victims,
    names_one_hash,
    role_of,
)


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("STT", ColumnRole.NUMBER),
        ("TT", ColumnRole.NUMBER),
        ("#", ColumnRole.NUMBER),
        ("Tên miền", ColumnRole.VALUE),
        ("Tên miền độc hại", ColumnRole.VALUE),
        ("Địa chỉ IP C2", ColumnRole.VALUE),
        ("IP/Domain", ColumnRole.VALUE),
        ("SHA-256", ColumnRole.VALUE),
        ("Mã băm (MD5)", ColumnRole.VALUE),
        ("SHA-1 hash", ColumnRole.VALUE),
        ("C&C server", ColumnRole.VALUE),
        ("Chỉ dấu", ColumnRole.VALUE),
        ("Cổng", ColumnRole.PORT),
        ("Cổng kết nối", ColumnRole.PORT),
        ("Cổng (port)", ColumnRole.PORT),
        ("Port/Cổng", ColumnRole.PORT),
        ("Dst port", ColumnRole.PORT),
        ("Cổng nguồn", ColumnRole.OTHER),
        ("IP nguồn", ColumnRole.OTHER),
        ("Địa chỉ IP của đơn vị", ColumnRole.OTHER),
        ("IP nguồn tấn công", ColumnRole.VALUE),
        ("Mã độc", ColumnRole.FAMILY),
        ("Tên mã độc", ColumnRole.FAMILY),
        ("Ghi chú", ColumnRole.LABEL),
        ("Hết hạn", ColumnRole.VALID_UNTIL),
        ("Loại", ColumnRole.KIND),
        ("Filename", ColumnRole.OTHER),
        ("ESET detection name", ColumnRole.OTHER),
        ("Tên tệp", ColumnRole.OTHER),
        ("First seen", ColumnRole.OTHER),
        ("Hosting provider", ColumnRole.OTHER),
        ("Nguồn", ColumnRole.SOURCE),
        ("", ColumnRole.UNKNOWN),
        ("what", ColumnRole.UNKNOWN),
    ],
)
def test_a_heading_tells_what_its_column_holds(heading: str, role: ColumnRole) -> None:
    assert role_of(heading) is role


def test_a_heading_tells_the_length_of_hashes_and_whether_names_stand_there() -> None:
    assert [hash_length(one) for one in ("SHA-256", "SHA1", "Mã băm MD5", "Hash")] == [
        64,
        40,
        32,
        0,
    ]
    assert announces_names("Tên miền độc hại")
    assert not announces_names("Mã băm")


def _headers(text: str) -> list[tuple[str, list[str], bool]]:
    return [tuple(one) for one in headers_of(ListFile("x", "0", text.encode()))]


def test_a_header_is_found_in_comments_and_in_the_first_row() -> None:
    text = '#####\n# Feed, of 7 rows\n# "a","b c","d"\n#x|y|z\n"e","f","g"\n1,2,3\n'
    assert _headers(text) == [
        (",", ["a", "b_c", "d"], True),
        ("|", ["x", "y", "z"], True),
        (",", ["e", "f", "g"], False),
    ]


def test_the_word_before_the_columns_is_no_column() -> None:
    assert _headers("# Format: report|ip|asn\n") == [("|", ["report", "ip", "asn"], True)]


def test_sentences_are_no_header() -> None:
    assert _headers("# See http://a.example/, and (c) 2022, all rights\n") == []


def test_quotes_that_never_close_are_no_cells() -> None:
    assert cells_of('"a", "b"', ",") == ["a", "b"]
    assert cells_of('"a", "b', ",") is None


def test_a_heading_of_several_hashes_names_none_of_them() -> None:
    assert names_one_hash("Mã băm SHA 256")
    assert not names_one_hash("MD5/SHA-1")
    assert not names_one_hash("Mã băm")


def test_columns_of_victims_are_told_from_those_of_attackers() -> None:
    assert is_of_victims("Địa chỉ IP bị nhiễm mã độc")
    assert not is_of_victims("Địa chỉ IP phát tán mã độc")
    assert not is_of_victims("Địa chỉ IP")
