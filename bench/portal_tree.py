"""A made-up campaign over a whole country, and how long its pages take.

`python -m bench.portal_tree` builds 50,000 units with four phases in a database of its own, lets
every third unit receive, deploy and report, and measures the pages that the lead office looks at.
`make_tree` is for other measurements too; it writes in bulk what the portal itself would.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quetsach_portal.campaigns.models.campaign import Campaign
    from quetsach_portal.people.models.account import User

PROVINCES, COMMUNES = 34, 3321
"""The country's own figures since July 2025; the rest are offices and schools of the communes."""

CHUNK = 4000


def make_register(units: int) -> Any:
    """Return the root of a new register of `units` units: provinces, communes, offices."""
    from quetsach_portal.units.models import OrgUnit, UnitKind

    root = OrgUnit.objects.create(code="TW", name="Cơ quan trung ương", path="/0/")
    root.path = f"/{root.pk}/"
    root.save(update_fields=["path"])
    provinces = _below([root], min(PROVINCES, units - 1), "T", UnitKind.PROVINCE)
    communes = _below(
        provinces, min(COMMUNES, max(0, units - 1 - PROVINCES)), "X", UnitKind.COMMUNE
    )
    rest = units - 1 - len(provinces) - len(communes)
    if rest > 0:
        _below(communes, rest, "C", UnitKind.SCHOOL)
    return root


def make_tree(units: int = 50_000, phases: int = 4) -> "tuple[Campaign, User]":
    """Return a running campaign over a new register of `units` units, and an owner who leads it."""
    from django.utils import timezone

    from quetsach_portal.campaigns.actions.freezing import freeze
    from quetsach_portal.campaigns.actions.phases import add_phase
    from quetsach_portal.campaigns.actions.preparing import CampaignBasics, create, set_tasks
    from quetsach_portal.campaigns.models.campaign import CampaignState
    from quetsach_portal.campaigns.tree.choosing import TreeChoice
    from quetsach_portal.people.models.account import User
    from quetsach_portal.people.models.roles import Assignment, Role

    root = make_register(units)
    owner = User.objects.create_user("chutri@coquan.example", None, name="Chủ trì")
    for role in (Role.LEAD_OWNER, Role.COMPILER):
        Assignment.objects.create(user=owner, unit=root, role=role)
    campaign = create(root, CampaignBasics("Chiến dịch toàn quốc", "Công văn số 1"), actor=owner)
    set_tasks(campaign, ["Phát động", "Rà quét", "Báo cáo"], actor=owner)
    now = timezone.now()
    for number in range(phases):
        due = now + timedelta(days=20 + 30 * number)
        leads = {"1": 3, "2": 6, "3": 9}
        add_phase(campaign, title="", opens_at=now, due_at=due, lead_days=leads, actor=owner)
    freeze(campaign, TreeChoice(["territory"]), day=timezone.localdate(), actor=owner)
    type(campaign).objects.filter(pk=campaign.pk).update(state=CampaignState.LIVE, starts_at=now)
    campaign.refresh_from_db()
    return campaign, owner


def move_some(campaign: "Campaign", every: int = 3) -> int:
    """Let every so-manieth unit be told, receive, deploy, and a tenth of those report."""
    from django.db import transaction
    from django.utils import timezone

    from quetsach_portal.campaigns.counters import reach_many
    from quetsach_portal.campaigns.expected_reports import report_in
    from quetsach_portal.campaigns.models.campaign import CampaignNode, ExpectedReport

    nodes = list(CampaignNode.objects.filter(campaign=campaign).order_by("pk"))
    now = timezone.now() - timedelta(days=4)
    with transaction.atomic():
        reach_many(nodes, "told", now)
        reach_many(nodes[::every], "received", now)
        moved = reach_many(nodes[:: every * 2], "deployed", now)
    phase = campaign.phases.order_by("no").first()
    chosen = [node.pk for node in nodes[:: every * 20]]
    with transaction.atomic():
        slots = ExpectedReport.objects.filter(phase=phase, node_id__in=chosen[:900])
        for slot in slots.select_related("node"):
            report_in(slot, timezone.now())
    return moved


def make_contacts(campaign: "Campaign", left_out: int = 2_000) -> int:
    """Give all units but the last `left_out` an address; one in 500 has bounced."""
    from quetsach_portal.units.models import OrgUnit, UnitContact

    day = campaign.frozen_on - timedelta(days=100)
    units = OrgUnit.objects.order_by("pk").values_list("pk", flat=True)
    chosen = list(units)[: -left_out or None]
    contacts = [
        UnitContact(
            unit_id=unit,
            mail=f"dm{unit}@donvi.example",
            valid_from=day,
            disabled_reason="" if place % 500 else "5.1.1",
        )
        for place, unit in enumerate(chosen)
    ]
    return len(UnitContact.objects.bulk_create(contacts, batch_size=CHUNK))


