"""A small world for tests: a district, two communes, a stranger, and people in them."""

from dataclasses import dataclass, field
from datetime import timedelta

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
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.units.models import OrgEdge, OrgName, OrgUnit, UnitKind

PASSWORD = "mot cau mat khau rat dai"


@dataclass
class World:
    """What was made: units by code, users by (unit code, role), the campaign and its nodes."""

    units: dict[str, OrgUnit] = field(default_factory=dict)
    users: dict[tuple[str, Role], User] = field(default_factory=dict)
    nodes: dict[str, CampaignNode] = field(default_factory=dict)
    campaign: Campaign | None = None
    phase: Phase | None = None

    def user(self, code: str, role: Role) -> User:
        """Return the person with `role` in the unit `code`, made when first asked for."""
        if (code, role) not in self.users:
            self.users[code, role] = make_user(self.units[code], role)
        return self.users[code, role]


def make_unit(
    code: str, parent: OrgUnit | None = None, kind: UnitKind = UnitKind.AGENCY, name: str = ""
) -> OrgUnit:
    """Return a new unit below `parent`."""
    named = name or f"Đơn vị {code}"
    unit = OrgUnit.objects.create(
        code=code,
        name=named,
        kind=kind,
        parent=parent,
        path="/0/",
        depth=0 if parent is None else parent.depth + 1,
        search=named.lower(),
    )
    unit.path = f"{'/' if parent is None else parent.path}{unit.pk}/"
    unit.save(update_fields=["path"])
    day = timezone.localdate() - timedelta(days=400)
    OrgName.objects.create(unit=unit, full_name=named, valid_from=day)
    if parent is not None:
        OrgEdge.objects.create(child=unit, parent=parent, valid_from=day)
    return unit


def make_user(unit: OrgUnit, role: Role, email: str = "") -> User:
    """Return a new person who has `role` in `unit` since yesterday."""
    address = email or f"{role.value.lower()}.{unit.code.lower()}@coquan.example"
    user = User.objects.create_user(address, PASSWORD, name=f"{role.label} {unit.code}")
    Assignment.objects.create(
        user=user, unit=unit, role=role, valid_from=timezone.localdate() - timedelta(days=1)
    )
    return user


def make_world(*, live: bool = True) -> World:
    """Return a district TC with communes TC01 (hamlet office TC01A below) and TC02, stranger KH.

    With `live`, a running campaign stands over TC and all below it, with one phase and its slots.
    """
    world = World()
    lead = make_unit("TC", None, UnitKind.DISTRICT, "Ủy ban nhân dân huyện Trà Cú")
    first = make_unit("TC01", lead, UnitKind.COMMUNE, "Ủy ban nhân dân xã Một")
    world.units = {
        "TC": lead,
        "TC01": first,
        "TC02": make_unit("TC02", lead, UnitKind.COMMUNE, "Ủy ban nhân dân xã Hai"),
        "TC01A": make_unit("TC01A", first, UnitKind.SCHOOL, "Trường Tiểu học A"),
        "KH": make_unit("KH", None, UnitKind.DISTRICT, "Ủy ban nhân dân huyện Khác"),
    }
    if live:
        make_campaign(world)
    return world


def make_campaign(world: World, *, lead: str = "TC") -> Campaign:
    """Return a running campaign over the subtree of `lead`, filled into `world`."""
    owner = world.user(lead, Role.LEAD_OWNER)
    now = timezone.now()
    campaign = Campaign.objects.create(
        title="Chiến dịch làm sạch mã độc 2022",
        lead_unit=world.units[lead],
        created_by=owner,
        state=CampaignState.LIVE,
        starts_at=now - timedelta(days=3),
        tree_rev=1,
    )
    phase = Phase.objects.create(
        campaign=campaign,
        no=1,
        title="Đợt 1",
        opens_at=now - timedelta(days=3),
        due_at=now + timedelta(days=5),
    )
    below = OrgUnit.objects.filter(path__startswith=world.units[lead].path).order_by("depth", "pk")
    by_unit: dict[int, CampaignNode] = {}
    for unit in below:
        parent = by_unit.get(unit.parent_id or 0)
        node = CampaignNode.objects.create(
            campaign=campaign,
            unit=unit,
            parent=parent,
            path="/0/",
            depth=0 if parent is None else parent.depth + 1,
            name_at_freeze=unit.name,
            staff=10,
        )
        node.path = f"{'/' if parent is None else parent.path}{node.pk}/"
        node.save(update_fields=["path"])
        by_unit[unit.pk] = node
        world.nodes[unit.code] = node
        ExpectedReport.objects.create(phase=phase, node=node, due_at=phase.due_at)
    for node in by_unit.values():
        under = [one for one in by_unit.values() if one.path.startswith(node.path)]
        NodeCounter.objects.create(node=node, units=len(under), staff=10 * len(under))
        ReportCounter.objects.create(node=node, phase=phase, expected=len(under))
    world.campaign, world.phase = campaign, phase
    return campaign
