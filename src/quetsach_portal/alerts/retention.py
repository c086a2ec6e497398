"""How alerts end: by work on their case, with the case, and when a campaign is archived."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef
from django.utils import timezone

from quetsach_portal.alerts.models import (
    OPEN_STATES,
    Alert,
    AlertAnswer,
    AlertMail,
    AlertState,
    ChannelMessage,
)
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.cases.models.case import CaseEvent
from quetsach_portal.mail import outbox
from quetsach_portal.mail.models import MailPurpose

ACTS = ("handled", "assigned", "ticked", "owner", "alarm", "merged", "split", "closed")
"""Events of a case by which a person shows to have seen it."""


def settle(alerts: Iterable[Alert] | None = None) -> int:
    """End the open alerts on whose cases somebody worked, or that are closed; return how many.

    Cost: two queries.
    """
    rows = Alert.objects.filter(state__in=OPEN_STATES)
    if alerts is not None:
        rows = rows.filter(pk__in=[alert.pk for alert in alerts])
    now = timezone.now()
    acts = CaseEvent.objects.filter(
        case=OuterRef("case"), at__gt=OuterRef("raised_at"), by__isnull=False, kind__in=ACTS
    )
    answered = rows.filter(Exists(acts)).update(
        state=AlertState.ANSWERED, answer=AlertAnswer.ACTED, answered_at=now, due_at=None
    )
    closed = rows.filter(case__closed_at__isnull=False).update(state=AlertState.CLOSED, due_at=None)
    return answered + closed


def purge(campaign: Campaign) -> dict[str, int]:
    """Return how many rows were deleted; it comes before that of the cases, whose events they name.

    The caller holds the transaction.
    """
    messages = ChannelMessage.objects.filter(node__campaign=campaign)
    ChannelMessage.alerts.through.objects.filter(channelmessage__in=messages).delete()
    mails = AlertMail.objects.filter(node__campaign=campaign)
    outbox.forget(MailPurpose.ALERT, list(mails.values_list("pk", flat=True)))
    AlertMail.alerts.through.objects.filter(alertmail__in=mails).delete()
    return {
        "channel_messages": messages.delete()[0],
        "alert_mails": mails.delete()[0],
        "alerts": Alert.objects.filter(node__campaign=campaign).delete()[0],
    }
