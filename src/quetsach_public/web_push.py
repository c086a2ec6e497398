"""A message to a browser by its maker's push service: sealed for the browser, signed by this page.

Source: RFC 8291 (encryption), RFC 8188 (its coding, aes128gcm), RFC 8292 (VAPID). The service sees
that a message came and for which browser, never what it says; all messages are equally long.
"""

import base64
import json
import os
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HOSTS = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "web.push.apple.com",
    "notify.windows.com",
)
"""Push services of Chrome, Firefox, Safari and Edge; the last names hosts below it."""

LONGEST_ENDPOINT = 1_000
MESSAGE_BYTES = 512
RECORD_BYTES = 4_096
VALID_FOR = timedelta(hours=12)
"""Of a signature; a service takes at most 24 hours."""

_POINT, _AUTH, _NUMBER = 65, 16, 32
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ENDPOINT = re.compile(rf"https://{_LABEL}(?:\.{_LABEL}){{1,8}}/[A-Za-z0-9_:./?=&%+~-]+")


class PushSubscription(NamedTuple):
    """Where a browser takes messages, and its keys: a point of P-256 and 16 secret bytes."""

    endpoint: str
    point: bytes
    secret: bytes


def subscription_of(sent: Mapping[str, str]) -> PushSubscription | None:
    """Return the subscription in the fields of a form, None for what no known service gave out."""
    endpoint = sent.get("endpoint", "")
    point, secret = _decoded(sent.get("p256dh", "")), _decoded(sent.get("auth", ""))
    if not is_allowed(endpoint) or len(point) != _POINT or len(secret) != _AUTH:
        return None
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return None
    return PushSubscription(endpoint, point, secret)


def is_allowed(endpoint: str, hosts: tuple[str, ...] = HOSTS) -> bool:
    """True for an address of a known service: no other host, port, user or form of address."""
    if len(endpoint) > LONGEST_ENDPOINT or _ENDPOINT.fullmatch(endpoint) is None:
        return False
    host = urlsplit(endpoint).hostname or ""
    return host in hosts or host.endswith(".notify.windows.com")


def sealed(
    subscription: PushSubscription,
    message: bytes,
    *,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
    length: int = MESSAGE_BYTES,
) -> bytes:
    """Return `message` so that only the browser reads it, filled up to `length` bytes.

    `sender` and `salt` are drawn anew for each message; only a test names them.
    """
    sender = sender or ec.generate_private_key(ec.SECP256R1())
    salt = os.urandom(16) if salt is None else salt
    receiver = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), subscription.point)
    own_point = _point_of(sender)
    info = b"WebPush: info\0" + subscription.point + own_point
    shared = _derived(sender.exchange(ec.ECDH(), receiver), subscription.secret, info, 32)
    key = _derived(shared, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(shared, salt, b"Content-Encoding: nonce\0", 12)
    plain = message + b"\2" + bytes(max(0, length - len(message)))
    head = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(own_point)]) + own_point
    return head + AESGCM(key).encrypt(nonce, plain, None)


class PushSigner:
    """Signs messages as this page; the key is made once and kept in `path`, for the owner alone."""

    def __init__(self, path: Path, contact: str) -> None:
        self._key, self._contact = _key_in(path), contact

    @property
    def public(self) -> str:
        """The public key, as a browser wants it."""
        return _encoded(_point_of(self._key))

    def authorization(self, endpoint: str, now: datetime) -> str:
        """Return the header that says who sends (RFC 8292, 3)."""
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((now + VALID_FOR).timestamp()),
            "sub": self._contact,
        }
        head = {"typ": "JWT", "alg": "ES256"}
        text = ".".join(_encoded(json.dumps(part).encode()) for part in (head, claims))
        first, second = decode_dss_signature(
            self._key.sign(text.encode(), ec.ECDSA(hashes.SHA256()))
        )
        signature = first.to_bytes(_NUMBER, "big") + second.to_bytes(_NUMBER, "big")
        return f"vapid t={text}.{_encoded(signature)}, k={self.public}"


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PublicFormat.UncompressedPoint
    return key.public_key().public_bytes(serialization.Encoding.X962, form)


def _key_in(path: Path) -> ec.EllipticCurvePrivateKey:
    """Return the key in `path`; the first process makes it. Raises ValueError for another file."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
        aside.touch(mode=0o600)
        fresh = ec.generate_private_key(ec.SECP256R1())
        aside.write_bytes(
            fresh.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        try:
            path.hardlink_to(aside)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path} holds no key of P-256")
    return key


def _decoded(text: str) -> bytes:
    """Return the bytes of base64url, b"" for what is none."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
