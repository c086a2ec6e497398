"""What an owner does next for a campaign: prepare it, or decide on its list."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.cases.worklist import CaseTask
from quetsach_portal.lists.holding import undecided_holds
from quetsach_portal.lists.queries import waits_of

MOST = 10


def preparation(campaign: Campaign) -> list[CaseTask]:
    """Return what an owner does next: prepare the campaign, or decide on a version of its list."""
    if campaign.state not in (CampaignState.DRAFT, CampaignState.READY):
        count, waits = waits_of(campaign)
        address = reverse("lists:index", args=[campaign.pk])
        title = _("New versions of the list to decide on")
        tasks = [CaseTask(title, str(count), address, "warn")] if count else []
        if waits:
            title = _("Holds and rows of the list that wait for a second person")
            page = reverse("lists:step", args=[campaign.pk])
            tasks.append(CaseTask(title, str(waits), page, "warn"))
            tasks += _undecided(campaign, page)
        return tasks
    title = _("Continue the preparation of the campaign")
    address = reverse("campaigns:setup", args=[campaign.pk])
    return [CaseTask(title, str(campaign.get_state_display()), address, "warn")]


def _undecided(campaign: Campaign, page: str) -> list[CaseTask]:
    """Return the holds of the list that wait for too long, each by name. Cost: one query."""
    return [
        CaseTask(
            _("On hold since %(day)s, not decided on: %(row)s")
            % {
                "day": date_format(timezone.localtime(list_hold.at), "SHORT_DATE_FORMAT"),
                "row": list_hold.key or _("version %(n)s of the list") % {"n": list_hold.version.n},
            },
            list_hold.reason,
            page,
            "bad",
        )
        for list_hold in undecided_holds(campaign)[:MOST]
    ]
