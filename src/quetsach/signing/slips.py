"""Slips of a public page: a signed address, port and time, by which a carrier finds a line.

A slip is a JSON Web Signature in compact form (RFC 7515) with Ed25519 (RFC 8037); its keys are a
JSON Web Key Set (RFC 7517). docs/carriers.md describes both.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address
from typing import Any

from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.keys import PublicKey
from quetsach.texts import _

TYPE = "quetsach-slip+jws"
LONGEST_SLIP = 2_000
LARGEST_KEY_SET = 64 * 1024
CLOCK_SKEW_S = 300
"""Seconds by which a page's clock may be ahead of the carrier's."""

_KEY_BYTES, _SIGNATURE_BYTES = 32, 64


@dataclass(frozen=True)
class CarrierSlip:
    """A proven slip: the page `issuer` saw `address`:`port` at `seen_s`.

    Units: seconds since 1970, UTC.
    """

    issuer: str
    address: str
    port: int
    seen_s: int
    expires_s: int


def read_slip_keys(raw: bytes, name: str = "keys.json") -> Mapping[str, PublicKey]:
    """Return the keys of a page by their ids; keys of other kinds are passed over.

    Errors: E258 for what is no key set, or holds no Ed25519 key.
    """
    try:
        if len(raw) > LARGEST_KEY_SET:
            raise ValueError("size")
        rows = json.loads(raw)["keys"]
        keys = {
            str(row["kid"]): PublicKey(_unpacked(str(row["x"])))
            for row in rows
            if row.get("kty") == "OKP" and row.get("crv") == "Ed25519"
        }
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise QuetsachError("E258", name) from error
    if not keys or any(len(key.raw) != _KEY_BYTES for key in keys.values()):
        raise QuetsachError("E258", name)
    return keys


def read_slip(
    text: str, keys: Mapping[str, PublicKey], *, issuer: str, now: datetime
) -> CarrierSlip:
    """Return the slip `text`, proven by one of `keys` as one of `issuer` and good at `now`.

    Shapes: `issuer` is the page's address without a slash at its end; `now` has an offset.
    Errors: E257, with what is wrong with it.
    """
    parts = text.strip().split(".") if len(text) <= LONGEST_SLIP else []
    if len(parts) != 3:
        raise _no_slip(_("it does not have the form of a slip"))
    header, claims = _object(parts[0]), _object(parts[1])
    if header.get("alg") != "EdDSA" or header.get("typ") != TYPE or "crit" in header:
        raise _no_slip(_("it is a signed text of another kind"))
    key = keys.get(str(header.get("kid")))
    if key is None:
        raise _no_slip(_("it was signed with a key that is not known; fetch the page's keys again"))
    signature = _unpacked_or_none(parts[2])
    signed = f"{parts[0]}.{parts[1]}".encode()
    if signature is None or len(signature) != _SIGNATURE_BYTES:
        raise _no_slip(_("its signature cannot be read"))
    if not key.verifies(signature, signed):
        raise _no_slip(_("its signature does not fit: it was altered or copied wrongly"))
    slip = _slip(claims)
    if slip.issuer != issuer:
        raise _no_slip(_("it is of another page: %(page)s") % {"page": slip.issuer[:200]})
    if now.timestamp() >= slip.expires_s:
        raise _no_slip(_("it has expired; take a new one from the page"))
    if slip.seen_s > now.timestamp() + CLOCK_SKEW_S:
        raise _no_slip(_("its time lies ahead; check the clock of this machine"))
    return slip


def _slip(claims: Mapping[str, Any]) -> CarrierSlip:
    try:
        slip = CarrierSlip(
            str(claims["iss"]),
            str(IPv4Address(str(claims["ip"]))),
            claims["port"],
            claims["iat"],
            claims["exp"],
        )
    except (KeyError, ValueError) as error:
        raise _no_slip(_("what it says is not complete")) from error
    numbers = (slip.port, slip.seen_s, slip.expires_s)
    are_numbers = all(type(number) is int for number in numbers)
    if not are_numbers or not 0 < slip.port < 65_536 or not 0 < slip.seen_s < slip.expires_s:
        raise _no_slip(_("what it says is not complete"))
    return slip


def _object(text: str) -> Mapping[str, Any]:
    raw = _unpacked_or_none(text)
    try:
        content = json.loads(raw or b"")
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise _no_slip(_("it does not have the form of a slip"))
    return content


def _unpacked_or_none(text: str) -> bytes | None:
    try:
        return _unpacked(text)
    except ValueError:
        return None


def _unpacked(text: str) -> bytes:
    """Return what base64url without padding spells. Raises ValueError."""
    if not text.isascii() or "=" in text or "+" in text or "/" in text:
        raise ValueError("it is no base64url")
    try:
        padded = text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4)
        return base64.b64decode(padded, validate=True)
    except binascii.Error as error:
        raise ValueError("it is no base64url") from error


def _no_slip(reason: str) -> QuetsachError:
    return QuetsachError("E257", _("the slip"), reason=reason)
