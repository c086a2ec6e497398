"""The mails about alerts: thin, so that nobody who reads one on its way learns of a machine.

A mail holds the unit, the numbers of its cases, how many they are, and a link: no address, no
machine, no person, no indicator. What the link opens needs no account; it ends by itself.
"""

import hmac
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Count, Q
from django.utils import timezone, translation

from quetsach_portal.alerts.channels import send_to_channels
from quetsach_portal.alerts.mail_texts import (
    alert_mail_body,
    alert_mail_subject,
    channel_text,
    signature_of,
)
from quetsach_portal.alerts.models import (
    OPEN_STATES,
    TO_OFFICE,
    WANTS_OFFICE,
    Alert,
    AlertAnswer,
    AlertMail,
    AlertMailKind,
    AlertState,
)
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.campaigns.units import addresses_of
from quetsach_portal.followup.mails import compilers_of
from quetsach_portal.mail import outbox
from quetsach_portal.mail.message import MailDraft, MailNotNeeded
from quetsach_portal.mail.models import MailPurpose, OutboxMail, OutboxState
from quetsach_portal.mail.outbox import MailRecipient
from quetsach_portal.people.models.news import MailSort, NewsKind
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.news.mail_choices import reached_by_digest, wanting, with_way_out


def mail_about(
    node: CampaignNode, kind: AlertMailKind, key: str, address: str, alerts: Sequence[Alert]
) -> AlertMail:
    """Return the mail with this key to this address, made with these alerts if there was none."""
    mail, is_new = AlertMail.objects.get_or_create(
        key=key, address=address, defaults={"node": node, "kind": kind}
    )
    if is_new:
        mail.alerts.set(alerts)
    return mail


def ask_for(mails: Iterable[AlertMail]) -> None:
    """Ask the outbox for these mails; asking twice is asking once."""
    recipients = [MailRecipient(mail.pk, mail.address, f"alert:{mail.pk}") for mail in mails]
    outbox.enqueue_many(MailPurpose.ALERT, recipients)


def compose(mail_id: int) -> MailDraft:
    """Return the mail as it stands now. Errors: MailNotNeeded when everything is answered."""
    rows = AlertMail.objects.select_related("node__campaign").filter(pk=mail_id)
    mail = rows.annotate(count=Count("alerts")).first()
    if mail is None:
        raise MailNotNeeded("the campaign was archived")
    waiting = Q(state__in=OPEN_STATES)
    if mail.kind == AlertMailKind.HELP:
        waiting = Q(answer__in=WANTS_OFFICE, case__closed_at__isnull=True) & ~Q(state="closed")
    alerts = list(mail.alerts.filter(waiting).select_related("case").order_by("pk"))
    if not alerts:
        raise MailNotNeeded("all of it was answered before the mail went out")
    with translation.override("vi"):
        draft = MailDraft(alert_mail_subject(mail, alerts), alert_mail_body(mail, alerts))
    sort = MailSort.OFFICE if mail.kind in TO_OFFICE else MailSort.MACHINES
    return with_way_out(draft, mail.address, sort)


def tell_office(alert: Alert) -> None:
    """Mail the office that an answer concerns: the one above, for "not ours" the lead office.

    One mail for an alert. The caller holds the transaction.
    """
    nodes = CampaignNode.objects.select_related("unit")
    if alert.answer == AlertAnswer.NOT_OURS:
        office = nodes.filter(campaign_id=alert.node.campaign_id, parent__isnull=True).first()
    else:
        office = nodes.filter(pk=alert.node.parent_id or 0).first()
    if office is not None:
        key = f"help:{alert.pk}"
        text = channel_text(alert.node, AlertMailKind.HELP, [alert])
        send_to_channels(office, text, key=key, alerts=[alert])
        ask_for(
            mail_about(alert.node, AlertMailKind.HELP, key, address, [alert])
            for address in addresses_above(office)
        )


def observe(mails: Sequence[OutboxMail]) -> None:
    """Write on the rows what became of their mails; what arrived was told."""
    now = timezone.now()
    for mail in mails:
        sent_row = AlertMail.objects.filter(pk=mail.object_id)
        is_sent = mail.state == OutboxState.SENT
        sent_row.update(
            state=mail.state, problem="" if is_sent else mail.reply[:300], done_at=mail.done_at
        )
        if is_sent and sent_row.exclude(kind__in=TO_OFFICE).exists():
            Alert.objects.filter(mails=mail.object_id, state=AlertState.RAISED).update(
                state=AlertState.TOLD, told_at=now
            )


def by_link(mail_id: int, signature: str) -> AlertMail | None:
    """Return the mail to which this link belongs, None for one that is none of ours or is over.

    Then it shows no machine either: a mail lies in a mailbox for years.
    """
    rows = AlertMail.objects.select_related("node__campaign", "node__unit")
    rows = rows.filter(expires_at__gt=timezone.now())
    mail = rows.filter(pk=mail_id).exclude(kind__in=TO_OFFICE).first()
    if mail is None or not hmac.compare_digest(signature_of(mail), signature):
        return None
    return mail


# Whom a mail about machines goes to: who handles them in the unit, else where letters go.


def addresses_for(node: CampaignNode) -> list[str]:
    """Return the addresses of a unit: technicians, focal points, then those of its letters.

    A mail goes to the first; to the next where a server knows no such address. Who has switched
    such mails off is none of them.
    """
    people = [*_in_role(node, Role.TECHNICIAN), *_in_role(node, Role.FOCAL_POINT)]
    return wanting(list(dict.fromkeys([*people, *addresses_of(node)])), MailSort.MACHINES)


def address_in_the_morning(node: CampaignNode, failed: Collection[str] = ()) -> tuple[str, bool]:
    """Return the address that is told of what can wait, "" for none; and whether its digest does.

    Who has an account is told by the digest, unless it is switched off: then the next address is.
    """
    addresses = [address for address in addresses_for(node) if address not in failed]
    have_digest = reached_by_digest(NewsKind.ALERT, node.unit_id, addresses)
    want_it = wanting(addresses, MailSort.DIGEST)
    for address in addresses:
        if address not in have_digest or address in want_it:
            return address, address in have_digest
    return "", False


def addresses_above(node: CampaignNode) -> list[str]:
    """Return the addresses of an office that sees to silent units: its compilers, else letters'."""
    return compilers_of(node) or addresses_of(node)[:1]


def _in_role(node: CampaignNode, role: Role) -> list[str]:
    today = timezone.localdate()
    rows = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today),
        unit_id=node.unit_id,
        role=role,
        valid_from__lte=today,
        user__is_active=True,
    )
    return [
        address for address in rows.order_by("pk").values_list("user__email", flat=True) if address
    ]
