"""A table is known by the names of its columns, in any order and with any of three delimiters."""

import pytest

from quetsach.formats.shared.tables import heading_of, row_of


@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
def test_the_heading_may_stand_behind_comments(delimiter: str) -> None:
    head = f"\ufeff# x\r\n#TYPE y\r\n{delimiter.join('bac')}\r\n1".encode()
    assert heading_of(head, ("a", "b")) == (delimiter, "b", "a", "c")


@pytest.mark.parametrize("head", [b"", b"a,c\na,b\n", b'"a,b\n', b"a," * 100_000 + b"a,b"])
def test_no_heading_is_found_where_none_stands(head: bytes) -> None:
    assert heading_of(head, ("a", "b")) is None


@pytest.mark.parametrize("line", [b"1", b"1,2,3", b'"1,2', b'1,"2"3', b'"' + b"x" * 99_999])
def test_a_row_of_another_width_is_none(line: bytes) -> None:
    assert row_of(line, (",", "a", "b")) is None


def test_a_row_is_read_by_name() -> None:
    assert row_of(b'"x ""y""",2\r', (",", "a", "b")) == {"a": 'x "y"', "b": "2"}
