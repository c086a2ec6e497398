"""One signature: its exact bytes, its JSON, its verification, and the `.sig` file beside a file."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, BinaryIO

import msgspec

from quetsach.signing.keys import PublicKey, SigningKey, key_id_of
from quetsach.texts import _

ALGORITHM = "ed25519"

_NAMES = ("algorithm", "key_id", "public_key", "digest", "signed", "value")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z", re.ASCII)


class SignedKind(StrEnum):
    """What was signed; a signature of one kind is none of another."""

    RELEASE = "release"
    FINDINGS = "findings"
    FILE = "file"


@dataclass(frozen=True)
class Signature:
    """A parsed signature; nothing is verified yet. `digest` is `sha256:` and hex."""

    public_key: bytes
    digest: str
    signed: str
    value: bytes

    @property
    def key_id(self) -> str:
        """The id of the key that the signature names."""
        return key_id_of(self.public_key)


def message(kind: SignedKind, digest: str, signed: str) -> bytes:
    """Return the bytes that are signed: the context, the digest and the time, a line each."""
    return f"quetsach {kind} v1\n{digest}\n{signed}\n".encode()


def sign_digest(key: SigningKey, kind: SignedKind, digest: str, when: datetime) -> Signature:
    """Return the signature of `digest` by `key`, made at `when` (aware)."""
    signed = when.isoformat(timespec="seconds")
    value = key.sign(message(kind, digest, signed))
    return Signature(key.public.raw, digest, signed, value)


def is_valid(signature: Signature, kind: SignedKind) -> bool:
    """Tell whether the key that the signature names has signed its digest."""
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


def from_json(content: object) -> Signature | None:
    """Return the signature that `content` is the one form of, else None: no second spelling counts.

    Two spellings of one signature would let a file be changed without anybody noticing.
    """
    if not isinstance(content, Mapping) or tuple(sorted(content)) != tuple(sorted(_NAMES)):
        return None
    if not all(isinstance(content[name], str) for name in _NAMES):
        return None
    signature = _read(content)
    return signature if signature is not None and to_json(signature) == dict(content) else None


def _read(content: Mapping[str, Any]) -> Signature | None:
    try:
        public, signature = (
            base64.b64decode(content[name].encode("ascii"), validate=True)
            for name in ("public_key", "value")
        )
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return None
    well_formed = len(public) == 32 and len(signature) == 64
    if not well_formed or not _DIGEST.match(content["digest"]) or not is_moment(content["signed"]):
        return None
    return Signature(public, content["digest"], content["signed"], signature)


def is_moment(text: str) -> bool:
    """Tell whether `text` is a time with offset in the one form that signatures carry."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return moment.tzinfo is not None and moment.isoformat(timespec="seconds") == text


class SignatureState(StrEnum):
    """The result of verifying a signature."""

    TRUSTED = "trusted"
    UNKNOWN_KEY = "unknown-key"
    ALTERED = "altered"
    UNSIGNED = "unsigned"


@dataclass(frozen=True)
class SignableFile:
    """A file that can be signed: its actual digest, and its signatures.

    `faults` are sentences on what is wrong with its form; with one of them it counts as altered.
    `uncovered` names files beside it that are not signed.
    """

    kind: SignedKind
    digest: str
    signatures: tuple[Signature, ...] = ()
    faults: tuple[str, ...] = ()
    uncovered: tuple[str, ...] = ()


@dataclass(frozen=True)
class KeySigner:
    """A signer: key id, owner if the key was named, time, and whether it is trusted."""

    key_id: str
    owner: str
    signed: str
    trusted: bool


@dataclass(frozen=True)
class SignatureVerdict:
    """The verdict on a signed file. `faults` is empty unless it is altered."""

    state: SignatureState
    kind: SignedKind
    digest: str
    signers: tuple[KeySigner, ...]
    faults: tuple[str, ...]
    uncovered: tuple[str, ...]


def judge(sealed: SignableFile, trusted: Sequence[PublicKey]) -> SignatureVerdict:
    """Return the verdict; one bad signature among good ones makes the whole altered."""
    owners = {key.raw: key.owner for key in trusted}
    signers = tuple(
        KeySigner(one.key_id, owners.get(one.public_key, ""), one.signed, one.public_key in owners)
        for one in sealed.signatures
    )
    faults = (*sealed.faults, *_faults(sealed))
    return SignatureVerdict(
        _state(signers, faults), sealed.kind, sealed.digest, signers, faults, sealed.uncovered
    )


def _state(signers: Sequence[KeySigner], faults: Sequence[str]) -> SignatureState:
    if faults:
        return SignatureState.ALTERED
    if not signers:
        return SignatureState.UNSIGNED
    return (
        SignatureState.TRUSTED
        if any(one.trusted for one in signers)
        else SignatureState.UNKNOWN_KEY
    )


def _faults(sealed: SignableFile) -> list[str]:
    faults = []
    key_ids: set[str] = set()
    for signature in sealed.signatures:
        if signature.key_id in key_ids:
            faults.append(_("key %(key)s signed it more than once") % {"key": signature.key_id})
        key_ids.add(signature.key_id)
        if signature.digest != sealed.digest:
            faults.append(
                _("its content is not what key %(key)s signed (digest %(is)s, signed %(was)s)")
                % {
                    "key": signature.key_id,
                    "is": sealed.digest[7:23],
                    "was": signature.digest[7:23],
                }
            )
        elif not is_valid(signature, sealed.kind):
            faults.append(
                _("the signature of key %(key)s does not fit") % {"key": signature.key_id}
            )
    return faults


FORMAT = "quetsach-signature/1"
SUFFIX = ".sig"
MOST_BYTES = 64 * 1024
_PIECE = 1024 * 1024


def digest_of(file: BinaryIO) -> str:
    """Return the digest of a whole file."""
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return f"sha256:{digest.hexdigest()}"


def read_detached(digest: str, beside: bytes | None) -> SignableFile:
    """Return a file's digest with the signatures of its `.sig` file; None where there is none."""
    if beside is None:
        return SignableFile(SignedKind.FILE, digest)
    signatures = _detached_read(beside)
    if signatures is None:
        return SignableFile(
            SignedKind.FILE, digest, (), (_("the signature file beside it is damaged"),)
        )
    return SignableFile(SignedKind.FILE, digest, signatures)


def _detached_read(beside: bytes) -> tuple[Signature, ...] | None:
    if len(beside) > MOST_BYTES:
        return None
    try:
        value = msgspec.json.decode(beside, type=dict[str, object])
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None
    listed = value.get("signatures")
    found = [from_json(one) for one in listed] if isinstance(listed, list) else [None]
    signatures = tuple(one for one in found if one is not None)
    return signatures if write_detached(signatures) == beside else None


def write_detached(signatures: Sequence[Signature]) -> bytes:
    """Return the content of the `.sig` file, in the one way in which it is written."""
    content = {
        "format": FORMAT,
        "kind": str(SignedKind.FILE),
        "signatures": [to_json(one) for one in signatures],
    }
    return json.dumps(content, indent=2).encode() + b"\n"