def seconds(act: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long `act` took, and its result."""
    start = time.perf_counter()
    result = act()
    return time.perf_counter() - start, result


def page_times(client: Any, addresses: Sequence[str], times: int = 20) -> Iterator[str]:
    """Return a line for each address: its status, median, 95th percentile, processor time.

    Units: processor time is that of this process and of the database's that serves it.
    """
    for address in addresses:
        status = client.get(address).status_code
        own = time.process_time() + server_seconds()
        took = sorted(seconds(partial(client.get, address))[0] for _time in range(times))
        p95, own = (
            took[int(0.95 * (times - 1))],
            (time.process_time() + server_seconds() - own) / times,
        )
        yield (
            f"{address[:60]:60} {status} {1000 * statistics.median(took):6.0f} ms "
            f"p95 {1000 * p95:6.0f} ms, {1000 * own:4.0f} ms of processor"
        )


def server_seconds() -> float:
    """Return the processor time of our process of PostgreSQL, 0 where it is on another machine."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        place = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    fields = place.read_text().rpartition(")")[2].split() if place.exists() else []
    ticks = sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def main(arguments: Sequence[str]) -> int:
    """Build, move, measure, print."""
    units = int(arguments[0]) if arguments else 50_000
    os.environ.setdefault("QUETSACH_HOME", tempfile.mkdtemp(prefix="bench-portal-"))
    os.environ.setdefault("QUETSACH_HOSTS", "testserver")
    os.environ.setdefault("QUETSACH_SECOND_FACTOR", "off")
    os.environ["DJANGO_SETTINGS_MODULE"] = "quetsach_portal.config.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from quetsach_portal.campaigns.actions.freezing import freeze
    from quetsach_portal.campaigns.tree.choosing import TreeChoice
    from quetsach_portal.campaigns.units import subtree_on
    from quetsach_portal.lifecycle.recount import recount

    call_command("migrate", verbosity=0)
    took, (campaign, owner) = seconds(lambda: make_tree(units))
    print(f"{connection.vendor}: register and campaign of {units} units, 4 phases: {took:.1f} s")
    took, planned = seconds(
        lambda: subtree_on(campaign.lead_unit, ["territory"], campaign.frozen_on)
    )
    print(f"reading the subtree of {len(planned)} units: {took:.2f} s")
    type(campaign).objects.filter(pk=campaign.pk).update(state="draft")
    took, _count = seconds(
        lambda: freeze(campaign, TreeChoice(["territory"]), day=campaign.frozen_on, actor=owner)
    )
    print(f"freezing anew, with the old tree removed: {took:.1f} s")
    type(campaign).objects.filter(pk=campaign.pk).update(state="live")
    took, moved = seconds(lambda: move_some(campaign))
    print(f"moving the units: {took:.1f} s ({moved} deployed); {make_contacts(campaign)} contacts")
    took, wrong = seconds(lambda: recount(campaign))
    print(f"recount: {took:.1f} s, {len(wrong)} differences")
    client = Client()
    client.force_login(owner, backend="quetsach_portal.people.sessions.AccountBackend")
    for line in page_times(client, pages_of(campaign)):
        print(line)
    return 0


def pages_of(campaign: Any) -> list[str]:
    """Return the addresses of the pages to measure, from the first page down to one commune."""
    base, down = f"/campaigns/{campaign.pk}/", f"/followup/campaigns/{campaign.pk}/"
    province = campaign.nodes.filter(depth=1).first()
    commune = campaign.nodes.filter(depth=2).first()
    return [
        "/",
        base,
        f"{base}setup/",
        f"{base}tree/",
        f"{base}tree/?q=X1",
        f"{base}contacts/",
        f"{down}ladder/",
        f"{down}ladder/?view=grid",
        f"{down}ladder/?waits=received&days=3",
        f"{down}ladder/?under={province.pk}",
        f"{down}ladder/?under={commune.pk}",
        f"{down}completeness/",
        f"{down}completeness/?under={province.pk}&on=2020-01-01",
        f"{down}completeness/?show=missing&sort=-due",
        f"{down}silent/",
        f"{down}more-time/",
        f"/followup/units/{commune.pk}/",
        "/units/contacts/",
        "/find/?q=X1",
        "/find/?q=tran+thi",
        "/find/?q=1245/UBND-TH",
        "/find/?q=192.0.2.1",
    ]


def _below(parents: Sequence[Any], count: int, letter: str, kind: str) -> list[Any]:
    """Return `count` new units spread evenly below `parents`, with names, edges and paths."""
    from django.utils import timezone

    from quetsach_portal.units.models import OrgEdge, OrgName, OrgUnit

    day = timezone.localdate() - timedelta(days=400)
    first = (OrgUnit.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    units = []
    for number in range(count):
        parent = parents[number % len(parents)]
        name = f"Đơn vị {letter}{number}"
        units.append(
            OrgUnit(
                pk=first + number,
                code=f"{letter}{number}",
                name=name,
                search=name.lower(),
                kind=kind,
                parent=parent,
                path=f"{parent.path}{first + number}/",
                depth=parent.depth + 1,
                opened_on=day,
            )
        )
    OrgUnit.objects.bulk_create(units, batch_size=CHUNK)
    OrgName.objects.bulk_create(
        [OrgName(unit=one, full_name=one.name, valid_from=day) for one in units], batch_size=CHUNK
    )
    OrgEdge.objects.bulk_create(
        [OrgEdge(child=one, parent=one.parent, valid_from=day) for one in units], batch_size=CHUNK
    )
    return units


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    raise SystemExit(main(sys.argv[1:]))
