"""The words of the mails about alerts, and the link that each holds.

A mail holds the unit, the numbers of its cases, how many matters there are, and a link: no address,
no machine, no person, no indicator, no name of a log.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quetsach_portal.alerts.models import (
    TO_OFFICE,
    Alert,
    AlertAnswer,
    AlertKind,
    AlertMail,
    AlertMailKind,
)
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.followup.mails import address_of
from quetsach_portal.mail.message import one_line

SHOWN_CASES = 20


def link_of(mail: AlertMail) -> str:
    """Return the address under which `mail` can be answered without an account."""
    return address_of(reverse("alert", args=[mail.pk, signature_of(mail)]))


def signature_of(mail: AlertMail) -> str:
    """Return what proves that somebody read `mail`; 32 hex digits, the same each time."""
    text = f"alerts.link:{mail.pk}:{mail.secret}:{mail.address}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def alert_mail_subject(mail: AlertMail, alerts: Sequence[Alert]) -> str:
    """Return the subject of a mail about these alerts; of machines only where all are."""
    unit, count = one_line(mail.node.name_at_freeze), len(alerts)
    text = _SUBJECTS[AlertMailKind(mail.kind), all(alert.case_id for alert in alerts)](count)
    return text % {"count": count, "unit": unit}


def _machines_subject(count: int) -> str:
    return ngettext(
        "%(count)s machine to be seen to: %(unit)s",
        "%(count)s machines to be seen to: %(unit)s",
        count,
    )


def _matters_subject(count: int) -> str:
    return ngettext(
        "%(count)s matter to be seen to: %(unit)s",
        "%(count)s matters to be seen to: %(unit)s",
        count,
    )


def _silent_machines_subject(count: int) -> str:
    return ngettext(
        "No answer about %(count)s machine: %(unit)s",
        "No answer about %(count)s machines: %(unit)s",
        count,
    )


def _silent_matters_subject(count: int) -> str:
    return ngettext(
        "No answer about %(count)s matter: %(unit)s",
        "No answer about %(count)s matters: %(unit)s",
        count,
    )


def _help_subject(count: int) -> str:
    return ngettext(
        "%(unit)s needs your office: %(count)s matter",
        "%(unit)s needs your office: %(count)s matters",
        count,
    )


_SUBJECTS: dict[tuple[AlertMailKind, bool], Callable[[int], str]] = {
    (AlertMailKind.AT_ONCE, True): _machines_subject,
    (AlertMailKind.AT_ONCE, False): _matters_subject,
    (AlertMailKind.DIGEST, True): _machines_subject,
    (AlertMailKind.DIGEST, False): _matters_subject,
    (AlertMailKind.SILENT, True): _silent_machines_subject,
    (AlertMailKind.SILENT, False): _silent_matters_subject,
    (AlertMailKind.HELP, True): _help_subject,
    (AlertMailKind.HELP, False): _help_subject,
}


def channel_text(node: CampaignNode, kind: AlertMailKind, alerts: Sequence[Alert]) -> str:
    """Return the text to channels: as thin as the mail, its link asks to sign in. Vietnamese."""
    with translation.override("vi"):
        lines = [alert_mail_subject(AlertMail(node=node, kind=kind), alerts)]
        lines += _counted_lines(alerts)
        return "\n".join([*lines, address_of(reverse("alerts:index"))])


def alert_mail_body(mail: AlertMail, alerts: Sequence[Alert]) -> str:
    """Return the text of a mail about these alerts, in the language that is active."""
    unit, campaign = one_line(mail.node.name_at_freeze), one_line(mail.node.campaign.title)
    lines = [
        _("Unit: %(unit)s") % {"unit": unit},
        _("Campaign: %(campaign)s") % {"campaign": campaign},
        "",
        *_counted_lines(alerts),
        "",
    ]
    lines += _office_lines(mail, alerts) if mail.kind in TO_OFFICE else _link_lines(mail)
    day = date_format(timezone.localdate(), "SHORT_DATE_FORMAT")
    end = _("This mail has no attachment and does not ask for a password. Written on %(day)s.")
    return "\n".join([*lines, "", end % {"day": day}]) + "\n"


def _counted_lines(alerts: Sequence[Alert]) -> list[str]:
    machines = [alert for alert in alerts if alert.case is not None]
    kinds = Counter(AlertKind(alert.kind) for alert in alerts)
    sentences = [
        (_("Machines that contacted an address on the authority's list: %(count)s."), machines),
        (
            _("Of these infected again after they were handled: %(count)s."),
            [alert for alert in machines if alert.kind == AlertKind.RECURRED],
        ),
    ]
    lines = [text % {"count": len(those)} for text, those in sentences if those]
    numbers = [alert.case.number for alert in machines if alert.case is not None]
    if numbers:
        shown, more = ", ".join(numbers[:SHOWN_CASES]), len(numbers) - SHOWN_CASES
        if more > 0:
            shown = _("%(cases)s and %(count)s more") % {"cases": shown, "count": more}
        lines.append(_("Cases: %(cases)s.") % {"cases": shown})
    others = (AlertKind.DEAD_SENSOR, AlertKind.LOSS, AlertKind.LIST, AlertKind.NOTICE)
    return lines + [f"{kind.label}: {kinds[kind]}." for kind in others if kinds[kind]]


def _link_lines(mail: AlertMail) -> list[str]:
    until = date_format(timezone.localtime(mail.expires_at), "d/m/Y")
    return [
        _("What exactly, when, and what to do (no account needed, until %(day)s):")
        % {"day": until},
        link_of(mail),
        "",
        _("Do not forward this mail: whoever has the link can answer for the unit."),
    ]


def _office_lines(mail: AlertMail, alerts: Sequence[Alert]) -> list[str]:
    if mail.kind == AlertMailKind.HELP:
        is_help = any(alert.answer == AlertAnswer.HELP for alert in alerts)
        why = (
            _("The unit asks your office for help. Please call it:")
            if is_help
            else _("The unit says that a machine is not theirs. Please decide whose it is:")
        )
    elif any(alert.told_at for alert in alerts):
        why = _("The unit was told and has not answered. Please telephone it:")
    else:
        why = _("No mail has reached the unit. Please telephone it:")
    return [why, address_of(reverse("alerts:index"))]
