"""What somebody finds on the first page: by role, the most urgent first, in a few queries."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.deadlines import due_sentence
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, CampaignState, Phase
from quetsach_portal.campaigns.queries import current_phase
from quetsach_portal.campaigns.scope import NodeScope, highest_node, list_of_campaigns, node_scope
from quetsach_portal.cases.worklist import (
    CaseTask,
    today_for_focal_point,
    today_for_lead,
    today_for_technician,
)
from quetsach_portal.followup.tasks import UnitTasks, tasks_of
from quetsach_portal.operations.trail import events_of
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.reports.worklist import (
    certificates_to_confirm,
    documents_for_clerk,
    for_clerk,
    for_office,
    for_signer,
    for_writer,
)
from quetsach_portal.worklist import needs
from quetsach_portal.worklist.needs import WorklistFigure, figures_of

MOST_CAMPAIGNS = 20
MOST_UNITS = 3
RUNNING = (CampaignState.LIVE, CampaignState.CLOSING)
WATCHES = (Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.COMPILER, Role.AUDITOR)
DECIDES = (Role.LEAD_OWNER, Role.COMPILER)
NAMES_SIGNERS = (Role.LEAD_OWNER, Role.COMPILER, Role.FOCAL_POINT)


@dataclass(frozen=True)
class WorklistPart:
    """A list of the page; `empty` is said where nothing is to be done."""

    title: str
    items: Sequence[CaseTask]
    empty: str


@dataclass(frozen=True)
class Worklist:
    """The first page.

    Shapes: `tasks` are those of each unit in which the person is focal point; `main` is the one
    thing to do first, None where nothing is.
    """

    campaigns: Sequence[Campaign]
    campaign: Campaign | None
    node: CampaignNode | None
    due: str
    figures: Sequence[WorklistFigure]
    tasks: Sequence[UnitTasks]
    parts: Sequence[WorklistPart]
    main: CaseTask | None


def board(scope: Scope, campaign_id: int | None) -> Worklist:
    """Return the first page in the campaign with that id, else in the newest that runs."""
    campaigns = list_of_campaigns(scope)[:MOST_CAMPAIGNS]
    campaign = _chosen(campaigns, campaign_id)
    seats = NodeScope(0, ()) if campaign is None else node_scope(scope, campaign)
    node = highest_node(seats)
    phase = None if campaign is None else current_phase(campaign)
    watched = node if node is not None and _watches(seats, node) else None
    tasks = [] if campaign is None else _tasks(seats, campaign, phase, node)
    parts = _parts(scope, seats, campaign, node)
    return Worklist(
        campaigns=campaigns,
        campaign=campaign,
        node=node,
        due=_due(watched, phase),
        figures=[] if watched is None else figures_of(watched, phase),
        tasks=tasks,
        parts=parts,
        main=_main(tasks, parts),
    )


def _watches(seats: NodeScope, node: CampaignNode) -> bool:
    """Return whether the figures belong on the page: a signer has those of the units below."""
    if seats.has_role_above(node, *WATCHES):
        return True
    is_signer = seats.has_role_in(node, Role.SIGNER)
    return is_signer and CampaignNode.objects.filter(parent=node).exists()


def _chosen(campaigns: Sequence[Campaign], campaign_id: int | None) -> Campaign | None:
    asked = [one for one in campaigns if one.pk == campaign_id]
    running = [one for one in campaigns if one.state in RUNNING]
    return next(iter([*asked, *running, *campaigns]), None)


def _due(node: CampaignNode | None, phase: Phase | None) -> str:
    if node is None or phase is None:
        return ""
    slot = phase.slots.filter(node=node).first()
    return due_sentence(phase.due_at if slot is None else slot.due_at)


def _tasks(
    seats: NodeScope, campaign: Campaign, phase: Phase | None, highest: CampaignNode | None
) -> list[UnitTasks]:
    """Return the tasks of the units of a focal point; `highest`, the first of all, is at hand."""
    ids = [one.node_id for one in seats.seats if one.role == Role.FOCAL_POINT][:MOST_UNITS]
    nodes = [] if highest is None or highest.pk not in ids else [highest]
    others = [pk for pk in ids if highest is None or pk != highest.pk]
    if others:
        rows = CampaignNode.objects.filter(pk__in=others)
        nodes += rows.select_related("unit", "tally")
    for node in nodes:
        node.campaign = campaign
    return [tasks_of(one, phase) for one in sorted(nodes, key=lambda one: (one.depth, one.pk))]


def _parts(
    scope: Scope, seats: NodeScope, campaign: Campaign | None, node: CampaignNode | None
) -> list[WorklistPart]:
    """Return the lists of all roles that the person holds, in the order in which they press."""
    parts = []
    if scope.has_role(*DECIDES):
        waiting = _office(scope, seats, campaign, node)
        parts.append(WorklistPart(_("Needs you"), waiting, _("Nothing waits for your decision.")))
    if scope.has_role(Role.FOCAL_POINT):
        cases = today_for_focal_point(scope)
        parts.append(
            WorklistPart(_("Devices of your unit"), cases, _("No device needs you today."))
        )
    if scope.has_role(Role.TECHNICIAN):
        devices = today_for_technician(scope, scope.user_id)
        parts.append(
            WorklistPart(_("Devices to handle"), devices, _("No device waits to be handled."))
        )
    if to_mend := _returned(scope):
        parts.append(WorklistPart(_("Reports to mend"), to_mend, ""))
    if scope.has_role(*NAMES_SIGNERS) and (certificates := certificates_to_confirm(scope)):
        parts.append(WorklistPart(_("Certificates to confirm"), certificates, ""))
    if reports := _reports(scope):
        parts.append(WorklistPart(_("Reports to sign and send"), reports, ""))
    if scope.has_role(Role.CLERK):
        letters = needs.for_clerk(scope)
        empty = _("No letter waits for a number or its release.")
        parts.append(WorklistPart(_("Letters to number and release"), letters, empty))
    if scope.has_role(Role.SIGNER):
        letters = needs.for_signer(scope)
        parts.append(
            WorklistPart(_("Letters to sign"), letters, _("No letter waits for a signature."))
        )
    if scope.has_role(*needs.WRITERS) and (returned := needs.for_writer(scope)):
        parts.append(WorklistPart(_("Given back by the clerk"), returned, ""))
    if scope.has_role(Role.OPERATOR):
        jobs = needs.failed_jobs(scope)
        parts.append(WorklistPart(_("The machine"), jobs, _("All background jobs went through.")))
    if scope.has_role(Role.AUDITOR):
        parts.append(WorklistPart(_("Audit trail"), _trail(scope), ""))
    return parts


def _returned(scope: Scope) -> list[CaseTask]:
    return for_writer(scope) if scope.has_role(Role.FOCAL_POINT, Role.COMPILER) else []


def _reports(scope: Scope) -> list[CaseTask]:
    to_sign = for_signer(scope) if scope.has_role(Role.SIGNER) else []
    if not scope.has_role(Role.CLERK):
        return to_sign
    return to_sign + for_clerk(scope) + documents_for_clerk(scope)


def _office(
    scope: Scope, seats: NodeScope, campaign: Campaign | None, node: CampaignNode | None
) -> list[CaseTask]:
    items: list[CaseTask] = []
    if campaign is not None and campaign.lead_unit_id in scope.own_units(Role.LEAD_OWNER):
        items += needs.preparation(campaign)
    if node is not None and seats.has_role_in(node, *DECIDES):
        items += for_office(node, scope) + needs.needs_of_office(node)
    items += needs.events_to_decide(scope) + today_for_lead(scope)
    return items if scope.has_role(Role.OPERATOR) else items + needs.failed_jobs(scope)


def _trail(scope: Scope) -> list[CaseTask]:
    last = events_of(scope).order_by("-seq").values_list("seq", flat=True).first()
    hint = _("%(rows)s rows so far") % {"rows": last or 0}
    return [CaseTask(_("Read who did what"), hint, reverse("oversight:trail"), "calm")]


def _main(tasks: Sequence[UnitTasks], parts: Sequence[WorklistPart]) -> CaseTask | None:
    for one in tasks:
        if one.next is not None and one.next.url:
            return CaseTask(one.next.title, one.next.note, one.next.url, one.next.tone)
    return next((one.items[0] for one in parts if one.items), None)
