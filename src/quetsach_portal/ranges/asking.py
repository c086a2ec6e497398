"""Units are asked about their notices: forwarded with a deadline, alerted, reported when late."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quetsach_portal.alerts.models import AlertKind
from quetsach_portal.alerts.raising import end_about, raise_about
from quetsach_portal.campaigns.deadlines import after_working_hours, before_text
from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState
from quetsach_portal.cases import notices as case_notices
from quetsach_portal.cases.models.notice import BatchState, NoticeBatch
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.people.models.account import User
from quetsach_portal.ranges.models import (
    AllottedNotice,
    AllottedState,
    Forwarding,
    NoticeQuestion,
)
from quetsach_portal.ranges.retention import link_end

CLIMB_HOURS = 8
"""Working hours after the deadline's report to the office above until the lead office is told."""


def forward(
    batch: NoticeBatch, node: CampaignNode, notices: Sequence[AllottedNotice], actor: User | None
) -> Forwarding:
    """Ask a unit about these notices of a file and have them traced; what it has is added to.

    The caller holds the transaction.
    """
    numbers = sorted(notice.number for notice in notices)
    forwarding = (
        Forwarding.objects.select_for_update(of=("self",))
        .select_related("part", "node__campaign", "node__unit")
        .filter(batch=batch, node=node)
        .first()
    )
    if forwarding is None:
        part = NoticeBatch.objects.create(
            node=node,
            stored=batch.stored,
            source=NoticeBatch.Source.PART,
            only=numbers,
            handed_in_by=batch.handed_in_by,
        )
        forwarding = Forwarding.objects.create(
            batch=batch, node=node, part=part, due_at=due_of(batch)
        )
    else:
        part = forwarding.part
        part.only = sorted({*part.only, *numbers})
        part.runs += 1
        part.state = BatchState.WAITING
        part.save(update_fields=["only", "runs", "state"])
        forwarding.due_at = max(forwarding.due_at, due_of(batch))
        forwarding.save(update_fields=["due_at"])
    NoticeQuestion.objects.bulk_create(
        [NoticeQuestion(notice=notice, forwarding=forwarding) for notice in notices],
        ignore_conflicts=True,
    )
    case_notices.ask_trace(part)
    case_notices.audit("notices.forwarded", part, actor, {"items": len(numbers)})
    return forwarding


def search_again(node: CampaignNode) -> int:
    """Search the notices that are open at `node` and below it in the logs that have come.

    Returns how many units' parts are traced again. The caller holds the transaction.
    """
    waiting = NoticeQuestion.objects.filter(forwarding=OuterRef("pk"), answer="")
    rows = Forwarding.objects.filter(
        Exists(waiting), node__path__startswith=node.path, node__campaign_id=node.campaign_id
    )
    forwardings = list(rows.select_related("part__node__unit").order_by("pk"))
    for forwarding in forwardings:
        part = forwarding.part
        part.runs += 1
        part.state = BatchState.WAITING
        part.save(update_fields=["runs", "state"])
        case_notices.ask_trace(part)
    return len(forwardings)


def due_of(batch: NoticeBatch) -> datetime:
    """Return until when units answer about a file; one that was decided late has a new term."""
    written = str(batch.accounts.get("due", ""))
    due = datetime.fromisoformat(written) if written else timezone.now()
    return due if due > timezone.now() else after_working_hours(timezone.now(), 16)


def open_questions(forwarding: Forwarding) -> int:
    """Return how many notices the unit has not answered."""
    return NoticeQuestion.objects.filter(forwarding=forwarding, answer="").count()


def refresh_alert(forwarding: Forwarding) -> None:
    """Tell the unit what it has to answer, or that nothing is left. The caller holds the
    transaction."""
    node, key = forwarding.node, f"notice:{forwarding.pk}"
    count = open_questions(forwarding)
    if count and node.campaign.state == CampaignState.LIVE:
        with translation.override("vi"):
            raise_about(
                node, AlertKind.NOTICE, key, _asked_text(forwarding, count), link_of(forwarding)
            )
        return
    end_about(node, key)
    for office in _offices_above(node):
        end_about(office, f"notice-late:{forwarding.pk}")


