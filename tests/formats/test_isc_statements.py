"""Statements of dhcpd's files: strings that hold anything, nested blocks, endless records."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.formats.isc_statements import LONGEST_RECORD, IscStatement, LeaseRecord, content_of


def record_of(*lines: bytes) -> LeaseRecord:
    record = LeaseRecord(0)
    offset = 0
    for line in lines:
        record.add((offset, line))
        offset += len(line) + 1
    return record


def octal(raw: bytes) -> bytes:
    """Return a string as dhcpd writes it: what does not print stands as three octal digits."""
    out = b""
    for one in raw:
        if one in b'"\\':
            out += b"\\" + bytes([one])
        else:
            out += bytes([one]) if 32 <= one < 127 else b"\\%03o" % one
    return b'"' + out + b'"'


@given(st.binary(max_size=100))
def test_a_string_gives_back_its_bytes(raw: bytes) -> None:
    assert content_of(octal(raw)) == raw


@given(st.binary(max_size=60))
def test_what_stands_in_a_string_ends_no_statement(raw: bytes) -> None:
    record = record_of(b"lease 10.0.0.1 {", b"  uid " + octal(raw) + b";", b"}")
    assert record.ended
    assert record.statements() == [
        IscStatement(0, [b"lease", b"10.0.0.1"], [IscStatement(17, [b"uid", octal(raw)])])
    ]


@pytest.mark.parametrize(
    ("token", "expected"),
    [(b"1:0:17", b"\x01\x00\x17"), (b"1:0:177", b"1:0:177"), (b'"\\777"', b"\xff"), (b'"a', b"a")],
)
def test_hex_groups_and_odd_strings(token: bytes, expected: bytes) -> None:
    assert content_of(token) == expected


def test_a_record_ends_with_its_last_brace_or_its_semicolon() -> None:
    assert not record_of(b"ia-na x {", b"iaaddr y {", b"}").ended
    assert record_of(b"ia-na x {", b"iaaddr y {", b"}", b"}").ended
    assert record_of(b'server-duid "x";').ended
    assert not record_of(b"lease 10.0.0.1").ended
    assert not record_of(b"lease 10.0.0.1 { # }").ended


def test_blocks_in_blocks_keep_the_offsets_of_their_lines() -> None:
    (outer,) = record_of(b"a {", b" b { c; }", b"}").statements()
    assert outer == IscStatement(0, [b"a"], [IscStatement(4, [b"b"], [IscStatement(4, [b"c"])])])


def test_endless_nesting_and_endless_records_are_bounded() -> None:
    deep = record_of(b"lease " + b"{" * 60_000)
    assert not deep.ended
    assert len(deep.statements()) == 1
    long = record_of(b"lease 10.0.0.1 {", b"x" * (LONGEST_RECORD + 1), b"  ends never;")
    assert long.too_long
    assert long.tokens == []
    assert all(len(start) <= 200 for start in long.starts.values())
    long.add((10**6, b"}"))
    assert long.ended


@given(st.lists(st.sampled_from([b"{", b"}", b";", b'"', b"\\", b"a", b"#", b" "]), max_size=60))
def test_any_order_of_signs_gives_statements(signs: list[bytes]) -> None:
    statements = record_of(b"".join(signs)).statements()
    assert all(one.words or one.block is not None for one in statements)
