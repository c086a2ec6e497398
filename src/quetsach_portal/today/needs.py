"""What waits for a person: one line a subject, with its count, and the page where it is done."""

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import Campaign, CampaignNode, CampaignState
from quetsach_portal.cases.today_lists import TodayItem
from quetsach_portal.followup.tasks import needs_of_lead
from quetsach_portal.jobs.models import JobState
from quetsach_portal.letters.models import Dispatch, DispatchState
from quetsach_portal.oversight.access import jobs_of
from quetsach_portal.register.access import may_decide
from quetsach_portal.register.queries import events_of
from quetsach_portal.rights.scope import Scope

MOST_EVENTS = 50
UNDELIVERED = (DispatchState.BOUNCED, DispatchState.FAILED, DispatchState.IN_DOUBT)


def needs_of_office(node: CampaignNode) -> list[TodayItem]:
    """Return what the units directly below `node` wait for. Cost: four queries."""
    waiting = needs_of_lead(node)
    campaign = node.campaign_id
    silent = f"{reverse('followup:ladder', args=[campaign])}?under={node.pk}&waits=received"
    lines = (
        ("silent", _("Silent units"), reverse("followup:silent", args=[campaign]), "bad"),
        (
            "extensions",
            _("Requests for more time to decide"),
            f"{reverse('followup:extensions', args=[campaign])}?state=asked",
            "warn",
        ),
        ("declarations", _("Declarations of deployment to check"), silent.split("&")[0], "info"),
    )
    items = [
        TodayItem(title, str(waiting[name]), address, tone)
        for name, title, address, tone in lines
        if waiting[name]
    ]
    return [*items, *_undelivered(node)]


def events_to_decide(scope: Scope) -> list[TodayItem]:
    """Return the changes of the tree that the person may approve. Cost: one query."""
    waiting = events_of(scope, waiting=True)[:MOST_EVENTS]
    count = sum(may_decide(scope, one) for one in waiting)
    title = _("Changes of the tree to approve")
    return [TodayItem(title, str(count), reverse("units:events"), "warn")] if count else []


def failed_jobs(scope: Scope) -> list[TodayItem]:
    """Return the background jobs that gave up. Cost: one query."""
    count = jobs_of(scope).filter(state=JobState.FAILED).count()
    title = _("Background jobs that failed")
    return [TodayItem(title, str(count), reverse("oversight:jobs"), "bad")] if count else []


def preparation(campaign: Campaign) -> list[TodayItem]:
    """Return the step that an owner takes next in a campaign that does not run yet."""
    if campaign.state not in (CampaignState.DRAFT, CampaignState.READY):
        return []
    title = _("Continue the preparation of the campaign")
    address = reverse("campaigns:setup", args=[campaign.pk])
    return [TodayItem(title, str(campaign.get_state_display()), address, "warn")]


def _undelivered(node: CampaignNode) -> list[TodayItem]:
    """Return the node's letters with mails that did not arrive, each with how many."""
    rows = (
        Dispatch.objects.filter(letter__node=node, state__in=UNDELIVERED)
        .values("letter_id", "letter__subject")
        .annotate(count=Count("pk"))
        .order_by("-letter_id")[:5]
    )
    return [
        TodayItem(
            _("Mails that did not arrive: %(letter)s") % {"letter": row["letter__subject"]},
            str(row["count"]),
            f"{reverse('letters:dispatch', args=[row['letter_id']])}?state=needs_you",
            "bad",
        )
        for row in rows
    ]
