"""An uploaded PDF compared with what was issued: its bytes, its code, its signatures.

It is read in processes of their own with bounded time and memory, and nothing of it is kept.
"""

import hashlib
import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quetsach.api.reports import (
    PdfCheck,
    PdfDifference,
    PdfSigner,
    PdfState,
    QuetsachError,
    signer_sentences,
)
from quetsach.api.reports import state_words as engine_words
from quetsach_portal.files import signed_pdf
from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.letters.models import Letter, SignatureResult
from quetsach_portal.reports.certificates.actions import holder_of
from quetsach_portal.reports.documents.official import describe_error
from quetsach_portal.reports.documents.queries import signature_remarks
from quetsach_portal.reports.models.document import (
    DocumentSignature,
    ReportDocument,
    SignerCertificate,
)
from quetsach_portal.reports.verification import codes
from quetsach_portal.reports.verification.codes import VersionFacts, version_facts
from quetsach_portal.web.acts import Refused

_CODES = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{4}[ \u00a0]?){3}[0-9a-f]{4}(?![0-9a-f])")
_MOST_CODES = 20
_MOMENT = "H:i:s d/m/Y"

AT_ONCE = 2
"""So many are read at a time in one process; further uploads are refused for the moment."""

_room = threading.BoundedSemaphore(AT_ONCE)


class CopyStatus(StrEnum):
    """What a PDF is to what was issued."""

    ISSUED = "issued"
    SIGNED = "signed"
    SIGNED_LATER = "signed_later"
    COVERS = "covers"
    """It is the issued file, and the picture of a signature lies on a figure or many words."""
    CHANGED = "changed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class SignatureView:
    """A signature in words."""

    name: str
    organisation: str
    state: str
    tone: str
    said: tuple[str, ...]
    certificate: SignerCertificate | None = None


@dataclass(frozen=True)
class CopyCheck:
    """A PDF compared with the issued files: of a report (`known`), of a letter, or of neither."""

    copy: CopyStatus
    known: VersionFacts | None
    signatures: tuple[SignatureView, ...]
    sha256: str
    letter: Letter | None = None

    @property
    def is_vouched(self) -> bool:
        """Whether nothing is against any signature in it, which may draw over its page."""
        return all(signature.tone == "good" for signature in self.signatures)


def check_copy(raw: bytes) -> CopyCheck:
    """Return what a PDF is to what was issued.

    Errors: Refused for what is no PDF, or while others are being read.
    Cost: one to three seconds.
    """
    if not raw.startswith(b"%PDF-"):
        raise Refused(_("Upload a PDF file."), field="file")
    if not _room.acquire(blocking=False):
        raise Refused(_("Other files are being read; try again in a minute."), field="file")
    try:
        return _check_against_issued(raw)
    except QuetsachError as error:
        raise Refused(describe_error(error), field="file") from error
    finally:
        _room.release()


def _check_against_issued(raw: bytes) -> CopyCheck:
    digest = hashlib.sha256(raw).hexdigest()
    copies = DocumentSignature.objects.select_related("document__version__slot__node__campaign")
    signature = copies.filter(file__sha256=digest).first()
    if signature is not None:
        # The result on arrival counts: a later expiry of the certificate changes nothing.
        rows = DocumentSignature.objects.filter(document=signature.document_id)
        rows = rows.filter(seq__lte=signature.seq).order_by("seq")
        related = rows.select_related("certificate__user", "certificate__unit")
        facts = version_facts(signature.document.version)
        return CopyCheck(CopyStatus.SIGNED, facts, tuple(map(_stored_view, related)), digest)
    documents = ReportDocument.objects.select_related("version__slot__node__campaign")
    document = documents.filter(Q(pdf__sha256=digest) | Q(paper__sha256=digest)).first()
    if document is not None:
        return CopyCheck(CopyStatus.ISSUED, version_facts(document.version), (), digest)
    letter = codes.letter_of_file(digest)
    if letter is not None:
        is_original = letter.original is not None and letter.original.sha256 == digest
        status = CopyStatus.SIGNED if is_original else CopyStatus.ISSUED
        return CopyCheck(status, None, (), digest, letter)
    return _check_by_code(raw, digest)


def _check_by_code(raw: bytes, digest: str) -> CopyCheck:
    named = _record_named_on(raw)
    if named is None:
        return _copy_check(CopyStatus.UNKNOWN, None, signed_pdf.checked(raw), digest)
    node = named.node if isinstance(named, Letter) else named.version.slot.node
    for stored in _issued_files(named):
        original = path_of(stored).read_bytes()
        if raw.startswith(original):
            checked = signed_pdf.checked(raw, original=original, units=codes.units_named(node))
            is_bad = checked.verdict.state in (PdfState.CHANGED, PdfState.UNSIGNED)
            is_changed = checked.is_changed or is_bad
            status = CopyStatus.CHANGED if is_changed else CopyStatus.SIGNED_LATER
            if checked.difference is PdfDifference.COVERS and not is_bad:
                status = CopyStatus.COVERS
            return _copy_check(status, named, checked, digest)
    return _copy_check(CopyStatus.CHANGED, named, signed_pdf.checked(raw), digest)


def _issued_files(named: VersionFacts | Letter) -> Iterator[StoredFile]:
    """Yield the PDFs that were issued with the code of a report or a letter, the newest first."""
    issued: Iterable[Letter | ReportDocument] = (named,) if isinstance(named, Letter) else ()
    if isinstance(named, VersionFacts):
        rows = ReportDocument.objects.filter(version=named.version, pdf__isnull=False)
        issued = rows.select_related("pdf", "paper").order_by("-seq")
    for document in issued:
        yield from (file for file in (document.pdf, document.paper) if file is not None)


def _record_named_on(raw: bytes) -> VersionFacts | Letter | None:
    """Return the version or the letter whose code is printed on the pages."""
    printed = _CODES.findall(codes.text_of(raw).lower())
    unique = dict.fromkeys(re.sub(r"[ \u00a0]", "", code) for code in printed)
    for code in list(unique)[:_MOST_CODES]:
        named = codes.facts_by_code(code) or codes.letter_by(code)
        if named is not None:
            return named
    return None


def _copy_check(
    copy: CopyStatus, named: VersionFacts | Letter | None, checked: PdfCheck, digest: str
) -> CopyCheck:
    signers = tuple(map(_signer_view, checked.verdict.signers))
    if isinstance(named, Letter):
        return CopyCheck(copy, None, signers, digest, named)
    return CopyCheck(copy, named, signers, digest)


def _stored_view(signature: DocumentSignature) -> SignatureView:
    tone = {SignatureResult.VALID.value: "good", SignatureResult.UNCONFIRMED.value: "warn"}
    return SignatureView(
        signature.signer_name,
        signature.organisation,
        signature.get_result_display(),
        tone.get(signature.result, "info"),
        signature_remarks(signature),
        signature.certificate,
    )


def _signer_view(signer: PdfSigner) -> SignatureView:
    tone = {PdfState.VALID: "good", PdfState.UNCONFIRMED: "warn"}.get(signer.state, "bad")
    said = signer_sentences(signer, lambda at: date_format(timezone.localtime(at), _MOMENT))
    words = engine_words(signer.state)
    return SignatureView(signer.name, signer.organisation, words, tone, said, holder_of(signer))
