"""Look after alerts each minute: tell what waits, report who is silent, mail the day's digest."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from quetsach_portal.alerts.channels import send_to_channels, standing
from quetsach_portal.alerts.mail_texts import channel_text
from quetsach_portal.alerts.mails import (
    address_in_the_morning,
    addresses_above,
    ask_for,
    mail_about,
)
from quetsach_portal.alerts.models import (
    OPEN_STATES,
    Alert,
    AlertLevel,
    AlertMail,
    AlertMailKind,
    AlertState,
    ChannelMessage,
)
from quetsach_portal.alerts.raising import SILENT_HOURS, TOLD_AT_ONCE, is_morning, tell
from quetsach_portal.alerts.retention import settle
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.deadlines import MORNING, after_working_hours
from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.people.models.news import NewsKind
from quetsach_portal.people.news.writing import NewsSubject
from quetsach_portal.people.news.writing import tell as tell_news


def look_after(work: RunningJob) -> None:
    """Do all that time asks of the open alerts; a periodic job, safe to repeat."""
    settle()
    now = timezone.now()
    can_wait = {} if is_morning(now) else {"kind__in": TOLD_AT_ONCE}
    for node in _nodes(state=AlertState.RAISED, level=AlertLevel.UNIT, **can_wait):
        with transaction.atomic():
            tell(_locked(node))
        work.renew()
    for node in _nodes(state__in=OPEN_STATES, due_at__lte=now):
        with transaction.atomic():
            report_silence(_locked(node), now)
        work.renew()
    if is_morning(now):
        for node in _digests_due(timezone.localtime(now)):
            with transaction.atomic():
                send_digest(_locked(node), now)
            work.renew()


def _nodes(**condition: object) -> list[int]:
    """Return the nodes with such alerts, in campaigns that run."""
    rows = Alert.objects.filter(node__campaign__state=CampaignState.LIVE, **condition)
    return list(rows.order_by("node_id").values_list("node_id", flat=True).distinct())


def _digests_due(local: datetime) -> list[int]:
    """Return the nodes that get a digest now: told before this morning, reachable, none so far.

    Cost: three queries, and some for each unit that was not told of it yet.
    """
    nodes = _nodes(state=AlertState.TOLD, told_at__lt=_morning_of(local))
    keys = {_digest_key(node, local): node for node in nodes}
    sent = {*_keys_of(AlertMail, keys), *_keys_of(ChannelMessage, keys)}
    waiting = [node for key, node in keys.items() if key not in sent]
    rows = CampaignNode.objects.select_related("unit").filter(pk__in=waiting).order_by("pk")
    return [node.pk for node in rows if standing([node.unit_id]).exists() or _own_address(node)]


def _own_address(node: CampaignNode) -> str:
    """Return whom a digest of alerts alone is mailed to; "" for nobody, or who has that of all."""
    address, has_digest = address_in_the_morning(node)
    return "" if has_digest else address


def _keys_of(model: type[AlertMail | ChannelMessage], keys: Iterable[str]) -> set[str]:
    return set(model.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def _morning_of(local: datetime) -> datetime:
    return local.replace(hour=MORNING.hour, minute=MORNING.minute, second=0, microsecond=0)


def _digest_key(node_id: int, local: datetime) -> str:
    return f"digest:{node_id}:{local.date().isoformat()}"


def _locked(node_id: int) -> CampaignNode:
    nodes = CampaignNode.objects.select_for_update(of=("self",))
    return nodes.select_related("campaign", "unit", "parent__unit").get(pk=node_id)


def report_silence(node: CampaignNode, now: datetime) -> list[AlertMail]:
    """Ask the next office about what `node` has not answered; return the mails to it.

    First the office above, after as long again the lead office; one mail a unit, level and day.
    """
    due = list(
        Alert.objects.filter(node=node, state__in=OPEN_STATES, due_at__lte=now).order_by("pk")
    )
    by_level: dict[AlertLevel, list[Alert]] = defaultdict(list)
    for alert in due:
        by_level[_next_level(node, AlertLevel(alert.level))].append(alert)
    mails: list[AlertMail] = []
    for level, alerts in by_level.items():
        again = None if level == AlertLevel.LEAD else after_working_hours(now, SILENT_HOURS)
        rows = Alert.objects.filter(pk__in=[alert.pk for alert in alerts])
        rows.update(level=level, due_at=again)
        _audit(node, level, len(alerts))
        mails += _mails_above(node, level, alerts, now)
    ask_for(mails)
    return mails


def _next_level(node: CampaignNode, level: AlertLevel) -> AlertLevel:
    """Return who is asked next; directly below the lead office both are the same."""
    is_near_lead = node.parent is None or node.parent.parent_id is None
    return AlertLevel.LEAD if is_near_lead or level > AlertLevel.UNIT else AlertLevel.PARENT


def _mails_above(
    node: CampaignNode, level: AlertLevel, alerts: Sequence[Alert], now: datetime
) -> list[AlertMail]:
    office = node.parent if level == AlertLevel.PARENT else _root(node)
    if office is None:
        return []
    day = timezone.localtime(now).date().isoformat()
    subject = NewsSubject(f"silent:{node.pk}", node.name_at_freeze, reverse("alerts:index"))
    tell_news(NewsKind.SILENT, office.unit_id, subject, campaign_id=node.campaign_id)
    key = f"silent:{node.pk}:{level}:{day}"
    text = channel_text(node, AlertMailKind.SILENT, alerts)
    send_to_channels(office, text, key=key, alerts=alerts)
    return [
        mail_about(node, AlertMailKind.SILENT, key, address, alerts)
        for address in addresses_above(office)
    ]


def _root(node: CampaignNode) -> CampaignNode | None:
    return CampaignNode.objects.filter(campaign_id=node.campaign_id, parent__isnull=True).first()


def send_digest(node: CampaignNode, now: datetime) -> AlertMail | None:
    """Ask for the day's one mail about what `node` has not answered; None where none is new.

    Its channels get the same, also where no address is known. What was told today is not told
    again.
    """
    local = timezone.localtime(now)
    morning, key = _morning_of(local), _digest_key(node.pk, local)
    if AlertMail.objects.filter(key=key).exists():
        return None
    alerts = list(
        Alert.objects.filter(node=node, state=AlertState.TOLD, told_at__lt=morning).order_by("pk")
    )
    if not alerts:
        return None
    text = channel_text(node, AlertMailKind.DIGEST, alerts)
    send_to_channels(node, text, key=key, alerts=alerts)
    address = _own_address(node)
    if not address:
        return None
    mail = mail_about(node, AlertMailKind.DIGEST, key, address, alerts)
    ask_for([mail])
    return mail


def _audit(node: CampaignNode, level: AlertLevel, count: int) -> None:
    record(
        "alert.silent",
        actor=None,
        kind="campaign",
        object_id=node.campaign_id,
        unit_path=node.unit.path,
        detail={"unit": node.unit_id, "alerts": count, "asked": int(level)},
    )
