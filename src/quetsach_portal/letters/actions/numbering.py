"""The clerk's desk: number and day, and letters that came on paper."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quetsach.api import letters
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import FilePurpose, StoredFile
from quetsach_portal.letters.actions.drafting import TAKES, drop_signature, locked, note
from quetsach_portal.letters.cascade import cited_by
from quetsach_portal.letters.documents import (
    KIND,
    digest_of,
    files_of,
    head_of,
    refused,
    speaks_for_body,
)
from quetsach_portal.letters.models import Letter, LetterCapacity, LetterState, SigningWay
from quetsach_portal.letters.signers import with_standing
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused

OLDEST = timedelta(days=366)

SIGNER_FIELDS = (
    "signer_name",
    "signer_post",
    "capacity",
    "capacity_of",
    "on_behalf_of",
    "urgency",
    "contact",
)
"""What is printed of the signer; a letter that is signed first has them before its number."""


@dataclass(frozen=True)
class LetterNumbering:
    """What the clerk gives a letter: number, day, and who signed in what capacity."""

    number: int
    code: str
    signed_on: date
    signer_name: str = ""
    signer_post: str = ""
    capacity: str = LetterCapacity.DIRECT
    capacity_of: str = ""
    on_behalf_of: str = ""
    urgency: str = ""
    contact: str = ""


@dataclass(frozen=True)
class ArrivedLetter:
    """A letter of a body outside the campaign, as it came."""

    issuer_name: str
    number: int
    code: str
    signed_on: date
    subject: str
    deadline: date | None
    arrived_on: date
    arrival_number: int | None


def give_number(
    letter_id: int, signing: LetterNumbering, *, repeat_is_meant: bool, actor: User
) -> Letter:
    """Return the letter with number and day, printed as DOCX and PDF in its final form.

    A numbered letter that is not released yet may be numbered again to correct a mistake; a copy
    that bears the old number counts no more. What is signed first keeps the signer it has.
    Errors: Refused when it is not with the clerk, is to be signed first and is not, or when number,
    code and issuer repeat within the year and `repeat_is_meant` does not say that this is so.
    """
    with transaction.atomic():
        letter = locked(letter_id)
        if letter.state == LetterState.DRAFT and letter.with_clerk_at is None:
            raise Refused(_("The letter has not been sent to the clerk yet."))
        _refuse_unless(letter, LetterState.DRAFT, LetterState.NUMBERED)
        _refuse_odd_day(signing.signed_on)
        signing = _signed_before(letter, signing)
        signing = replace(signing, code=letters.notation_for(head_of(letter), KIND, signing.code))
        if not repeat_is_meant:
            _refuse_repeated(letter, signing)
        before = letter.full_number
        _drop_copies(letter, actor)
        _sign(letter, signing)
        letter.state, letter.numbered_by = LetterState.NUMBERED, actor
        cited = cited_by(letter)
        letter.sha256 = digest_of(letter, cited)
        files = files_of(letter, cited)
        letter.docx = _stored(letter, files.docx, "docx", actor)
        letter.pdf = _stored(letter, files.pdf, "pdf", actor)
        letter.paper = _stored(letter, files.paper, "pdf", actor, "-ban-giay")
        letter.save()
        note("letter.numbered", letter, actor, number=[before, letter.full_number])
    return letter


def repeated(letter: Letter, number: int, code: str, signed_on: date) -> Letter | None:
    """Return another letter of the same issuer and year with this number and code, or None.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục IV and VI: numbers run through the calendar year.
    """
    return (
        Letter.objects.filter(
            node__unit=letter.node.unit,
            is_outside=False,
            number=number,
            code__iexact=code,
            signed_on__year=signed_on.year,
        )
        .exclude(pk=letter.pk)
        .first()
    )


def register_outside(
    node: CampaignNode, arrived: ArrivedLetter, upload: "UploadedFile[bytes] | None", *, actor: User
) -> Letter:
    """Return a letter of a body outside the campaign in the register of `node`, with its file.

    Errors: Refused for a file that is not taken, a day that cannot be, or one registered before.
    """
    with transaction.atomic():
        # The row of the node keeps two clerks from registering one letter twice.
        node = (
            CampaignNode.objects.select_for_update(of=("self",))
            .select_related("campaign", "unit")
            .get(pk=node.pk)
        )
        if node.campaign.state not in TAKES:
            raise Refused(_("The campaign accepts no letters in its current state."))
        _refuse_odd_day(arrived.signed_on)
        if arrived.arrived_on < arrived.signed_on or arrived.arrived_on > timezone.localdate():
            raise Refused(
                _("The day of arrival must be between the day of signing and today."),
                field="arrived_on",
            )
        same = Letter.objects.filter(
            node=node,
            is_outside=True,
            issuer_name__iexact=arrived.issuer_name,
            number=arrived.number,
            code__iexact=arrived.code,
            signed_on=arrived.signed_on,
        )
        if same.exists():
            raise Refused(_("This letter is already in the register."), field="number")
        stored = (
            None
            if upload is None
            else store_upload(
                upload, purpose=FilePurpose.LETTER, owner_path=node.unit.path, actor=actor
            )
        )
        letter = Letter.objects.create(
            campaign=node.campaign,
            node=node,
            is_outside=True,
            state=LetterState.RELEASED,
            original=stored,
            made_by=actor,
            released_at=timezone.now(),
            **vars(arrived),
        )
        note("letter.registered", letter, actor, number=letter.full_number)
    return letter


def _sign(letter: Letter, signing: LetterNumbering) -> None:
    for name, value in vars(signing).items():
        setattr(letter, name, value)


def _signed_before(letter: Letter, signing: LetterNumbering) -> LetterNumbering:
    """Return `signing` with the signer of a letter that is signed before it gets its number."""
    if letter.way == SigningWay.NUMBER_FIRST:
        names = {name: getattr(signing, name) for name in SIGNER_FIELDS}
        is_collective = speaks_for_body(letter)
        return replace(
            signing, **with_standing(letter.issuer_name, names, is_collective=is_collective)
        )
    signature = letter.signature
    if signature is None and letter.state == LetterState.DRAFT:
        raise refused("E424", letter.full_number)
    if signature is not None and signing.signed_on < signature.signed_on:
        raise Refused(
            _("The letter was signed on %(day)s; its own day cannot be earlier.")
            % {"day": date_format(signature.signed_on, "SHORT_DATE_FORMAT")},
            field="signed_on",
        )
    return replace(signing, **{name: getattr(letter, name) for name in SIGNER_FIELDS})


def _drop_copies(letter: Letter, actor: User) -> None:
    """Take from `letter` what bears the number before: a scan, or the PDF that was signed."""
    if letter.way == SigningWay.NUMBER_FIRST:
        drop_signature(letter, actor)
    elif letter.way == SigningWay.PAPER and letter.signature is not None:
        letter.original = letter.signature.file = None
        letter.signature.save(update_fields=["file"])


def _stored(
    letter: Letter, content: bytes, ending: str, actor: User, which: str = ""
) -> StoredFile:
    number = letter.full_number.replace("/", "-")
    upload = SimpleUploadedFile(f"cong-van-{number}{which}.{ending}", content)
    return store_upload(
        upload, purpose=FilePurpose.DOCUMENT, owner_path=letter.node.unit.path, actor=actor
    )


def _refuse_unless(letter: Letter, *states: LetterState) -> None:
    if letter.is_outside or letter.state not in states:
        raise Refused(
            _("The letter is “%(state)s”; this is no longer possible.")
            % {"state": letter.get_state_display()}
        )


def _refuse_odd_day(day: date) -> None:
    today = timezone.localdate()
    if not today - OLDEST <= day <= today:
        raise Refused(
            _("The day of signing lies within the last year, today at the latest."),
            field="signed_on",
        )


def _refuse_repeated(letter: Letter, signing: LetterNumbering) -> None:
    other = repeated(letter, signing.number, signing.code, signing.signed_on)
    if other is not None:
        raise Refused(
            _(
                "%(number)s has already been used this year: “%(subject)s”. Check it; if this is "
                "intended, confirm below."
            )
            % {"number": other.full_number, "subject": other.subject[:120]},
            field="number",
        )
