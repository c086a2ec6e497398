"""The campaign's own tree: nodes, counters and expected reports, written in bulk.

Rows that the database can derive from its own are inserted by one statement: 50,000 units with four
phases are 400,000 rows that never pass through Python.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import CharField, F, Model, OuterRef, ProtectedError, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.deadlines import due_at_depth
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    NodeCounter,
    Phase,
    ReportCounter,
    ReportCounterDay,
)
from quetsach_portal.campaigns.models.checks import DryRunFault
from quetsach_portal.campaigns.units import PlannedNode
from quetsach_portal.web.acts import Refused

OnProgress: TypeAlias = Callable[[int, int], None]

CHUNK = 4000

KEPT = ("parent", "depth", "path", "name_at_freeze", "staff")
"""The fields of an existing node that are rewritten; its id stays."""

INSIDE = "node_id IN (SELECT id FROM {nodes} WHERE campaign_id = %s)"


@dataclass(frozen=True)
class CopyColumn:
    """A column of the table that rows are taken from."""

    name: str


def write_tree(campaign: Campaign, planned: Sequence[PlannedNode], on_progress: OnProgress) -> int:
    """Write the nodes of `campaign` with their counters; return how many there are.

    A unit that was in the tree before keeps its node and everything that refers to it; the node of
    a unit that is no longer planned is deleted. `on_progress` gets the nodes written and the nodes
    planned.
    The caller holds the transaction.
    Errors: Refused when something refers to a node that would be deleted.
    """
    remove_counters(campaign)
    old_nodes = {node.unit_id: node for node in CampaignNode.objects.filter(campaign=campaign)}
    placed: dict[int, CampaignNode] = {}
    for level in _levels(planned):
        _write_level(campaign, level, old_nodes, placed)
        on_progress(len(placed), len(planned))
    _remove(node for unit_id, node in old_nodes.items() if unit_id not in placed)
    _count(campaign, planned[-1].depth)
    return len(placed)


def write_slots(phase: Phase) -> None:
    """Write the expected reports of `phase` for all nodes, and their counters.

    Cost: one statement a level and one for the counters.
    """
    nodes = CampaignNode.objects.filter(campaign=phase.campaign)
    for depth in nodes.values_list("depth", flat=True).distinct().order_by("depth"):
        due = due_at_depth(
            phase.due_at, phase.level_lead_days, depth, working_days=phase.working_days
        )
        _insert(
            ExpectedReport,
            {
                "phase_id": phase.pk,
                "node_id": CopyColumn("id"),
                "state": ExpectedReportState.OPEN.value,
                "excuse_reason": "",
                "due_at": due,
                "is_nil": False,
            },
            CampaignNode,
            {"campaign_id": phase.campaign_id, "depth": depth},
        )
    _insert(
        ReportCounter,
        {
            "node_id": CopyColumn("node_id"),
            "phase_id": phase.pk,
            "expected": CopyColumn("units"),
            **dict.fromkeys(("excused", "reported", "on_time", "nil", "signed"), 0),
        },
        NodeCounter,
        {},
        INSIDE,
        [phase.campaign_id],
    )


def remove_slots(phase: Phase) -> None:
    """Delete the expected reports of `phase`; only before the start, when nothing refers to them.

    The database refuses where something does.
    """
    for model in (ReportCounterDay, ReportCounter, ExpectedReport):
        _delete(model, "phase_id = %s", phase.pk)


def remove_counters(campaign: Campaign) -> None:
    """Take all counters and expected reports of `campaign` away; only before the start."""
    for phase in campaign.phases.all():
        remove_slots(phase)
    _delete(NodeCounter, INSIDE, campaign.pk)


def _write_level(
    campaign: Campaign,
    level: Sequence[PlannedNode],
    old_nodes: dict[int, CampaignNode],
    placed: dict[int, CampaignNode],
) -> None:
    """Write one level and put its nodes into `placed`."""
    fresh, changed = [], []
    for planned in level:
        parent = None if planned.parent_id is None else placed[planned.parent_id]
        node = old_nodes.get(planned.unit_id) or CampaignNode(
            campaign=campaign, unit_id=planned.unit_id
        )
        before = [getattr(node, name) for name in KEPT if name != "parent"] + [node.parent_id]
        node.parent, node.depth = parent, planned.depth
        node.name_at_freeze, node.staff = planned.name, planned.staff
        placed[planned.unit_id] = node
        if node._state.adding:
            fresh.append(node)
        else:
            node.path = _path(node)
            after = [getattr(node, name) for name in KEPT if name != "parent"] + [node.parent_id]
            changed += [node] if before != after else []
    CampaignNode.objects.bulk_create(fresh, batch_size=CHUNK)
    CampaignNode.objects.bulk_update(changed, KEPT, batch_size=500)
    _write_paths(campaign, level[0].depth)
    for node in fresh:
        node.path = _path(node)


def _write_paths(campaign: Campaign, depth: int) -> None:
    """Write the paths of the new nodes of a level, whose numbers the database has just given."""
    above = CampaignNode.objects.filter(pk=OuterRef("parent_id")).values("path")[:1]
    begin = Value("/") if depth == 0 else Subquery(above)
    CampaignNode.objects.filter(campaign=campaign, depth=depth, path="").update(
        path=Concat(begin, Cast(F("pk"), CharField()), Value("/"), output_field=CharField())
    )


def _path(node: CampaignNode) -> str:
    return f"{'/' if node.parent is None else node.parent.path}{node.pk}/"


def _count(campaign: Campaign, deepest: int) -> None:
    """Write the counters: each node's own, then the sums from the lowest level up."""
    zeros = [
        field.attname
        for field in NodeCounter._meta.concrete_fields
        if field.attname not in ("node_id", "units", "staff")
    ]
    _insert(
        NodeCounter,
        {
            "node_id": CopyColumn("id"),
            "units": 1,
            "staff": CopyColumn("staff"),
            **dict.fromkeys(zeros, 0),
        },
        CampaignNode,
        {"campaign_id": campaign.pk},
    )
    for depth in range(deepest - 1, -1, -1):
        below = NodeCounter.objects.filter(node__parent_id=OuterRef("pk")).order_by()
        sums = {
            name: Subquery(below.values("node__parent_id").annotate(s=Sum(name)).values("s")[:1])
            for name in ("units", "staff")
        }
        level = CampaignNode.objects.filter(campaign=campaign, depth=depth).values("pk")
        NodeCounter.objects.filter(node_id__in=level).update(
            **{name: F(name) + Coalesce(some, 0) for name, some in sums.items()}
        )


