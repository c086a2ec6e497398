"""Signatures of PDFs: made for a file, and judged in the sandbox, as PDFs come from strangers."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from quetsach.atomic_files import read_at_most, write_whole
from quetsach.errors.exceptions import CATALOGUE, Problem, QuetsachError
from quetsach.extras import missing_in
from quetsach.sandbox.contract import (
    EndedFromOutside,
    ReportProgress,
    SandboxFailed,
    SandboxLimits,
)
from quetsach.sandbox.run import run
from quetsach.signing.pades import sign
from quetsach.signing.pades.certificates import signer_of_file
from quetsach.signing.pades.state import PdfDifference, PdfVerdict
from quetsach.signing.pades.trust import MOST_BYTES, TrustStore
from quetsach.texts import Language, _, language, use_language

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

ACT = "quetsach.api.pdf_signatures:act"
LIMITS = SandboxLimits(memory=1 << 30, seconds=60, cpu_seconds=30, file_bytes=0)
HEADER_BYTES = 4


class PdfCheck(msgspec.Struct, frozen=True):
    """A PDF's signatures, and whether it is the original with signatures behind it.

    Shapes: `is_changed` is None where no original was given; where it is True, `difference` says
    why.
    """

    verdict: PdfVerdict
    is_changed: bool | None
    difference: PdfDifference | None = None


class _Request(msgspec.Struct, frozen=True):
    """What is judged; the sizes part the bytes that follow: the PDF, the original."""

    trust: TrustStore
    when: datetime
    where: str
    language: Language
    size: int
    has_original: bool


class _Answer(msgspec.Struct, frozen=True):
    """The check, or why there is none."""

    check: PdfCheck | None
    problem: Problem | None


def check_pdf(
    content: bytes,
    trust: TrustStore,
    when: datetime,
    *,
    original: bytes | None = None,
    where: str = "PDF",
    limits: SandboxLimits = LIMITS,
) -> PdfCheck:
    """Return what the signatures in a PDF are worth at `when` (aware), and whether it was changed.

    Errors: E471 for a certificate to trust that is none; E472 when it is no PDF that can be read,
    or costs more time or memory than a PDF does.
    Cost: about a second for the process.
    """
    request = _Request(trust, when, where, language(), len(content), original is not None)
    packed = msgspec.msgpack.encode(request)
    head = len(packed).to_bytes(HEADER_BYTES)
    try:
        out = run(ACT, b"".join((head, packed, content, original or b"")), limits=limits)
    except (SandboxFailed, EndedFromOutside) as error:
        missing = missing_in(error.last_line, where) if isinstance(error, SandboxFailed) else None
        if missing is not None:
            raise missing from error
        reason = _("reading it takes more time or memory than a PDF")
        raise QuetsachError("E472", where, reason=reason) from error
    return _believed(out, where)


def _believed(out: bytes, where: str) -> PdfCheck:
    try:
        answer = msgspec.msgpack.decode(out, type=_Answer)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise QuetsachError("E472", where, reason=_("it cannot be read")) from error
    if answer.check is not None:
        return answer.check
    problem = answer.problem
    if problem is None or problem.code not in CATALOGUE:
        raise QuetsachError("E472", where, reason=_("it cannot be read"))
    raise QuetsachError(problem.code, problem.where, **problem.facts)


def act(message: bytes, _report: ReportProgress) -> bytes:
    """Judge one PDF: the act in the sandbox."""
    # pyHanko logs what it finds with the names in the certificates; those belong in no log.
    logging.disable(logging.CRITICAL)
    start = HEADER_BYTES + int.from_bytes(message[:HEADER_BYTES])
    request = msgspec.msgpack.decode(message[HEADER_BYTES:start], type=_Request)
    end = start + request.size
    use_language(request.language)
    original = message[end:] if request.has_original else None
    return msgspec.msgpack.encode(_judged(request, message[start:end], original))


def _judged(request: _Request, content: bytes, original: bytes | None) -> _Answer:
    # Imported where it is used: only the process in the sandbox opens a stranger's PDF.
    from quetsach.signing.pades.unchanged import difference_since
    from quetsach.signing.pades.verify import verify_pdf

    try:
        verdict = verify_pdf(content, request.trust, request.when, request.where)
        difference = None if original is None else difference_since(original, content)
    except QuetsachError as error:
        return _Answer(None, error.problem)
    is_changed = None if original is None else difference is not None
    return _Answer(PdfCheck(verdict, is_changed, difference), None)


@dataclass(frozen=True)
class TrustFiles:
    """The trusted certificates as files, and the names of which the certificate must have one."""

    roots: tuple[Path, ...] = ()
    between: tuple[Path, ...] = ()
    revoked: tuple[Path, ...] = ()
    units: tuple[str, ...] = ()


def verify_pdf_file(path: Path, files: TrustFiles, original: Path | None = None) -> PdfCheck:
    """Return what the signatures in the PDF at `path` are worth now.

    Errors: E101 and E104 where a file cannot be read; E471, E472.
    """
    trust = TrustStore(
        tuple(read_at_most(root, MOST_BYTES) for root in files.roots),
        tuple(read_at_most(certificate, MOST_BYTES) for certificate in files.between),
        tuple(read_at_most(revocation, MOST_BYTES) for revocation in files.revoked),
        units=files.units,
    )
    before = None if original is None else read_at_most(original, sign.MOST_BYTES)
    data = read_at_most(path, sign.MOST_BYTES)
    return check_pdf(data, trust, datetime.now(UTC), original=before, where=str(path))


@dataclass(frozen=True)
class ToSign:
    """A PDF that is to be signed, where it lies, and the authority that stamps it, "" for none."""

    path: Path
    data: bytes
    authority: str = ""


def to_sign(path: Path, authority: str = "") -> ToSign:
    """Return the PDF at `path`, read before anybody is asked for a passphrase. Errors: E101, E104.

    Shapes: `authority` is the address of a time-stamping authority (RFC 3161), or "".
    """
    return ToSign(path, read_at_most(path, sign.MOST_BYTES), authority)


def write_signed(
    document: ToSign, signer: "Signer", purpose: sign.SignaturePurpose, out: Path
) -> None:
    """Write the PDF with one more signature to `out`, whole or not at all.

    Errors: E470 for the PDF; E473 and E601 for the stamping authority; E444 for `out`.
    """
    stamper = None
    if document.authority:
        # Imported where it is used: only who asks for a stamp loads what uses the network.
        from quetsach.api.stamping import stamping_authority

        stamper = stamping_authority(document.authority)
    data = sign.sign_pdf(document.data, signer, purpose, str(document.path), stamper=stamper)
    write_whole(out, data, "E444")


def signer_at(path: Path, passphrase: bytes | None) -> "Signer":
    """Return what signs with the PKCS#12 file at `path`. Errors: E101, E104, E471."""
    return signer_of_file(read_at_most(path, MOST_BYTES), passphrase, str(path))
