"""Apply an event of the tree to the register, in bulk; the caller holds the transaction.

Former names and parents are ended on the day, never overwritten. `campaigns.tree.applying` takes
the returned `AppliedChange` into the campaigns.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from quetsach_portal.units.dated import (
    UNPLACED,
    adopt,
    end_edges,
    end_names,
    hang,
    place,
    search_text,
)
from quetsach_portal.units.models import (
    LINES,
    EventKind,
    EventSide,
    EventUnit,
    Headcount,
    OrgEdge,
    OrgEvent,
    OrgName,
    OrgUnit,
    ReportingLine,
    UnitContact,
    line_of,
)
from quetsach_portal.units.tree_plan import NewUnit, TreePlan, check, plan_of

_ROWS = 1000


@dataclass(frozen=True)
class Succession:
    """Units that ended and those that continue them: several into one, or one into several."""

    before: tuple[int, ...]
    after: tuple[int, ...]


@dataclass(frozen=True)
class UnitMove:
    """A unit that moved to another parent; with `at_once` also in the running phase."""

    unit: int
    parent: int
    at_once: bool


@dataclass
class AppliedChange:
    """What was done to the register, by ids of units.

    Shapes: `staff` is the head count that somebody allotted to a new unit; `final_report` says
    that closed units still owe one; `at_once` whether a level ends in the running phase too.
    """

    kind: str
    successions: list[Succession] = field(default_factory=list)
    moves: list[UnitMove] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    renamed: list[int] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)
    staff: dict[int, int] = field(default_factory=dict)
    final_report: bool = False
    at_once: bool = True
    names: dict[int, str] = field(default_factory=dict)
    undo: dict[str, Any] = field(default_factory=dict)


def change_register(event: OrgEvent) -> AppliedChange:
    """Return the applied change. Errors: Refused when the plan cannot be applied (any longer).

    Cost: a merge of hundreds of units takes about two statements for each that has children, and
    a fixed number beside.
    """
    plan = plan_of(event.plan)
    units = check(event.kind, plan, event.effective_on)
    done = AppliedChange(event.kind, names={pk: unit.name for pk, unit in units.items()})
    _DO[EventKind(event.kind)](event, plan, units, done)
    _keep_sides(event, done)
    return done


def _rename(
    event: OrgEvent, plan: TreePlan, units: dict[int, OrgUnit], done: AppliedChange
) -> None:
    unit = units[plan.units[0]]
    unit.name, unit.short_name = plan.name, plan.short_name or unit.short_name
    unit.doc_code = plan.doc_code or unit.doc_code
    unit.search = search_text(unit.name, unit.code, unit.short_name)
    unit.save(update_fields=["name", "short_name", "doc_code", "search"])
    end_names([unit.pk], event.effective_on)
    OrgName.objects.create(
        unit=unit,
        full_name=unit.name,
        short_name=unit.short_name,
        doc_code=unit.doc_code,
        valid_from=event.effective_on,
    )
    done.renamed.append(unit.pk)


def _move(event: OrgEvent, plan: TreePlan, units: dict[int, OrgUnit], done: AppliedChange) -> None:
    assert plan.parent is not None
    for unit_id in plan.units:
        first = _first_line(unit_id)
        _put_under(units[unit_id], units[plan.parent], plan.line, event.effective_on)
        if first in ("", plan.line):
            hang(units[unit_id], units[plan.parent])
            done.moves.append(UnitMove(unit_id, plan.parent, plan.at_once))


def _merge(event: OrgEvent, plan: TreePlan, units: dict[int, OrgUnit], done: AppliedChange) -> None:
    new = [
        (merge.new, units[merge.units[0]].parent_id, line_of(units[merge.units[0]].kind))
        for merge in plan.merges
        if merge.new is not None
    ]
    new_units = iter(_set_up(new, event, done))
    for merge in plan.merges:
        heir = next(new_units) if merge.into is None else units[merge.into]
        done.successions.append(Succession(merge.units, (heir.pk,)))
        done.names[heir.pk] = heir.name
        units[heir.pk] = heir
    ending = [unit for merge in plan.merges for unit in merge.units]
    heirs = {one: pair.after[0] for pair in done.successions for one in pair.before}
    _hand_over(ending, {one: units[heir] for one, heir in heirs.items()}, event, done)
    _add_up(done.successions, event, {merge.new.code for merge in plan.merges if merge.new})
    _end(ending, event.effective_on)


def _split(event: OrgEvent, plan: TreePlan, units: dict[int, OrgUnit], done: AppliedChange) -> None:
    unit = units[plan.units[0]]
    line = line_of(unit.kind)
    parts = _set_up([(part, unit.parent_id, line) for part in plan.parts], event, done)
    done.successions.append(Succession((unit.pk,), tuple(part.pk for part in parts)))
    for child in OrgUnit.objects.filter(parent=unit, closed_on__isnull=True):
        part = parts[plan.allot[str(child.pk)]]
        _put_under(child, part, _first_line(child.pk) or line, event.effective_on)
        hang(child, part)
        done.moves.append(UnitMove(child.pk, part.pk, at_once=True))
    _end([unit.pk], event.effective_on)


def _close(event: OrgEvent, plan: TreePlan, units: dict[int, OrgUnit], done: AppliedChange) -> None:
    done.closed, done.final_report = list(plan.units), plan.final_report
    _end(plan.units, event.effective_on)


def _abolish(
    event: OrgEvent, plan: TreePlan, units: dict[int, OrgUnit], done: AppliedChange
) -> None:
    done.at_once = plan.at_once
    children = list(
        OrgUnit.objects.filter(parent_id__in=plan.units, closed_on__isnull=True).order_by("pk")
    )
    above = {pk: units[pk].parent_id for pk in plan.units}
    heirs = {
        child.pk: plan.heirs.get(str(child.pk), above[child.parent_id or 0]) for child in children
    }
    done.undo = {
        "closed": list(plan.units),
        "moved": [[child.pk, child.parent_id, heirs[child.pk]] for child in children],
    }
    parents = OrgUnit.objects.in_bulk({heir for heir in heirs.values() if heir is not None})
    for unit_id in plan.units:
        for heir_id in {heirs[one.pk] for one in children if one.parent_id == unit_id}:
            mine = [
                one for one in children if one.parent_id == unit_id and heirs[one.pk] == heir_id
            ]
            assert heir_id is not None
            adopt(units[unit_id], parents[heir_id], [one.pk for one in mine])
    _edges_over({child.pk: parents[heirs[child.pk] or 0] for child in children}, event)
    done.names |= {one.pk: one.name for one in (*children, *parents.values())}
    done.moves = [UnitMove(pk, heir or 0, plan.at_once) for pk, heir in heirs.items()]
    done.closed = list(plan.units)
    _end(plan.units, event.effective_on)


def _open(event: OrgEvent, plan: TreePlan, units: dict[int, OrgUnit], done: AppliedChange) -> None:
    new_units = _set_up([(plan.parts[0], plan.parent, plan.line)], event, done)
    done.opened = [new_units[0].pk]


def _set_up(
    new: Sequence[tuple[NewUnit, int | None, str]], event: OrgEvent, done: AppliedChange
) -> list[OrgUnit]:
    parents = OrgUnit.objects.in_bulk({parent for _one, parent, _line in new if parent})
    units = [_unit(one, parents.get(parent or 0), event) for one, parent, _line in new]
    OrgUnit.objects.bulk_create(units, batch_size=_ROWS)
    for depth in {unit.depth for unit in units}:
        place(depth)
    for unit in units:
        unit.path = f"{'/' if unit.parent is None else unit.parent.path}{unit.pk}/"
        done.names[unit.pk] = unit.name
    day = event.effective_on
    OrgName.objects.bulk_create(
        [
            OrgName(unit=unit, full_name=unit.name, short_name=unit.short_name, valid_from=day)
            for unit in units
        ],
        batch_size=_ROWS,
    )
    OrgEdge.objects.bulk_create(
        [
            OrgEdge(child=unit, parent=unit.parent, line=line, valid_from=day)
            for unit, (_one, _parent, line) in zip(units, new, strict=True)
            if unit.parent is not None
        ],
        batch_size=_ROWS,
    )
    counted = [(unit, one.staff) for unit, (one, _p, _l) in zip(units, new, strict=True)]
    heads = [
        Headcount(unit=unit, staff_count=staff, as_of=day, source_doc=event.legal_doc[:200])
        for unit, staff in counted
        if staff is not None
    ]
    Headcount.objects.bulk_create(heads, batch_size=_ROWS)
    done.staff |= {unit.pk: staff for unit, staff in counted if staff is not None}
    return units


def _unit(new: NewUnit, parent: OrgUnit | None, event: OrgEvent) -> OrgUnit:
    return OrgUnit(
        code=new.code,
        kind=new.kind,
        name=new.name,
        short_name=new.short_name,
        area_code=new.area_code,
        search=search_text(new.name, new.code, new.short_name),
        parent=parent,
        path=UNPLACED,
        depth=0 if parent is None else parent.depth + 1,
        opened_on=event.effective_on,
    )


def _hand_over(
    ending: Sequence[int], heirs: dict[int, OrgUnit], event: OrgEvent, done: AppliedChange
) -> None:
    """Give the children and the contacts of the units that end to their heirs."""
    children = list(OrgUnit.objects.filter(parent_id__in=ending, closed_on__isnull=True))
    olds = OrgUnit.objects.in_bulk({child.parent_id for child in children if child.parent_id})
    for old in olds.values():
        adopt(old, heirs[old.pk], [one.pk for one in children if one.parent_id == old.pk])
    new_parents = {child.pk: heirs[child.parent_id or 0] for child in children}
    _edges_over(new_parents, event)
    done.names |= {child.pk: child.name for child in children}
    done.moves += [UnitMove(pk, heir.pk, at_once=True) for pk, heir in new_parents.items()]
    _contacts_over(ending, heirs, event.effective_on)


def _contacts_over(ending: Sequence[int], heirs: dict[int, OrgUnit], day: date) -> None:
    existing = {
        (one.unit_id, one.role, one.mail)
        for one in UnitContact.objects.filter(
            unit__in={heir.pk for heir in heirs.values()}, valid_to__isnull=True
        )
    }
    copies: list[UnitContact] = []
    for contact in UnitContact.objects.filter(unit_id__in=ending, valid_to__isnull=True).order_by(
        "pk"
    ):
        heir = heirs[contact.unit_id]
        if contact.mail and (heir.pk, contact.role, contact.mail) not in existing:
            existing.add((heir.pk, contact.role, contact.mail))
            # A contact that is switched off stays off.
            contact.pk, contact.unit, contact.valid_from = None, heir, day
            copies.append(contact)
    UnitContact.objects.bulk_create(copies, batch_size=_ROWS)
    UnitContact.objects.filter(unit_id__in=ending, valid_to__isnull=True).update(valid_to=day)


def _add_up(successions: Iterable[Succession], event: OrgEvent, new_codes: set[str]) -> None:
    """Write the head count of each new unit: the sum of those before it, where all are known."""
    latest = dict(
        Headcount.objects.filter(unit_id__in=[one for s in successions for one in s.before])
        .order_by("as_of", "pk")
        .values_list("unit_id", "staff_count")
    )
    fresh = set(OrgUnit.objects.filter(code__in=new_codes).values_list("pk", flat=True))
    counted = set(Headcount.objects.filter(unit_id__in=fresh).values_list("unit_id", flat=True))
    Headcount.objects.bulk_create(
        [
            Headcount(
                unit_id=one.after[0],
                staff_count=sum(latest[unit] for unit in one.before),
                as_of=event.effective_on,
                source_doc=event.legal_doc[:200],
            )
            for one in successions
            if one.after[0] in fresh - counted and all(unit in latest for unit in one.before)
        ],
        batch_size=_ROWS,
    )


def _edges_over(new_parents: dict[int, OrgUnit], event: OrgEvent) -> None:
    """End the parent that gave each child its path, and begin the new one on the same line."""
    lines = dict.fromkeys(new_parents, "")
    known = OrgEdge.objects.filter(child_id__in=list(new_parents), valid_to__isnull=True)
    for edge in known:
        old = lines[edge.child_id]
        lines[edge.child_id] = min(filter(None, (old, edge.line)), key=LINES.index)
    for line in set(lines.values()) - {""}:
        end_edges([pk for pk, one in lines.items() if one == line], event.effective_on, [line])
    OrgEdge.objects.bulk_create(
        [
            OrgEdge(
                child_id=pk,
                parent=new_parents[pk],
                line=line or ReportingLine.TERRITORY,
                valid_from=event.effective_on,
            )
            for pk, line in lines.items()
        ],
        batch_size=_ROWS,
    )


def _put_under(child: OrgUnit, parent: OrgUnit, line: str, day: date) -> None:
    end_edges([child.pk], day, [line])
    OrgEdge.objects.create(child=child, parent=parent, line=line, valid_from=day)


def _first_line(unit_id: int) -> str:
    lines = OrgEdge.objects.filter(child_id=unit_id, valid_to__isnull=True).values_list(
        "line", flat=True
    )
    return min(lines, key=LINES.index, default="")


def _end(ids: Sequence[int], day: date) -> None:
    end_edges(ids, day)
    for start in range(0, len(ids), _ROWS // 2):
        OrgUnit.objects.filter(pk__in=ids[start : start + _ROWS // 2]).update(closed_on=day)


def _keep_sides(event: OrgEvent, done: AppliedChange) -> None:
    sides: list[tuple[int, int, EventSide]] = []
    for group, one in enumerate(done.successions):
        sides += [(group, unit, EventSide.BEFORE) for unit in one.before]
        sides += [(group, unit, EventSide.AFTER) for unit in one.after]
    sides += [(0, unit, EventSide.BEFORE) for unit in done.closed]
    sides += [(0, unit, EventSide.AFTER) for unit in (*done.renamed, *done.opened)]
    if not done.successions:
        sides += [(0, move.unit, EventSide.AFTER) for move in done.moves]
    EventUnit.objects.bulk_create(
        [
            EventUnit(event=event, group=group, unit_id=unit, side=side)
            for group, unit, side in dict.fromkeys(sides)
        ],
        batch_size=_ROWS,
    )


_DO = {
    EventKind.RENAME: _rename,
    EventKind.MOVE: _move,
    EventKind.MERGE: _merge,
    EventKind.SPLIT: _split,
    EventKind.CLOSE: _close,
    EventKind.ABOLISH: _abolish,
    EventKind.OPEN: _open,
}
