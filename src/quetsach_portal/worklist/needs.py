"""What waits for a person: one line a subject, with its count, and the page where it is done."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    CampaignState,
    Phase,
    ReportCounter,
)
from quetsach_portal.campaigns.queries import tally_of
from quetsach_portal.cases.worklist import CaseTask
from quetsach_portal.followup.tasks import needs_of_lead
from quetsach_portal.jobs.models import JobState
from quetsach_portal.letters.models import Dispatch, DispatchState, Letter, LetterState
from quetsach_portal.operations.trail import jobs_of
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.register.access import may_decide
from quetsach_portal.register.queries import events_of
from quetsach_portal.web.compiled_queries import CompiledQuery

MOST_EVENTS = 50
UNDELIVERED = (DispatchState.BOUNCED, DispatchState.FAILED, DispatchState.IN_DOUBT)


def needs_of_office(node: CampaignNode) -> list[CaseTask]:
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
        CaseTask(title, str(waiting[name]), address, tone)
        for name, title, address, tone in lines
        if waiting[name]
    ]
    return [*items, *_undelivered(node)]


def events_to_decide(scope: Scope) -> list[CaseTask]:
    """Return the changes of the tree that the person may approve. Cost: one query."""
    waiting = events_of(scope, waiting=True)[:MOST_EVENTS]
    count = sum(may_decide(scope, one) for one in waiting)
    title = _("Changes of the tree to approve")
    return [CaseTask(title, str(count), reverse("units:events"), "warn")] if count else []


def failed_jobs(scope: Scope) -> list[CaseTask]:
    """Return the background jobs that gave up. Cost: one query."""
    count = jobs_of(scope).filter(state=JobState.FAILED).count()
    title = _("Background jobs that failed")
    return [CaseTask(title, str(count), reverse("oversight:jobs"), "bad")] if count else []


def preparation(campaign: Campaign) -> list[CaseTask]:
    """Return the step that an owner takes next in a campaign that does not run yet."""
    if campaign.state not in (CampaignState.DRAFT, CampaignState.READY):
        return []
    title = _("Continue the preparation of the campaign")
    address = reverse("campaigns:setup", args=[campaign.pk])
    return [CaseTask(title, str(campaign.get_state_display()), address, "warn")]


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


# Letters on the desks of a unit: for the clerk, for who signs, and for who wrote them.


MOST = 10
WRITERS = (Role.FOCAL_POINT, Role.COMPILER, Role.LEAD_OWNER)


def for_clerk(scope: Scope) -> list[CaseTask]:
    """Return the letters to number or to release, those that waited longest first."""
    letters = _own(scope, Role.CLERK).filter(
        Q(state=LetterState.DRAFT, with_clerk_at__isnull=False) | Q(state=LetterState.NUMBERED)
    )
    return [_on_clerks_desk(one) for one in letters.order_by("with_clerk_at", "pk")[:MOST]]


def for_signer(scope: Scope) -> list[CaseTask]:
    """Return the numbered letters whose signed original is not kept yet."""
    letters = _own(scope, Role.SIGNER).filter(state=LetterState.NUMBERED, original__isnull=True)
    return [
        _item(one, _("Number %(number)s, to be signed") % {"number": one.full_number}, "warn")
        for one in letters.order_by("pk")[:MOST]
    ]


def for_writer(scope: Scope) -> list[CaseTask]:
    """Return the drafts that the clerk gave back, with why."""
    returned = _RETURNED(units=scope.own_units(*WRITERS))
    return [_item(one, one.returned_why, "warn") for one in returned]


def _own(scope: Scope, *roles: Role) -> QuerySet[Letter]:
    return _of_units(scope.own_units(*roles))


def _of_units(units: Collection[int]) -> QuerySet[Letter]:
    return Letter.objects.filter(node__unit_id__in=units, is_outside=False)


_RETURNED = CompiledQuery(
    lambda units: (
        _of_units(units)
        .filter(state=LetterState.DRAFT, with_clerk_at__isnull=True)
        .exclude(returned_why="")
        .order_by("pk")[:MOST]
    )
)


def _on_clerks_desk(letter: Letter) -> CaseTask:
    if letter.state == LetterState.DRAFT:
        return _item(letter, _("To be given a number"), "warn")
    if letter.original_id is None:
        return _item(letter, _("Numbered; the signed original is missing"), "info")
    return _item(letter, _("To be released"), "warn")


def _item(letter: Letter, hint: str, tone: str) -> CaseTask:
    return CaseTask(letter.subject, hint, reverse("letters:letter", args=[letter.pk]), tone)


# Four figures of a unit and all below it: told, received, deployed and signed, of what is due.


@dataclass(frozen=True)
class WorklistFigure:
    """How many of how many, in words, and the page with the rows behind it."""

    word: str
    part: int
    whole: int
    address: str


def figures_of(node: CampaignNode, phase: Phase | None) -> list[WorklistFigure]:
    """Return the figures, the unit itself included. Cost: two queries at most, for any tree."""
    units = tally_of(node)
    slots = ReportCounter.objects.filter(node=node, phase=phase).first() or ReportCounter()
    ladder = f"{reverse('followup:ladder', args=[node.campaign_id])}?under={node.pk}"
    reports = f"{reverse('followup:completeness', args=[node.campaign_id])}?under={node.pk}"
    return [
        WorklistFigure(_("units told"), units.told, units.units, ladder),
        WorklistFigure(_("units that received the letter"), units.received, units.units, ladder),
        WorklistFigure(_("units that deployed"), units.deployed, units.units, ladder),
        WorklistFigure(_("reports signed"), slots.signed, slots.expected, reports),
    ]
