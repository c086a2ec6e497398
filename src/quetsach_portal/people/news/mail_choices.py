"""Which mails an address wants, and the link in a mail by which its reader switches that sort off.

One press is enough, without an account (RFC 8058); what the link opens changes nothing by itself,
as mail servers open links to look at them. Letters and mails about accounts have no such link.
"""

import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.mail.message import MailDraft, MailNotNeeded
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.news import MailChoice, MailSort, NewsKind
from quetsach_portal.people.models.roles import Assignment
from quetsach_portal.people.news.readers import READERS


def is_off(address: str, sort: MailSort) -> bool:
    """Return whether this address has switched this sort of mail off."""
    rows = MailChoice.objects.filter(address=address.lower(), sort=sort, is_off=True)
    return rows.exists()


def wanting(addresses: Collection[str], sort: MailSort) -> list[str]:
    """Return those of the addresses that have not switched this sort off, in their order."""
    asked = [address.lower() for address in addresses]
    rows = MailChoice.objects.filter(address__in=asked, sort=sort, is_off=True)
    off = set(rows.values_list("address", flat=True))
    return [address for address in addresses if address.lower() not in off]


def with_way_out(draft: MailDraft, address: str, sort: MailSort) -> MailDraft:
    """Return the mail with the link that switches its sort off.

    Errors: MailNotNeeded where it is off already.
    """
    if is_off(address, sort):
        raise MailNotNeeded("its reader has switched such mails off")
    choice, _is_new = MailChoice.objects.get_or_create(address=address.lower(), sort=sort)
    link = settings.QUETSACH.public_url + reverse("mail_off", args=[choice.pk, _signature(choice)])
    with translation.override(draft.language):
        words = _("No more mails of this kind (one press, no account needed):")
    return replace(draft, body=f"{draft.body}\n{words}\n{link}\n", off_address=link)


def choice_by(choice_id: int, signature: str) -> MailChoice | None:
    """Return the choice to which this link belongs, None for a link that is none of ours."""
    choice = MailChoice.objects.filter(pk=choice_id).first()
    if choice is None or not hmac.compare_digest(signature, _signature(choice)):
        return None
    return choice


def _signature(choice: MailChoice) -> str:
    text = f"mail.off:{choice.pk}:{choice.sort}:{choice.address}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def switch(choice: MailChoice, *, off: bool, actor: User | None = None) -> None:
    """Switch a sort of mail off or on for an address; doing it again changes nothing."""
    with transaction.atomic():
        locked = MailChoice.objects.select_for_update().get(pk=choice.pk)
        if locked.is_off == off:
            return
        act = "mail.switched_off" if off else "mail.switched_on"
        record(
            act, actor=actor, kind="mailchoice", object_id=locked.pk, detail={"sort": locked.sort}
        )
        locked.is_off, locked.changed_at = off, timezone.now()
        locked.save(update_fields=["is_off", "changed_at"])


def choices_of(address: str) -> Mapping[MailSort, bool]:
    """Return of each sort whether the address wants it."""
    rows = MailChoice.objects.filter(address=address.lower(), is_off=True)
    off = set(rows.values_list("sort", flat=True))
    return {sort: sort.value not in off for sort in MailSort}


def choose(user: User, sorts: Collection[str]) -> None:
    """Keep that `user` wants these `sorts` of mail, and no other."""
    with transaction.atomic():
        for sort in MailSort:
            choice, _is_new = MailChoice.objects.get_or_create(
                address=user.email.lower(), sort=sort
            )
            switch(choice, off=sort.value not in sorts, actor=user)


def reached_by_digest(kind: NewsKind, unit_id: int, addresses: Collection[str]) -> frozenset[str]:
    """Return those of the addresses whose people are told by the digest: they get no other mail.

    That is who has an account and reads such news of the unit by a role of today; also who has
    switched the digest off, and so wants no mail of it.
    """
    today = timezone.localdate()
    rows = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today),
        unit_id=unit_id,
        role__in=[role.value for role in READERS[kind]],
        valid_from__lte=today,
        user__is_active=True,
        user__email__in=[address.lower() for address in addresses],
    )
    people = set(rows.values_list("user__email", flat=True))
    return frozenset(address for address in addresses if address.lower() in people)
