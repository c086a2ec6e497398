"""What the pages of the follow-up show; every figure comes from counters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    Campaign,
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    Phase,
    ReportCounter,
)
from quetsach_portal.campaigns.queries import tally_of
from quetsach_portal.campaigns.scope import NodeScope
from quetsach_portal.followup.models import (
    DeployDeclaration,
    Extension,
    ExtensionState,
    FollowupMail,
    MailState,
    PaperReport,
    PendingStep,
    Reminder,
    Silence,
)
from quetsach_portal.followup.rates import state_word
from quetsach_portal.followup.reminders import silent_of, still_silent
from quetsach_portal.followup.tasks import page_of_app
from quetsach_portal.mail.models import MailPurpose
from quetsach_portal.mail.outbox import why_waiting
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import below


@dataclass(frozen=True)
class UnitStep:
    """A step of a unit: when it was reached, None where it was not.

    Shapes: `part` of `whole` is how many of the units in its subtree have reached it.
    """

    label: str
    at: datetime | None
    part: int
    whole: int
    excused: bool = False


@dataclass(frozen=True)
class LadderRow:
    """A unit on the ladder: its own steps, and the counters of it with all below."""

    node: CampaignNode
    slot: ExpectedReport | None
    slots: ReportCounter | None
    rungs: tuple[UnitStep, ...]
    reminded_on: date | None

    @property
    def since(self) -> datetime | None:
        """Return when the unit last did something; its age is that of its silence."""
        reached = [rung.at for rung in self.rungs if rung.at is not None]
        return max(reached, default=None)

    @property
    def next(self) -> str:
        """Return what the unit has to do next, "" where nothing is left."""
        words = (
            _("inform the unit"),
            _("confirm the receipt"),
            _("deploy"),
            _("report"),
            _("sign the report"),
        )
        steps = zip(words, self.rungs, strict=True)
        return next((word for word, rung in steps if rung.at is None and not rung.excused), "")

    @property
    def reached(self) -> int:
        """Return how many of the five steps are done."""
        return sum(rung.at is not None for rung in self.rungs)


def children_of(
    node: CampaignNode, waits_for: str = "", days: int = 0, phase: Phase | None = None
) -> QuerySet[CampaignNode]:
    """Return the units directly below `node`; with `waits_for`, those silent for `days` days."""
    below = CampaignNode.objects.filter(parent=node)
    if waits_for in PendingStep.values:
        below = silent_of(below, waits_for, days, phase)
    return below.select_related("tally", "unit").order_by("name_at_freeze", "pk")


@dataclass(frozen=True)
class LadderFigure:
    """A figure of a unit and all below: how many have come so far, of how many, and how many not.

    Shapes: `waits` cuts the ladder down to those that have not, "" where it cannot; `opens` is the
    query for the rows counted, of the ladder ("has=...") or of completeness ("show=...").
    """

    count: int
    whole: int
    label: str
    waits: str = ""
    opens: str = ""

    @property
    def open(self) -> int:
        """Return how many have not come so far."""
        return self.whole - self.count


def figures_of(row: LadderRow) -> list[LadderFigure]:
    """Return the figures over the ladder, from the counters of its highest unit."""
    tally, slots = row.node.tally, row.slots
    figures = [
        LadderFigure(tally.told, tally.units, _("informed"), "", "has=told"),
        LadderFigure(
            tally.received, tally.units, _("received"), PendingStep.RECEIVED.value, "has=received"
        ),
        LadderFigure(
            tally.deployed, tally.units, _("deployed"), PendingStep.DEPLOYED.value, "has=deployed"
        ),
    ]
    if slots is not None:
        figures += [
            LadderFigure(
                slots.reported,
                slots.expected,
                _("reported"),
                PendingStep.REPORTED.value,
                "show=reported",
            ),
            LadderFigure(
                slots.signed, slots.expected, _("signed"), PendingStep.SIGNED.value, "show=signed"
            ),
        ]
    return figures


def ladder_rows(nodes: Sequence[CampaignNode], phase: Phase | None) -> list[LadderRow]:
    """Return `nodes` as rows of the ladder. Cost: three queries for any number of rows."""
    ids = [node.pk for node in nodes]
    slots = {s.node_id: s for s in ExpectedReport.objects.filter(node_id__in=ids, phase=phase)}
    tallies = {t.node_id: t for t in ReportCounter.objects.filter(node_id__in=ids, phase=phase)}
    reminders = Reminder.objects.filter(node_id__in=ids, undone_at__isnull=True).order_by("day")
    last = dict(reminders.values_list("node_id", "day"))

    def row(node: CampaignNode) -> LadderRow:
        slot, tally = slots.get(node.pk), tallies.get(node.pk)
        return LadderRow(node, slot, tally, _rungs(node, slot, tally), last.get(node.pk))

    return list(map(row, nodes))


def reached(node: CampaignNode, step: str) -> QuerySet[CampaignNode]:
    """Return the units at and below `node` that have reached `step`.

    Shapes: `step` is "told", "received" or "deployed"; the figure of a report counts these rows.
    """
    # What is below a path is in its campaign; asked for that too, SQLite reads all of it and sorts.
    there = CampaignNode.objects.filter(below(node.path), state__in=COUNTED)
    return there.filter(**{f"{step}_at__isnull": False})


def reached_listed(
    node: CampaignNode, step: str, *, deep: bool
) -> tuple[QuerySet[CampaignNode], int]:
    """Return the same for a list in the order of the tree, each with its counters, and how many.

    Without `deep` no unit further down than directly below. Cost: none with `deep`, as the counter
    of `node` knows how many; otherwise one count.
    """
    rows = reached(node, step).select_related("tally", "unit")
    if deep:
        return rows, getattr(tally_of(node), step)
    near = rows.filter(Q(pk=node.pk) | Q(parent=node))
    return near, near.count()


def path_to(node: CampaignNode, top: CampaignNode | None) -> list[CampaignNode]:
    """Return the nodes from `top` down to `node`, for the line of links above a page."""
    ids = list(map(int, node.path.strip("/").split("/")))
    if top is not None and top.pk in ids:
        ids = ids[ids.index(top.pk) :]
    return list(CampaignNode.objects.filter(pk__in=ids).order_by("depth"))


@dataclass(frozen=True)
class OwnReport:
    """A report that a unit owes, with its state in words and its record of paper."""

    slot: ExpectedReport
    word: str
    paper: PaperReport | None
    undone: tuple[PaperReport, ...] = ()
    url: str = ""


def reports_of(node: CampaignNode) -> list[OwnReport]:
    """Return the reports that `node` owes, phase by phase."""
    slots = ExpectedReport.objects.filter(node=node).select_related("phase").order_by("phase__no")
    rows = PaperReport.objects.filter(slot__node=node).select_related("proof", "undone_by")
    papers: dict[int, list[PaperReport]] = {}
    for paper in rows.order_by("pk"):
        papers.setdefault(paper.slot_id, []).append(paper)
    return [_own(slot, papers.get(slot.pk, ())) for slot in slots]


def _own(slot: ExpectedReport, papers: Sequence[PaperReport]) -> OwnReport:
    holds = next((paper for paper in papers if paper.undone_at is None), None)
    undone = tuple(paper for paper in papers if paper.undone_at is not None)
    return OwnReport(slot, state_word(slot), holds, undone, page_of_app("reports:slot", slot.pk))


def declarations_of(node: CampaignNode) -> QuerySet[DeployDeclaration]:
    """Return what `node` declared, the latest first, with its evidence."""
    return (
        DeployDeclaration.objects.filter(node=node)
        .select_related("by", "checked_by", "withdrawn_by")
        .prefetch_related("evidence__file")
        .order_by("-pk")
    )


def extensions_of(node: CampaignNode) -> QuerySet[Extension]:
    """Return what was asked and decided about more time for `node`, the latest first."""
    return (
        Extension.objects.filter(slot__node=node)
        .select_related("slot__phase", "asked_by", "decided_by")
        .order_by("-pk")
    )


def extensions_for(campaign: Campaign, seats: NodeScope, state: str) -> QuerySet[Extension]:
    """Return the questions for more time that the person sees, the oldest open one first."""
    rows = Extension.objects.filter(
        seats.visible("slot__node__"), slot__node__campaign=campaign
    ).select_related("slot__node", "slot__phase", "asked_by", "decided_by")
    if state in ExtensionState.values:
        rows = rows.filter(state=state)
    return rows.order_by("asked_at" if state == ExtensionState.ASKED else "-asked_at", "pk")


def to_decide(campaign: Campaign, seats: NodeScope) -> QuerySet[Extension]:
    """Return the open questions of the units directly below those where the person compiles."""
    own = [seat.node_id for seat in seats.seats if seat.role in (Role.COMPILER, Role.LEAD_OWNER)]
    return extensions_for(campaign, seats, ExtensionState.ASKED).filter(
        slot__node__parent_id__in=own
    )


def silences_for(campaign: Campaign, seats: NodeScope) -> QuerySet[Silence]:
    """Return the reported silent units below the person, the longest silent first."""
    still = still_silent(timezone.now())
    return (
        Silence.objects.filter(seats.visible("node__"), still, node__campaign=campaign)
        .select_related("node__parent", "phase")
        .order_by("since", "pk")
    )


def mails_not_arrived(campaign: Campaign, seats: NodeScope) -> QuerySet[FollowupMail]:
    """Return the mails to units of the person that failed or are in doubt, the newest first."""
    rows = FollowupMail.objects.filter(seats.visible("node__"), node__campaign=campaign)
    rows = rows.filter(state__in=(MailState.FAILED, MailState.IN_DOUBT))
    return rows.select_related("node").order_by("-made_at", "-pk")


def why_mails_wait() -> str:
    """Return why the mails of the follow-up wait, "" when nothing keeps them."""
    return why_waiting(MailPurpose.FOLLOWUP)


def _rungs(
    node: CampaignNode, slot: ExpectedReport | None, slots: ReportCounter | None
) -> tuple[UnitStep, ...]:
    tally, counter = node.tally, slots or ReportCounter()
    own = slot or ExpectedReport()
    excused = own.state == ExpectedReportState.EXCUSED
    reported = (own.reported_at, counter.reported, counter.expected, excused)
    signed = (own.signed_at, counter.signed, counter.expected, excused)
    return (
        UnitStep(_("Informed"), node.told_at, tally.told, tally.units),
        UnitStep(_("Receipt confirmed"), node.received_at, tally.received, tally.units),
        UnitStep(_("Deployed"), node.deployed_at, tally.deployed, tally.units),
        UnitStep(_("Reported"), *reported),
        UnitStep(_("Signed"), *signed),
    )
