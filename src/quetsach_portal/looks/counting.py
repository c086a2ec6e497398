"""What units have looked at, counted per node and kept in the counters of the tree."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import COUNTED, Campaign, CampaignNode, Phase
from quetsach_portal.campaigns.tree.moves import CounterShifts
from quetsach_portal.looks.models import (
    LookGrade,
    MachineLook,
    MachineTotal,
    UnitLook,
    UnitLookGrade,
    UnitMachine,
)
from quetsach_portal.units.dated import in_batches

FIGURES = (
    "looked_full",
    "looked_part",
    "machines",
    "machines_seen",
    "machines_part",
    "machines_sized",
    "logs_full",
)
"""The fields of NodeCounter that are moved here."""

_KEPT = ("machines", "is_sized", "seen", "part", "days", "of_days", "until", "has_no_logs", "grade")


@dataclass(frozen=True)
class LookWindow:
    """The days of which a phase wants logs, and since when looks at machines count for it.

    Shapes: `since` is None in the first phase, for which each look of the campaign counts.
    """

    first: date
    last: date
    since: datetime | None = None

    @property
    def days(self) -> int:
        """How many days these are."""
        return (self.last - self.first).days + 1


def window_of(phase: Phase | None, today: date | None = None) -> LookWindow:
    """Return the window of `phase`: its last whole days up to yesterday, or up to its end."""
    yesterday = (timezone.localdate() if today is None else today) - timedelta(days=1)
    if phase is None:
        return LookWindow(yesterday - timedelta(days=13), yesterday)
    last = min(yesterday, timezone.localdate(phase.due_at))
    first = last - timedelta(days=max(1, phase.looks_back_days) - 1)
    return LookWindow(first, last, None if phase.no == 1 else phase.opens_at)


def numbers_of(look: UnitLook) -> dict[str, int]:
    """Return what a node itself adds to the counters."""
    return {
        "looked_full": int(look.grade == UnitLookGrade.FULL),
        "looked_part": int(look.grade == UnitLookGrade.PART),
        "machines": look.machines,
        "machines_seen": look.seen,
        "machines_part": look.part,
        "machines_sized": int(look.is_sized),
        "logs_full": int(0 < look.of_days <= look.days),
    }


def grade_of(look: UnitLook) -> UnitLookGrade:
    """Return how far a unit has looked: all only with each machine, and each day or no logs."""
    if not look.seen and not look.part and not look.days:
        return UnitLookGrade.NONE
    has_machines = look.is_sized and look.seen >= look.machines > 0
    has_days = look.has_no_logs or 0 < look.of_days <= look.days
    return UnitLookGrade.FULL if has_machines and has_days else UnitLookGrade.PART


def settle(
    campaign: Campaign,
    nodes: Sequence[CampaignNode],
    covered: Mapping[int, int],
    window: LookWindow,
) -> int:
    """Count `nodes` of `campaign` anew and move the counters; return how many nodes changed.

    Shapes: `covered` has by node how many days of `window` have logs of the network.
    The caller holds the transaction. Cost: five queries for each 900 nodes, and a statement for
    each distinct change.
    """
    shifts, changed = CounterShifts(), 0
    for some in in_batches([node.pk for node in nodes]):
        # Their rows keep two acts on a node from counting the same change twice.
        locked = CampaignNode.objects.select_for_update(of=("self",)).filter(pk__in=some)
        batch = list(locked.filter(campaign=campaign).order_by("pk"))
        olds = {row.node_id: row for row in UnitLook.objects.filter(node_id__in=some)}
        machines = _machines([node.unit_id for node in batch])
        grades = _grades(some, machines, window)
        for node in batch:
            old = olds.get(node.pk)
            fresh = _fresh(node, old, covered.get(node.pk, 0), machines, grades, window)
            if old is None and _kept(fresh) == _kept(_blank(node, window)):
                continue
            if old is not None and _kept(old) == _kept(fresh):
                continue
            changed += 1
            before = {} if old is None else numbers_of(old)
            by = {name: n - before.get(name, 0) for name, n in numbers_of(fresh).items()}
            shifts.add(node.path, {name: n for name, n in by.items() if n})
            fresh.save(force_insert=old is None, force_update=old is not None)
    shifts.write()
    return changed


def _blank(node: CampaignNode, window: LookWindow) -> UnitLook:
    return UnitLook(node=node, of_days=window.days)


def _kept(look: UnitLook) -> tuple[object, ...]:
    # The day up to which was counted changes each night and is no change of a figure.
    return tuple(getattr(look, name) for name in _KEPT if name != "until")


@dataclass(frozen=True)
class _Machines:
    """Machines in use by unit, which of them each row is, and the stated numbers."""

    in_use: Mapping[int, set[int]]
    root: Mapping[int, int]
    totals: Mapping[int, int]


def _machines(unit_ids: Sequence[int]) -> _Machines:
    rows: list[tuple[int, int, int | None, datetime | None]] = list(
        UnitMachine.objects.filter(unit_id__in=unit_ids).values_list(
            "pk", "unit_id", "same_as_id", "ended_at"
        )
    )
    root = {pk: pk if same is None else same for pk, _unit, same, _ended in rows}
    in_use: defaultdict[int, set[int]] = defaultdict(set)
    for pk, unit_id, same, ended in rows:
        if same is None and ended is None:
            in_use[unit_id].add(pk)
    totals = MachineTotal.objects.filter(unit_id__in=unit_ids)
    return _Machines(in_use, root, dict(totals.values_list("unit_id", "machines")))


def _grades(
    node_ids: Sequence[int], machines: _Machines, window: LookWindow
) -> Mapping[int, Mapping[int, str]]:
    """Return by node the best grade of each machine that was looked at."""
    rows = MachineLook.objects.filter(node_id__in=node_ids, repeats=None, withdrawn_at=None)
    if window.since is not None:
        rows = rows.filter(received_at__gte=window.since)
    best: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for node_id, machine_id, grade in rows.values_list("node_id", "machine_id", "grade"):
        root = machines.root.get(machine_id, machine_id)
        if best[node_id].get(root) != LookGrade.FULL:
            best[node_id][root] = grade
    return best


def _fresh(
    node: CampaignNode,
    old: UnitLook | None,
    days: int,
    machines: _Machines,
    grades: Mapping[int, Mapping[int, str]],
    window: LookWindow,
) -> UnitLook:
    look = UnitLook(node=node, of_days=window.days, until=window.last)
    look.has_no_logs = old is not None and old.has_no_logs
    if node.state in COUNTED:
        in_use = machines.in_use.get(node.unit_id, set())
        of_unit = [grade for pk, grade in grades.get(node.pk, {}).items() if pk in in_use]
        stated = machines.totals.get(node.unit_id)
        look.machines = max(stated or 0, len(in_use))
        look.is_sized = stated is not None
        look.seen = of_unit.count(LookGrade.FULL)
        look.part = of_unit.count(LookGrade.PART)
        look.days = min(days, window.days)
    look.grade = grade_of(look)
    return look


def own_numbers(campaign: Campaign) -> dict[str, dict[int, int]]:
    """Return what each node itself brought into the counters, by their names, for a recount.

    Machines are counted from their rows; days are those that were kept, whose window moves.
    """
    own: dict[str, dict[int, int]] = {name: {} for name in FIGURES}
    rows = UnitLook.objects.filter(node__campaign=campaign).select_related("node")
    for look in rows.iterator(chunk_size=2000):
        for name, number in numbers_of(look).items():
            own[name][look.node_id] = number
    return own
