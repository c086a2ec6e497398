"""Successors of nodes: events after which figures are no longer comparable, and closed nodes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    NodeState,
    Phase,
)
from quetsach_portal.campaigns.tree.moves import (
    UNFINISHED,
    CounterShifts,
    own_figures,
    slot_figures,
)
from quetsach_portal.people.roles.scope import below
from quetsach_portal.units.dated import in_batches
from quetsach_portal.units.models import EventKind, EventSide, EventState, EventUnit, OrgEvent

BREAKS = (EventKind.MERGE, EventKind.SPLIT, EventKind.ABOLISH, EventKind.MOVE, EventKind.CLOSE)
MOST_NAMES = 6


@dataclass(frozen=True)
class RegisterChange:
    """An event of the register: when, what, by which document, and which units it was about."""

    event: int
    day: date
    what: str
    document: str
    units: str = ""


def events_of(node: CampaignNode) -> list[OrgEvent]:
    """Return the events at and below the unit of `node` that break its figures, oldest first."""
    inside = below(node.unit.path) | Q(units__unit_id=node.unit_id)
    rows = OrgEvent.objects.filter(inside, state=EventState.APPLIED, kind__in=BREAKS)
    return list(rows.distinct().order_by("effective_on", "pk").defer("plan", "undo"))


def between(events: Iterable[OrgEvent], since: datetime, until: datetime) -> list[OrgEvent]:
    """Return those of `events` that took effect after the day of `since` and up to `until`."""
    first, last = timezone.localtime(since).date(), timezone.localtime(until).date()
    return [one for one in events if first < one.effective_on <= last]


def describe_events(events: Sequence[OrgEvent], *, named: bool = False) -> list[RegisterChange]:
    """Return `events` described as text; with `named`, with their units.

    Cost: a query for the names.
    """
    names = _names(events) if named and events else {}
    return [
        RegisterChange(
            one.pk,
            one.effective_on,
            str(one.get_kind_display()),
            one.legal_doc,
            names.get(one.pk, ""),
        )
        for one in events
    ]


def _names(events: Sequence[OrgEvent]) -> dict[int, str]:
    """Return by event "A, B → C"; of what only moved, its name once."""
    sides: dict[tuple[int, str], list[str]] = defaultdict(list)
    rows = EventUnit.objects.filter(event__in=[one.pk for one in events])
    for event, side, name in rows.values_list("event_id", "side", "unit__name"):
        sides[event, side].append(name)
    names = {}
    for event in {event for event, _side in sides}:
        before, after = (_short(sides[event, side]) for side in EventSide.values)
        names[event] = " → ".join(dict.fromkeys(filter(None, (before, after))))
    return names


def _short(names: Sequence[str]) -> str:
    ordered = sorted(names)
    more = " …" if len(ordered) > MOST_NAMES else ""
    return ", ".join(ordered[:MOST_NAMES]) + more


_FURTHEST = 20


def continued_by(node: CampaignNode) -> list[CampaignNode]:
    """Return the successors of `node` today: itself, the one it was merged into, or several.

    Several mean that it was split, and the person has to say which one is theirs; none means that
    it was dissolved. Cost: one query for each event since.
    """
    if node.state in COUNTED:
        return [node]
    continuing: list[CampaignNode] = []
    visited = {node.pk}
    layer = [node]
    for _step in range(_FURTHEST):
        heirs = CampaignNode.objects.filter(replaces__in=layer).exclude(pk__in=visited).distinct()
        layer = list(heirs.select_related("unit").order_by("pk"))
        visited |= {one.pk for one in layer}
        continuing += [one for one in layer if one.state in COUNTED]
        layer = [one for one in layer if one.state not in COUNTED]
        if not layer:
            break
    return continuing


def close_nodes(
    nodes: Sequence[CampaignNode],
    slots: Iterable[tuple[CampaignNode, ExpectedReport]],
    event: OrgEvent,
    shifts: CounterShifts,
) -> list[list[object]]:
    """End `nodes` and excuse those of `slots` in which nothing came in.

    Shapes: what comes back are the excused slots by id, each with the state it had. What came in
    stays as it is and in the counters; `shifts` is the caller's to write.
    """
    for node in nodes:
        shifts.add(node.path, own_figures(node), -1)
        node.state, node.from_event = NodeState.CLOSED, event.pk
    changed: list[ExpectedReport] = []
    before: list[list[object]] = []
    reason = _("Dissolved (%(document)s)") % {"document": event.legal_doc}
    for node, slot in slots:
        if slot.state not in UNFINISHED:
            continue
        before.append([slot.pk, slot.state])
        shifts.add_slot(node.path, slot.phase_id, slot_figures(slot), -1)
        slot.state, slot.excuse_reason = ExpectedReportState.EXCUSED, reason[:255]
        shifts.add_slot(node.path, slot.phase_id, slot_figures(slot))
        changed.append(slot)
    CampaignNode.objects.bulk_update(nodes, ["state", "from_event"], batch_size=200)
    ExpectedReport.objects.bulk_update(changed, ["state", "excuse_reason"], batch_size=200)
    return before


def close_from(nodes: Iterable[CampaignNode], phases: Sequence[Phase], event: OrgEvent) -> None:
    """End `nodes` from the first of `phases` on; earlier phases keep their expected reports."""
    ended = [node for node in nodes if node.state in COUNTED]
    by_id = {node.pk: node for node in ended}
    shifts = CounterShifts()
    slots: list[tuple[CampaignNode, ExpectedReport]] = []
    for some in in_batches(list(by_id)):
        found = ExpectedReport.objects.filter(
            node_id__in=some, phase__in=phases
        ).select_for_update()
        slots += [(by_id[slot.node_id], slot) for slot in found]
    close_nodes(ended, slots, event, shifts)
    shifts.write()
