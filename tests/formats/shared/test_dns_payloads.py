"""Messages of DNS that a log carries whole are read, and nobody is taken for a client by them."""

import base64

import pytest

from quetsach.formats.shared.dns_payloads import asked_in_payload, message_of
from tests.captures.dns_building import name

HEAD = b"\x12\x34\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00"
ANSWER = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\xcb\x00\x71\x4d"
WIRE = HEAD + name("www.bad.example") + b"\x00\x01\x00\x01" + ANSWER
TO_SERVER = {"source.port": 53124, "destination.port": 53}


@pytest.mark.parametrize(
    "token",
    [
        "0x" + WIRE.hex(),
        base64.b64encode(WIRE).decode(),
        base64.b64encode(len(WIRE).to_bytes(2, "big") + WIRE).decode(),
        WIRE.hex().upper(),
    ],
)
def test_a_message_is_read_in_each_form(token: str) -> None:
    message = message_of(token)
    assert message is not None
    assert message.questions == (("www.bad.example", "A"),)
    assert message.answers == ("203.0.113.77",)


@pytest.mark.parametrize("token", [None, 7, "", "x" * 23, "GET / HTTP/1.1", "A" * 60, "é" * 60])
def test_what_is_no_message_is_none(token: object) -> None:
    assert message_of(token) is None


def test_who_asked_is_known_only_behind_the_port_of_a_name_server() -> None:
    assert asked_in_payload(TO_SERVER, WIRE.hex()) is not None
    assert asked_in_payload({"source.port": 53, "destination.port": 53}, WIRE.hex()) is None
    assert asked_in_payload({"source.port": 53, "destination.port": 53124}, WIRE.hex()) is None


def test_a_cut_message_asks_for_no_other_name() -> None:
    cut = [message_of(WIRE[:end].hex()) for end in range(len(WIRE))]
    assert {one.questions for one in cut if one is not None} <= {(("www.bad.example", "A"),)}
    assert cut[:12] == [None] * 12
