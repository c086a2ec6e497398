"""The signature of a webhook, as Standard Webhooks say (https://www.standardwebhooks.com).

The header webhook-signature is `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.
"""

import base64
import binascii
import hashlib
import hmac

from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _

_SHORTEST_KEY = 24


def signing_key(text: str) -> bytes:
    """Return the key of `whsec_` and base64, or of the text itself.

    Errors: E601 for one that is none, or shorter than 24 bytes.
    """
    if text.startswith("whsec_"):
        try:
            key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
        except (binascii.Error, ValueError):
            key = b""
    else:
        key = text.encode()
    if len(key) < _SHORTEST_KEY:
        reason = _("a key of a webhook has at least %(count)s bytes") % {"count": _SHORTEST_KEY}
        raise QuetsachError("E601", "--key-file", reason=reason)
    return key


def signature(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the content of the header webhook-signature."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def signed_headers(key: bytes, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the three headers of a signed message. Units: `timestamp` in seconds since 1970."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(key, message_id, timestamp, body),
    }
