"""What happened to cases, sensors, lists becomes alerts, once each; units are told in a minute."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone, translation

from quetsach_portal.alerts.channels import send_to_channels
from quetsach_portal.alerts.mail_texts import channel_text
from quetsach_portal.alerts.mails import address_in_the_morning, addresses_for, ask_for, mail_about
from quetsach_portal.alerts.models import (
    OPEN_STATES,
    TO_OFFICE,
    Alert,
    AlertKind,
    AlertLevel,
    AlertMail,
    AlertMailKind,
    AlertState,
)
from quetsach_portal.campaigns.deadlines import MORNING, after_working_hours, is_working_day
from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState
from quetsach_portal.cases.models.case import CaseEvent
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.mail.message import one_line
from quetsach_portal.people.models.news import NewsKind
from quetsach_portal.people.news.writing import NewsSubject, tell_many
from quetsach_portal.people.news.writing import tell as tell_news

SILENT_HOURS = 8
"""Working hours until the office above is asked; as many again until the lead office is."""

ONE_MAIL_IN = timedelta(minutes=15)
"""What comes later in this time is told in one mail at its end."""

TOLD_AT_ONCE = (AlertKind.NEW, AlertKind.RECURRED, AlertKind.NOTICE)
"""What is about a machine of the unit; all else is told in the morning, with the other news."""

LATEST_DIGEST_HOUR = 12
"""A portal that was away in the morning tells until noon."""

_GOING_OUT = ("queued", "sending", "sent", "in_doubt")


def raise_alerts(work: RunningJob) -> None:
    """Raise alerts about the events of a node since a moment and tell its unit; a job's handler."""
    since = datetime.fromisoformat(work.payload["since"])
    node = CampaignNode.objects.select_related("campaign", "parent").get(pk=work.payload["node"])
    with work.finishing():
        if node.campaign.state == CampaignState.LIVE:
            raise_for(node, since)
            tell(node)


def raise_for(node: CampaignNode, since: datetime) -> list[Alert]:
    """Return the new alerts about `node`: one for each case that was opened or came back.

    A case that already has an open alert gets none: it is still to be seen to.
    Doing it again raises none. The caller holds the transaction.
    """
    CampaignNode.objects.select_for_update(of=("self",)).get(pk=node.pk)
    is_open = Alert.objects.filter(case=OuterRef("case"), state__in=OPEN_STATES)
    events = (
        CaseEvent.objects.select_related("case")
        .filter(
            ~Exists(is_open),
            case__node=node,
            case__closed_at__isnull=True,
            at__gte=since,
            kind__in=["opened", "recurred", "reopened"],
            alert__isnull=True,
        )
        .order_by("pk")
    )
    alerts: dict[int, Alert] = {}
    for event in events:
        kind = _kind_of(event)
        if kind is not None and event.case_id not in alerts:
            alerts[event.case_id] = Alert(
                node=node,
                case_id=event.case_id,
                event=event,
                kind=kind,
                raised_at=event.at,
                due_at=after_working_hours(event.at, SILENT_HOURS),
            )
    cases = [event.case for event in events if event.case_id in alerts]
    subjects = {
        case.pk: NewsSubject(f"case:{case.pk}", case.number, reverse("cases:show", args=[case.pk]))
        for case in cases
    }
    tell_many(
        NewsKind.MACHINE,
        [(node.unit_id, subject) for subject in subjects.values()],
        campaign_id=node.campaign_id,
    )
    return Alert.objects.bulk_create(list(alerts.values()))


