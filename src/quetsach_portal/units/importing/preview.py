"""Compare a register file with the register: new, changed, unchanged and missing units."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from quetsach_portal.units.dated import in_batches
from quetsach_portal.units.models import LINES, Headcount, OrgEdge, OrgUnit, UnitContact
from quetsach_portal.units.register_file.rows import RegisterFlaw, RowProblem, UnitRow, tree_of
from quetsach_portal.units.searching import FIELD_NAMES


@dataclass(frozen=True)
class CurrentRegister:
    """Units by code, with their open parents by line, latest head counts and open contacts.

    Shapes: `elsewhere` are codes of the file that units outside of the subtree have; `off` says
    of each address that bounced why it is not used.
    """

    top: OrgUnit
    units: Mapping[str, OrgUnit]
    codes: Mapping[int, str]
    edges: Mapping[int, Mapping[str, OrgEdge]]
    staff: Mapping[int, int] = field(default_factory=dict)
    contacts: Mapping[int, list[UnitContact]] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()
    off: Mapping[str, str] = field(default_factory=dict)

    def first_line(self, unit: OrgUnit) -> str:
        """Return the line that gives the unit its path, "" for one without a parent."""
        lines = self.edges.get(unit.pk, {})
        return next((line for line in LINES if line in lines), "")


def read_now(top: OrgUnit, codes: Iterable[str]) -> CurrentRegister:
    """Return the register below `top` as it is. Cost: five queries and one for 900 new codes."""
    units = {unit.code: unit for unit in OrgUnit.objects.filter(_inside(top, ""))}
    edges: dict[int, dict[str, OrgEdge]] = {}
    for edge in OrgEdge.objects.filter(_inside(top, "child__"), valid_to__isnull=True):
        edges.setdefault(edge.child_id, {})[edge.line] = edge
    staff = dict(
        Headcount.objects.filter(_inside(top, "unit__"))
        .order_by("as_of", "pk")
        .values_list("unit_id", "staff_count")
    )
    contacts: dict[int, list[UnitContact]] = {}
    for contact in UnitContact.objects.filter(_inside(top, "unit__"), valid_to__isnull=True):
        contacts.setdefault(contact.unit_id, []).append(contact)
    off = dict(
        UnitContact.objects.exclude(disabled_reason="")
        .exclude(mail="")
        .values_list("mail", "disabled_reason")
    )
    return CurrentRegister(
        top=top,
        units=units,
        codes={unit.pk: unit.code for unit in units.values()},
        edges=edges,
        staff=staff,
        contacts=contacts,
        elsewhere=_elsewhere([code for code in codes if code not in units]),
        off=off,
    )


def _inside(top: OrgUnit, prefix: str) -> Q:
    return Q(**{f"{prefix}path__gte": top.path, f"{prefix}path__lt": f"{top.path[:-1]}0"})


def _elsewhere(codes: list[str]) -> frozenset[str]:
    found: set[str] = set()
    for some in in_batches(codes):
        found.update(OrgUnit.objects.filter(code__in=some).values_list("code", flat=True))
    return frozenset(found)


PLAIN_FIELDS = ("name", "short_name", "doc_code", "kind", "id_old", "id_new", "area_code")
"""What a file may change of a unit itself; an empty cell changes nothing."""

_BY_EVENT_ALONE = frozenset({"name", "parent"})


@dataclass(frozen=True)
class RowChange:
    """What a row changes of a unit: field -> (before, after)."""

    row: UnitRow
    unit: OrgUnit
    fields: Mapping[str, tuple[str, str]]

    @property
    def shown(self) -> list[tuple[str, tuple[str, str]]]:
        """The fields by what they are called on pages."""
        return [(str(FIELD_NAMES[name]), values) for name, values in self.fields.items()]


@dataclass
class ImportPreview:
    """A file compared with the register; `problems` include those of its place in the tree."""

    now: CurrentRegister
    new: list[UnitRow] = field(default_factory=list)
    changed: list[RowChange] = field(default_factory=list)
    unchanged: int = 0
    missing: list[OrgUnit] = field(default_factory=list)
    more_edges: list[UnitRow] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    parents: Mapping[str, str] = field(default_factory=dict)

    @property
    def seen(self) -> str:
        """A digest of the comparison, so that only what was reviewed is saved."""
        text = repr(
            (
                [row.code for row in self.new],
                [(one.row.code, sorted(one.fields.items())) for one in self.changed],
                [(row.code, row.line, row.parent) for row in self.more_edges],
                len(self.problems),
            )
        )
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def preview_of(
    rows: Sequence[UnitRow],
    problems: Sequence[RowProblem],
    top: OrgUnit,
    frozen: Collection[int] = (),
) -> ImportPreview:
    """Return what saving `rows` below `top` would do.

    Shapes: `frozen` are units of a running campaign: their names and parents change by an event of
    the tree, never by a file.
    Cost: about ten queries, whatever the number of rows.
    """
    now = read_now(top, [unit_row.code for unit_row in rows])
    refused = {one.value for one in problems if one.flaw is RegisterFlaw.DOUBLE_CODE}
    tree = tree_of(rows, now.units, refused, top.code)
    out = ImportPreview(now, problems=[*problems, *tree.problems])
    out.parents = _parents_after(now, tree.rows)
    stuck: set[str] = set()
    for unit_row in tree.rows:
        _judge(unit_row, out, frozen, stuck)
    out.more_edges = [
        unit_row
        for unit_row in tree.more_edges
        if unit_row.code not in stuck
        and unit_row.parent not in stuck
        and _is_new_edge(unit_row, now)
    ]
    named = {unit_row.code for unit_row in rows}
    out.missing = [
        unit for code, unit in now.units.items() if code not in named and unit.closed_on is None
    ]
    return out


def _judge(unit_row: UnitRow, out: ImportPreview, frozen: Collection[int], stuck: set[str]) -> None:
    unit = out.now.units.get(unit_row.code)
    parent = out.now.units.get(unit_row.parent)
    changes = {} if unit is None else changes_of(unit_row, unit, out.now)
    flaw: RegisterFlaw | None = None
    if unit_row.code in out.now.elsewhere:
        flaw = RegisterFlaw.OUTSIDE
    elif _is_closed(unit) or (_is_closed(parent) and (unit is None or "parent" in changes)):
        flaw = RegisterFlaw.CLOSED_UNIT
    elif unit_row.parent in stuck:
        flaw = RegisterFlaw.BAD_PARENT
    elif unit is not None and unit.pk in frozen and _BY_EVENT_ALONE & changes.keys():
        flaw = RegisterFlaw.BY_EVENT
    elif _is_in_circle(unit_row.code, out.parents):
        flaw = RegisterFlaw.CYCLE
    if flaw is not None:
        stuck.add(unit_row.code)
        out.problems.append(RowProblem(unit_row.row, "", flaw, unit_row.code, unit_row.sheet))
    elif unit is None:
        out.new.append(unit_row)
    elif changes:
        out.changed.append(RowChange(unit_row, unit, changes))
    else:
        out.unchanged += 1


def _is_closed(unit: OrgUnit | None) -> bool:
    return unit is not None and unit.closed_on is not None


def changes_of(
    unit_row: UnitRow, unit: OrgUnit, now: CurrentRegister
) -> dict[str, tuple[str, str]]:
    """Return what `unit_row` changes of `unit`: field -> (before, after)."""
    changes: dict[str, tuple[str, str]] = {}
    for name in PLAIN_FIELDS:
        before, after = str(getattr(unit, name)), str(getattr(unit_row, name))
        if after and after != before:
            changes[name] = (before, after)
    if unit_row.parent and unit.pk != now.top.pk:
        edge = now.edges.get(unit.pk, {}).get(unit_row.line)
        before = "" if edge is None else now.codes.get(edge.parent_id, "?")
        if before != unit_row.parent:
            changes["parent"] = (before, unit_row.parent)
    if unit_row.staff is not None and now.staff.get(unit.pk) != unit_row.staff:
        changes["staff"] = (str(now.staff.get(unit.pk, "")), str(unit_row.staff))
    contact = contact_with(unit_row.mail, unit, now)
    if unit_row.mail and contact is None:
        changes["mail"] = (
            ", ".join(one.mail for one in now.contacts.get(unit.pk, [])),
            unit_row.mail,
        )
    for name in ("phone", "person"):
        before = "" if contact is None else str(getattr(contact, name))
        after = getattr(unit_row, name)
        if after and after != before:
            changes[name] = (before, after)
    return changes


def contact_with(mail: str, unit: OrgUnit, now: CurrentRegister) -> UnitContact | None:
    """Return the unit's open contact with this address; without one, its loaded contact."""
    contacts = now.contacts.get(unit.pk, [])
    if mail:
        return next((one for one in contacts if one.mail.lower() == mail), None)
    return next((one for one in contacts if one.source == "import"), None)


