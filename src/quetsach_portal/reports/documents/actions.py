"""Request a document, give its number, store its signed copies, release it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api import letters
from quetsach.api.reports import PdfCheck, QuetsachError
from quetsach_portal.files import signed_pdf
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import FilePurpose
from quetsach_portal.files.storage import path_of
from quetsach_portal.letters.actions.numbering import SIGNER_FIELDS
from quetsach_portal.letters.defaults import place_of
from quetsach_portal.letters.models import Letter, SignatureResult
from quetsach_portal.letters.signers import with_standing
from quetsach_portal.people.models.account import User
from quetsach_portal.reports import deciding
from quetsach_portal.reports.certificates import actions
from quetsach_portal.reports.documents import making
from quetsach_portal.reports.documents.official import describe_error, head_of, usual_code
from quetsach_portal.reports.models.document import (
    DocumentSignature,
    DocumentState,
    ReportDocument,
    SigningMethod,
)
from quetsach_portal.reports.models.report import COUNTS, ReportVersion, VersionState
from quetsach_portal.reports.phase_forms.changing import form_of
from quetsach_portal.reports.verification import codes
from quetsach_portal.reports.writing.locking import audit, locked_with_parent
from quetsach_portal.web.acts import Refused

OLDEST = timedelta(days=366)


@dataclass(frozen=True)
class DocumentNumbering:
    """What the clerk gives a report: number, day, place, and who signs in what capacity."""

    number: int
    code: str
    signed_on: date
    place: str
    signer_name: str
    signer_post: str
    capacity: str = ""
    capacity_of: str = ""
    on_behalf_of: str = ""
    urgency: str = ""
    contact: str = ""


def request_document(version: ReportVersion, *, actor: User) -> ReportDocument:
    """Return the version's document and request its files; a document in progress is reused.

    Errors: Refused for a returned or withdrawn version.
    """
    with transaction.atomic():
        version, _above = locked_with_parent(version)
        _refuse_undone(version)
        last = ReportDocument.objects.filter(version=version).order_by("-seq").first()
        if last is not None and last.state != DocumentState.FAILED:
            return last
        unit = version.slot.node.unit
        place = place_of(version.slot.node.name_at_freeze)
        code = usual_code(unit, form_of(version.form).kind_code)
        return _create_document(version, actor, place=place, code=code)


def give_number(
    document: ReportDocument, numbering: DocumentNumbering, *, repeat_is_meant: bool, actor: User
) -> ReportDocument:
    """Return the next edition, with number, day and signer; its files are created again.

    The edition before stays as it was printed. Errors: Refused before the report was accepted, once
    a signed copy is kept, or when the number repeats within the year and that is not meant.
    """
    with transaction.atomic():
        version, _above = locked_with_parent(document.version)
        if version.state not in COUNTS:
            raise Refused(_("The office above has not accepted the report yet."))
        _refuse_odd_day(numbering.signed_on)
        if DocumentSignature.objects.filter(document__version=version).exists():
            raise Refused(_("A signed copy is already stored; a correction gets its own number."))
        node = version.slot.node
        head, kind = head_of(node.unit, node.name_at_freeze), form_of(version.form).kind_code
        code = letters.notation_for(head, kind, numbering.code)
        names = {name: getattr(numbering, name) for name in SIGNER_FIELDS}
        signer = with_standing(node.name_at_freeze, names, is_collective=True)
        numbering = replace(numbering, code=code, **signer)
        if not repeat_is_meant:
            _refuse_repeated(version, numbering)
        edition = _create_document(version, actor, **vars(numbering))
        audit("report.numbered", edition, node, actor, number=edition.full_number)
    return edition


def store_signed_copy(
    document: ReportDocument, upload: "UploadedFile[bytes]", *, actor: User
) -> DocumentSignature:
    """Return the copy that was signed by certificate outside, judged before it is kept.

    It must be the issued file, or the newest signed copy, with a signature after its bytes.
    Errors: Refused for anything else; for a signature of another unit, of an expired, revoked or
    unknown certificate, or of one registered to another unit; by the report's author (S5).
    Cost: a second or two, in a process of its own, before the transaction.
    """
    raw = upload.read()
    upload.seek(0)
    checked = _judge_signatures(document, raw)
    newest = checked.verdict.signers[-1]
    with transaction.atomic():
        document = _locked_to_sign(document, actor)
        actions.refuse_strangers(checked.verdict.signers, document.version)
        last = document.signatures.order_by("-seq").select_related("file").first()
        if last is not None and not raw.startswith(path_of(last.file).read_bytes()):
            raise Refused(
                _(
                    "Another signed copy is already stored; sign that copy, so that both "
                    "signatures count."
                ),
                field="file",
            )
        if last is not None and raw == path_of(last.file).read_bytes():
            raise Refused(_("This copy is already stored."), field="file")
        signature = DocumentSignature(
            method=SigningMethod.PADES,
            signer_name=newest.name,
            organisation=newest.organisation,
            issuer=newest.issuer,
            serial=newest.serial[:64],
            certificate=actions.holder_of(newest),
            signed_at=newest.signed_at,
            **_result_of(checked),
        )
        return _store_signature(document, signature, upload, actor)


def store_scan(
    document: ReportDocument, upload: "UploadedFile[bytes]", original_at: str, *, actor: User
) -> DocumentSignature:
    """Return the scan of a copy signed and sealed on paper; the paper itself is the original.

    Errors: Refused without saying where the original is kept, or by the author (S5).
    """
    if not original_at.strip():
        raise Refused(_("State where the paper original is kept."), field="original_at")
    with transaction.atomic():
        document = _locked_to_sign(document, actor)
        signature = DocumentSignature(
            method=SigningMethod.WET_SCAN,
            signer_name=document.signer_name,
            original_at=original_at.strip()[:200],
            result=SignatureResult.ON_PAPER,
        )
        return _store_signature(document, signature, upload, actor)


def reverify_signature(signature: DocumentSignature, *, actor: User) -> DocumentSignature:
    """Verify the signature again, for example after a new list of revoked certificates.

    A stored copy stays, whatever the result; its state shows it. Errors: Refused for a scan.
    """
    if signature.method != SigningMethod.PADES:
        raise Refused(_("A person compares a scan with the paper original."))
    document = signature.document
    result = _result_of(_checked(document, path_of(signature.file).read_bytes()))
    with transaction.atomic():
        signature = DocumentSignature.objects.select_for_update().get(pk=signature.pk)
        signature.verified_at = timezone.now()
        for name, value in result.items():
            setattr(signature, name, value)
        signature.save(update_fields=["verified_at", *result])
        node, flaws = document.version.slot.node, signature.flaws
        audit("report.signature_judged", signature, node, actor, flaws=flaws)
    return signature


def _result_of(checked: PdfCheck) -> dict[str, Any]:
    """Return the fields that say what the signatures in a copy are worth now."""
    signers = checked.verdict.signers
    flaws = sorted({flaw.value for signer in signers for flaw in signer.flaws})
    return {
        "flaws": flaws,
        "notes": list(signers[-1].notes),
        "stamped_at": signers[-1].stamped_at,
        "result": SignatureResult.UNCONFIRMED if flaws else SignatureResult.VALID,
    }


def release(document: ReportDocument, *, actor: User) -> ReportDocument:
    """Return the document, released: it counts as issued, and the report is forwarded.

    Errors: Refused without a number, before its files are made, without any signature, twice.
    """
    with transaction.atomic():
        document = _locked(document)
        if document.released_at is not None:
            raise Refused(_("It is already released."))
        if document.number is None or document.state != DocumentState.MADE:
            raise Refused(_("Only a numbered report with complete files can be released."))
        _refuse_older_edition(document)
        version = document.version
        _refuse_what_does_not_count(version)
        is_signed_here = version.state in (VersionState.SIGNED, VersionState.FORWARDED)
        if not is_signed_here and not document.signatures.exists():
            raise Refused(_("It is not signed yet, neither here nor on a copy."))
        document.released_by, document.released_at = actor, timezone.now()
        document.save(update_fields=["released_by", "released_at"])
        audit("report.released", document, version.slot.node, actor, number=document.full_number)
        if version.state == VersionState.SIGNED:
            deciding.forward(version, actor=actor)
    return document


def _judge_signatures(document: ReportDocument, raw: bytes) -> PdfCheck:
    names = codes.units_named(document.version.slot.node)
    return signed_pdf.judged(raw, original=_issued(document), units=names)


def _checked(document: ReportDocument, raw: bytes) -> PdfCheck:
    names = codes.units_named(document.version.slot.node)
    try:
        return signed_pdf.checked(raw, original=_issued(document), units=names)
    except QuetsachError as error:
        raise Refused(describe_error(error), field="file") from error


def _issued(document: ReportDocument) -> bytes:
    if document.pdf is None:
        raise Refused(_("The files are not ready yet; wait a moment."))
    return path_of(document.pdf).read_bytes()


def _create_document(version: ReportVersion, actor: User, **fields: object) -> ReportDocument:
    last = ReportDocument.objects.filter(version=version).order_by("-seq").first()
    fields |= {"seq": 1 if last is None else last.seq + 1, "asked_by": actor}
    document = ReportDocument.objects.create(version=version, **fields)
    making.enqueue_files(document)
    return document


def _store_signature(
    document: ReportDocument,
    signature: DocumentSignature,
    upload: "UploadedFile[bytes]",
    actor: User,
) -> DocumentSignature:
    node = document.version.slot.node
    signature.document, signature.kept_by = document, actor
    signature.seq = document.signatures.count() + 1
    path = node.unit.path
    signature.file = store_upload(upload, purpose=FilePurpose.LETTER, owner_path=path, actor=actor)
    signature.save()
    certificate = signature.certificate
    facts = {
        "method": signature.method,
        "sha256": signature.file.sha256,
        "result": signature.result,
        "registered_to": None if certificate is None else certificate.user_id,
    }
    audit("report.signed_copy_kept", signature, node, actor, **facts)
    return signature


def _locked_to_sign(document: ReportDocument, actor: User) -> ReportDocument:
    document = _locked(document)
    _refuse_older_edition(document)
    version = document.version
    _refuse_what_does_not_count(version)
    if version.author_id == actor.pk and not deciding.may_sign_own(version.slot.node):
        raise Refused(_("The author of a report does not sign it; another person must sign."))
    if document.number is None or document.state != DocumentState.MADE:
        raise Refused(_("The clerk must assign a number first; the numbered document is signed."))
    if document.released_at is not None:
        raise Refused(_("It is already released."))
    return document


def _locked(document: ReportDocument) -> ReportDocument:
    version, _above = locked_with_parent(document.version)
    row = ReportDocument.objects.select_for_update(of=("self",)).get(pk=document.pk)
    row.version = version
    return row


def _refuse_older_edition(document: ReportDocument) -> None:
    later = ReportDocument.objects.filter(version=document.version_id, seq__gt=document.seq)
    if later.exists():
        raise Refused(_("There is a newer edition; continue with it."))


def _refuse_undone(version: ReportVersion) -> None:
    if version.state in (VersionState.RETURNED, VersionState.WITHDRAWN):
        raise Refused(_("This version was returned or withdrawn; it is no longer printed."))


def _refuse_what_does_not_count(version: ReportVersion) -> None:
    if version.state not in COUNTS:
        raise Refused(_("This version was returned or replaced; it is no longer issued."))


def _refuse_odd_day(day: date) -> None:
    today = timezone.localdate()
    if not today - OLDEST <= day <= today:
        sentence = _("The day of signing lies within the last year, today at the latest.")
        raise Refused(sentence, field="signed_on")


def _refuse_repeated(version: ReportVersion, numbering: DocumentNumbering) -> None:
    unit = version.slot.node.unit_id
    same = {"number": numbering.number, "code__iexact": numbering.code}
    year = numbering.signed_on.year
    others = ReportDocument.objects.filter(
        version__slot__node__unit=unit, signed_on__year=year, **same
    ).exclude(version=version)
    issued = Letter.objects.filter(node__unit=unit, is_outside=False, signed_on__year=year, **same)
    if others.exists() or issued.exists():
        sentence = _(
            "%(number)02d/%(code)s was already assigned this year. Check it; if the "
            "repetition is intended, confirm it below."
        )
        facts = {"number": numbering.number, "code": numbering.code}
        raise Refused(sentence % facts, field="number")