def raise_about(
    node: CampaignNode, kind: AlertKind, key: str, summary: str, page: str = ""
) -> Alert:
    """Return the alert of `node` about a matter without case, raised now if it is a new one.

    While a matter lasts it is one alert, answered or not: only its words change. `end_about` ends
    it; then the same `key` is a new matter. `summary` is for who may see the unit's matters and
    never stands in a mail; `page` is an address of this portal where more is said. The mail goes
    out by `look_after`: about a machine within a minute, else in the morning. The caller holds the
    transaction.
    """
    CampaignNode.objects.select_for_update(of=("self",)).get(pk=node.pk)
    now = timezone.now()
    words = {"kind": kind, "summary": one_line(summary)[:300], "page": page}
    alert, is_new = Alert.objects.exclude(state=AlertState.CLOSED).get_or_create(
        node=node,
        key=key,
        defaults={
            **words,
            "raised_at": now,
            # What waits for the morning is answered a working day later.
            "due_at": after_working_hours(
                now, SILENT_HOURS if kind in TOLD_AT_ONCE else 2 * SILENT_HOURS
            ),
        },
    )
    if is_new:
        with translation.override("vi"):
            about = str(AlertKind(kind).label)
        subject = NewsSubject(f"alert:{alert.pk}", about, reverse("alerts:index"))
        tell_news(NewsKind.ALERT, node.unit_id, subject, campaign_id=node.campaign_id)
    elif any(getattr(alert, name) != text for name, text in words.items()):
        Alert.objects.filter(pk=alert.pk).update(**words)
        alert.refresh_from_db()
    return alert


def end_about(node: CampaignNode, key: str) -> int:
    """End what `raise_about` raised: the matter is over. Return how many alerts ended, 0 or 1."""
    rows = Alert.objects.filter(node=node, key=key).exclude(state=AlertState.CLOSED)
    return rows.update(state=AlertState.CLOSED, due_at=None)


def is_morning(now: datetime) -> bool:
    """Return whether mails that can wait go out now: on working days from 07:30 until noon."""
    local = timezone.localtime(now)
    is_early = local.time() >= MORNING and local.hour < LATEST_DIGEST_HOUR
    return is_early and is_working_day(now)


def _kind_of(event: CaseEvent) -> AlertKind | None:
    if event.kind == "reopened":
        return AlertKind.RECURRED if event.detail.get("because") == "sighting" else None
    return AlertKind.NEW if event.kind == "opened" else AlertKind.RECURRED


def tell(node: CampaignNode) -> AlertMail | None:
    """Ask for one mail about all alerts of `node` that none tells yet; None where that waits.

    At most one in a quarter of an hour; about a machine, one that told of none holds nothing back.
    A unit without an address that works cannot be told: the office above is asked at once. The
    caller holds the transaction.
    """
    telling = AlertMail.alerts.through.objects.filter(
        alert=OuterRef("pk"), alertmail__state__in=_GOING_OUT
    ).exclude(alertmail__kind__in=TO_OFFICE)
    untold = list(
        Alert.objects.filter(
            ~Exists(telling), node=node, state=AlertState.RAISED, level=AlertLevel.UNIT
        ).order_by("pk")
    )
    if not untold:
        return None
    now = timezone.now()
    mails = AlertMail.objects.filter(node=node, kind=AlertMailKind.AT_ONCE)
    # A server that was down for a day says nothing of the address for the next machine.
    lost = mails.filter(state="failed", alerts__in=untold)
    failed = set(lost.values_list("address", flat=True))
    if not any(alert.kind in TOLD_AT_ONCE for alert in untold) and not is_morning(now):
        return None
    recent = mails.filter(made_at__gt=now - ONE_MAIL_IN).exclude(state="failed")
    if any(alert.case_id is not None for alert in untold):
        recent = recent.filter(alerts__case__isnull=False)
    if recent.exists():
        return None
    key = f"at-once:{untold[0].pk}"
    text = channel_text(node, AlertMailKind.AT_ONCE, untold)
    send_to_channels(node, text, key=key, alerts=untold)
    if any(alert.kind in TOLD_AT_ONCE for alert in untold):
        has_digest = False
        address = next((one for one in addresses_for(node) if one not in failed), "")
    else:
        address, has_digest = address_in_the_morning(node, failed)
    if not address:
        Alert.objects.filter(pk__in=[alert.pk for alert in untold]).update(due_at=now)
        return None
    if has_digest:
        Alert.objects.filter(pk__in=[alert.pk for alert in untold]).update(
            state=AlertState.TOLD, told_at=now
        )
        return None
    mail = mail_about(node, AlertMailKind.AT_ONCE, key, address, untold)
    ask_for([mail])
    return mail
