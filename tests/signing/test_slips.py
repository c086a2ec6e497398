"""Slips are hostile until they are proven: every other text is refused, with a reason."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.slips import LONGEST_SLIP, read_slip, read_slip_keys

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
PAGE = "https://quetsach.example"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
AT = int(NOW.timestamp())
CLAIMS = {"iss": PAGE, "ip": "198.51.100.5", "port": 1100, "iat": AT, "exp": AT + 3600}
HEADER = {"alg": "EdDSA", "kid": "k1", "typ": "quetsach-slip+jws"}


def packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def key_set(**changed: Any) -> bytes:
    x = packed(KEY.public_key().public_bytes_raw())
    row = {"kty": "OKP", "crv": "Ed25519", "kid": "k1", "x": x, **changed}
    return json.dumps({"keys": [{"kty": "RSA", "kid": "other"}, row]}).encode()


def slip(header: Any = HEADER, claims: Any = CLAIMS) -> str:
    text = f"{packed(json.dumps(header).encode())}.{packed(json.dumps(claims).encode())}"
    return f"{text}.{packed(KEY.sign(text.encode()))}"


def test_a_slip_of_the_page_is_read() -> None:
    found = read_slip(f" {slip()}\n", read_slip_keys(key_set()), issuer=PAGE, now=NOW)
    assert (found.issuer, found.address, found.port) == (PAGE, "198.51.100.5", 1100)
    assert (found.seen_s, found.expires_s) == (AT, AT + 3600)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b",
        "a.b.c",
        "....",
        slip() + "=",
        slip()[:-3],
        slip()[:-2] + "AA",
        "x" * (LONGEST_SLIP + 1),
        slip(header={**HEADER, "alg": "none"}),
        slip(header={**HEADER, "alg": "HS256"}),
        slip(header={**HEADER, "typ": "JWT"}),
        slip(header={**HEADER, "kid": "k2"}),
        slip(header={**HEADER, "crit": ["x"]}),
        slip(header=[1]),
        slip(claims=[]),
        slip(claims={**CLAIMS, "iss": "https://other.example"}),
        slip(claims={**CLAIMS, "ip": "198.51.100.500"}),
        slip(claims={**CLAIMS, "ip": "2001:db8::1"}),
        slip(claims={**CLAIMS, "port": 0}),
        slip(claims={**CLAIMS, "port": True}),
        slip(claims={**CLAIMS, "port": "1100"}),
        slip(claims={**CLAIMS, "port": 65_536}),
        slip(claims={**CLAIMS, "iat": AT + 3600, "exp": AT + 3700}),
        slip(claims={**CLAIMS, "exp": AT}),
        slip(claims={**CLAIMS, "iat": AT - 7200, "exp": AT - 3600}),
        slip(claims={name: CLAIMS[name] for name in ("iss", "ip", "port", "iat")}),
        packed(b"[" * 1_000) + "." + packed(b"{}") + ".AA",
    ],
)
def test_every_other_text_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(QuetsachError, match="E257"):
        read_slip(text, read_slip_keys(key_set()), issuer=PAGE, now=NOW)


def test_a_slip_ends_with_its_hour() -> None:
    keys = read_slip_keys(key_set())
    assert read_slip(slip(), keys, issuer=PAGE, now=NOW + timedelta(seconds=3599))
    with pytest.raises(QuetsachError, match="E257"):
        read_slip(slip(), keys, issuer=PAGE, now=NOW + timedelta(seconds=3600))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b'{"keys": 5}',
        b'{"keys": []}',
        b'{"keys": [5]}',
        key_set(crv="X25519"),
        key_set(x="AA"),
        key_set(x="!"),
        b" " * 70_000,
        b"[" * 100_000,
    ],
)
def test_what_is_no_key_set_is_refused(raw: bytes) -> None:
    with pytest.raises(QuetsachError, match="E258"):
        read_slip_keys(raw)
