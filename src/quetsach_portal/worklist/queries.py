"""The first page: tasks by role, the most urgent first, in a few queries."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.deadlines import due_sentence
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    CampaignState,
    Phase,
    ReportCounter,
)
from quetsach_portal.campaigns.queries import current_phase, tally_of
from quetsach_portal.campaigns.scope import NodeScope, highest_node, list_of_campaigns, node_scope
from quetsach_portal.cases.worklist import CaseTask
from quetsach_portal.followup.tasks import UnitTasks, tasks_of
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.worklist.chief import ChiefRoom, room_of
from quetsach_portal.worklist.elsewhere import RUNNING, TaskElsewhere, tasks_elsewhere
from quetsach_portal.worklist.parts import WorklistPart, parts_of

MOST_CAMPAIGNS = 20
MOST_UNITS = 3
WATCHES = (Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.COMPILER, Role.AUDITOR)
HANDS_IN = (Role.FOCAL_POINT, Role.TECHNICIAN)


@dataclass(frozen=True)
class WorklistFigure:
    """How many of how many, in words, and the page with the rows behind it."""

    word: str
    part: int
    whole: int
    address: str


@dataclass(frozen=True)
class Worklist:
    """The first page.

    Shapes: `tasks` are those of each unit in which the person is focal point; `main` is the one
    thing to do first, None where nothing is. `planted` is the page with the zip for the PCs of the
    unit, "" for who hands in no evidence.
    """

    campaigns: Sequence[Campaign]
    campaign: Campaign | None
    node: CampaignNode | None
    due: str
    figures: Sequence[WorklistFigure]
    tasks: Sequence[UnitTasks]
    parts: Sequence[WorklistPart]
    main: CaseTask | None
    planted: str = ""
    elsewhere: Sequence[TaskElsewhere] = ()
    room: ChiefRoom | None = None


def board(scope: Scope, campaign_id: int | None, *, map_as_table: bool = False) -> Worklist:
    """Return the first page in the campaign with that id, else in the newest that runs."""
    every = list_of_campaigns(scope)
    campaigns = [one for one in every if one.state != CampaignState.CANCELLED][:MOST_CAMPAIGNS]
    campaign = _chosen(campaigns, campaign_id)
    seats = NodeScope(0, ()) if campaign is None else node_scope(scope, campaign)
    node = highest_node(seats)
    phase = None if campaign is None else current_phase(campaign)
    watched = node if node is not None and _watches(seats, node) else None
    tasks = [] if campaign is None else _tasks(seats, campaign, phase, node)
    signs = node if node is not None and _has_room(seats, campaign, node) else None
    room = None if signs is None else room_of(scope, signs, phase, map_as_table=map_as_table)
    parts = parts_of(scope, seats, campaign, node, has_room=room is not None)
    return Worklist(
        campaigns=campaigns,
        campaign=campaign,
        node=node,
        due=_due(watched, phase),
        figures=[] if watched is None else figures_of(watched, phase),
        tasks=tasks,
        parts=parts,
        main=_main(tasks, parts),
        planted=_planted(seats, campaign),
        elsewhere=tasks_elsewhere(scope, campaigns, campaign),
        room=room,
    )


def _has_room(seats: NodeScope, campaign: Campaign | None, node: CampaignNode) -> bool:
    """Return whether the person signs for an office with units below, in a campaign that runs."""
    if campaign is None or campaign.state not in RUNNING:
        return False
    return seats.has_role_in(node, Role.SIGNER) and _watches(seats, node)


def _planted(seats: NodeScope, campaign: Campaign | None) -> str:
    if campaign is None or campaign.state not in RUNNING:
        return ""
    nodes = [seat.node_id for seat in seats.active() if seat.role in HANDS_IN]
    return reverse("planted:unit", args=[nodes[0]]) if nodes else ""


def _watches(seats: NodeScope, node: CampaignNode) -> bool:
    """Return whether the figures belong on the page: a signer has those of the units below."""
    if seats.has_role_above(node, *WATCHES):
        return True
    is_signer = seats.has_role_in(node, Role.SIGNER)
    return is_signer and CampaignNode.objects.filter(parent=node).exists()


def _chosen(campaigns: Sequence[Campaign], campaign_id: int | None) -> Campaign | None:
    chosen = [campaign for campaign in campaigns if campaign.pk == campaign_id]
    running = [campaign for campaign in campaigns if campaign.state in RUNNING]
    return next(iter([*chosen, *running, *campaigns]), None)


def _due(node: CampaignNode | None, phase: Phase | None) -> str:
    if node is None or phase is None:
        return ""
    slot = phase.slots.filter(node=node).first()
    return due_sentence(phase.due_at if slot is None else slot.due_at)


def _tasks(
    seats: NodeScope, campaign: Campaign, phase: Phase | None, highest: CampaignNode | None
) -> list[UnitTasks]:
    """Return the tasks of the units of a focal point; `highest`, the first of all, is at hand."""
    ids = [seat.node_id for seat in seats.seats if seat.role == Role.FOCAL_POINT][:MOST_UNITS]
    nodes = [] if highest is None or highest.pk not in ids else [highest]
    others = [pk for pk in ids if highest is None or pk != highest.pk]
    if others:
        rows = CampaignNode.objects.filter(pk__in=others)
        nodes += rows.select_related("unit", "tally")
    for node in nodes:
        node.campaign = campaign
    return [tasks_of(node, phase) for node in sorted(nodes, key=lambda node: (node.depth, node.pk))]


def _main(tasks: Sequence[UnitTasks], parts: Sequence[WorklistPart]) -> CaseTask | None:
    for unit_tasks in tasks:
        task = unit_tasks.next
        if task is not None and task.url:
            return CaseTask(task.title, task.note, task.url, task.tone)
    return next((part.items[0] for part in parts if part.items), None)


def figures_of(node: CampaignNode, phase: Phase | None) -> list[WorklistFigure]:
    """Return the figures, the unit itself included. Cost: two queries at most, for any tree."""
    units = tally_of(node)
    slots = ReportCounter.objects.filter(node=node, phase=phase).first() or ReportCounter()
    under = f"?under={node.pk}"
    ladder = f"{reverse('followup:ladder', args=[node.campaign_id])}{under}"
    reports = f"{reverse('followup:completeness', args=[node.campaign_id])}{under}&show=signed"
    machines = f"{reverse('dashboards:ranking', args=[node.campaign_id])}{under}&by=looked"
    looked = min(units.units, units.looked_full + units.looked_part)
    return [
        WorklistFigure(_("units informed"), units.told, units.units, f"{ladder}&has=told"),
        WorklistFigure(
            _("units that received the letter"),
            units.received,
            units.units,
            f"{ladder}&has=received",
        ),
        WorklistFigure(
            _("units that deployed"), units.deployed, units.units, f"{ladder}&has=deployed"
        ),
        WorklistFigure(_("units that checked machines"), looked, units.units, machines),
        WorklistFigure(_("reports signed"), slots.signed, slots.expected, reports),
    ]
