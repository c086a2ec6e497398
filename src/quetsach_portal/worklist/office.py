"""What an office decides: its campaign, the units below, alerts, organisational changes, jobs."""

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach_portal.alerts import queries as alerts
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.campaigns.scope import NodeScope
from quetsach_portal.cases.worklist import CaseTask, today_for_lead
from quetsach_portal.followup.tasks import needs_of_lead
from quetsach_portal.jobs.models import JobState
from quetsach_portal.letters.models import Dispatch, DispatchState
from quetsach_portal.operations import trail
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.register.access import may_decide
from quetsach_portal.register.queries import events_of
from quetsach_portal.reports.worklist import for_office
from quetsach_portal.sensors import queries as sensors
from quetsach_portal.worklist.elsewhere import start_waits_for
from quetsach_portal.worklist.preparation import preparation, second_decisions

DECIDES = (Role.LEAD_OWNER, Role.COMPILER)
MOST_EVENTS = 50
UNDELIVERED = (DispatchState.BOUNCED, DispatchState.FAILED, DispatchState.IN_DOUBT)


def office_tasks(
    scope: Scope, seats: NodeScope, campaign: Campaign | None, node: CampaignNode | None
) -> list[CaseTask]:
    """Return what waits for the decision of an office, in the order in which it presses."""
    items: list[CaseTask] = []
    if campaign is not None and campaign.lead_unit_id in scope.own_units(Role.LEAD_OWNER):
        if start_waits_for(scope, campaign):
            title, page = _("Decide on the start of the campaign"), "campaigns:start"
            asked = str(campaign.start_asked_by)
            items.append(CaseTask(title, asked, reverse(page, args=[campaign.pk]), "warn"))
        else:
            items += preparation(campaign)
        items += second_decisions(campaign, scope.user_id)
    if node is not None and seats.has_role_in(node, *DECIDES):
        items += for_office(node, scope) + needs_of_office(node)
    items += alerts.today_for_office(scope) + sensors.today_for_office(scope)
    items += events_to_decide(scope) + today_for_lead(scope)
    return items if scope.has_role(Role.OPERATOR) else items + failed_jobs(scope)


def needs_of_office(node: CampaignNode) -> list[CaseTask]:
    """Return what the units directly below `node` wait for. Cost: four queries."""
    waiting = needs_of_lead(node)
    campaign = node.campaign_id
    silent = f"{reverse('followup:ladder', args=[campaign])}?under={node.pk}&waits=received"
    asked = f"{reverse('followup:extensions', args=[campaign])}?state=asked"
    lines = (
        ("silent", _("Silent units"), reverse("followup:silent", args=[campaign]), "bad"),
        ("extensions", _("Extension requests to decide"), asked, "warn"),
        ("declarations", _("Declarations of deployment to check"), silent.split("&")[0], "info"),
    )
    items = [
        CaseTask(title, str(waiting[name]), address, tone)
        for name, title, address, tone in lines
        if waiting[name]
    ]
    return [*items, *_undelivered(node)]


def events_to_decide(scope: Scope) -> list[CaseTask]:
    """Return the changes of the tree that the person may approve. Cost: one query."""
    waiting = events_of(scope, waiting=True)[:MOST_EVENTS]
    count = sum(may_decide(scope, event) for event in waiting)
    title = _("Organisational changes to approve")
    return [CaseTask(title, str(count), reverse("units:events"), "warn")] if count else []


def failed_jobs(scope: Scope) -> list[CaseTask]:
    """Return the background jobs that gave up. Cost: one query."""
    count = trail.jobs_of(scope).filter(state=JobState.FAILED).count()
    title = _("Background jobs that failed")
    return [CaseTask(title, str(count), reverse("oversight:jobs"), "bad")] if count else []


def _undelivered(node: CampaignNode) -> list[CaseTask]:
    """Return the node's letters with mails that did not arrive, each with how many."""
    rows = (
        Dispatch.objects.filter(letter__node=node, state__in=UNDELIVERED)
        .values("letter_id", "letter__subject")
        .annotate(count=Count("pk"))
        .order_by("-letter_id")[:5]
    )
    return [
        CaseTask(
            _("Mails that did not arrive: %(letter)s") % {"letter": row["letter__subject"]},
            str(row["count"]),
            f"{reverse('letters:dispatch', args=[row['letter_id']])}?state=needs_you",
            "bad",
        )
        for row in rows
    ]
