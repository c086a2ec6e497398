"""The mail that announces a letter: plain text, one link to a page, no tracking."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quetsach.api import letters
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.campaigns.public_page import check_address
from quetsach_portal.letters.models import Dispatch, DispatchState, DispatchSubject, Letter
from quetsach_portal.mail.message import MailDraft, MailNotNeeded, one_line, wire_address
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import Desk, DeskRole, UnitContact

# Addresses that mails and printed codes lead to: pages that show, and change nothing by a GET.


CHECK_PATH = "/check/"
"""Where anyone checks whether a copy is authentic; printed on each page."""


def page_of_letter(letter: Letter) -> str:
    """Return the full address of the letter's page."""
    return f"{settings.QUETSACH.public_url}{reverse('letters:letter', args=[letter.pk])}"


def receipt_path(node_id: int) -> str:
    """Return the path of the page on which the unit of `node_id` confirms receipt."""
    return reverse("followup:receive", args=[node_id])


def receipt_page(node_id: int) -> str:
    """Return the full address of that page."""
    return f"{settings.QUETSACH.public_url}{receipt_path(node_id)}"


def proof_on_pages(campaign_id: int, sha256: str) -> letters.DocumentProof:
    """Return the footer of each page of a document, and the address in its QR code.

    It leads to the public plane where that answers for documents, else to the portal.
    """
    base = check_address(campaign_id) or f"{settings.QUETSACH.public_url}{CHECK_PATH}".rstrip("/")
    where = urlsplit(base)
    return letters.DocumentProof(sha256, f"{where.netloc}{where.path}", f"{base}/{sha256[:16]}/")


# At which e-mail addresses a unit is reached, and which addresses cannot be used and why.


ROLES = ("receiver", "clerk", "compiler")
"""The first of these that has an address in a unit gets its letters."""

AT_ONCE = 500


@dataclass(frozen=True)
class RecipientAddress:
    """One address of a unit; `flaw` is the text why no mail can be sent there, "" if it can."""

    contact_id: int
    mail: str
    person: str
    language: str
    flaw: str = ""


@dataclass(frozen=True)
class LetterReceiver:
    """A recipient with its addresses, none twice."""

    node: CampaignNode
    addresses: tuple[RecipientAddress, ...]

    @property
    def usable(self) -> tuple[RecipientAddress, ...]:
        """Return the addresses to which a mail can go."""
        return tuple(one for one in self.addresses if not one.flaw)


def receivers(nodes: Iterable[CampaignNode]) -> Iterator[LetterReceiver]:
    """Yield each node with its addresses, those of the desk that receives for it where one does.

    Cost: three queries for each 500.
    """
    wanted = list(nodes)
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        units = {node.unit_id for node in some}
        desks = _desks(units)
        contacts = _contacts(units | set(desks.values()))
        languages = _languages(one.mail for rows in contacts.values() for one in rows)
        for node in some:
            desk = desks.get(node.unit_id, node.unit_id)
            rows = contacts.get(desk) or contacts.get(node.unit_id, [])
            yield LetterReceiver(node, tuple(_addresses(rows, languages)))


def flaw_of(mail: str) -> str:
    """Return why no mail can go to `mail`, "" where one can."""
    try:
        wire_address(mail)
    except ValueError as error:
        return str(error)
    return ""


def _desks(unit_ids: set[int]) -> dict[int, int]:
    """Return, for units that have one, the unit that receives letters for them."""
    rows = Desk.objects.filter(unit_id__in=unit_ids, role=DeskRole.RECEIVER)
    return dict(rows.values_list("unit_id", "served_by_id"))


def _contacts(unit_ids: set[int]) -> dict[int, list[UnitContact]]:
    day = timezone.localdate()
    valid = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    rows: dict[int, list[UnitContact]] = defaultdict(list)
    for contact in (
        UnitContact.objects.filter(valid, unit_id__in=unit_ids).exclude(mail="").order_by("pk")
    ):
        rows[contact.unit_id].append(contact)
    return rows


def _languages(mails: Iterable[str]) -> dict[str, str]:
    """Return the language of those addresses that are a user's, lower case."""
    wanted = sorted({mail.strip().lower() for mail in mails})
    languages: dict[str, str] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = User.objects.filter(email__in=wanted[start : start + AT_ONCE])
        languages.update(some.values_list("email", "language"))
    return languages


def _addresses(
    contacts: list[UnitContact], languages: dict[str, str]
) -> Iterator[RecipientAddress]:
    for role in (*ROLES, None):
        rows = [one for one in contacts if role is None or one.role == role]
        if any(not one.disabled_reason for one in rows) or (role is None and rows):
            break
    else:
        return
    addresses: set[str] = set()
    for contact in rows:
        mail = contact.mail.strip()
        if mail.lower() in addresses:
            continue
        addresses.add(mail.lower())
        off = contact.disabled_reason
        flaw = _("disabled: %(reason)s") % {"reason": off} if off else flaw_of(mail)
        language = languages.get(mail.lower(), "vi")
        yield RecipientAddress(contact.pk, mail, contact.person.strip(), language, flaw)


def compose(dispatch_id: int) -> MailDraft:
    """Return the mail of a dispatch row. Errors: MailNotNeeded when the row was cancelled."""
    row = Dispatch.objects.select_related("letter", "to_node").get(pk=dispatch_id)
    if row.state == DispatchState.CANCELLED:
        raise MailNotNeeded("the letter was withdrawn")
    return draft_of(row, row.letter)


def draft_of(dispatch: Dispatch, letter: Letter) -> MailDraft:
    """Return the mail for `dispatch`, in the language of its recipient."""
    with translation.override(dispatch.language):
        return MailDraft(
            subject=_subject(dispatch, letter),
            body=_text(dispatch, letter),
            language=dispatch.language,
            from_name=letter.issuer_name,
            to_name=dispatch.person,
        )


def _subject(row: Dispatch, letter: Letter) -> str:
    if row.about == DispatchSubject.WITHDRAWAL:
        return _("Withdrawn: letter %(number)s – %(subject)s") % _facts(letter)
    return _("Letter %(number)s – %(subject)s") % _facts(letter)


def _text(row: Dispatch, letter: Letter) -> str:
    facts = {**_facts(letter), "unit": one_line(row.to_node.name_at_freeze)}
    lines = [_("To: %(unit)s") % facts, ""]
    if row.about == DispatchSubject.WITHDRAWAL:
        lines += [
            _("%(issuer)s has withdrawn its letter %(number)s of %(day)s: %(subject)s.") % facts,
            _("Reason: %(why)s") % {"why": one_line(letter.withdrawn_why)},
            _("Please do not act on it any longer. Your receipt stays on record."),
        ]
    else:
        lines.append(_("%(issuer)s sends you letter %(number)s of %(day)s: %(subject)s.") % facts)
        if letter.deadline is not None:
            deadline = date_format(letter.deadline, "SHORT_DATE_FORMAT")
            lines.append(_("Report due: before %(day)s.") % {"day": deadline})
        lines += ["", _("Read the letter and confirm receipt (sign-in required):")]
    lines += [
        page_of_letter(letter),
        "",
        _("This mail has no attachment and asks for no password. The portal's address is %(url)s.")
        % {"url": settings.QUETSACH.public_url},
    ]
    return "\n".join(lines) + "\n"


def _facts(letter: Letter) -> dict[str, str]:
    return {
        "number": one_line(letter.full_number),
        "subject": one_line(letter.subject),
        "issuer": one_line(letter.issuer_name),
        "day": "…"
        if letter.signed_on is None
        else date_format(letter.signed_on, "SHORT_DATE_FORMAT"),
    }
