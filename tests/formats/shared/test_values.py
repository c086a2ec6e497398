"""Typed values from a log's texts and numbers; what cannot be read is None."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.formats.shared import values

ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=50),
    st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.from_regex(r"[0-9.:a-fA-F\-]{1,40}", fullmatch=True),
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("10.20.3.41", "10.20.3.41"),
        ("2001:0DB8:0000:0000:0000:0000:0000:0077", "2001:db8::77"),
        ("::ffff:203.0.113.77", "203.0.113.77"),
        ("[2001:db8::77]", "2001:db8::77"),
        ("fe80::41%eth0", "fe80::41"),
        ("010.1.1.1", None),
        ("10.20.3", None),
        ("bad.example", None),
        ("-", None),
        (3232235777, None),
    ],
)
def test_an_address_has_one_form(written: Any, read: str | None) -> None:
    assert values.address(written) == read


@pytest.mark.parametrize(
    "written", ["00:17:a4:b2:c3:d4", "00-17-A4-B2-C3-D4", "0017.a4b2.c3d4", "0017A4B2C3D4"]
)
def test_a_hardware_address_has_one_form(written: str) -> None:
    assert values.mac(written) == "00-17-A4-B2-C3-D4"


@pytest.mark.parametrize("written", ["00:17:a4:b2:c3", "00:17:a4:b2:c3:dg", "", None, 7])
def test_what_is_no_hardware_address_is_none(written: Any) -> None:
    assert values.mac(written) is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12.4", 12_400_000_000),
        ("0.000001", 1000),
        ("3", 3_000_000_000),
        (12.4, 12_400_000_000),
        ("-1", None),
        (True, None),
        ("1" * 30, None),
    ],
)
def test_a_length_is_read_in_nanoseconds(written: Any, read: int | None) -> None:
    assert values.nanoseconds(written) == read


def test_counts_and_ports_are_bounded() -> None:
    assert values.count("9223372036854775807") == 2**63 - 1
    assert values.count("9223372036854775808") is None
    assert values.count(86400.0) == values.count("86400.000000") == 86_400
    assert values.count(True) is None
    assert values.parse_port("65535") == 65_535
    assert values.parse_port("65536") is None
    assert values.parse_port(-1) is None


def test_an_address_nobody_can_hold_is_none() -> None:
    assert values.assignable_address("0.0.0.0") is None
    assert values.assignable_address("::") is None
    assert values.assignable_address("10.20.3.41") == "10.20.3.41"


def test_a_protocol_is_read_from_name_and_number() -> None:
    assert [values.transport(one) for one in (6, "17", "IPv6-ICMP", "ICMP", "sctp")] == [
        "tcp",
        "udp",
        "icmp",
        "icmp",
        "sctp",
    ]


@given(ANYTHING)
def test_no_value_raises(value: Any) -> None:
    for read in (
        values.text,
        values.texts,
        values.address,
        values.assignable_address,
        values.count,
        values.parse_port,
        values.nanoseconds,
        values.mac,
        values.transport,
    ):
        read(value)
    values.moment(value, ZoneInfo("Asia/Ho_Chi_Minh"))


def test_bytes_that_are_no_utf_8_stay_visible() -> None:
    assert values.as_text("tải ".encode() + b"\xff") == "tải \\xff"