def _remove(nodes: Iterator[CampaignNode]) -> None:
    """Take nodes away that are planned no more, the lowest first."""
    going = sorted(nodes, key=lambda node: -node.depth)
    DryRunFault.objects.filter(node__in=going).delete()
    try:
        for node in going:
            node.delete()
    except ProtectedError as error:
        raise Refused(
            _("“%(unit)s” would leave the tree, but a letter or code refers to it.")
            % {"unit": node.name_at_freeze}
        ) from error


def _levels(planned: Sequence[PlannedNode]) -> Iterator[list[PlannedNode]]:
    level: list[PlannedNode] = []
    for node in planned:
        if level and level[0].depth != node.depth:
            yield level
            level = []
        level.append(node)
    if level:
        yield level


def _insert(
    model: type[Model],
    columns: dict[str, Any],
    source: type[Model],
    where: dict[str, Any],
    condition: str = "",
    values: Sequence[Any] = (),
) -> None:
    """Insert a row of `model` for each row of `source`: a CopyColumn copies, any other value is
    inserted as it is.

    All names come from our models; values are passed as parameters.
    """
    shown = [one.name if isinstance(one, CopyColumn) else "%s" for one in columns.values()]
    parameters = [_adapted(one) for one in columns.values() if not isinstance(one, CopyColumn)]
    conditions = [f"{name} = %s" for name in where]
    if condition:
        conditions.append(condition.format(nodes=_table(CampaignNode)))
    _run(
        f"INSERT INTO {_table(model)} ({', '.join(columns)}) "  # noqa: S608  # our own names
        f"SELECT {', '.join(shown)} FROM {_table(source)} WHERE {' AND '.join(conditions)}",
        [*parameters, *where.values(), *values],
    )


def _delete(model: type[Model], condition: str, value: int) -> None:
    """Delete the rows of `model` that fit; the database refuses rows that others refer to."""
    where = condition.format(nodes=_table(CampaignNode))
    _run(f"DELETE FROM {_table(model)} WHERE {where}", [value])  # noqa: S608  # our own names


def _adapted(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def _run(statement: str, values: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
