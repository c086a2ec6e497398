"""Save an import preview in few statements, whatever the number of units."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from quetsach_portal.units.dated import UNPLACED, end_edges, end_names, hang, place, search_text
from quetsach_portal.units.importing.preview import (
    PLAIN_FIELDS,
    CurrentRegister,
    ImportPreview,
    RowChange,
    contact_with,
    depth_after,
)
from quetsach_portal.units.models import (
    LINES,
    ContactSource,
    Headcount,
    OrgEdge,
    OrgName,
    OrgUnit,
    UnitContact,
)
from quetsach_portal.units.register_file.rows import UnitRow
from quetsach_portal.web.compiled_queries import MANY_ROWS, count_anew

_ROWS = 1000


@dataclass
class _Saving:
    """The rows to create by one save, the day they count from, and the contacts to end on it."""

    day: date
    source_doc: str
    by_code: dict[str, OrgUnit]
    names: list[OrgName] = field(default_factory=list)
    edges: list[OrgEdge] = field(default_factory=list)
    contacts: list[UnitContact] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    heads: list[Headcount] = field(default_factory=list)


def save(preview: ImportPreview, day: date, source_doc: str) -> None:
    """Save the new and the changed units of `preview`; the caller holds the transaction."""
    saving = _Saving(day, source_doc, dict(preview.now.units))
    _make_units(preview.new, saving)
    for row in preview.new:
        _beside_new(row, preview.now, saving)
    _change_units(preview.changed, preview.now, saving)
    _move_units(preview, saving)
    _more_edges(preview, saving)
    OrgName.objects.bulk_create(saving.names, batch_size=_ROWS)
    OrgEdge.objects.bulk_create(saving.edges, batch_size=_ROWS)
    for start in range(0, len(saving.ended), _ROWS):
        ended = UnitContact.objects.filter(pk__in=saving.ended[start : start + _ROWS])
        ended.update(valid_to=saving.day)
    UnitContact.objects.bulk_create(saving.contacts, batch_size=_ROWS)
    Headcount.objects.bulk_create(
        saving.heads,
        batch_size=_ROWS,
        update_conflicts=True,
        unique_fields=["unit", "as_of"],
        update_fields=["staff_count", "source_doc"],
    )
    if len(preview.new) > MANY_ROWS:
        count_anew(OrgUnit, OrgName, OrgEdge)


def _make_units(rows: Sequence[UnitRow], saving: _Saving) -> None:
    """Make the units level by level: a path needs the keys of all above."""
    waiting = list(rows)
    while waiting:
        ready = [
            unit_row
            for unit_row in waiting
            if unit_row.parent in saving.by_code or not unit_row.parent
        ]
        if not ready:
            raise AssertionError("the rows of a preview make a tree")
        units = [_unit_of(unit_row, saving) for unit_row in ready]
        OrgUnit.objects.bulk_create(units, batch_size=_ROWS)
        for depth in sorted({unit.depth for unit in units}):
            place(depth)
        saving.by_code |= {unit.code: unit for unit in units}
        done = {unit_row.code for unit_row in ready}
        waiting = [unit_row for unit_row in waiting if unit_row.code not in done]
    # Paths were written by the database; they are needed where something is placed below.
    for unit in (saving.by_code[unit_row.code] for unit_row in rows):
        above = unit.parent
        unit.path = f"{'/' if above is None else above.path}{unit.pk}/"


def _unit_of(unit_row: UnitRow, saving: _Saving) -> OrgUnit:
    parent = saving.by_code[unit_row.parent] if unit_row.parent else None
    return OrgUnit(
        code=unit_row.code,
        kind=unit_row.kind,
        name=unit_row.name,
        short_name=unit_row.short_name,
        search=search_text(unit_row.name, unit_row.code, unit_row.short_name),
        doc_code=unit_row.doc_code,
        id_old=unit_row.id_old,
        id_new=unit_row.id_new,
        area_code=unit_row.area_code,
        parent=parent,
        path=UNPLACED,
        depth=0 if parent is None else parent.depth + 1,
        opened_on=saving.day,
    )


def _beside_new(unit_row: UnitRow, now: CurrentRegister, saving: _Saving) -> None:
    unit = saving.by_code[unit_row.code]
    saving.names.append(_name_of(unit, saving.day))
    if unit_row.parent:
        saving.edges.append(_edge(unit, saving.by_code[unit_row.parent], unit_row.line, saving.day))
    if unit_row.mail or unit_row.phone or unit_row.person:
        saving.contacts.append(_contact(unit_row, unit, now, saving.day))
    if unit_row.staff is not None:
        saving.heads.append(_head(unit_row.staff, unit, saving))


def _change_units(changes: Sequence[RowChange], now: CurrentRegister, saving: _Saving) -> None:
    plain: list[OrgUnit] = []
    renamed: list[OrgUnit] = []
    for change in changes:
        if plain_fields := change.fields.keys() & set(PLAIN_FIELDS):
            for name in plain_fields:
                setattr(change.unit, name, getattr(change.row, name))
            change.unit.search = search_text(
                change.unit.name, change.unit.code, change.unit.short_name
            )
            plain.append(change.unit)
        if change.fields.keys() & {"name", "short_name", "doc_code"}:
            renamed.append(change.unit)
        if "staff" in change.fields and change.row.staff is not None:
            saving.heads.append(_head(change.row.staff, change.unit, saving))
        if change.fields.keys() & {"mail", "phone", "person"}:
            _change_contact(change.row, change.unit, now, saving)
    OrgUnit.objects.bulk_update(plain, [*PLAIN_FIELDS, "search"], batch_size=200)
    end_names([unit.pk for unit in renamed], saving.day)
    saving.names += (_name_of(unit, saving.day) for unit in renamed)


def _move_units(preview: ImportPreview, saving: _Saving) -> None:
    moves = [one for one in preview.changed if "parent" in one.fields]
    # From the top down, so that no unit moves under one of its own descendants.
    for one in sorted(moves, key=lambda one: depth_after(one.row.code, preview.parents)):
        _put(one.row, preview.now.first_line(one.unit), saving)


def _more_edges(preview: ImportPreview, saving: _Saving) -> None:
    first = {row.code: row.line for row in preview.new}
    for row in preview.more_edges:
        unit = saving.by_code[row.code]
        _put(row, first.get(row.code) or preview.now.first_line(unit), saving)


def _put(unit_row: UnitRow, path_line: str, saving: _Saving) -> None:
    """Set the parent of a unit on the row's line; if that line gives the path, move it there."""
    unit, parent = saving.by_code[unit_row.code], saving.by_code[unit_row.parent]
    end_edges([unit.pk], saving.day, [unit_row.line])
    saving.edges.append(_edge(unit, parent, unit_row.line, saving.day))
    if not path_line or LINES.index(unit_row.line) <= LINES.index(path_line):
        # The rows in memory may be older than moves made above them just before.
        unit.refresh_from_db(fields=["path", "depth"])
        parent.refresh_from_db(fields=["path", "depth"])
        hang(unit, parent)


