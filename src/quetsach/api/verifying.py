"""Verifying: what lies on disk and what was read off a sheet, against the keys that are trusted."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from quetsach.api.signing import look_at, read_trusted
from quetsach.atomic_files import read_anywhere, write_whole
from quetsach.documents.sheets.release_sheet import ReleaseSheet, sheet_pdf
from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.proof_bundle import MOST_BYTES
from quetsach.forms.proving import BundleVerification, verify_file
from quetsach.signing.keys import PublicKey
from quetsach.signing.printed import (
    PrintedSheet,
    groups_of,
    qr_text,
    read_printed,
    spoken_of,
    unlike_words,
    words_of,
)
from quetsach.signing.release import content_of, header_of
from quetsach.signing.signature import (
    SignableFile,
    Signature,
    SignatureState,
    SignatureVerdict,
    SignedKind,
    judge,
    message,
)
from quetsach.texts import _

MOST_SLIPS = 4
"""With more words unlike the file's the sheet is taken for that of another file."""


class SealStatus(StrEnum):
    """What the signature in a QR code is worth."""

    NONE = "none"
    TRUSTED = "trusted"
    UNKNOWN_KEY = "unknown-key"
    NO_KEY = "no-key"
    WRONG = "wrong"


@dataclass(frozen=True)
class SheetCheck:
    """What a sheet says of the file: whether they agree (None without a file), and its signature.

    `groups` are the positions of the four-digit groups of hex that differ.
    """

    printed: PrintedSheet
    agrees: bool | None
    seal: SealStatus
    owner: str = ""
    groups: tuple[int, ...] = ()


@dataclass(frozen=True)
class Verification:
    """The answer: the verdict on the file, what the sheet says, and the exit code."""

    verdict: SignatureVerdict | None
    paper: SheetCheck | None
    exit_code: int


def verify(
    path: Path | None, *, keys: Sequence[Path] = (), printed: str | None = None
) -> Verification:
    """Return what is known of the file at `path`, of the sheet, or of both together.

    Exit code: 0 proven, 2 altered, unsigned or not what the sheet says, 3 not proven.
    Errors: E230 and E237 for keys and files; E236 when the sheet's text cannot be read.
    """
    trusted = read_trusted(keys)
    sealed = None if path is None else look_at(path)
    verdict = None if sealed is None else judge(sealed, trusted)
    paper = None if printed is None else _paper(printed, sealed, trusted)
    return Verification(verdict, paper, _exit_code(verdict, paper, has_keys=bool(trusted)))


def _paper(text: str, sealed: SignableFile | None, trusted: Sequence[PublicKey]) -> SheetCheck:
    printed = _read(text, sealed)
    seal, owner = _seal(printed, sealed, trusted)
    if sealed is None:
        return SheetCheck(printed, None, seal, owner)
    same_kind = printed.kind is None or printed.kind is sealed.kind
    pairs = zip(_groups(printed.digest), _groups(sealed.digest), strict=True)
    unlike = tuple(place for place, (one, other) in enumerate(pairs, 1) if one != other)
    return SheetCheck(printed, same_kind and not unlike, seal, owner, unlike)


def _read(text: str, sealed: SignableFile | None) -> PrintedSheet:
    try:
        return read_printed(text)
    except QuetsachError as error:
        slips = unlike_words(text, sealed.digest) if sealed is not None else []
        if not 0 < len(slips) <= MOST_SLIPS or len(text.split()) < MOST_SLIPS * 4:
            raise
        named = "; ".join(
            _("word %(place)s is %(read)s, but for this file it is %(right)s")
            % {"place": place, "read": read[:20], "right": right}
            for place, read, right in slips
        )
        told = error.problem.facts["reason"]
        raise QuetsachError("E236", "--printed", reason=f"{told}; {named}") from error


def _groups(digest: str) -> list[str]:
    text = digest.removeprefix("sha256:")
    return [text[place : place + 4] for place in range(0, len(text), 4)]


