"""A release: one file of JSON lines whose last lines are its signatures."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import msgspec

from quetsach.signing.signature import SignableFile, Signature, SignedKind, from_json, to_json
from quetsach.texts import _

FORMAT = "quetsach-release/1"

MARK = b'{"signature":'
"""How a signature line begins; the digest covers all bytes before the first of them."""

MOST_HEADER = 1024 * 1024
MOST_SEALS = 64 * 1024
_PIECE = 1024 * 1024


def header_of(file: BinaryIO) -> dict[str, Any] | None:
    """Return the first line of a release, or None if `file` is none."""
    file.seek(0)
    line = file.readline(MOST_HEADER)
    if FORMAT.encode() not in line:
        return None
    try:
        header = msgspec.json.decode(line, type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None
    return header if header.get("format") == FORMAT else None


@dataclass(frozen=True)
class SignedContent:
    """The signed part of a release: its digest, its size in bytes, its lines with the header."""

    digest: str
    size: int
    lines: int
    is_whole: bool


def content_of(file: BinaryIO) -> SignedContent:
    """Return the content before the first signature line.

    Cost: one reading, in memory of a few pieces, however large the file.
    """
    digest, size, lines, last = hashlib.sha256(), 0, 0, b"\n"
    for piece in _before_seals(file):
        digest.update(piece)
        size += len(piece)
        lines += piece.count(b"\n")
        last = piece[-1:]
    return SignedContent(f"sha256:{digest.hexdigest()}", size, lines, last == b"\n")


def _before_seals(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    needle = b"\n" + MARK
    # A line break before the file lets a seal in its first line be found like any other.
    window = b"\n"
    skip = 1
    while piece := file.read(_PIECE):
        window += piece
        at = window.find(needle)
        if at >= 0:
            yield from _some(window[skip : at + 1])
            return
        keep = len(window) - len(needle) + 1
        if keep > skip:
            yield window[skip:keep]
            window, skip = window[keep:], 0
    yield from _some(window[skip:])


def _some(piece: bytes) -> Iterator[bytes]:
    if piece:
        yield piece


def read_signed_release(file: BinaryIO) -> SignableFile:
    """Return the digest and the signatures of a release; what is wrong with its form is a fault."""
    content = content_of(file)
    file.seek(content.size)
    tail = file.read(MOST_SEALS + 1)
    signatures, faults = _seals(tail)
    if not content.is_whole:
        faults.append(_("its last line is truncated"))
    if header_of(file) is None:
        faults.append(_("its first line is not that of a release"))
    return SignableFile(SignedKind.RELEASE, content.digest, tuple(signatures), tuple(faults))


def _seals(tail: bytes) -> tuple[list[Signature], list[str]]:
    if len(tail) > MOST_SEALS:
        return [], [_("there is too much data after its first signature")]
    signatures, faults = [], []
    for line in tail.splitlines(keepends=True):
        signature = _seal_in(line)
        if signature is not None:
            signatures.append(signature)
        elif line.startswith(MARK):
            faults.append(_("a signature line is damaged"))
        else:
            faults.append(_("lines were added after the signature"))
            break
    return signatures, faults


def _seal_in(line: bytes) -> Signature | None:
    try:
        content = msgspec.json.decode(line)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None
    if not isinstance(content, Mapping):
        return None
    signature = from_json(content.get("signature"))
    return signature if signature is not None and seal_line(signature) == line else None


def seal_line(signature: Signature) -> bytes:
    """Return the line that carries `signature`, in the one way in which it is written."""
    text = json.dumps({"signature": to_json(signature)}, separators=(",", ":"))
    return text.encode() + b"\n"


def write_sealed(source: BinaryIO, target: BinaryIO, signature: Signature) -> None:
    """Copy the release to `target` and add the signature as its last line."""
    source.seek(0)
    shutil.copyfileobj(source, target, _PIECE)
    target.write(seal_line(signature))
