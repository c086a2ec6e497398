"""What a lead office does next in a campaign that runs, the most urgent first."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    Campaign,
    CampaignNode,
    CampaignState,
    ExpectedReport,
    ExpectedReportState,
)
from quetsach_portal.cases.worklist import CaseTask
from quetsach_portal.followup.tasks import needs_of_lead
from quetsach_portal.letters.launching import LaunchLetter, launch_letter
from quetsach_portal.letters.models import LetterState
from quetsach_portal.letters.queries import reached
from quetsach_portal.lists.queries import waits_of
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.reports.worklist import for_office

RUNS = (CampaignState.LIVE, CampaignState.CLOSING)


def next_things(campaign: Campaign, scope: Scope) -> list[CaseTask]:
    """Return what waits for the lead office of `campaign`; nothing unless it runs.

    Shapes: in the order in which a campaign goes on: the letter goes out, units are told, answer
    and report, and what they hand in is read. Cost: some twenty queries, however large the tree.
    """
    letter = launch_letter(campaign)
    if campaign.state not in RUNS or letter.node is None:
        return []
    node, now = letter.node, timezone.now()
    things = [*_letter_things(letter), *_untold(letter), *_late(node, now)]
    waiting = needs_of_lead(node)
    ladder = reverse("followup:ladder", args=[campaign.pk])
    extensions = f"{reverse('followup:extensions', args=[campaign.pk])}?state=asked"
    silent = reverse("followup:silent", args=[campaign.pk])
    lines = (
        ("silent", _("Silent units"), silent, "bad"),
        ("extensions", _("Extension requests to decide"), extensions, "warn"),
        ("declarations", _("Declarations of deployment to check"), ladder, "info"),
    )
    things += [
        CaseTask(title, str(waiting[name]), url, tone)
        for name, title, url, tone in lines
        if waiting[name]
    ]
    return [*things, *for_office(node, scope), *_list_things(campaign)]


def _letter_things(letter: LaunchLetter) -> list[CaseTask]:
    """Return what keeps the lead office's letter from its units, or from some of them."""
    written = letter.row
    if written is None:
        if not letter.recipients:
            return []
        assert letter.node is not None
        url = reverse("campaigns:launch_letter", args=[letter.node.campaign_id])
        return [CaseTask(_("The letter to the units is not drafted"), "1", url, "bad")]
    if written.state != LetterState.RELEASED:
        words = _("The letter is signed and not released") if letter.is_signed else ""
        title = words or _("The letter is not signed")
        return [CaseTask(title, "1", reverse("letters:letter", args=[written.pk]), "bad")]
    reach, url = reached(written), reverse("letters:dispatch", args=[written.pk])
    paper = reach.paper - reach.paper_handed
    lines = (
        (_("E-mails of the letter that did not arrive"), reach.needs_you, "state=needs_you"),
        (_("Letters on paper that are not handed over"), paper, "channel=paper&state=queued"),
    )
    return [
        CaseTask(title, str(count), f"{url}?{query}", "bad")
        for title, count, query in lines
        if count
    ]


def _untold(letter: LaunchLetter) -> list[CaseTask]:
    """Return the units below that nobody told, once the letter is out: at every level."""
    if letter.row is None or letter.row.state != LetterState.RELEASED or letter.node is None:
        return []
    campaign = letter.node.campaign_id
    units = CampaignNode.objects.filter(campaign=campaign, state__in=COUNTED, told_at=None)
    count = units.count()
    if not count:
        return []
    url = reverse("letters:cascade", args=[letter.node.pk])
    return [CaseTask(_("Units that no letter has reached yet"), str(count), url, "warn")]


def _late(node: CampaignNode, now: datetime) -> list[CaseTask]:
    """Return the reports of units directly below that are late by the unit's own deadline."""
    if node.campaign.paused_until is not None:
        return []
    owed = ExpectedReport.objects.filter(
        ~Q(state=ExpectedReportState.EXCUSED),
        node__parent=node,
        node__state__in=COUNTED,
        node__told_at__isnull=False,
        reported_at=None,
        due_at__lte=now,
    )
    count = owed.values("node").distinct().count()
    if not count:
        return []
    url = f"{reverse('followup:remind', args=[node.pk])}?waits=reported&days=0"
    return [CaseTask(_("Units whose report is late: remind them"), str(count), url, "bad")]


def _list_things(campaign: Campaign) -> list[CaseTask]:
    versions, waits = waits_of(campaign)
    step = reverse("lists:step", args=[campaign.pk])
    lines = (
        (_("New versions of the list to decide on"), versions),
        (_("Holds and rows of the list that wait for a second person"), waits),
    )
    return [CaseTask(title, str(count), step, "warn") for title, count in lines if count]
