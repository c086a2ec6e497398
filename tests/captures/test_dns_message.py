"""DNS messages: names with pointers, odd labels, damage."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.captures.dns_message import DnsMessage, read_message
from tests.captures.dns_building import message, name, record


def test_a_question_is_read() -> None:
    told = read_message(message("Bad.Example", kind=28))
    assert told == DnsMessage((("Bad.Example", "AAAA"),), (), "", is_response=False)


def test_answers_are_addresses_and_names_each_once() -> None:
    pointer = b"\xc0\x0c"
    answers = (
        record(pointer, 5, name("cdn.example")),
        record(pointer, 1, bytes((203, 0, 113, 77))),
        record(pointer, 1, bytes((203, 0, 113, 77))),
        record(pointer, 28, bytes.fromhex("20010db8") + bytes(12)),
        record(pointer, 15, b"\x00\x0a\x04mail" + pointer),
        record(pointer, 16, b"\x04text"),
        record(pointer, 65, b"\x00\x01\x00"),
    )
    told = read_message(message("bad.example", answers=answers))
    assert told is not None
    assert told.code == "NOERROR"
    assert told.answers == ("cdn.example", "203.0.113.77", "2001:db8::", "mail.bad.example")


@pytest.mark.parametrize(("code", "told"), [(3, "NXDOMAIN"), (5, "REFUSED"), (15, "15")])
def test_the_code_is_named(code: int, told: str) -> None:
    response = read_message(message("bad.example", answers=(), code=code))
    assert response is not None
    assert response.code == told


def test_odd_labels_are_escaped_so_that_a_dot_stays_a_border() -> None:
    wire = message("x.example").replace(b"\x01x", b"\x03a.b")
    told = read_message(wire[:12] + b"\x03a.b" + wire[16:])
    assert told is not None
    assert told.questions[0][0].startswith("a\\046b")


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        bytes(11),
        message("bad.example")[:20],
        message("a")[:12] + b"\xc0\x0c\x00\x01\x00\x01",
        message("a")[:12] + b"\xc0",
        message("a")[:12] + b"\x40abc",
        message("a")[:12] + b"\x3f" + b"a" * 10,
        message("a")[:12] + (b"\x3f" + b"a" * 63) * 40 + b"\x00\x00\x01\x00\x01",
    ],
)
def test_what_is_no_message_is_none(wire: bytes) -> None:
    assert read_message(wire) is None


def test_what_precedes_damage_is_read() -> None:
    answers = (record(b"\xc0\x0c", 1, bytes(4)), record(b"\xc0\x0c", 1, b"1234")[:-2])
    told = read_message(message("bad.example", answers=answers))
    assert told is not None
    assert (told.questions, told.answers) == ((("bad.example", "A"),), ("0.0.0.0",))


@given(st.binary(max_size=80), st.integers(0, 4), st.integers(0, 4))
def test_no_message_raises(body: bytes, asked: int, answered: int) -> None:
    read_message(struct.pack(">6H", 1, 0x8180, asked, answered, 0, 0) + body)
