"""The name that a client asks for in QUIC, whose first packets everybody can decrypt.

Source: RFC 9001, 5 and appendix A; RFC 9369 for version 2.
"""

import hashlib
import hmac
import struct
from collections.abc import Sequence
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from quetsach.captures.contract import UnreadReason
from quetsach.captures.pcap import Pcap
from tests.captures import packets
from tests.captures.files import events_of
from tests.captures.packets import CLIENT, SERVER
from tests.captures.test_pcap_connections import hello

pytestmark = packets.needs_kernel

IDENTIFIER = bytes.fromhex("8394c8f03e515708")
SALTS = {
    1: bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a"),
    0x6B3343CF: bytes.fromhex("0dede3def700a6db819381be6e269dcbf9bd2ed9"),
    0xFF00001D: bytes.fromhex("afbfec289993d24c9e9786f19c6111e04390a899"),
}
# A record of TLS without its header: QUIC has frames of its own.
HELLO = hello(b"c2.bad.example")[5:]


def expand(secret: bytes, label: str, size: int) -> bytes:
    named = b"tls13 " + label.encode()
    info = struct.pack("!HB", size, len(named)) + named + b"\0"
    return hmac.digest(secret, info + b"\1", hashlib.sha256)[:size]


def crypto(offset: int, content: bytes) -> bytes:
    return b"\x06" + struct.pack("!HH", 0x4000 | offset, 0x4000 | len(content)) + content


def initial(frames: bytes, version: int = 1, number: int = 0) -> bytes:
    """Return the first packet of a client, encrypted and padded as RFC 9001 has it."""
    secret = expand(hmac.digest(SALTS[version], IDENTIFIER, hashlib.sha256), "client in", 32)
    word = "quicv2" if version == 0x6B3343CF else "quic"
    key, iv, mask_key = (
        expand(secret, f"{word} {what}", size)
        for what, size in (("key", 16), ("iv", 12), ("hp", 16))
    )
    plain = frames.ljust(1100, b"\0")
    first = 0xC1 | (0x10 if version == 0x6B3343CF else 0)
    head = bytes([first]) + struct.pack("!IB", version, 8) + IDENTIFIER + b"\0\0"
    head += struct.pack("!HH", 0x4000 | 2 + len(plain) + 16, number)
    nonce = (int.from_bytes(iv, "big") ^ number).to_bytes(12, "big")
    sealed = AESGCM(key).encrypt(nonce, plain, head)
    cipher = Cipher(algorithms.AES(mask_key), modes.ECB()).encryptor()
    mask = cipher.update(sealed[2:18])
    protected = bytearray(head)
    protected[0] ^= mask[0] & 0x0F
    protected[-2] ^= mask[1]
    protected[-1] ^= mask[2]
    return bytes(protected) + sealed


def read(datagrams: Sequence[bytes]) -> tuple[list[dict[str, Any]], dict[UnreadReason, int]]:
    frames = packets.datagrams([(True, each) for each in datagrams], server=(SERVER, 443))
    events, unread = events_of(Pcap(), packets.pcap(frames))
    return [event for event in events if event["event.dataset"] == "pcap.tls"], unread


@pytest.mark.parametrize("version", SALTS)
def test_the_name_asked_for_is_read(version: int) -> None:
    (event,), unread = read([initial(crypto(0, HELLO), version)])
    assert unread == {}
    assert event["tls.client.server_name"] == "c2.bad.example"
    assert (event["source.ip"], event["destination.ip"]) == (CLIENT, SERVER)
    assert (event["network.transport"], event["network.application"]) == ("udp", "quic")
    assert event["tls.client.ja4"].startswith("q12d0202")


def test_a_hello_comes_in_parts_and_in_any_order() -> None:
    parts = [crypto(start, HELLO[start : start + 30]) for start in range(0, len(HELLO), 30)]
    first = initial(b"\1" + parts[1] + b"\0\0" + parts[0])
    rest = initial(b"".join(reversed(parts[2:])), number=1)
    (event,), unread = read([rest, first])
    assert unread == {}
    assert event["tls.client.server_name"] == "c2.bad.example"


@pytest.mark.parametrize(
    "datagram",
    [
        initial(crypto(0, HELLO[:40])),
        initial(crypto(0, b"\2" + HELLO[1:])),
        initial(b"\x3f" * 40),
        initial(crypto(0, HELLO))[:-1],
        b"\xc1\xba\xba\xba\xba\x08" + IDENTIFIER + bytes(1100),
        b"\xc1\0\0\0\1\xff" + bytes(300),
    ],
)
def test_a_hello_that_cannot_be_read_is_counted(datagram: bytes) -> None:
    assert read([datagram]) == ([], {UnreadReason.NAMES_HIDDEN: 1})
