"""What an owner does next for a campaign: prepare it, or decide on its list."""

from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.campaigns.models.changes import RunningChange, RunningChangeState
from quetsach_portal.campaigns.models.corrections import CampaignCorrection
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


def second_decisions(campaign: Campaign, person_id: int | None) -> list[CaseTask]:
    """Return what another owner asked to correct or change in a campaign. Cost: one query."""
    asked_state = RunningChangeState.ASKED
    changes = RunningChange.objects.filter(campaign=campaign, state=asked_state)
    corrections = CampaignCorrection.objects.filter(campaign=campaign, state=asked_state)
    pages = {"change": "campaigns:change", "correct": "campaigns:correct"}
    titles = {
        "change": _("Decide on a pause, an early end or a cancellation"),
        "correct": _("Decide on a correction of the campaign"),
    }
    rows = _of_others(changes, "change", person_id).union(
        _of_others(corrections, "correct", person_id), all=True
    )
    return [
        CaseTask(titles[page], reason, reverse(pages[page], args=[campaign.pk]), "warn")
        for page, reason in rows
    ]


def _of_others(
    rows: QuerySet[RunningChange] | QuerySet[CampaignCorrection], page: str, person_id: int | None
) -> QuerySet[Any, tuple[str, str]]:
    others = rows.exclude(asked_by=person_id).annotate(page=Value(page, CharField()))
    return others.values_list("page", "reason")


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
