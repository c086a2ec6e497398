"""The units of a campaign: the subtree of the register on a day, and their contacts."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    Campaign,
    CampaignNode,
    NodeCounter,
)
from quetsach_portal.units.models import Headcount, OrgEdge, OrgName, OrgUnit, UnitContact


@dataclass(frozen=True)
class PlannedNode:
    """A unit to put into the tree; `parent_id` is a unit's, None for the root.

    Shapes: `line` is the one by which it is in the tree, "" for the root and for added units.
    """

    unit_id: int
    parent_id: int | None
    depth: int
    name: str
    staff: int
    line: str = ""


def subtree_on(
    root: OrgUnit,
    lines: Sequence[str],
    day: date,
    *,
    left_out: frozenset[int] = frozenset(),
    added: frozenset[int] = frozenset(),
) -> list[PlannedNode]:
    """Return `root` and the units below it on `lines` at `day`, parents before children.

    A unit below the root on several lines is included once: on the first of `lines` that leads to
    it. Units not yet open or already closed, and those `left_out`, are not in it, with all units
    that depend on them alone. Units that are `added` hang on their office in the register where
    that is in the tree, else on the root; each alone, without the units below it.
    Cost: four queries, five with added units.
    """
    standing = _on(day, "opened_on", "closed_on")
    names = dict(OrgUnit.objects.filter(standing).values_list("pk", "name"))
    if root.pk not in names:
        return []
    names.update(
        OrgName.objects.filter(_on(day, "valid_from", "valid_to")).values_list(
            "unit_id", "full_name"
        )
    )
    staff = dict(
        Headcount.objects.filter(as_of__lte=day)
        .order_by("as_of", "pk")
        .values_list("unit_id", "staff_count")
    )
    open_units = frozenset(OrgUnit.objects.filter(standing).values_list("pk", flat=True))
    open_units -= left_out - {root.pk}
    edges = _edges(lines, day)
    if added:
        edges.append(_added_edges(root.pk, edges, open_units, added, day))
    named = [*zip(lines, edges, strict=False)]
    return [
        PlannedNode(
            *(unit, parent, depth, names[unit], staff.get(unit, 0)),
            line=next((line for line, above in named if above.get(unit) == parent), ""),
        )
        for unit, parent, depth in _placed(root.pk, edges, open_units)
    ]


def _added_edges(
    root: int,
    edges: Sequence[Mapping[int, int]],
    open_units: frozenset[int],
    added: frozenset[int],
    day: date,
) -> dict[int, int]:
    """Return the parent of each unit of `added` that no line leads to."""
    reached = _reached(root, edges, open_units)
    missing = (added & open_units) - reached.keys()
    rows = OrgEdge.objects.filter(_on(day, "valid_from", "valid_to"), child_id__in=missing)
    parents = dict.fromkeys(sorted(missing), root)
    for child, parent in rows.order_by("-pk").values_list("child_id", "parent_id"):
        if parent in reached:
            parents[child] = parent
    return parents


def _edges(lines: Sequence[str], day: date) -> list[dict[int, int]]:
    """Return the parent by child, a mapping for each line in the order of `lines`."""
    by_line: dict[str, dict[int, int]] = {line: {} for line in lines}
    rows = OrgEdge.objects.filter(_on(day, "valid_from", "valid_to"), line__in=list(by_line))
    for child, parent, line in rows.order_by("pk").values_list("child_id", "parent_id", "line"):
        by_line[line][child] = parent
    return list(by_line.values())


def _placed(
    root: int, parents: Sequence[Mapping[int, int]], standing: frozenset[int]
) -> list[tuple[int, int | None, int]]:
    """Return (unit, parent, depth) of all that is reached from `root`, level by level.

    Each unit hangs on its parent of the first line that has one in the tree. Where lines
    contradict each other in a loop, the way by which the unit was found breaks it.
    """
    reached = _reached(root, parents, standing)
    chosen: dict[int, int] = {}
    for unit in reached:
        ways = (line[unit] for line in parents if line.get(unit) in reached)
        if unit != root:
            chosen[unit] = next(ways)
    placed = _hung(root, chosen)
    for unit, way in reached.items():
        if unit not in placed and way is not None:
            chosen[unit] = way
            placed = _hung(root, chosen)
    ordered = sorted(placed, key=placed.__getitem__)
    return [(unit, chosen.get(unit), placed[unit]) for unit in ordered]


def _reached(
    root: int, parents: Sequence[Mapping[int, int]], standing: frozenset[int]
) -> dict[int, int | None]:
    """Return each unit that any line leads to, with the parent by which it was found first."""
    children: dict[int, list[int]] = {}
    for line in parents:
        for child, parent in line.items():
            children.setdefault(parent, []).append(child)
    reached: dict[int, int | None] = {root: None}
    waiting = deque([root])
    while waiting:
        unit = waiting.popleft()
        for child in children.get(unit, ()):
            if child not in reached and child in standing:
                reached[child] = unit
                waiting.append(child)
    return reached


def _hung(root: int, chosen: Mapping[int, int]) -> dict[int, int]:
    """Return the depth of each unit below `root`; units in a loop are not below it."""
    children: dict[int, list[int]] = {}
    for child, parent in chosen.items():
        children.setdefault(parent, []).append(child)
    depth_of = {root: 0}
    waiting = deque([root])
    while waiting:
        unit = waiting.popleft()
        for child in children.get(unit, ()):
            depth_of[child] = depth_of[unit] + 1
            waiting.append(child)
    return depth_of


def _on(day: date, begin: str, end: str) -> Q:
    return Q(**{f"{begin}__lte": day}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": day}))


ENOUGH_PERCENT = 95
"""The percentage of units with a usable contact that a start requires."""


@dataclass(frozen=True)
class ContactHealth:
    """How many units there are, and how many can be reached."""

    units: int
    reachable: int

    @property
    def is_enough(self) -> bool:
        """True when at least 95 of 100 units can be reached."""
        return self.units > 0 and 100 * self.reachable >= ENOUGH_PERCENT * self.units


class _HasAt(Func):
    """The condition "holds an @", which is no value of the query.

    PostgreSQL plans a query once for all values: of a pattern that it does not know it expects that
    hardly any address has it, and then asks for each unit's contacts one by one.
    """

    template = "(%(expressions)s LIKE '%%%%@%%%%')"
    output_field = BooleanField()


def usable() -> QuerySet[UnitContact]:
    """Return the contacts that mail may go to today."""
    today = timezone.localdate()
    return UnitContact.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today),
        _HasAt("mail"),
        valid_from__lte=today,
        disabled_reason="",
    )


def usable_of_node() -> Q:
    """Return the condition "its unit has a usable contact", asked of the contacts."""
    return Q(Exists(usable().filter(unit_id=OuterRef("unit_id"))))


def reached() -> Q:
    """Return the same condition as the unit tells it; the contacts are asked where it cannot."""
    return Q(unit__is_reached=True) | Q(usable_of_node(), unit__reach_asked=True)


def _unreached() -> Q:
    # The few units for which it holds are gathered from an index of theirs, and not asked for at
    # each node of the tree.
    has_usable = Exists(usable().filter(unit_id=OuterRef("pk")))
    units = OrgUnit.objects.filter(Q(reach_asked=False) | ~has_usable, is_reached=False)
    return Q(unit_id__in=units.values("pk"))


def _off_of_node() -> Q:
    contacts = UnitContact.objects.filter(unit_id=OuterRef("unit_id"))
    return Q(Exists(contacts.exclude(disabled_reason="")))


WITHOUT_USABLE: Mapping[str, Callable[[], tuple[Q, ...]]] = {
    # Few addresses are off: they are gathered first, and not asked for at each unit.
    "off": lambda: (
        Q(unit_id__in=UnitContact.objects.exclude(disabled_reason="").values("unit_id")),
        _unreached(),
    ),
    "none": lambda: (_unreached(), ~_off_of_node()),
}
"""The states of contact in which no mail can go to a unit, each with its condition on a node."""


def with_contact(campaign: Campaign) -> QuerySet[CampaignNode]:
    """Return the units of `campaign`, each with `state_of_contact`: ok, off or none."""
    return CampaignNode.objects.filter(campaign=campaign, state__in=COUNTED).annotate(
        state_of_contact=Case(
            When(reached(), then=Value("ok")),
            When(_off_of_node(), then=Value("off")),
            default=Value("none"),
            output_field=CharField(),
        )
    )


def health(campaign: Campaign) -> ContactHealth:
    """Return how many units can be reached. Cost: the root's counter, and a count of the others."""
    nodes = CampaignNode.objects.filter(campaign=campaign, state__in=COUNTED)
    units = units_of(campaign)
    return ContactHealth(units, units - nodes.filter(_unreached()).count())


def units_of(campaign: Campaign) -> int:
    """Return how many units the tree has. Cost: one query for the root's counter."""
    roots = NodeCounter.objects.filter(node__campaign=campaign, node__parent__isnull=True)
    return sum(roots.values_list("units", flat=True))


def addresses_of(node: CampaignNode) -> list[str]:
    """Return the addresses of `node` that mail may go to, receivers first."""
    rows = usable().filter(unit_id=node.unit_id).order_by("pk")
    ordered = sorted(rows, key=lambda one: one.role != "receiver")
    return list(dict.fromkeys(one.mail for one in ordered if is_address(one.mail)))


def is_address(text: str) -> bool:
    """True when `text` is valid in the To header of a mail."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return text.isprintable()
