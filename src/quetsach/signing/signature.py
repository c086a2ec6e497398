"""One signature: what it says, the exact bytes it covers, and its form in JSON."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from quetsach.signing.keys import PublicKey, SigningKey, key_id_of

ALGORITHM = "ed25519"

_NAMES = ("algorithm", "key_id", "public_key", "digest", "signed", "value")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z", re.ASCII)


class Kind(StrEnum):
    """What was signed; a signature of one kind is none of another."""

    RELEASE = "release"
    FINDINGS = "findings"
    FILE = "file"


@dataclass(frozen=True)
class Signature:
    """A signature as it was read; nothing is verified yet. `digest` is `sha256:` and hex."""

    public_key: bytes
    digest: str
    signed: str
    value: bytes

    @property
    def key_id(self) -> str:
        """The number of the key that is said to have signed."""
        return key_id_of(self.public_key)


def message(kind: Kind, digest: str, signed: str) -> bytes:
    """Return the bytes that are signed: the context, the digest and the time, a line each."""
    return f"quetsach {kind} v1\n{digest}\n{signed}\n".encode()


def sign_digest(key: SigningKey, kind: Kind, digest: str, when: datetime) -> Signature:
    """Return the signature of `digest` by `key`, made at `when` (aware)."""
    signed = when.isoformat(timespec="seconds")
    value = key.sign(message(kind, digest, signed))
    return Signature(key.public.raw, digest, signed, value)


def is_valid(signature: Signature, kind: Kind) -> bool:
    """Tell whether the key that the signature names has signed what it says."""
    said = message(kind, signature.digest, signature.signed)
    return PublicKey(signature.public_key).verifies(signature.value, said)


def to_json(signature: Signature) -> dict[str, str]:
    """Return the one JSON form of a signature."""
    return {
        "algorithm": ALGORITHM,
        "key_id": signature.key_id,
        "public_key": base64.b64encode(signature.public_key).decode(),
        "digest": signature.digest,
        "signed": signature.signed,
        "value": base64.b64encode(signature.value).decode(),
    }


def from_json(value: object) -> Signature | None:
    """Return the signature that `value` is the one form of, else None: no second spelling counts.

    Two spellings of one signature would let a file be changed without anybody noticing.
    """
    if not isinstance(value, Mapping) or tuple(sorted(value)) != tuple(sorted(_NAMES)):
        return None
    if not all(isinstance(value[name], str) for name in _NAMES):
        return None
    signature = _read(value)
    return signature if signature is not None and to_json(signature) == dict(value) else None


def _read(value: Mapping[str, Any]) -> Signature | None:
    try:
        public, made = (
            base64.b64decode(value[name].encode("ascii"), validate=True)
            for name in ("public_key", "value")
        )
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return None
    well_formed = len(public) == 32 and len(made) == 64
    if not well_formed or not _DIGEST.match(value["digest"]) or not is_moment(value["signed"]):
        return None
    return Signature(public, value["digest"], value["signed"], made)


def is_moment(text: str) -> bool:
    """Tell whether `text` is a time with offset in the one form that signatures carry."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return moment.tzinfo is not None and moment.isoformat(timespec="seconds") == text
