"""An uploaded PDF compared with what was issued: its bytes, its code, its signatures.

It is read in processes of their own with bounded time and memory, and nothing of it is kept.
"""

import hashlib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quetsach.api.reports import PdfCheck, PdfSigner, PdfState, QuetsachError, signer_sentences
from quetsach.api.reports import state_words as engine_words
from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.letters.models import Letter
from quetsach_portal.reports.certificates.actions import holder_of
from quetsach_portal.reports.documents.queries import signature_remarks
from quetsach_portal.reports.models.document import (
    DocumentSignature,
    ReportDocument,
    SignatureResult,
    SignerCertificate,
)
from quetsach_portal.reports.verification import codes
from quetsach_portal.reports.verification.codes import (
    VersionFacts,
    facts_by_code,
    letter_by,
    letter_of_file,
    version_facts,
)
from quetsach_portal.web.acts import Refused

_CODES = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{4}[ \u00a0]?){3}[0-9a-f]{4}(?![0-9a-f])")
_MOST_CODES = 20
_MOMENT = "H:i:s d/m/Y"

AT_ONCE = 2
"""So many are read at a time in one process; whoever comes then is asked to wait a moment."""

_room = threading.BoundedSemaphore(AT_ONCE)


class CopyStatus(StrEnum):
    """What a PDF is to what was issued."""

    ISSUED = "issued"
    SIGNED = "signed"
    SIGNED_LATER = "signed_later"
    CHANGED = "changed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class SignatureView:
    """One signature in words."""

    name: str
    organisation: str
    state: str
    tone: str
    said: tuple[str, ...]
    certificate: SignerCertificate | None = None


@dataclass(frozen=True)
class CopyCheck:
    """A PDF held against what was issued: a report's (`known`), a letter's, or neither's."""

    copy: CopyStatus
    known: VersionFacts | None
    signatures: tuple[SignatureView, ...]
    sha256: str
    letter: Letter | None = None

    @property
    def is_vouched(self) -> bool:
        """Whether nothing is against any signature in it, which may draw over its page."""
        return all(one.tone == "good" for one in self.signatures)


def check_copy(raw: bytes) -> CopyCheck:
    """Return what a PDF is to what was issued.

    Errors: Refused for what is no PDF, or while others are being read.
    Cost: one to three seconds.
    """
    if not raw.startswith(b"%PDF-"):
        raise Refused(_("Give a PDF file."), field="file")
    if not _room.acquire(blocking=False):
        raise Refused(_("Other files are being read; try again in a minute."), field="file")
    try:
        return _check_against_issued(raw)
    except QuetsachError as error:
        raise Refused(f"{error.problem.what()}. {error.problem.todo()}", field="file") from error
    finally:
        _room.release()


def _check_against_issued(raw: bytes) -> CopyCheck:
    digest = hashlib.sha256(raw).hexdigest()
    signature = (
        DocumentSignature.objects.filter(file__sha256=digest)
        .select_related("document__version__slot__node__campaign")
        .first()
    )
    if signature is not None:
        # As it was judged when it came: that its certificate has run out since changes nothing.
        kept = DocumentSignature.objects.filter(
            document=signature.document_id, seq__lte=signature.seq
        )
        kept = kept.select_related("certificate__user", "certificate__unit")
        signed = tuple(map(_stored_signature_view, kept.order_by("seq")))
        return CopyCheck(
            CopyStatus.SIGNED, version_facts(signature.document.version), signed, digest
        )
    document = (
        ReportDocument.objects.filter(Q(pdf__sha256=digest) | Q(paper__sha256=digest))
        .select_related("version__slot__node__campaign")
        .first()
    )
    if document is not None:
        return _copy_check(CopyStatus.ISSUED, version_facts(document.version), None, digest)
    letter = letter_of_file(digest)
    if letter is not None:
        is_original = letter.original is not None and letter.original.sha256 == digest
        return CopyCheck(
            CopyStatus.SIGNED if is_original else CopyStatus.ISSUED, None, (), digest, letter
        )
    return _check_by_code(raw, digest)


def _check_by_code(raw: bytes, digest: str) -> CopyCheck:
    named = _record_named_on(raw)
    if named is None:
        checked = codes.checked(raw)
        return _copy_check(CopyStatus.UNKNOWN, None, checked, digest)
    node = named.node if isinstance(named, Letter) else named.version.slot.node
    for stored in _issued_files(named):
        original = path_of(stored).read_bytes()
        if raw.startswith(original):
            checked = codes.checked(raw, original=original, units=codes.units_named(node))
            good = not checked.is_changed and checked.verdict.state not in (
                PdfState.CHANGED,
                PdfState.UNSIGNED,
            )
            return _copy_check(
                CopyStatus.SIGNED_LATER if good else CopyStatus.CHANGED, named, checked, digest
            )
    return _copy_check(CopyStatus.CHANGED, named, codes.checked(raw), digest)


def _issued_files(named: VersionFacts | Letter) -> Iterator[StoredFile]:
    """Yield the PDFs that were issued with the code of a report or a letter, the newest first."""
    if isinstance(named, Letter):
        yield from (one for one in (named.pdf, named.paper) if one is not None)
        return
    issued = ReportDocument.objects.filter(version=named.version, pdf__isnull=False)
    for document in issued.select_related("pdf", "paper").order_by("-seq"):
        yield from (one for one in (document.pdf, document.paper) if one is not None)


def _record_named_on(raw: bytes) -> VersionFacts | Letter | None:
    """Return the version or the letter whose code is printed on the pages."""
    found = dict.fromkeys(
        re.sub(r"[ \u00a0]", "", one) for one in _CODES.findall(codes.text_of(raw).lower())
    )
    for code in list(found)[:_MOST_CODES]:
        named = facts_by_code(code) or letter_by(code)
        if named is not None:
            return named
    return None


def _copy_check(
    copy: CopyStatus, named: VersionFacts | Letter | None, checked: PdfCheck | None, digest: str
) -> CopyCheck:
    signers = tuple(map(_signer_view, () if checked is None else checked.verdict.signers))
    if isinstance(named, Letter):
        return CopyCheck(copy, None, signers, digest, named)
    return CopyCheck(copy, named, signers, digest)


def _stored_signature_view(signature: DocumentSignature) -> SignatureView:
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
