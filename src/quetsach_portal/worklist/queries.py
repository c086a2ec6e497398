"""The first page: tasks by role, the most urgent first, in a few queries."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach_portal.alerts import queries as alerts
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
from quetsach_portal.cases.worklist import (
    CaseTask,
    today_for_focal_point,
    today_for_lead,
    today_for_technician,
)
from quetsach_portal.followup.tasks import UnitTasks, needs_of_lead, tasks_of
from quetsach_portal.intake import second_withdrawal
from quetsach_portal.jobs.models import JobState
from quetsach_portal.letters.models import (
    Dispatch,
    DispatchState,
    Letter,
    LetterState,
)
from quetsach_portal.operations import trail
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.register.access import may_decide
from quetsach_portal.register.queries import events_of
from quetsach_portal.reports.worklist import (
    certificates_to_confirm,
    changed_after_signing,
    documents_for_clerk,
    for_clerk,
    for_office,
    for_signer,
    for_writer,
)
from quetsach_portal.sensors import queries as sensors
from quetsach_portal.web.compiled_queries import CompiledQuery
from quetsach_portal.worklist.chief import ChiefRoom, room_of
from quetsach_portal.worklist.elsewhere import RUNNING, TaskElsewhere, tasks_elsewhere
from quetsach_portal.worklist.preparation import preparation
from quetsach_portal.worklist.to_sign import letters_for_signer, letters_of_units

MOST_CAMPAIGNS = 20
MOST_UNITS = 3
WATCHES = (Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.COMPILER, Role.AUDITOR)
HANDS_IN = (Role.FOCAL_POINT, Role.TECHNICIAN)
DECIDES = (Role.LEAD_OWNER, Role.COMPILER)
NAMES_SIGNERS = (Role.LEAD_OWNER, Role.COMPILER, Role.FOCAL_POINT)


@dataclass(frozen=True)
class WorklistFigure:
    """How many of how many, in words, and the page with the rows behind it."""

    word: str
    part: int
    whole: int
    address: str


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


def board(scope: Scope, campaign_id: int | None) -> Worklist:
    """Return the first page in the campaign with that id, else in the newest that runs."""
    every = list_of_campaigns(scope)
    campaigns = [one for one in every if one.state != CampaignState.CANCELLED][:MOST_CAMPAIGNS]
    campaign = _chosen(campaigns, campaign_id)
    seats = NodeScope(0, ()) if campaign is None else node_scope(scope, campaign)
    node = highest_node(seats)
    phase = None if campaign is None else current_phase(campaign)
    watched = node if node is not None and _watches(seats, node) else None
    tasks = [] if campaign is None else _tasks(seats, campaign, phase, node)
    room = _room(scope, seats, campaign, node, phase)
    parts = _parts(scope, seats, campaign, node, has_room=room is not None)
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


def _room(
    scope: Scope,
    seats: NodeScope,
    campaign: Campaign | None,
    node: CampaignNode | None,
    phase: Phase | None,
) -> ChiefRoom | None:
    """Return the room of who signs for an office with units below, in a campaign that runs."""
    if campaign is None or campaign.state not in RUNNING or node is None:
        return None
    if not seats.has_role_in(node, Role.SIGNER) or not _watches(seats, node):
        return None
    return room_of(scope, node, phase)


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


def _parts(
    scope: Scope,
    seats: NodeScope,
    campaign: Campaign | None,
    node: CampaignNode | None,
    *,
    has_room: bool,
) -> list[WorklistPart]:
    """Return the lists of all roles that the person holds, in the order in which they press.

    A chief's room has what waits for a signature itself.
    """
    parts = []
    if scope.has_role(*DECIDES):
        waiting = _office(scope, seats, campaign, node)
        parts.append(
            WorklistPart(_("Waiting for you"), waiting, _("Nothing waits for your decision."))
        )
    if scope.has_role(Role.FOCAL_POINT):
        cases = alerts.today_for_unit(scope) + today_for_focal_point(scope)
        cases += sensors.today_for_unit(scope) + second_withdrawal.to_confirm(scope)
        parts.append(
            WorklistPart(_("Devices of your unit"), cases, _("No device needs action today."))
        )
    if scope.has_role(Role.TECHNICIAN):
        devices = _devices(scope)
        parts.append(
            WorklistPart(_("Devices to handle"), devices, _("No device waits to be handled."))
        )
    if to_mend := _returned(scope):
        parts.append(WorklistPart(_("Reports to correct"), to_mend, ""))
    if scope.has_role(*NAMES_SIGNERS) and (certificates := certificates_to_confirm(scope)):
        parts.append(WorklistPart(_("Certificates to confirm"), certificates, ""))
    if reports := _reports(scope, with_signing=not has_room):
        parts.append(WorklistPart(_("Reports to sign and send"), reports, ""))
    if scope.has_role(Role.CLERK):
        letters = letters_for_clerk(scope)
        empty = _("No letter waits for a number or its release.")
        parts.append(WorklistPart(_("Letters to number and release"), letters, empty))
    if scope.has_role(Role.SIGNER) and not has_room:
        letters = letters_for_signer(scope)
        parts.append(
            WorklistPart(_("Letters to sign"), letters, _("No letter waits for a signature."))
        )
    if scope.has_role(*WRITERS) and (returned := letters_for_writer(scope)):
        parts.append(WorklistPart(_("Returned by the clerk"), returned, ""))
    if scope.has_role(Role.OPERATOR):
        jobs = failed_jobs(scope)
        parts.append(WorklistPart(_("System"), jobs, _("All background jobs succeeded.")))
    if scope.has_role(Role.AUDITOR):
        parts.append(WorklistPart(_("Audit trail"), _trail(scope), ""))
    return parts


def _devices(scope: Scope) -> list[CaseTask]:
    """Return the technician's devices; of logs a focal point has been told already."""
    logs = []
    if not scope.has_role(Role.FOCAL_POINT):
        logs = sensors.today_for_unit(scope) + second_withdrawal.to_confirm(scope)
    return today_for_technician(scope, scope.user_id) + logs