def _seal(
    printed: PrintedSheet, sealed: SignableFile | None, trusted: Sequence[PublicKey]
) -> tuple[SealStatus, str]:
    """Return what the QR code's own signature is worth, and the owner of its key."""
    if printed.kind is None:
        return SealStatus.NONE, ""
    statement = message(printed.kind, printed.digest, printed.signed)
    trusted_keys = [key for key in trusted if key.key_id == printed.key_id]
    if trusted_keys:
        fits = [key for key in trusted_keys if key.verifies(printed.value, statement)]
        return (SealStatus.TRUSTED, fits[0].owner) if fits else (SealStatus.WRONG, "")
    in_file = () if sealed is None else sealed.signatures
    enclosed = [PublicKey(one.public_key) for one in in_file if one.key_id == printed.key_id]
    if not enclosed:
        return SealStatus.NO_KEY, ""
    return (
        SealStatus.UNKNOWN_KEY
        if enclosed[0].verifies(printed.value, statement)
        else SealStatus.WRONG
    ), ""


def _exit_code(
    verdict: SignatureVerdict | None, paper: SheetCheck | None, *, has_keys: bool
) -> int:
    if verdict is not None and verdict.state is SignatureState.ALTERED:
        return 2
    if paper is not None and (paper.agrees is False or paper.seal is SealStatus.WRONG):
        return 2
    if verdict is not None and verdict.state is SignatureState.UNSIGNED and paper is None:
        return 2
    if verdict is not None and verdict.uncovered:
        return 3
    by_signature = verdict is not None and verdict.state is SignatureState.TRUSTED
    by_sheet = paper is not None and paper.seal is SealStatus.TRUSTED
    # A sheet without a signature vouches for the file by the way in which it came to its reader,
    # who asks for more by naming keys.
    by_paper = paper is not None and paper.agrees is True and not has_keys
    return 0 if by_signature or by_sheet or by_paper else 3


def verify_proof(
    path: Path, *, keys: Sequence[Path] = (), code: str | None = None
) -> BundleVerification:
    """Return what the proof bundle at `path` proves.

    Errors: E230 and E237 for keys; E101 and E104 when it cannot be read; E454 when it is no bundle.
    """
    trusted = read_trusted(keys)
    with read_anywhere(path, MOST_BYTES) as file:
        try:
            return verify_file(file, trusted, code)
        except QuetsachError as error:
            raise QuetsachError(error.problem.code, str(path), **error.problem.facts) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise QuetsachError("E104", str(path), reason=reason) from error


def write_sheet(path: Path, *, out: Path | None = None, key_id: str | None = None) -> Path:
    """Write the sheet of what is signed at `path` as PDF, and return where it is.

    Errors: E235 when it was changed; E237 when it cannot be read; E238 when it is not signed, or
    not by the key with this number; E405; E406 when the page cannot be written.
    """
    sealed = look_at(path)
    verdict = judge(sealed, ())
    if verdict.state is SignatureState.ALTERED:
        raise QuetsachError("E235", str(path), reason="; ".join(verdict.faults[:3]))
    target = out if out is not None else path.with_name(f"{path.name}.sheet.pdf")
    write_whole(target, sheet_pdf(_sheet(path, sealed, _chosen(path, sealed, key_id))))
    return target


def _chosen(path: Path, sealed: SignableFile, key_id: str | None) -> Signature:
    for signature in sealed.signatures:
        if key_id is None or signature.key_id == key_id:
            return signature
    reason = _("it is not signed")
    if key_id is not None and sealed.signatures:
        signers = ", ".join(signature.key_id for signature in sealed.signatures)
        reason = _("key %(key)s has not signed it, but %(signers)s") % {
            "key": key_id,
            "signers": signers,
        }
    raise QuetsachError("E238", str(path), reason=reason)


def _sheet(path: Path, sealed: SignableFile, signature: Signature) -> ReleaseSheet:
    header, count = _release_facts(path) if sealed.kind is SignedKind.RELEASE else ({}, None)
    return ReleaseSheet(
        name=path.absolute().name,
        title=_text(header.get("title")),
        kind=str(sealed.kind),
        count=count,
        created=_text(header.get("created")),
        signed=signature.signed,
        key_id=signature.key_id,
        groups=groups_of(sealed.digest),
        words=words_of(sealed.digest),
        spoken=spoken_of(sealed.digest),
        qr=qr_text(sealed.kind, signature),
    )


def _release_facts(path: Path) -> tuple[dict[str, Any], int]:
    """Return the header of a release and how many indicators it has: what it says, else lines."""
    with path.open("rb") as file:
        header = header_of(file) or {}
        count = header.get("count")
        return header, count if isinstance(count, int) else content_of(file).lines - 1


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