def _change_contact(
    unit_row: UnitRow, unit: OrgUnit, now: CurrentRegister, saving: _Saving
) -> None:
    contact = contact_with(unit_row.mail, unit, now)
    if contact is not None:
        fields = {
            name: getattr(unit_row, name) for name in ("phone", "person") if getattr(unit_row, name)
        }
        # `disabled_reason` is not among them: a file never switches a bounced address on (C3).
        UnitContact.objects.filter(pk=contact.pk).update(**fields)
        return
    for old in now.contacts.get(unit.pk, []):
        if old.source == ContactSource.IMPORT and old.mail and unit_row.mail:
            saving.ended.append(old.pk)
    saving.contacts.append(_contact(unit_row, unit, now, saving.day))


def _contact(unit_row: UnitRow, unit: OrgUnit, now: CurrentRegister, day: date) -> UnitContact:
    return UnitContact(
        unit=unit,
        person=unit_row.person,
        mail=unit_row.mail,
        phone=unit_row.phone,
        source=ContactSource.IMPORT,
        valid_from=day,
        disabled_reason=now.off.get(unit_row.mail, ""),
    )


def _name_of(unit: OrgUnit, day: date) -> OrgName:
    return OrgName(
        unit=unit,
        full_name=unit.name,
        short_name=unit.short_name,
        doc_code=unit.doc_code,
        valid_from=day,
    )


def _edge(child: OrgUnit, parent: OrgUnit, line: str, day: date) -> OrgEdge:
    return OrgEdge(child=child, parent=parent, line=line, valid_from=day)


def _head(count: int, unit: OrgUnit, saving: _Saving) -> Headcount:
    return Headcount(
        unit=unit, staff_count=count, as_of=saving.day, source_doc=saving.source_doc[:200]
    )