def _returned(scope: Scope) -> list[CaseTask]:
    return for_writer(scope) if scope.has_role(Role.FOCAL_POINT, Role.COMPILER) else []


def _reports(scope: Scope, *, with_signing: bool) -> list[CaseTask]:
    writes = (Role.SIGNER, Role.CLERK, Role.FOCAL_POINT, Role.COMPILER)
    changed = changed_after_signing(scope) if scope.has_role(*writes) else []
    is_asked = with_signing and scope.has_role(Role.SIGNER)
    to_sign = changed + (for_signer(scope) if is_asked else [])
    if not scope.has_role(Role.CLERK):
        return to_sign
    return to_sign + for_clerk(scope) + documents_for_clerk(scope)


def _office(
    scope: Scope, seats: NodeScope, campaign: Campaign | None, node: CampaignNode | None
) -> list[CaseTask]:
    items: list[CaseTask] = []
    if campaign is not None and campaign.lead_unit_id in scope.own_units(Role.LEAD_OWNER):
        items += preparation(campaign)
    if node is not None and seats.has_role_in(node, *DECIDES):
        items += for_office(node, scope) + needs_of_office(node)
    items += alerts.today_for_office(scope) + sensors.today_for_office(scope)
    items += events_to_decide(scope) + today_for_lead(scope)
    return items if scope.has_role(Role.OPERATOR) else items + failed_jobs(scope)


def _trail(scope: Scope) -> list[CaseTask]:
    last = trail.events_of(scope).order_by("-seq").values_list("seq", flat=True).first()
    hint = _("%(rows)s rows so far") % {"rows": last or 0}
    return [CaseTask(_("Read the audit trail"), hint, reverse("oversight:trail"), "calm")]


def _main(tasks: Sequence[UnitTasks], parts: Sequence[WorklistPart]) -> CaseTask | None:
    for unit_tasks in tasks:
        task = unit_tasks.next
        if task is not None and task.url:
            return CaseTask(task.title, task.note, task.url, task.tone)
    return next((part.items[0] for part in parts if part.items), None)


MOST_EVENTS = 50
UNDELIVERED = (DispatchState.BOUNCED, DispatchState.FAILED, DispatchState.IN_DOUBT)


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


# Letters on the desks of a unit: for the clerk, for who signs, and for who wrote them.


MOST = 10
WRITERS = (Role.FOCAL_POINT, Role.COMPILER, Role.LEAD_OWNER)


def letters_for_clerk(scope: Scope) -> list[CaseTask]:
    """Return the letters to number or to release, those that waited longest first."""
    letters = _own(scope, Role.CLERK).filter(
        Q(state=LetterState.DRAFT, with_clerk_at__isnull=False) | Q(state=LetterState.NUMBERED)
    )
    return list(map(_on_clerks_desk, letters.order_by("with_clerk_at", "pk")[:MOST]))


def letters_for_writer(scope: Scope) -> list[CaseTask]:
    """Return the drafts that the clerk gave back, with why."""
    returned = _RETURNED(units=scope.own_units(*WRITERS))
    return [_item(letter, letter.returned_why, "warn") for letter in returned]


def _own(scope: Scope, *roles: Role) -> QuerySet[Letter]:
    return letters_of_units(scope.own_units(*roles))


_RETURNED = CompiledQuery(
    lambda units: (
        letters_of_units(units)
        .filter(state=LetterState.DRAFT, with_clerk_at__isnull=True)
        .exclude(returned_why="")
        .order_by("pk")[:MOST]
    )
)


def _on_clerks_desk(letter: Letter) -> CaseTask:
    if letter.state == LetterState.DRAFT:
        return _item(letter, _("To be numbered"), "warn")
    if letter.original_id is None:
        return _item(letter, _("Numbered; the signed original is missing"), "info")
    return _item(letter, _("To be released"), "warn")


def _item(letter: Letter, hint: str, tone: str) -> CaseTask:
    return CaseTask(letter.subject, hint, reverse("letters:letter", args=[letter.pk]), tone)


# Four figures of a unit and all below it: told, received, deployed and signed, of what is due.


def figures_of(node: CampaignNode, phase: Phase | None) -> list[WorklistFigure]:
    """Return the figures, the unit itself included. Cost: two queries at most, for any tree."""
    units = tally_of(node)
    slots = ReportCounter.objects.filter(node=node, phase=phase).first() or ReportCounter()
    ladder = f"{reverse('followup:ladder', args=[node.campaign_id])}?under={node.pk}"
    reports = f"{reverse('followup:completeness', args=[node.campaign_id])}?under={node.pk}"
    machines = f"{reverse('dashboards:show', args=[node.campaign_id])}?under={node.pk}"
    looked = min(units.units, units.looked_full + units.looked_part)
    return [
        WorklistFigure(_("units informed"), units.told, units.units, ladder),
        WorklistFigure(_("units that received the letter"), units.received, units.units, ladder),
        WorklistFigure(_("units that deployed"), units.deployed, units.units, ladder),
        WorklistFigure(_("units that checked machines"), looked, units.units, machines),
        WorklistFigure(_("reports signed"), slots.signed, slots.expected, reports),
    ]
