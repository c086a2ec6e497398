"""Pages of a whole country whose units look at their machines, and the search over all of it.

`python -m bench.portal_looks [units]` builds 50,000 units in a database of its own: every second
has two machines, a third of those were looked at, every fifth has two cases, each commune an
account and a letter. Then it measures the pages that show looks, and the search, for the lead
office, a province and a commune: the clock and the processor of portal and database.
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from bench.machine import described
from bench.portal_dashboards import make_work
from bench.portal_tree import CHUNK, make_contacts, make_tree, move_some, page_times, seconds

if TYPE_CHECKING:
    from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
    from quetsach_portal.people.models.account import User

EVERY_MACHINE, MACHINES, EVERY_LOOK = 2, 2, 3
SURNAMES = ("Trần Thị", "Nguyễn Văn", "Lê Minh", "Thạch Sô", "Phạm Ngọc")


def make_machines(campaign: "Campaign", nodes: "Sequence[CampaignNode]") -> int:
    """Write machines, their totals and looks, and count them; return how many machines."""
    from django.db import transaction
    from django.utils import timezone

    from quetsach_portal.campaigns.queries import current_phase
    from quetsach_portal.looks.counting import settle, window_of
    from quetsach_portal.looks.models import (
        LookGrade,
        MachineLook,
        MachineOrigin,
        MachineTotal,
        UnitMachine,
    )

    now, having = timezone.now(), nodes[::EVERY_MACHINE]
    machines = [
        UnitMachine(
            unit_id=node.unit_id,
            name=f"PC-{node.unit_id}-{number:02}",
            hostname=f"pc-{node.unit_id}-{number:02}",
            room=f"Phòng {number}",
            user_role=f"{SURNAMES[node.unit_id % 5]} {number}",
            asset_tag=f"TS-{node.unit_id}/{number}",
            origin=MachineOrigin.TYPED,
        )
        for node in having
        for number in range(MACHINES)
    ]
    UnitMachine.objects.bulk_create(machines, batch_size=CHUNK)
    owner = campaign.created_by
    totals = [
        MachineTotal(unit_id=node.unit_id, machines=MACHINES, stated_by=owner) for node in having
    ]
    MachineTotal.objects.bulk_create(totals, batch_size=CHUNK)
    node_of = {node.unit_id: node for node in having}
    looks = [
        MachineLook(
            campaign=campaign, node=node_of[one.unit_id], machine=one, source="submission:0",
            host=one.hostname, taken_at=now, received_at=now, grade=LookGrade.FULL, names=9,
            connections=9, content=hashlib.sha256(one.name.encode()).hexdigest(),
        )
        for one in machines[::EVERY_LOOK]
    ]  # fmt: skip
    MachineLook.objects.bulk_create(looks, batch_size=CHUNK)
    covered = {node.pk: 14 for node in nodes[::4]}
    with transaction.atomic():
        settle(campaign, nodes, covered, window_of(current_phase(campaign)))
    return len(machines)


def make_papers(campaign: "Campaign", nodes: "Sequence[CampaignNode]") -> int:
    """Write an account and a released letter for each commune; return how many."""
    from django.utils import timezone

    from quetsach_portal.letters.models import Letter, LetterState
    from quetsach_portal.people.models.account import User
    from quetsach_portal.people.models.roles import Assignment, Role

    communes = [node for node in nodes if node.path.count("/") == 4]
    people = User.objects.bulk_create(
        User(email=f"c{one.unit_id}@xa.example", name=f"{SURNAMES[one.unit_id % 5]} {one.pk}")
        for one in communes
    )
    Assignment.objects.bulk_create(
        Assignment(user=user, unit_id=node.unit_id, role=Role.FOCAL_POINT)
        for user, node in zip(people, communes, strict=True)
    )
    Letter.objects.bulk_create(
        Letter(
            campaign=campaign,
            node=node,
            issuer_name=f"UBND xã {node.unit_id}",
            subject="Về việc triển khai",
            state=LetterState.RELEASED,
            number=number % 300 + 1,
            code="UBND-TH",
            signed_on=timezone.localdate(),
            made_by=campaign.created_by,
        )
        for number, node in enumerate(communes)
    )
    return len(communes)


def build(units: int) -> "tuple[Campaign, User]":
    """Return a campaign over `units` units that work, and who leads it; its figures gathered."""
    from django.utils import timezone

    from quetsach_portal.campaigns.models.campaign import CampaignNode
    from quetsach_portal.dashboards.gathering import gather
    from quetsach_portal.units.models import UnitContact

    campaign, owner = make_tree(units, phases=1)
    move_some(campaign)
    make_contacts(campaign)
    for number, name in enumerate(SURNAMES):
        UnitContact.objects.filter(pk__in=range(number, 200_000, 5)).update(person=f"{name} Anh")
    nodes = list(CampaignNode.objects.filter(campaign=campaign).order_by("pk"))
    make_work(nodes)
    print(f"{make_machines(campaign, nodes)} machines", flush=True)
    print(f"{make_papers(campaign, nodes)} accounts and letters", flush=True)
    for ago in (1, 0):
        gather(campaign, timezone.localdate() - timedelta(days=ago))
    return campaign, owner


def pages_of(campaign: "Campaign") -> list[str]:
    """Return the addresses of the pages that show looks."""
    from django.urls import reverse

    province = campaign.nodes.filter(depth=1).order_by("pk")[0]
    boards = reverse("dashboards:show", args=[campaign.pk])
    down = f"/followup/campaigns/{campaign.pk}/"
    top = campaign.nodes.get(depth=0)
    return [
        "/",
        boards,
        f"{boards}week/",
        f"{boards}map/",
        f"{boards}ranking/",
        f"{boards}coverage/",
        f"{boards}?under={province.pk}",
        f"/cases/counts/{top.pk}/",
        f"{down}completeness/",
        f"{down}ladder/",
        f"{down}completeness/?show=missing&sort=-due",
    ]


def searches_of(campaign: "Campaign") -> list[str]:
    """Return searches for each kind of thing, hits and misses."""
    unit = campaign.nodes.filter(depth=2).order_by("pk")[0].unit
    words = (
        unit.code, "don+vi+x", "tran+thi", "1245/UBND-TH", "12", "192.0.2.1", "VV-100", "khongco",
        f"PC-{unit.pk}-01", f"TS-{unit.pk}/1", "phong+1", f"dm{unit.pk}%40donvi.example",
        "02:00:5e:10:00:01",
    )  # fmt: skip
    return [f"/find/?q={one}" for one in words]


def readings(campaign: "Campaign", owner: "User", times: int = 20) -> Iterator[str]:
    """Return a line for each page and search of the lead office, then of people further down."""
    from django.test import Client

    from quetsach_portal.people.models.account import User
    from quetsach_portal.people.models.roles import Assignment, Role

    people = {"lead office": owner}
    for word, depth in (("province", 1), ("commune", 2)):
        unit = campaign.nodes.filter(depth=depth).order_by("pk")[0].unit
        user, _is_new = User.objects.get_or_create(email=f"{word}@bench.example")
        for role in (Role.COMPILER, Role.FOCAL_POINT, Role.SIGNER):
            Assignment.objects.get_or_create(user=user, unit=unit, role=role)
        people[word] = user
    for word, user in people.items():
        yield f"-- {word}"
        client = Client()
        client.force_login(user, backend="quetsach_portal.people.sessions.AccountBackend")
        asked = pages_of(campaign) if user == owner else ["/"]
        yield from page_times(client, [*asked, *searches_of(campaign)], times=times)


def main(arguments: Sequence[str]) -> int:
    """Build, measure, print."""
    units = int(arguments[0]) if arguments else 50_000
    os.environ.setdefault("QUETSACH_HOME", tempfile.mkdtemp(prefix="bench-portal-"))
    os.environ.setdefault("QUETSACH_HOSTS", "testserver")
    os.environ.setdefault("QUETSACH_SECOND_FACTOR", "off")
    os.environ["DJANGO_SETTINGS_MODULE"] = "quetsach_portal.config.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from quetsach_portal.campaigns.models.campaign import Campaign
    from quetsach_portal.people.models.account import User

    call_command("migrate", verbosity=0)
    print(described(), flush=True)
    if not Campaign.objects.exists():
        took, _built = seconds(lambda: build(units))
        print(f"{connection.vendor}: {units} units and their work: {took:.1f} s", flush=True)
    owner = User.objects.get(email="chutri@coquan.example")
    for line in readings(Campaign.objects.get(), owner):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
