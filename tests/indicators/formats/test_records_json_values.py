"""Values of any type, and moments to the microsecond."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.indicators.formats.contract import ListFile
from quetsach.indicators.formats.records import (
    as_flag,
    as_percent,
    as_text,
    as_texts,
    damage,
    excerpt,
    instant_us,
    items,
    json_buffer,
)


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T07:00:00+07:00", 0),
        ("1970-01-01T00:00:00.000001Z", 1),
        ("1970-01-01T00:00:00.0000019Z", 1),
        ("1969-12-31T23:59:59.999Z", -1000),
        ("2022-09-12", None),
        ("yesterday", None),
        ("2022-13-40T00:00:00Z", None),
        (1662940800, None),
        (None, None),
    ],
)
def test_a_moment_is_read_to_the_microsecond(text: object, us: int | None) -> None:
    assert instant_us(text) == us


def test_a_flag_may_be_written_in_any_way() -> None:
    assert all(map(as_flag, (True, 1, "1", "true", " True")))
    assert not any(map(as_flag, (False, 0, 2, "0", "false", "", None, [1], {"a": 1})))


def test_a_percentage_is_a_whole_number_within_its_bounds() -> None:
    assert [as_percent(one) for one in (0, 100, 55)] == [0, 100, 55]
    assert {as_percent(one) for one in (-1, 101, 5.5, True, "50", None)} == {None}


def test_values_of_other_types_say_nothing() -> None:
    assert as_text(["a"]) == ""
    assert as_texts(["a", 1, None, "b"]) == ["a", "b"]
    assert as_texts("abc") == []


def test_items_are_those_of_a_list_only() -> None:
    assert [bytes(one) for one in items(b'[1, {"a": 2}]') or []] == [b"1", b'{"a": 2}']
    assert items(b'{"a": 1}') is None
    assert items(b"") is None
    assert items(b"[1,") is None
    assert damage(b"[1,") != ""
    assert damage(b"[1]") == ""
    assert excerpt(msgspec.Raw('"' + "độc" * 400 + '"'), 10) == '"độcđộcđộc'


def test_text_that_is_no_json_is_told_by_its_first_sign() -> None:
    for raw in (b"", b"bad.example", b"<ioc>", b"\xff\xfeb\0a\0", b"\x00\x01", b"PK\x03\x04{"):
        assert json_buffer(ListFile("x", "", raw)) is None
    cp1258 = '{"a": "\u0111"}'.encode("cp1258")
    found = json_buffer(ListFile("x", "", cp1258))
    assert found is not None
    assert bytes(found).decode() == '{"a": "\u0111"}'


@given(st.binary() | st.binary().map(lambda raw: b"{" + raw))
def test_no_bytes_are_too_odd(raw: bytes) -> None:
    found = json_buffer(ListFile("x", "", raw))
    if found is not None:
        assert bytes(found)[:256].lstrip()[:1] in (b"{", b"[")


def test_an_array_of_more_items_than_fit_in_memory_is_none() -> None:
    assert items(b"[" + b"0," * 15_000_001 + b"0]") is None
    assert len(items(b"[0,0]") or ()) == 2
