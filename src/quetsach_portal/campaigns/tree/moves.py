"""Move nodes to another parent, with their counters in the phases concerned."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Concat, Length, Substr

from quetsach_portal.campaigns.counters import SLOT_FIGURES, snapshot_at_freeze, snapshot_today
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    NodeCounter,
    Phase,
    ReportCounter,
)
from quetsach_portal.units.dated import ids_on, in_batches

UNFINISHED = frozenset(
    {ExpectedReportState.OPEN, ExpectedReportState.DRAFT, ExpectedReportState.RETURNED}
)


def own_figures(node: CampaignNode) -> dict[str, int]:
    """Return what `node` itself adds while it is counted."""
    return {
        "units": 1,
        "staff": node.staff,
        "told": int(node.told_at is not None),
        "received": int(node.received_at is not None),
        "deployed": int(node.deployed_at is not None),
    }


def slot_figures(slot: ExpectedReport) -> dict[str, int]:
    """Return what `slot` adds; one that is excused adds nothing but that."""
    if slot.state == ExpectedReportState.EXCUSED:
        return {"excused": 1}
    came = slot.reported_at is not None
    return {
        "expected": 1,
        "reported": int(came),
        "on_time": int(slot.is_on_time),
        "nil": int(came and slot.is_nil),
        "signed": int(slot.signed_at is not None),
    }


Step = tuple[int | None, int, int | None]


class NodeAncestors:
    """The nodes above each node, by phase.

    Shapes: `paths` are those of today, from the root to the node itself; `history` has (first phase
    in the new place, node, old parent), the latest move first.
    """

    def __init__(self, paths: Mapping[int, list[int]], history: Iterable[Step]) -> None:
        self._paths = paths
        self._history = list(history)
        self._parents: dict[int, dict[int, int | None]] = {}

    def of(self, phase: int, node: int) -> list[int]:
        """Return the nodes from `node` up to its root, as they were in the phase `phase`."""
        if not self._history:
            return self._paths[node]
        parents = self._parents.get(phase)
        if parents is None:
            parents = {
                one: path[-2] if len(path) > 1 else None for one, path in self._paths.items()
            }
            for since, moved, old in self._history:
                if since is None or phase < since:
                    parents[moved] = old
            self._parents[phase] = parents
        found = [node]
        while (above := parents[found[-1]]) is not None:
            found.append(above)
        return found


NODE_FIGURES = tuple(
    one.attname for one in NodeCounter._meta.concrete_fields if not one.primary_key
)


@dataclass
class CounterShifts:
    """Additions to NodeCounter by node, and to ReportCounter by phase and node."""

    nodes: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    slots: dict[tuple[int, int], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, path: str, by: Mapping[str, int], sign: int = 1) -> None:
        """Add `by` to the counters of all nodes on `path`."""
        for node in ids_on(path):
            for name, number in by.items():
                self.nodes[node][name] += sign * number

    def add_slot(self, path: str, phase: int, by: Mapping[str, int], sign: int = 1) -> None:
        """Add `by` to the counters of one phase of all nodes on `path`."""
        for node in ids_on(path):
            for name, number in by.items():
                self.slots[phase, node][name] += sign * number

    def write(self) -> None:
        """Write what was gathered, and reset. Cost: a statement for each distinct addition."""
        for by, ids in _same(self.nodes.items()).items():
            for some in in_batches(ids):
                rows = NodeCounter.objects.filter(node_id__in=some)
                rows.update(**{name: F(name) + number for name, number in by})
        phases: dict[int, list[tuple[int, Counter[str]]]] = defaultdict(list)
        for (phase, node), counter in self.slots.items():
            phases[phase].append((node, counter))
        for phase, counters in phases.items():
            moved = _same(counters)
            for some in in_batches([one for ids in moved.values() for one in ids]):
                snapshot_at_freeze(ReportCounter.objects.filter(phase_id=phase, node_id__in=some))
            for by, ids in moved.items():
                for some in in_batches(ids):
                    tallies = ReportCounter.objects.filter(phase_id=phase, node_id__in=some)
                    tallies.update(**{name: F(name) + number for name, number in by})
            for some in in_batches([one for ids in moved.values() for one in ids]):
                snapshot_today(ReportCounter.objects.filter(phase_id=phase, node_id__in=some))
        self.nodes.clear()
        self.slots.clear()


def _same(
    counters: Iterable[tuple[int, Counter[str]]],
) -> dict[tuple[tuple[str, int], ...], list[int]]:
    """Return the nodes by what is added to them; those to which nothing is added are left out."""
    nodes_by_change: dict[tuple[tuple[str, int], ...], list[int]] = defaultdict(list)
    for node, counter in counters:
        by = tuple(sorted((name, number) for name, number in counter.items() if number))
        if by:
            nodes_by_change[by].append(node)
    return nodes_by_change


Pair = tuple[CampaignNode, CampaignNode]


def move_nodes(pairs: Sequence[Pair], phases: Sequence[Phase], event_id: int | None) -> None:
    """Hang each node under its new parent, with everything below it.

    The counters of units move with it, and those of `phases`; other phases keep their totals.
    Cost: two statements for each old parent whose children all go to one parent, else two per node.
    """
    if not pairs:
        return
    _move_counters(pairs, phases)
    by_parents: dict[tuple[int | None, int], list[Pair]] = defaultdict(list)
    for node, parent in pairs:
        by_parents[node.parent_id, parent.pk].append((node, parent))
    old_ids = [old for old, _new in by_parents if old is not None]
    olds: dict[int, CampaignNode] = {}
    for some in in_batches(old_ids):
        olds |= CampaignNode.objects.in_bulk(some)
    for (old_id, _new_id), some_pairs in by_parents.items():
        _hang(None if old_id is None else olds[old_id], some_pairs)
    for some in in_batches([node.pk for node, _parent in pairs]):
        CampaignNode.objects.filter(pk__in=some).update(from_event=event_id)


def _hang(old: CampaignNode | None, pairs: Sequence[Pair]) -> None:
    parent = pairs[0][1]
    ids = [node.pk for node, _parent in pairs]
    start = "/" if old is None else old.path
    by = parent.depth - (-1 if old is None else old.depth)
    if old is not None and CampaignNode.objects.filter(parent=old).count() == len(ids):
        places = [_below(old.path) & ~Q(pk=old.pk)]
    else:
        places = [_below(node.path) for node, _parent in pairs]
    rest = Substr("path", Value(len(start) + 1), Length("path"))
    moved = Concat(Value(parent.path), rest, output_field=CharField())
    for place in places:
        CampaignNode.objects.filter(place).update(path=moved, depth=F("depth") + by)
    for some in in_batches(ids):
        CampaignNode.objects.filter(pk__in=some).update(parent=parent)
    for node, _parent in pairs:
        node.path = parent.path + node.path[len(start) :]
        node.depth, node.parent = node.depth + by, parent


def _below(path: str) -> Q:
    return Q(path__gte=path, path__lt=f"{path[:-1]}0")


def _move_counters(pairs: Sequence[Pair], phases: Sequence[Phase]) -> None:
    shifts = CounterShifts()
    nodes = {node.pk: (node, parent) for node, parent in pairs}
    for some in in_batches(list(nodes)):
        for tally in NodeCounter.objects.filter(node_id__in=some):
            node, parent = nodes[tally.node_id]
            by = {name: getattr(tally, name) for name in NODE_FIGURES}
            _between(shifts, node, parent, by, None)
        for slots in ReportCounter.objects.filter(node_id__in=some, phase__in=phases):
            node, parent = nodes[slots.node_id]
            by = {name: getattr(slots, name) for name in SLOT_FIGURES}
            _between(shifts, node, parent, by, slots.phase_id)
    shifts.write()


def _between(
    shifts: CounterShifts,
    node: CampaignNode,
    parent: CampaignNode,
    by: dict[str, int],
    phase: int | None,
) -> None:
    above = node.path[: -len(f"{node.pk}/")]
    for path, sign in ((above, -1), (parent.path, 1)):
        if len(path) < 2:
            continue
        if phase is None:
            shifts.add(path, by, sign)
        else:
            shifts.add_slot(path, phase, by, sign)
