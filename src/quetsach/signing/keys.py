"""Ed25519 keys: creating, writing and reading them as PEM, and their short ids."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _, plain

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

MOST_BYTES = 64 * 1024
"""No key file is larger."""

MOST_OWNER = 200
"""How long the name of an owner may be, in characters."""

_OWNER = "Owner: "
_KEY_ID = "Key-Id: "


@dataclass(frozen=True)
class PublicKey:
    """A public key: its 32 raw bytes, and the owner that its file names."""

    raw: bytes
    owner: str = ""

    @property
    def key_id(self) -> str:
        """The first 16 hex digits of the SHA-256 of the raw key."""
        return key_id_of(self.raw)

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Tell whether `signature` is this key's signature of `message`."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """A private key with its public half."""

    secret: "Ed25519PrivateKey"
    public: PublicKey

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the signature; the same message gives the same ones."""
        return self.secret.sign(message)


def key_id_of(raw: bytes) -> str:
    """Return the number of a raw public key."""
    return hashlib.sha256(raw).hexdigest()[:16]


def generate_key_pair(owner: str) -> SigningKey:
    """Return a new key from the system's own randomness."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return _with_public(Ed25519PrivateKey.generate(), _clean(owner))


def private_pem(key: SigningKey, passphrase: bytes | None) -> bytes:
    """Return the private key as PKCS#8 PEM, locked if there is a passphrase."""
    from cryptography.hazmat.primitives import serialization as form

    lock: form.KeySerializationEncryption = (
        form.BestAvailableEncryption(passphrase) if passphrase else form.NoEncryption()
    )
    pem = key.secret.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, lock)
    return _labels(key.public) + pem


def public_pem(key: PublicKey) -> bytes:
    """Return the public key as PEM with its owner and number above, where other programs skip it.

    Source: RFC 7468, 5.2, explanatory text before the first line of a PEM block.
    """
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    public = Ed25519PublicKey.from_public_bytes(key.raw)
    pem = public.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    return _labels(key) + pem


def read_private(pem: bytes, where: str, passphrase: bytes | None = None) -> SigningKey:
    """Return the private key in this PEM file.

    Errors: E230 when it holds none; E231 when its passphrase is missing or wrong.
    """
    from cryptography.exceptions import InternalError, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if is_locked(pem) and not passphrase:
        raise QuetsachError("E231", where)
    used = passphrase if is_locked(pem) else None
    try:
        key = load_pem_private_key(_bounded(pem, where), used)
    except (ValueError, TypeError, InternalError, UnsupportedAlgorithm) as error:
        if used:
            raise QuetsachError("E231", where) from error
        raise QuetsachError("E230", where, reason=_("no private key in it")) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise QuetsachError("E230", where, reason=_("a key of another kind"))
    return _with_public(key, _owner_in(pem))


def is_locked(data: bytes) -> bool:
    """Tell whether a private key file needs a passphrase."""
    return b"-----BEGIN ENCRYPTED PRIVATE KEY-----" in data


def read_public(pem: bytes, where: str) -> PublicKey:
    """Return the public key in this PEM file.

    Errors: E230 when it holds none.
    """
    from cryptography.exceptions import InternalError, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    if b"PRIVATE KEY-----" in pem:
        raise QuetsachError("E230", where, reason=_("it is the private half; give the public one"))
    try:
        key = load_pem_public_key(_bounded(pem, where))
    except (ValueError, TypeError, InternalError, UnsupportedAlgorithm) as error:
        raise QuetsachError("E230", where, reason=_("no public key in it")) from error
    if not isinstance(key, Ed25519PublicKey):
        raise QuetsachError("E230", where, reason=_("a key of another kind"))
    return PublicKey(key.public_bytes_raw(), _owner_in(pem))


def _with_public(secret: "Ed25519PrivateKey", owner: str) -> SigningKey:
    return SigningKey(secret, PublicKey(secret.public_key().public_bytes_raw(), owner))


def _bounded(data: bytes, where: str) -> bytes:
    if len(data) > MOST_BYTES:
        raise QuetsachError("E230", where, reason=_("it is too large for a key"))
    return data


def _labels(key: PublicKey) -> bytes:
    owner = f"{_OWNER}{key.owner}\n" if key.owner else ""
    return f"{owner}{_KEY_ID}{key.key_id}\n".encode()


def _owner_in(data: bytes) -> str:
    head = data.partition(b"-----BEGIN")[0][:MOST_BYTES].decode("utf-8", "replace")
    for line in head.splitlines():
        if line.startswith(_OWNER):
            return _clean(line.removeprefix(_OWNER))
    return ""


def _clean(owner: str) -> str:
    return plain(" ".join(owner.split()))[:MOST_OWNER].replace("-----", "- -")
