"""Lists and figures of letters that pages show; each is a fixed number of queries."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from quetsach_portal.campaigns.expected_reports import overdue
from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    CampaignNode,
    CampaignState,
    ExpectedReport,
)
from quetsach_portal.letters.access import (
    OUT,
    READS_BELOW,
    READS_OWN_DRAFTS,
    REGISTERS,
    letters_of,
    places_of,
)
from quetsach_portal.letters.models import (
    Channel,
    Dispatch,
    DispatchState,
    DispatchSubject,
    Letter,
    LetterState,
)
from quetsach_portal.mail.models import MailPurpose, OutboxMail, OutboxState
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.access import running
from quetsach_portal.people.roles.scope import Scope

BOXES = ("incoming", "own", "to_number", "below")
"""How a list of letters is cut, from where the person sits."""


@dataclass(frozen=True)
class LetterReach:
    """How many rows of a letter are in each state, and which need a decision."""

    units: int
    on_portal: int
    mails: int
    mails_sent: int
    mails_waiting: int
    in_doubt: int
    bounced: int
    failed: int
    paper: int
    paper_handed: int

    @property
    def needs_you(self) -> int:
        """Return how many rows wait for a person's decision."""
        return self.in_doubt + self.bounced + self.failed


def letters_in(scope: Scope, *, box: str, campaign_id: int | None, state: str) -> QuerySet[Letter]:
    """Return the letters of one box, newest first; everything visible for an unknown box."""
    here = [place.node_id for place in places_of(scope) if place.role != Role.OPERATOR]
    rows = letters_of(scope).select_related("node", "campaign", "based_on")
    reached = Exists(Dispatch.objects.filter(letter=OuterRef("pk"), to_node_id__in=here))
    own = Q(node_id__in=here, is_outside=False)
    cuts = {
        "incoming": Q(reached) | Q(node_id__in=here, is_outside=True),
        "own": own,
        "to_number": own
        & (Q(state=LetterState.DRAFT, with_clerk_at__isnull=False) | Q(state=LetterState.NUMBERED)),
        "below": ~Q(node_id__in=here) & ~Q(reached),
    }
    if box in cuts:
        rows = rows.filter(cuts[box])
    if campaign_id is not None:
        rows = rows.filter(campaign_id=campaign_id)
    if state in LetterState.values:
        rows = rows.filter(state=state)
    return with_overdue(rows, here).order_by("-pk")


def with_overdue(rows: QuerySet[Letter], node_ids: Collection[int]) -> QuerySet[Letter]:
    """Return `rows`, each saying as `is_overdue` that its date has passed without a report.

    Shapes: `node_ids` are the units whose reports are asked about.
    """
    slots = ExpectedReport.objects.filter(overdue(), node_id__in=list(node_ids))
    missing = Exists(slots.filter(node__campaign_id=OuterRef("campaign_id")))
    passed = Q(deadline__lte=timezone.localdate())
    return rows.annotate(is_overdue=ExpressionWrapper(passed & missing, BooleanField()))


def places_to_write(scope: Scope, roles: tuple[Role, ...]) -> list[CampaignNode]:
    """Return the person's own nodes in campaigns that begin or run, where one of `roles` is held.

    Units without units below are left out: they have no recipients.
    """
    ids = {place.node_id for place in places_of(scope) if place.role in roles}
    running = (
        *(CampaignState.DRAFT, CampaignState.READY, CampaignState.LIVE),
        CampaignState.CLOSING,
    )
    below = CampaignNode.objects.filter(parent=OuterRef("pk"), state__in=COUNTED)
    nodes = CampaignNode.objects.filter(Exists(below), pk__in=ids, campaign__state__in=running)
    return list(nodes.select_related("campaign", "unit").order_by("-campaign_id", "depth", "pk"))


def places_with_register(scope: Scope) -> list[CampaignNode]:
    """Return the person's own nodes whose register may be read, newest campaign first."""
    ids = {place.node_id for place in places_of(scope) if place.role in READS_OWN_DRAFTS}
    nodes = CampaignNode.objects.filter(pk__in=ids).select_related("campaign")
    return list(nodes.order_by("-campaign_id", "depth", "pk")[:20])


def places_to_follow(scope: Scope) -> set[int]:
    """Return the ids of the person's own nodes below which they see how letters went on."""
    roles = READS_BELOW.union(REGISTERS)
    return {place.node_id for place in places_of(scope) if place.role in roles}


def possible_bases(node: CampaignNode) -> QuerySet[Letter]:
    """Return the letters on which one of `node` may rest: received, or registered on paper."""
    reached = Exists(Dispatch.objects.filter(letter=OuterRef("pk"), to_node=node))
    return (
        Letter.objects.filter(
            Q(reached) | Q(node=node, is_outside=True),
            campaign_id=node.campaign_id,
            state=LetterState.RELEASED,
        )
        .select_related("node")
        .order_by("-released_at", "-pk")
    )


def own_letters_on(letter: Letter, node: CampaignNode) -> list[Letter]:
    """Return the letters by which `node` passed `letter` on, newest first."""
    return list(Letter.objects.filter(based_on=letter, node=node).order_by("-pk")[:20])


