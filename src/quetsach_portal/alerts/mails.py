"""The mails about alerts: thin, so that nobody who reads one on its way learns of a machine.

A mail holds the unit, the numbers of its cases, how many they are, and a link: no address, no
machine, no person, no indicator. What the link opens needs no account; it ends by itself.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quetsach_portal.alerts.models import (
    OPEN_STATES,
    Alert,
    AlertKind,
    AlertMail,
    AlertMailKind,
    AlertState,
)
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.campaigns.units import addresses_of
from quetsach_portal.followup.mails import address_of, compilers_of
from quetsach_portal.mail import outbox
from quetsach_portal.mail.message import MailDraft, MailNotNeeded, one_line
from quetsach_portal.mail.models import MailPurpose, OutboxMail, OutboxState
from quetsach_portal.mail.outbox import MailRecipient
from quetsach_portal.people.models.roles import Assignment, Role

SHOWN_CASES = 20


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
    alerts = list(mail.alerts.filter(state__in=OPEN_STATES).select_related("case").order_by("pk"))
    if not alerts:
        raise MailNotNeeded("all of it was answered before the mail went out")
    with translation.override("vi"):
        return MailDraft(_subject(mail, len(alerts)), _body(mail, alerts))


def observe(mails: Sequence[OutboxMail]) -> None:
    """Write on the rows what became of their mails; what arrived was told."""
    now = timezone.now()
    for mail in mails:
        sent_row = AlertMail.objects.filter(pk=mail.object_id)
        is_sent = mail.state == OutboxState.SENT
        sent_row.update(
            state=mail.state, problem="" if is_sent else mail.reply[:300], done_at=mail.done_at
        )
        if is_sent and sent_row.exclude(kind=AlertMailKind.SILENT).exists():
            Alert.objects.filter(mails=mail.object_id, state=AlertState.RAISED).update(
                state=AlertState.TOLD, told_at=now
            )


def link_of(mail: AlertMail) -> str:
    """Return the address under which `mail` can be answered without an account."""
    return address_of(reverse("alert", args=[mail.pk, signature_of(mail)]))


def signature_of(mail: AlertMail) -> str:
    """Return what proves that somebody read `mail`; 32 hex digits, the same each time."""
    text = f"alerts.link:{mail.pk}:{mail.secret}:{mail.address}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def by_link(mail_id: int, signature: str) -> AlertMail | None:
    """Return the mail to which this link belongs, None for one that is none of ours or is over.

    Then it shows no machine either: a mail lies in a mailbox for years.
    """
    rows = AlertMail.objects.select_related("node__campaign", "node__unit")
    rows = rows.filter(expires_at__gt=timezone.now())
    mail = rows.filter(pk=mail_id).exclude(kind=AlertMailKind.SILENT).first()
    if mail is None or not hmac.compare_digest(signature_of(mail), signature):
        return None
    return mail


def _subject(mail: AlertMail, count: int) -> str:
    unit = one_line(mail.node.name_at_freeze)
    if mail.kind == AlertMailKind.SILENT:
        text = ngettext(
            "No answer about %(count)s machine: %(unit)s",
            "No answer about %(count)s machines: %(unit)s",
            count,
        )
    else:
        text = ngettext(
            "%(count)s machine to be seen to: %(unit)s",
            "%(count)s machines to be seen to: %(unit)s",
            count,
        )
    return text % {"count": count, "unit": unit}


def _body(mail: AlertMail, alerts: Sequence[Alert]) -> str:
    unit, campaign = one_line(mail.node.name_at_freeze), one_line(mail.node.campaign.title)
    again = sum(alert.kind == AlertKind.RECURRED for alert in alerts)
    lines = [
        _("Unit: %(unit)s") % {"unit": unit},
        _("Campaign: %(campaign)s") % {"campaign": campaign},
        "",
        _("Machines that contacted an address on the authority's list: %(count)s.")
        % {"count": len(alerts)},
    ]
    if again:
        lines.append(
            _("Of these infected again after they were handled: %(count)s.") % {"count": again}
        )
    numbers = ", ".join(alert.case.number for alert in alerts[:SHOWN_CASES])
    more = len(alerts) - SHOWN_CASES
    cases = (
        numbers
        if more <= 0
        else _("%(cases)s and %(count)s more") % {"cases": numbers, "count": more}
    )
    lines += [_("Cases: %(cases)s.") % {"cases": cases}, ""]
    lines += _silent_lines(alerts) if mail.kind == AlertMailKind.SILENT else _link_lines(mail)
    day = date_format(timezone.localdate(), "SHORT_DATE_FORMAT")
    end = _("This mail has no attachment and does not ask for a password. Written on %(day)s.")
    return "\n".join([*lines, "", end % {"day": day}]) + "\n"


def _link_lines(mail: AlertMail) -> list[str]:
    until = date_format(timezone.localtime(mail.expires_at), "d/m/Y")
    return [
        _("Which machine, when, and what to do (no account needed, until %(day)s):")
        % {"day": until},
        link_of(mail),
        "",
        _("Do not forward this mail: whoever has the link can answer for the unit."),
    ]


def _silent_lines(alerts: Sequence[Alert]) -> list[str]:
    was_told = any(alert.told_at for alert in alerts)
    why = (
        _("The unit was told and has not answered. Please telephone it:")
        if was_told
        else _("No mail has reached the unit. Please telephone it:")
    )
    return [why, address_of(reverse("alerts:index"))]


# Whom a mail about machines goes to: who handles them in the unit, else where letters go.


def addresses_for(node: CampaignNode) -> list[str]:
    """Return the addresses of a unit: technicians, focal points, then those of its letters.

    A mail goes to the first; to the next where a server knows no such address.
    """
    people = [*_in_role(node, Role.TECHNICIAN), *_in_role(node, Role.FOCAL_POINT)]
    return list(dict.fromkeys([*people, *addresses_of(node)]))


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
