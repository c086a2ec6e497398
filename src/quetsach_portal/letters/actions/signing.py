"""The signature of a letter: by which way it comes, who signs, and the proof that it is signed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api.reports import PdfCheck, PdfSigner
from quetsach_portal.files import signed_pdf
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import FilePurpose, StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.letters.actions.drafting import locked, note
from quetsach_portal.letters.cascade import cited_by
from quetsach_portal.letters.documents import files_of, refused, speaks_for_body, text_digest_of
from quetsach_portal.letters.models import (
    Letter,
    LetterCapacity,
    LetterSignature,
    LetterState,
    SignatureResult,
    SigningWay,
)
from quetsach_portal.letters.signers import with_standing
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused
from quetsach_portal.web.folding import folded


@dataclass(frozen=True)
class SignerNames:
    """Who signs a letter in what capacity, its stamp of urgency, and the line at its foot."""

    signer_name: str
    signer_post: str
    capacity: str = LetterCapacity.DIRECT
    capacity_of: str = ""
    on_behalf_of: str = ""
    urgency: str = ""
    contact: str = ""


def choose_way(letter_id: int, way: SigningWay, *, actor: User) -> Letter:
    """Return the letter, to be signed and numbered by `way`; the next ones of the unit follow it.

    Errors: Refused once it is signed or numbered.
    """
    with transaction.atomic():
        letter = locked(letter_id)
        if letter.is_outside or letter.state != LetterState.DRAFT or letter.signature_id:
            raise Refused(_("The letter is signed or numbered already; the order stays."))
        letter.way = way
        letter.docx = letter.pdf = letter.paper = None
        letter.save(update_fields=["way", "docx", "pdf", "paper"])
        note("letter.way_chosen", letter, actor, way=way)
    return letter


def present(letter_id: int, signer: SignerNames, *, actor: User) -> Letter:
    """Return the letter as it is laid before its signer: as files, number and day left open.

    Errors: Refused when it is not with the clerk, is signed, or is numbered before it is signed.
    """
    with transaction.atomic():
        letter = locked(letter_id)
        _refuse_unless_with_clerk(letter)
        if letter.way == SigningWay.NUMBER_FIRST:
            raise Refused(_("This letter is numbered first, then signed."))
        if letter.signature_id is not None:
            raise Refused(_("The letter is already signed. Return it to change anything."))
        for name, text in with_standing(
            letter.issuer_name, vars(signer), is_collective=speaks_for_body(letter)
        ).items():
            setattr(letter, name, text)
        files = files_of(letter, cited_by(letter))
        letter.docx = _stored(letter, files.docx, "docx", actor)
        letter.pdf = _stored(letter, files.pdf, "pdf", actor)
        letter.save()
        note("letter.presented", letter, actor, sha256=letter.pdf.sha256)
    return letter


def record_on_paper(letter_id: int, signed_on: date, *, actor: User) -> Letter:
    """Return the letter, signed by hand on paper on that day; its scan comes with the number on it.

    Errors: Refused before it was laid before its signer, twice, or for a day that cannot be.
    """
    with transaction.atomic():
        letter = locked(letter_id)
        if letter.way != SigningWay.PAPER:
            raise Refused(_("This letter is signed by certificate; upload the signed PDF."))
        _refuse_unless_unsigned(letter)
        if not letter.signer_name or letter.pdf_id is None:
            raise Refused(_("Enter who signs, and print the letter for signature first."))
        if not letter.with_clerk_at or not _is_signing_day(letter, signed_on):
            raise Refused(
                _("The day of signing lies between the day of drafting and today."),
                field="signed_on",
            )
        signature = LetterSignature(
            result=SignatureResult.ON_PAPER, signed_on=signed_on, signer_name=letter.signer_name
        )
        _keep(letter, signature, actor)
    return letter


def store_signed_pdf(letter_id: int, upload: "UploadedFile[bytes]", *, actor: User) -> Letter:
    """Return the letter with its PDF as signed by certificate, judged before it is kept.

    Errors: Refused for anything but the issued PDF with good signatures of the unit after it, one
    of them by the person whom the letter names.
    Cost: a second or two, in a process of its own.
    """
    raw = upload.read()
    upload.seek(0)
    issued, check, signer = _judged(letter_id, raw)
    flaws = sorted({flaw.value for row in check.verdict.signers for flaw in row.flaws})
    today = timezone.localdate()
    claimed = today if signer.signed_at is None else timezone.localdate(signer.signed_at)
    with transaction.atomic():
        letter = locked(letter_id)
        if letter.way == SigningWay.PAPER:
            raise Refused(_("This letter is signed on paper; change the way first."))
        _refuse_unless_unsigned(letter)
        if letter.way == SigningWay.NUMBER_FIRST and letter.state != LetterState.NUMBERED:
            raise Refused(_("This letter is numbered first, then signed."))
        if letter.pdf_id != issued:
            raise Refused(_("The letter was changed meanwhile; sign the PDF as it is now."))
        path = letter.node.unit.path
        signature = LetterSignature(
            result=SignatureResult.UNCONFIRMED if flaws else SignatureResult.VALID,
            flaws=flaws,
            signed_on=min(claimed, today),
            signer_name=signer.name[:200],
            organisation=signer.organisation[:200],
            issuer=signer.issuer[:200],
            serial=signer.serial[:64],
            file=store_upload(upload, purpose=FilePurpose.LETTER, owner_path=path, actor=actor),
        )
        letter.original = signature.file
        _keep(letter, signature, actor)
    return letter


def store_scan(
    letter_id: int, upload: "UploadedFile[bytes]", original_at: str, *, actor: User
) -> Letter:
    """Return the letter with the scan of its paper, signed, numbered and sealed: what goes out.

    Errors: Refused before it is signed and numbered, for the PDF that nobody signed, or when it is
    not said where the paper is kept.
    """
    with transaction.atomic():
        letter = locked(letter_id)
        if letter.way != SigningWay.PAPER:
            raise Refused(_("This letter is signed by certificate; upload the signed PDF."))
        signature = letter.signature
        if letter.is_outside or letter.state != LetterState.NUMBERED or signature is None:
            raise Refused(_("A scan is taken once the letter is signed and numbered."))
        if not original_at.strip():
            raise Refused(_("State where the paper original is kept."), field="original_at")
        scan = store_upload(
            upload, purpose=FilePurpose.LETTER, owner_path=letter.node.unit.path, actor=actor
        )
        own = (letter.pdf, letter.paper, letter.docx)
        if any(stored is not None and stored.sha256 == scan.sha256 for stored in own):
            raise Refused(
                _("This is the printed file without a signature. Scan the signed paper."),
                field="file",
            )
        signature.file, signature.original_at = scan, original_at.strip()[:200]
        signature.save(update_fields=["file", "original_at"])
        letter.original = scan
        letter.save(update_fields=["original"])
        note("letter.original_kept", letter, actor, sha256=scan.sha256)
    return letter


def refuse_unsigned(letter: Letter) -> None:
    """Refuse a letter that may not go out: unsigned, not scanned, or changed after its signature.

    Errors: Refused with the codes E424, E426, E427.
    """
    signature = letter.signature
    if signature is None:
        raise refused("E424", letter.full_number)
    if signature.file_id is None or letter.original_id != signature.file_id:
        raise refused("E426", letter.full_number)
    if signature.says != text_digest_of(letter, cited_by(letter)):
        raise refused("E427", letter.full_number)


def _judged(letter_id: int, raw: bytes) -> tuple[UUID, PdfCheck, PdfSigner]:
    """Return the id of the letter's PDF, what the signatures in `raw` after it are worth, and the
    newest one by the person whom the letter names.
    """
    letter = Letter.objects.select_related("node__unit", "pdf").get(pk=letter_id)
    if letter.pdf is None or not folded(letter.signer_name):
        raise Refused(_("Enter who signs first; then the PDF to sign is ready."))
    names = signed_pdf.names_of(letter.node.unit, letter.node.name_at_freeze)
    original = path_of(letter.pdf).read_bytes()
    check = signed_pdf.judged(raw, original=original, units=names)
    # The seal of the office may come after the person's signature.
    for signer in reversed(check.verdict.signers):
        if _is_named(signer.name, letter.signer_name):
            return letter.pdf.pk, check, signer
    words = _("None of the signatures is by %(name)s.") % {"name": letter.signer_name}
    raise Refused(words, field="file")


def _is_named(certified: str, printed: str) -> bool:
    """Return whether a certificate names the person printed; one of them may have a title more."""
    names = [f" {folded(name)} " for name in (certified, printed)]
    short, long = sorted(names, key=len)
    return len(short.split()) > 1 and short in long


def _keep(letter: Letter, signature: LetterSignature, actor: User) -> None:
    signature.letter, signature.kept_by = letter, actor
    signature.says = text_digest_of(letter, cited_by(letter))
    signature.save()
    letter.signature = signature
    letter.save(update_fields=["signature", "original"])
    facts = {"way": letter.way, "result": signature.result, "says": signature.says[:16]}
    note("letter.signed", letter, actor, **facts)


def _is_signing_day(letter: Letter, day: date) -> bool:
    return timezone.localdate(letter.made_at) <= day <= timezone.localdate()


def _refuse_unless_with_clerk(letter: Letter) -> None:
    if letter.is_outside or letter.state != LetterState.DRAFT or letter.with_clerk_at is None:
        raise Refused(_("The letter is not with the clerk."))


def _refuse_unless_unsigned(letter: Letter) -> None:
    if letter.is_outside or letter.state not in (LetterState.DRAFT, LetterState.NUMBERED):
        raise Refused(_("The letter is not with the clerk."))
    if letter.signature_id is not None:
        raise Refused(_("The letter is already signed. Return it to change anything."))


def _stored(letter: Letter, content: bytes, ending: str, actor: User) -> StoredFile:
    upload = SimpleUploadedFile(f"cong-van-trinh-ky-{letter.pk}.{ending}", content)
    return store_upload(
        upload, purpose=FilePurpose.DOCUMENT, owner_path=letter.node.unit.path, actor=actor
    )
