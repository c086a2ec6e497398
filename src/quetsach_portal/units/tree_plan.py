"""The plan of an event of the tree, as a stored value, and the checks that it must pass."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from msgspec import Struct

from quetsach_portal.units.dated import in_batches
from quetsach_portal.units.models import LINES, EventKind, OrgEdge, OrgName, OrgUnit
from quetsach_portal.units.register_file.cells import CODE
from quetsach_portal.web.acts import Refused


class NewUnit(Struct, frozen=True, forbid_unknown_fields=True):
    """A unit that the event sets up; `staff` is None if it is not known."""

    code: str
    name: str
    kind: str
    short_name: str = ""
    area_code: str = ""
    staff: int | None = None


class UnitMerge(Struct, frozen=True, forbid_unknown_fields=True):
    """Units (by id) that go into one: into an existing unit, or into a new one."""

    units: tuple[int, ...]
    into: int | None = None
    new: NewUnit | None = None


class TreePlan(Struct, frozen=True, forbid_unknown_fields=True):
    """The plan of one event; each kind uses its own fields.

    Shapes: `units` are renamed, moved, split, closed or abolished; `parent` is where units move or
    a new one is set up, on `line`; `allot` leads each child of a split unit (id as text) to a place
    in `parts`; `heirs` each child of an abolished unit to its new parent, where that is not the
    parent of the abolished one; `at_once` is "move now"; `final_report` asks a closed unit for one.
    """

    units: tuple[int, ...] = ()
    parent: int | None = None
    line: str = "territory"
    name: str = ""
    short_name: str = ""
    doc_code: str = ""
    merges: tuple[UnitMerge, ...] = ()
    parts: tuple[NewUnit, ...] = ()
    allot: dict[str, int] = {}
    heirs: dict[str, int] = {}
    at_once: bool = False
    final_report: bool = False

    def named_units(self) -> frozenset[int]:
        """Return the ids of all units that the plan names."""
        named = {*self.units, *self.heirs.values()}
        named |= {unit for merge in self.merges for unit in merge.units}
        named |= {merge.into for merge in self.merges if merge.into is not None}
        return frozenset(named if self.parent is None else {*named, self.parent})


def as_json(plan: TreePlan) -> dict[str, Any]:
    """Return `plan` as it is stored."""
    made: dict[str, Any] = msgspec.to_builtins(plan)
    return made


def plan_of(kept: Mapping[str, Any]) -> TreePlan:
    """Return the plan out of what was kept. Errors: msgspec.ValidationError."""
    return msgspec.convert(kept, TreePlan, strict=False)


def units_by_id(ids: Iterable[int]) -> dict[int, OrgUnit]:
    """Return the units with these ids, those that are there."""
    found: dict[int, OrgUnit] = {}
    for some in in_batches(sorted(ids)):
        found |= OrgUnit.objects.in_bulk(some)
    return found


def check(kind: str, plan: TreePlan, day: date) -> dict[int, OrgUnit]:
    """Return the named units by id when the plan can be done. Errors: Refused."""
    units = units_by_id(plan.named_units())
    if len(units) < len(plan.named_units()):
        raise Refused(_("One of the units no longer exists."))
    for unit in units.values():
        if unit.closed_on is not None:
            raise Refused(_("%(unit)s has already been dissolved.") % {"unit": unit.name})
        if unit.opened_on > day:
            raise Refused(_("%(unit)s was created after that date.") % {"unit": unit.name})
    _check_days(list(units), day)
    _RULES[EventKind(kind)](plan, units)
    return units


def _check_days(ids: Sequence[int], day: date) -> None:
    """Refuse a day before something that holds already: history is added to, never rewritten."""
    for some in in_batches(ids):
        for rows in (
            OrgName.objects.filter(unit_id__in=some),
            OrgEdge.objects.filter(child_id__in=some),
        ):
            later = rows.filter(valid_to__isnull=True, valid_from__gt=day).first()
            if later is not None:
                raise Refused(
                    _("One of the units already has a later change."), field="effective_on"
                )


def _some(plan: TreePlan) -> None:
    if not plan.units:
        raise Refused(_("Choose at least one unit."), field="units")


def _rename(plan: TreePlan, units: dict[int, OrgUnit]) -> None:
    _some(plan)
    if len(plan.units) != 1 or not plan.name.strip():
        raise Refused(_("Choose one unit and enter its new name."), field="name")
    if plan.name == units[plan.units[0]].name:
        raise Refused(_("The unit has this name already."), field="name")


def _move(plan: TreePlan, units: dict[int, OrgUnit]) -> None:
    _some(plan)
    if plan.parent is None:
        raise Refused(_("Choose the new parent."), field="parent")
    if plan.line not in LINES:
        raise Refused(_("Choose the line."), field="line")
    parent = units[plan.parent]
    for unit_id in plan.units:
        unit = units[unit_id]
        if parent.path.startswith(unit.path):
            told = _("%(parent)s is below %(unit)s.")
            raise Refused(told % {"parent": parent.name, "unit": unit.name}, field="parent")
    edges = OrgEdge.objects.filter(
        child_id__in=plan.units, parent=parent, line=plan.line, valid_to__isnull=True
    )
    if edges.exists():
        raise Refused(_("One of the units is already below this parent."), field="parent")


def _merge(plan: TreePlan, units: dict[int, OrgUnit]) -> None:
    if not plan.merges:
        raise Refused(_("Choose the units to merge."), field="units")
    ending = [unit for merge in plan.merges for unit in merge.units]
    if len(set(ending)) < len(ending):
        raise Refused(_("A unit can be merged only once."), field="units")
    new: list[NewUnit] = []
    for merge in plan.merges:
        if (merge.into is None) == (merge.new is None):
            raise Refused(_("Choose one unit to continue the others."), field="into")
        if not merge.units or (merge.new is not None and len(merge.units) < 2):
            raise Refused(_("Choose at least two units to merge."), field="units")
        if merge.into in ending:
            raise Refused(_("A unit cannot be merged into one that also ends."), field="into")
        if merge.new is not None:
            new.append(merge.new)
        paths = {units[one].path for one in merge.units}
        into = "" if merge.into is None else units[merge.into].path
        for path in paths:
            if into.startswith(path) or any(a != path and a.startswith(path) for a in paths):
                raise Refused(_("A unit cannot be merged with a unit below it."), field="units")
    _check_new(new)


def _split(plan: TreePlan, units: dict[int, OrgUnit]) -> None:
    if len(plan.units) != 1:
        raise Refused(_("Choose the one unit to split."), field="units")
    if len(plan.parts) < 2:
        raise Refused(_("A split needs at least two new units."), field="parts")
    _check_new(plan.parts)
    children = OrgUnit.objects.filter(parent_id=plan.units[0], closed_on__isnull=True)
    for child in children:
        if plan.allot.get(str(child.pk)) not in range(len(plan.parts)):
            told = _("Assign %(unit)s to one of the new units.")
            raise Refused(told % {"unit": child.name}, field="parts")


def _close(plan: TreePlan, units: dict[int, OrgUnit]) -> None:
    _some(plan)
    orphans = OrgUnit.objects.filter(parent_id__in=plan.units, closed_on__isnull=True)
    orphan = orphans.exclude(pk__in=plan.units).first()
    if orphan is not None:
        message = _(
            "%(unit)s is below a unit to be dissolved. Move it first, or abolish the level."
        )
        raise Refused(message % {"unit": orphan.name}, field="units")


def _abolish(plan: TreePlan, units: dict[int, OrgUnit]) -> None:
    _some(plan)
    chosen = set(plan.units)
    for unit_id in plan.units:
        unit = units[unit_id]
        if unit.parent_id is None or unit.parent_id in chosen:
            raise Refused(_("No unit above %(unit)s remains.") % {"unit": unit.name}, field="units")
    for parent_id in plan.heirs.values():
        if any(units[parent_id].path.startswith(units[one].path) for one in plan.units):
            raise Refused(_("A new parent is below the level that ends."), field="parent")


def _open(plan: TreePlan, units: dict[int, OrgUnit]) -> None:
    if len(plan.parts) != 1 or plan.parent is None:
        raise Refused(_("Enter the new unit and its parent."), field="parent")
    if plan.line not in LINES:
        raise Refused(_("Choose the line."), field="line")
    _check_new(plan.parts)


def _check_new(new: Sequence[NewUnit]) -> None:
    codes = [one.code for one in new]
    for one in new:
        if not CODE.fullmatch(one.code) or not one.name.strip():
            raise Refused(_("A new unit needs a code and a name."), field="parts")
    taken_codes = {
        code
        for some in in_batches(codes)
        for code in OrgUnit.objects.filter(code__in=some).values_list("code", flat=True)
    }
    double = next((code for code in codes if code in taken_codes or codes.count(code) > 1), None)
    if double is not None:
        raise Refused(_("The code %(code)s is already in use.") % {"code": double}, field="parts")


_RULES = {
    EventKind.RENAME: _rename,
    EventKind.MOVE: _move,
    EventKind.MERGE: _merge,
    EventKind.SPLIT: _split,
    EventKind.CLOSE: _close,
    EventKind.ABOLISH: _abolish,
    EventKind.OPEN: _open,
}
