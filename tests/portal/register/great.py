"""A register and a campaign as great as the country's, made in bulk."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    CampaignState,
    ExpectedReport,
    NodeCounter,
    Phase,
    ReportCounter,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.dated import UNPLACED, place
from quetsach_portal.units.models import OrgEdge, OrgName, OrgUnit, UnitKind
from tests.portal.world import make_user

SINCE = timezone.localdate() - timedelta(days=900)


def great_register(provinces: int, districts: int, communes: int) -> OrgUnit:
    """Return the root of a tree: so many provinces, districts in each, communes in each of those.

    With `districts` 0 the communes stand directly below the provinces.
    """
    root = _level([("G", None)], UnitKind.MINISTRY, 0)[0]
    level = _level([(f"P{n}", root) for n in range(provinces)], UnitKind.PROVINCE, 1)
    depth = 2
    if districts:
        wanted = [(f"{one.code}.D{n}", one) for one in level for n in range(districts)]
        level = _level(wanted, UnitKind.DISTRICT, depth)
        depth += 1
    wanted = [(f"{one.code}.X{n}", one) for one in level for n in range(communes)]
    _level(wanted, UnitKind.COMMUNE, depth)
    return root


def great_campaign(root: OrgUnit) -> tuple[Campaign, User, User]:
    """Return a running campaign of one phase over `root`, and two owners of its lead office."""
    first = make_user(root, Role.LEAD_OWNER, "great1@coquan.example")
    second = make_user(root, Role.LEAD_OWNER, "great2@coquan.example")
    now = timezone.now()
    campaign = Campaign.objects.create(
        title="Cả nước", lead_unit=root, created_by=first, state=CampaignState.LIVE, tree_rev=1
    )
    phase = Phase.objects.create(
        campaign=campaign, no=1, opens_at=now - timedelta(days=1), due_at=now + timedelta(days=9)
    )
    nodes: dict[int, CampaignNode] = {}
    for depth in range(4):
        made = [
            CampaignNode(
                campaign=campaign,
                unit=unit,
                parent=nodes.get(unit.parent_id or 0),
                depth=depth,
                path="/0/",
                name_at_freeze=unit.name,
                staff=10,
            )
            for unit in OrgUnit.objects.filter(depth=depth, path__startswith=root.path)
        ]
        CampaignNode.objects.bulk_create(made, batch_size=2000)
        for node in made:
            node.path = f"{'/' if node.parent is None else node.parent.path}{node.pk}/"
            nodes[node.unit_id] = node
        CampaignNode.objects.bulk_update(made, ["path"], batch_size=400)
    below = dict.fromkeys((node.pk for node in nodes.values()), 0)
    for node in nodes.values():
        for above in node.path.strip("/").split("/"):
            below[int(above)] += 1
    ExpectedReport.objects.bulk_create(
        [ExpectedReport(phase=phase, node=node, due_at=phase.due_at) for node in nodes.values()],
        2000,
    )
    NodeCounter.objects.bulk_create(
        [NodeCounter(node_id=pk, units=n, staff=10 * n) for pk, n in below.items()], 2000
    )
    ReportCounter.objects.bulk_create(
        [ReportCounter(node_id=pk, phase=phase, expected=n) for pk, n in below.items()], 2000
    )
    # A database in use knows how great its tables are; this one is a minute old.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return campaign, first, second


def _level(wanted: list[tuple[str, OrgUnit | None]], kind: UnitKind, depth: int) -> list[OrgUnit]:
    made = [
        OrgUnit(
            code=code,
            name=f"Đơn vị {code}",
            kind=kind,
            parent=parent,
            path=UNPLACED,
            depth=depth,
            opened_on=SINCE,
        )
        for code, parent in wanted
    ]
    OrgUnit.objects.bulk_create(made, batch_size=2000)
    place(depth)
    for unit in made:
        unit.path = f"{'/' if unit.parent is None else unit.parent.path}{unit.pk}/"
    OrgName.objects.bulk_create(
        [OrgName(unit=one, full_name=one.name, valid_from=SINCE) for one in made], 2000
    )
    OrgEdge.objects.bulk_create(
        [
            OrgEdge(child=one, parent=one.parent, valid_from=SINCE)
            for one in made
            if one.parent is not None
        ],
        2000,
    )
    return made
