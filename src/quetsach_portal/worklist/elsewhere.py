"""What is to be done in campaigns other than the one that the first page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignState,
    ExpectedReport,
    ExpectedReportState,
)
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope

RUNNING = (CampaignState.LIVE, CampaignState.CLOSING)
REPORTS = (Role.FOCAL_POINT, Role.COMPILER)


@dataclass(frozen=True)
class TaskElsewhere:
    """What comes next in another campaign; `due_at` is None where nothing has a day there."""

    campaign: Campaign
    title: str
    due_at: datetime | None
    is_decision: bool = False

    @property
    def campaign_id(self) -> int:
        """The number of the campaign."""
        return self.campaign.pk


def tasks_elsewhere(
    scope: Scope, campaigns: Sequence[Campaign], shown: Campaign | None
) -> list[TaskElsewhere]:
    """Return a row for each of `campaigns` but the one shown: decisions first, then by due date.

    Cost: one query for who reports, whatever the number of campaigns.
    """
    shown_id = 0 if shown is None else shown.pk
    due: dict[int, ExpectedReport] = {}
    units = scope.own_units(*REPORTS)
    for slot in _open_reports(shown_id, units) if units else ():
        due.setdefault(slot.node.campaign_id, slot)
    tasks = [
        _start(campaign)
        if start_waits_for(scope, campaign)
        else _task(campaign, due.get(campaign.pk))
        for campaign in campaigns
        if campaign.pk != shown_id
    ]
    return sorted(
        tasks,
        key=lambda task: (
            not task.is_decision,
            task.due_at is None,
            task.due_at or timezone.now(),
        ),
    )


def start_waits_for(scope: Scope, campaign: Campaign) -> bool:
    """Return whether another owner asked the person to confirm the start of `campaign`."""
    if campaign.state != CampaignState.READY or campaign.start_asked_by_id is None:
        return False
    is_owner = campaign.lead_unit_id in scope.own_units(Role.LEAD_OWNER)
    return is_owner and campaign.start_asked_by_id != scope.user_id


def _start(campaign: Campaign) -> TaskElsewhere:
    return TaskElsewhere(campaign, _("Decide on the start of the campaign"), None, is_decision=True)


def _open_reports(shown_id: int, units: frozenset[int]) -> QuerySet[ExpectedReport]:
    rows = ExpectedReport.objects.filter(
        node__unit_id__in=units,
        node__campaign__state__in=RUNNING,
        phase__opens_at__lte=timezone.now(),
        reported_at__isnull=True,
    )
    rows = rows.exclude(node__campaign_id=shown_id).exclude(state=ExpectedReportState.EXCUSED)
    return rows.select_related("node").order_by("due_at", "pk")[:100]


def _task(campaign: Campaign, slot: ExpectedReport | None) -> TaskElsewhere:
    if slot is None:
        return TaskElsewhere(campaign, _("Nothing of yours is due there"), None)
    if slot.node.received_at is None:
        return TaskElsewhere(campaign, _("Confirm that you received the letter"), slot.due_at)
    return TaskElsewhere(campaign, _("Report the results"), slot.due_at)
