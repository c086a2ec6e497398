"""A signature beside a file: `FILE.sig`, a small JSON document."""

import hashlib
import json
from collections.abc import Sequence
from typing import BinaryIO

import msgspec

from quetsach.signing.judge import Sealed
from quetsach.signing.signature import Kind, Signature, from_json, to_json
from quetsach.texts import _

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


def read_detached(digest: str, beside: bytes | None) -> Sealed:
    """Return a file's digest with the signatures of its `.sig` file; None where there is none."""
    if beside is None:
        return Sealed(Kind.FILE, digest)
    signatures = _read(beside)
    if signatures is None:
        return Sealed(Kind.FILE, digest, (), (_("the signature file beside it is damaged"),))
    return Sealed(Kind.FILE, digest, signatures)


def _read(beside: bytes) -> tuple[Signature, ...] | None:
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
    value = {
        "format": FORMAT,
        "kind": str(Kind.FILE),
        "signatures": [to_json(one) for one in signatures],
    }
    return json.dumps(value, indent=2).encode() + b"\n"