def has_children(node: CampaignNode) -> bool:
    """True when `node` has units below."""
    return CampaignNode.objects.filter(parent=node, state__in=COUNTED).exists()


def has_clerk(node: CampaignNode) -> bool:
    """True when somebody is the clerk of the node's unit today."""
    return running().filter(unit_id=node.unit_id, role=Role.CLERK).exists()


def others_who_got(letter: Letter) -> QuerySet[Dispatch]:
    """Return the portal rows of `letter`, one for each recipient, by name."""
    return (
        letter.dispatches.filter(channel=Channel.PORTAL, about=DispatchSubject.ISSUE)
        .select_related("to_node")
        .order_by("to_node__name_at_freeze", "pk")
    )


def reached(letter: Letter) -> LetterReach:
    """Return the figures of the letter's dispatch. Cost: one query."""
    mail, paper = Q(channel=Channel.MAIL), Q(channel=Channel.PAPER)
    portal = Q(channel=Channel.PORTAL)
    waiting = Q(state__in=[DispatchState.QUEUED, DispatchState.SENDING])
    counted = letter.dispatches.filter(about=DispatchSubject.ISSUE).aggregate(
        units=Count("to_node", distinct=True),
        on_portal=Count("pk", filter=portal),
        mails=Count("pk", filter=mail),
        mails_sent=Count("pk", filter=mail & Q(state=DispatchState.SENT)),
        mails_waiting=Count("pk", filter=mail & waiting),
        in_doubt=Count("pk", filter=mail & Q(state=DispatchState.IN_DOUBT)),
        bounced=Count("pk", filter=mail & Q(state=DispatchState.BOUNCED)),
        failed=Count("pk", filter=mail & Q(state=DispatchState.FAILED)),
        paper=Count("pk", filter=paper),
        paper_handed=Count("pk", filter=paper & Q(state=DispatchState.DELIVERED)),
    )
    return LetterReach(**counted)


def rows_in(letter: Letter, *, channel: str, state: str) -> QuerySet[Dispatch]:
    """Return the rows of `letter`, each with the time at which its mail is tried again."""
    waiting = OutboxMail.objects.filter(
        purpose=MailPurpose.LETTER, object_id=OuterRef("pk"), state=OutboxState.QUEUED
    )
    rows = letter.dispatches.select_related("to_node").annotate(
        retry_at=Subquery(waiting.values("retry_at")[:1])
    )
    if channel in Channel.values:
        rows = rows.filter(channel=channel)
    if state == "needs_you":
        rows = rows.filter(
            state__in=[DispatchState.IN_DOUBT, DispatchState.BOUNCED, DispatchState.FAILED]
        )
    elif state in DispatchState.values:
        rows = rows.filter(state=state)
    return rows.order_by("to_node__name_at_freeze", "channel", "pk")


def mail_of(row: Dispatch) -> OutboxMail | None:
    """Return the mail of `row` while the outbox remembers it."""
    rows = OutboxMail.objects.filter(purpose=MailPurpose.LETTER, object_id=row.pk)
    return rows.order_by("-pk").first()


def other_ways(row: Dispatch) -> QuerySet[Dispatch]:
    """Return the other rows by which the unit of `row` is reached with the same letter."""
    rows = Dispatch.objects.filter(letter_id=row.letter_id, to_node_id=row.to_node_id)
    return rows.exclude(pk=row.pk).order_by("channel", "pk")


def outgoing(node: CampaignNode, year: int) -> QuerySet[Letter]:
    """Return the outgoing register of the unit for a year, by number.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục IV.
    """
    return (
        Letter.objects.filter(node=node, is_outside=False, number__isnull=False)
        .filter(signed_on__year=year)
        .select_related("made_by", "released_by")
        .annotate(copies=Count("dispatches", filter=Q(dispatches__about=DispatchSubject.ISSUE)))
        .order_by("-signed_on", "-number", "-pk")
    )


def incoming(node: CampaignNode, year: int) -> QuerySet[Letter]:
    """Return the incoming register of the unit for a year, by day of arrival."""
    reached_here = Exists(
        Dispatch.objects.filter(letter=OuterRef("pk"), to_node=node, about=DispatchSubject.ISSUE)
    )
    rows = Letter.objects.filter(Q(reached_here) | Q(node=node, is_outside=True), state__in=OUT)
    return (
        with_overdue(rows, [node.pk])
        .annotate(came_on=Coalesce("arrived_on", "released_at__date"))
        .filter(came_on__year=year)
        .select_related("node")
        .order_by("-came_on", "-pk")
    )


def requested_year(text: str) -> int:
    """Return the year that a page asks for, this one for anything that is none."""
    this = timezone.localdate().year
    return (
        int(text) if text.isascii() and text.isdigit() and 2000 <= int(text[:5]) <= this else this
    )


# The choices that filters of lists offer.


STATES = LetterState.choices
CHANNELS = Channel.choices
DISPATCH_STATES = DispatchState.choices
