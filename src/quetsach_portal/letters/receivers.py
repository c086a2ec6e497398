"""At which e-mail addresses a unit is reached, and which addresses cannot be used and why."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.people.models import User
from quetsach_portal.units.models import Contact, Desk, DeskRole

ROLES = ("receiver", "clerk", "compiler")
"""The first of these that has an address in a unit gets its letters."""

AT_ONCE = 500


@dataclass(frozen=True)
class Address:
    """One address of a unit; `flaw` says in words why no mail can go there, "" where one can."""

    contact_id: int
    mail: str
    person: str
    language: str
    flaw: str = ""


@dataclass(frozen=True)
class Receiver:
    """A recipient with its addresses, none twice."""

    node: CampaignNode
    addresses: tuple[Address, ...]

    @property
    def usable(self) -> tuple[Address, ...]:
        """Return the addresses to which a mail can go."""
        return tuple(one for one in self.addresses if not one.flaw)


def receivers(nodes: Iterable[CampaignNode]) -> Iterator[Receiver]:
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
            yield Receiver(node, tuple(_addresses(rows, languages)))


def flaw_of(mail: str) -> str:
    """Return why no mail can go to `mail`, "" where one can."""
    if not mail.isascii() and "@" in mail:
        local, _at, domain = mail.rpartition("@")
        if not local.isascii():
            return _("the part before @ has letters that mail servers do not take")
        mail = f"{local}@{domain}"
    if any(not sign.isprintable() or sign.isspace() for sign in mail):
        return _("the address has a line break or a blank in it")
    try:
        validate_email(mail)
        _ascii(mail)
    except (ValidationError, UnicodeError):
        return _("this is no e-mail address")
    return ""


def on_the_wire(mail: str) -> str:
    """Return `mail` as a mail server takes it, its domain in ASCII. Errors: UnicodeError."""
    return _ascii(mail)


def _ascii(mail: str) -> str:
    local, _at, domain = mail.rpartition("@")
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def _desks(unit_ids: set[int]) -> dict[int, int]:
    """Return, for units that have one, the unit that receives letters for them."""
    rows = Desk.objects.filter(unit_id__in=unit_ids, role=DeskRole.RECEIVER)
    return dict(rows.values_list("unit_id", "served_by_id"))


def _contacts(unit_ids: set[int]) -> dict[int, list[Contact]]:
    day = timezone.localdate()
    valid = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    rows: dict[int, list[Contact]] = defaultdict(list)
    for contact in (
        Contact.objects.filter(valid, unit_id__in=unit_ids).exclude(mail="").order_by("pk")
    ):
        rows[contact.unit_id].append(contact)
    return rows


def _languages(mails: Iterable[str]) -> dict[str, str]:
    """Return the language of those addresses that are a user's, lower case."""
    wanted = sorted({mail.strip().lower() for mail in mails})
    found: dict[str, str] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = User.objects.filter(email__in=wanted[start : start + AT_ONCE])
        found.update(some.values_list("email", "language"))
    return found


def _addresses(contacts: list[Contact], languages: dict[str, str]) -> Iterator[Address]:
    for role in (*ROLES, None):
        rows = [one for one in contacts if role is None or one.role == role]
        if any(not one.disabled_reason for one in rows) or (role is None and rows):
            break
    else:
        return
    seen: set[str] = set()
    for contact in rows:
        mail = contact.mail.strip()
        if mail.lower() in seen:
            continue
        seen.add(mail.lower())
        off = contact.disabled_reason
        flaw = _("switched off: %(reason)s") % {"reason": off} if off else flaw_of(mail)
        language = languages.get(mail.lower(), "vi")
        yield Address(contact.pk, mail, contact.person.strip(), language, flaw)