def refresh_lead_alert(batch: NoticeBatch) -> None:
    """Tell the lead office that it has to decide about notices, or that nothing is left.

    The caller holds the transaction.
    """
    key = f"notice-undecided:{batch.pk}"
    rows = AllottedNotice.objects.filter(batch=batch, state=AllottedState.UNDECIDED)
    count = rows.count()
    if not count:
        end_about(batch.node, key)
        return
    with translation.override("vi"):
        text = ngettext(
            "%(count)s notice of the authority is nobody’s",
            "%(count)s notices of the authority are nobody’s",
            count,
        )
        page = reverse("ranges:notices", args=[batch.pk])
        raise_about(batch.node, AlertKind.NOTICE, key, text % {"count": count}, page)


def _asked_text(forwarding: Forwarding, count: int) -> str:
    text = ngettext(
        "%(count)s notice of the authority to be answered %(before)s",
        "%(count)s notices of the authority to be answered %(before)s",
        count,
    )
    return text % {"count": count, "before": before_text(forwarding.due_at)}


def link_of(forwarding: Forwarding) -> str:
    """Return the path under which the unit answers without an account."""
    return reverse("notice", args=[forwarding.pk, signature_of(forwarding)])


def signature_of(forwarding: Forwarding) -> str:
    """Return what proves that somebody has the unit's link; 32 hex digits, the same each time."""
    text = f"ranges.link:{forwarding.pk}:{forwarding.secret}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def by_link(forwarding_id: int, signature: str) -> Forwarding | None:
    """Return what this link is about; None for one that is none of ours, is over, or archived."""
    rows = Forwarding.objects.select_related(
        "node__campaign", "node__unit", "part", "batch__stored"
    )
    forwarding = rows.filter(pk=forwarding_id, node__campaign__state=CampaignState.LIVE).first()
    if forwarding is None or not hmac.compare_digest(signature_of(forwarding), signature):
        return None
    return None if link_end(forwarding) <= timezone.now() else forwarding


def report_late(work: RunningJob) -> None:
    """Tell the office above, then the lead office, which units are late; a periodic job."""
    now = timezone.now()
    waiting = NoticeQuestion.objects.filter(forwarding=OuterRef("pk"), answer="")
    rows = Forwarding.objects.filter(
        Exists(waiting), due_at__lte=now, climbed__lt=2, node__campaign__state=CampaignState.LIVE
    )
    for forwarding in list(rows.select_related("node__campaign", "node__parent__unit")):
        with transaction.atomic():
            climb(forwarding, now)
        work.renew()


def climb(forwarding: Forwarding, now: datetime) -> CampaignNode | None:
    """Tell the next office that the unit is late; return it, None where it is not yet time.

    The caller holds the transaction.
    """
    offices = _offices_above(forwarding.node)
    if forwarding.climbed == 1 and now < after_working_hours(forwarding.due_at, CLIMB_HOURS):
        return None
    # Directly below the lead office both are the same.
    told_offices = offices[:1] if forwarding.climbed == 0 else offices[-1:]
    at = 2 if len(offices) <= 1 else forwarding.climbed + 1
    Forwarding.objects.filter(pk=forwarding.pk).update(climbed=at)
    if not told_offices:
        return None
    facts = {"unit": forwarding.node.name_at_freeze, "count": open_questions(forwarding)}
    with translation.override("vi"):
        text = _("%(unit)s is late: %(count)s notices of the authority without an answer") % facts
    page = reverse("ranges:notices", args=[forwarding.batch_id]) if at == 2 else ""
    raise_about(told_offices[0], AlertKind.NOTICE, f"notice-late:{forwarding.pk}", text, page)
    return told_offices[0]


def _offices_above(node: CampaignNode) -> list[CampaignNode]:
    """Return the nodes above, the nearest first."""
    ids = [int(one) for one in node.path.strip("/").split("/") if one]
    nodes = CampaignNode.objects.filter(pk__in=ids).exclude(pk=node.pk)
    return list(nodes.select_related("campaign", "unit").order_by("-depth"))


def nodes_of_units(batch: NoticeBatch, units: Iterable[int]) -> dict[int, CampaignNode]:
    """Return the nodes of units in the campaign of a file, by unit."""
    nodes = CampaignNode.objects.filter(campaign_id=batch.node.campaign_id, unit_id__in=list(units))
    return {node.unit_id: node for node in nodes.select_related("campaign", "unit")}
