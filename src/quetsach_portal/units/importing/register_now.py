"""The part of the register that a file is held against, read in a few queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from quetsach_portal.units.batches import in_batches
from quetsach_portal.units.models import LINES, Contact, Headcount, OrgEdge, OrgUnit


@dataclass(frozen=True)
class Now:
    """Units by code, with their open parents by line, latest head counts and open contacts.

    Shapes: `elsewhere` are codes of the file that units outside of the subtree have; `off` says
    of each address that bounced why it is not used.
    """

    top: OrgUnit
    units: Mapping[str, OrgUnit]
    codes: Mapping[int, str]
    edges: Mapping[int, Mapping[str, OrgEdge]]
    staff: Mapping[int, int] = field(default_factory=dict)
    contacts: Mapping[int, list[Contact]] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()
    off: Mapping[str, str] = field(default_factory=dict)

    def first_line(self, unit: OrgUnit) -> str:
        """Return the line that gives the unit its path, "" for one without a parent."""
        lines = self.edges.get(unit.pk, {})
        return next((line for line in LINES if line in lines), "")


def read_now(top: OrgUnit, codes: Iterable[str]) -> Now:
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
    contacts: dict[int, list[Contact]] = {}
    for contact in Contact.objects.filter(_inside(top, "unit__"), valid_to__isnull=True):
        contacts.setdefault(contact.unit_id, []).append(contact)
    off = dict(
        Contact.objects.exclude(disabled_reason="")
        .exclude(mail="")
        .values_list("mail", "disabled_reason")
    )
    return Now(
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