def _is_new_edge(row: UnitRow, now: CurrentRegister) -> bool:
    unit = now.units.get(row.code)
    edge = None if unit is None else now.edges.get(unit.pk, {}).get(row.line)
    return edge is None or now.codes.get(edge.parent_id) != row.parent


def _parents_after(now: CurrentRegister, rows: Sequence[UnitRow]) -> dict[str, str]:
    """Return each code's parent on its first line, as it would be after saving."""
    parents: dict[str, str] = {}
    for code, unit in now.units.items():
        edge = now.edges.get(unit.pk, {}).get(now.first_line(unit))
        parents[code] = (
            "" if edge is None or unit.pk == now.top.pk else now.codes.get(edge.parent_id, "")
        )
    for row in rows:
        unit_now = now.units.get(row.code)
        if unit_now is None or now.first_line(unit_now) in ("", row.line):
            parents[row.code] = "" if row.code == now.top.code else row.parent
    return parents


def depth_after(code: str, parents: Mapping[str, str]) -> int:
    """Return the depth of a unit below the top."""
    depth = 0
    while parents.get(code):
        code, depth = parents[code], depth + 1
    return depth


def _is_in_circle(code: str, parents: Mapping[str, str]) -> bool:
    seen: set[str] = set()
    here = code
    while here and here not in seen:
        seen.add(here)
        here = parents.get(here, "")
    return here == code
