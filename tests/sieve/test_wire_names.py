"""Names of DNS as they go over the wire are read out of base64 and hex."""

import base64
import random
import time

import pytest

from quetsach.sieve.wire_names import message_in, names_in_tokens, names_in_wire
from tests.oracles import wire_names as oracle
from tests.sieve import lines

WIRE = b"\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03bAd\x07example\x00\x00\x01\x00\x01"


@pytest.mark.parametrize(
    "token",
    [
        WIRE.hex().encode(),
        b"0x" + WIRE.hex().upper().encode(),
        base64.b64encode(WIRE),
        base64.urlsafe_b64encode(WIRE).rstrip(b"="),
        base64.b64encode(WIRE).replace(b"/", b"\\/"),
        base64.b64encode(b"\xff\xfe" + WIRE),
        b"\\n" + base64.b64encode(b"\xff" + WIRE),
    ],
)
def test_a_message_is_read_from_each_form_of_it(token: bytes) -> None:
    assert names_in_tokens(b'{"payload":"' + token + b'"}') == [b"bAd.example"]


def test_a_pointer_goes_on_elsewhere_and_never_in_a_ring() -> None:
    wire = b"\x07example\x00\x03bad\xc0\x00\x03www\xc0\x09..\x01a\xc0\x17"
    assert names_in_wire(wire) == [b"bad.example", b"www.bad.example"]
    assert names_in_wire(b"\x01a\xc0\x00\x00") == []


def test_what_is_no_name_is_none() -> None:
    assert names_in_wire(b"\x03bad\x07example") == []
    assert names_in_wire(b"\x03bad\x00") == []
    assert names_in_wire(b"\x031.2\x07example\x00") == []
    assert names_in_wire(b"\x03203\x010\x03113\x0277\x00") == []


def test_a_whole_field_is_read_as_bytes() -> None:
    assert message_in("0x" + WIRE.hex()) == WIRE
    assert message_in(base64.b64encode(WIRE).decode()) == WIRE
    assert message_in("no token") is None
    assert message_in("é" * 40) is None


def test_damaged_tokens_are_what_the_oracle_says() -> None:
    rng = random.Random(7)
    for _ in range(300):
        raw = lines.damaged(rng, WIRE + WIRE)
        for text in (base64.b64encode(raw), raw.hex().encode()):
            expected = [name.encode("latin-1") for name in oracle.names_in(text.decode())]
            assert names_in_tokens(text) == expected, text


@pytest.mark.parametrize("piece", [b"\x01a", b"\xc0\x00", b"\x01a\xc0\x00", b"\x01-", b"\x00"])
def test_hostile_tokens_take_no_longer(piece: bytes) -> None:
    token = base64.b64encode((piece * 50_000)[:98_000] + b"\x00")
    before = time.process_time()
    assert len(names_in_tokens(token)) <= 256
    assert time.process_time() - before < 5
