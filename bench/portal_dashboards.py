"""Dashboards of a whole country: the job that gathers their figures, and the pages over them.

`python -m bench.portal_dashboards` builds 50,000 units that work in a database of its own: every
fifth has two cases, every second handed in logs of twenty days. Then the job gathers four times:
the first time, again where nothing changed, on a day after some on which a tenth of all units moved
on, and again. Counted are queries, seconds by the clock and of processor, and the peak of memory.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench.machine import described
from bench.portal_tree import make_tree, move_some, page_times, seconds, server_seconds

if TYPE_CHECKING:
    from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
    from quetsach_portal.people.models.account import User

EVERY_CASE, CASES, EVERY_LOG, LOG_DAYS, FAMILIES, EARLIER_DAYS = 5, 2, 2, 20, 60, 4
_AT_ONCE = 2000


def make_work(nodes: "Sequence[CampaignNode]") -> None:
    """Write devices with open cases and what they met, and the days of which logs were read."""
    from django.utils import timezone

    from quetsach_portal.cases.models.case import Case, CaseState, Device, Finding
    from quetsach_portal.intake.models import CoverageDay

    chance = random.Random(1)
    now, today = timezone.now(), timezone.localdate()
    states = (CaseState.INFECTED, CaseState.HANDLED, CaseState.QUIET)
    devices = [
        Device(node=node, key=f"m{number}", engine_key=f"m{number}")
        for node in nodes[::EVERY_CASE]
        for number in range(CASES)
    ]
    Device.objects.bulk_create(devices, batch_size=_AT_ONCE)
    cases = [Case(node=one.node, device=one, state=chance.choice(states)) for one in devices]
    Case.objects.bulk_create(cases, batch_size=_AT_ONCE)
    found = []
    for one in devices:
        family = f"Họ {chance.randrange(FAMILIES)}"
        found.append(
            Finding(
                origin=one, device=one, key=family, shown=family, label=family, row=1,
                first_seen=now, last_seen=now,
            )
        )  # fmt: skip
    Finding.objects.bulk_create(found, batch_size=_AT_ONCE)
    days = [
        CoverageDay(node=node, day=today - timedelta(days=ago), kind=kind, lines=9)
        for node in nodes[::EVERY_LOG]
        for ago in range(LOG_DAYS)
        for kind in ("dns", "proxy")
    ]
    CoverageDay.objects.bulk_create(days, batch_size=_AT_ONCE)
    print(f"{len(cases)} open cases, {len(days)} days of logs by kind", flush=True)


def move_on(nodes: "Sequence[CampaignNode]", turn: int) -> None:
    """Let every tenth unit, and all above it, count more people who take part."""
    from django.db.models import F

    from quetsach_portal.campaigns.counters import above_and_self
    from quetsach_portal.campaigns.models.campaign import NodeCounter

    moved = {pk for node in nodes[turn % 10 :: 10] for pk in above_and_self(node)}
    NodeCounter.objects.filter(node_id__in=moved).update(joined_public=F("joined_public") + 1)


def gathered(what: str, day: date) -> None:
    """Gather in a process of its own, as the worker does, and print what it took."""
    said = subprocess.run(
        [sys.executable, "-m", "bench.portal_dashboards", "--gather", day.isoformat()],
        check=True,
        capture_output=True,
        text=True,
    )
    print(f"{what:<40} {said.stdout.strip()}", flush=True)


def gather_once(day: date) -> None:
    """Gather for the one campaign there is, and print what this process needed for it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from quetsach_portal.campaigns.models.campaign import Campaign
    from quetsach_portal.dashboards.gathering import gather

    campaign = Campaign.objects.get()
    with CaptureQueriesContext(connection) as asked:
        clock, own, server = time.perf_counter(), time.process_time(), server_seconds()
        gather(campaign, day)
        took, spent = time.perf_counter() - clock, time.process_time() - own
        served = server_seconds() - server
    # What is asked to see the server's time is no query of the job.
    print(
        f"{len(asked) - 2} queries, {took:.1f} s; processor {spent:.1f} s + {served:.1f} s of the "
        f"database; peak {_peak_mb():.0f} MB"
    )


def _peak_mb() -> float:
    # getrusage would tell the peak of the process that started this one, if that is higher.
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(one.split()[1]) for one in lines if one.startswith("VmHWM:")) / 1000


def measure(campaign: "Campaign", nodes: "Sequence[CampaignNode]") -> None:
    """Gather on one day after the other, and print each kind of day once."""
    from django.utils import timezone

    from quetsach_portal.dashboards.gathering import gather
    from quetsach_portal.dashboards.models import CounterDay

    today = timezone.localdate()
    first = today - timedelta(days=EARLIER_DAYS)
    gathered("the first day, all new", first)
    gathered("again, nothing changed", first)
    for turn in range(1, EARLIER_DAYS):
        move_on(nodes, turn)
        gather(campaign, first + timedelta(days=turn))
    move_on(nodes, 0)
    gathered(f"after {EARLIER_DAYS} days, a tenth changed", today)
    gathered("again, nothing changed", today)
    print(f"{CounterDay.objects.count()} rows by day", flush=True)


def pages(campaign: "Campaign", owner: "User") -> None:
    """Print how long each page takes, at the root and at the greatest unit below."""
    from django.test import Client
    from django.urls import reverse

    client = Client()
    client.force_login(owner, backend="quetsach_portal.people.sessions.AccountBackend")
    province = campaign.nodes.filter(depth=1).order_by("pk")[0]
    names = ("show", "coverage", "ranking", "map", "trend", "week", "week_paper")
    under = f"?under={province.pk}"
    addresses = [reverse(f"dashboards:{one}", args=[campaign.pk]) for one in names]
    asked = [one for at in addresses for one in (at, at + under)]
    for line in page_times(client, asked, times=10):
        print(line, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Build, work, gather, print."""
    is_child = arguments[:1] == ["--gather"]
    units = int(arguments[0]) if arguments and not is_child else 50_000
    os.environ.setdefault("QUETSACH_HOME", tempfile.mkdtemp(prefix="bench-portal-"))
    os.environ.setdefault("QUETSACH_HOSTS", "testserver")
    os.environ.setdefault("QUETSACH_SECOND_FACTOR", "off")
    os.environ["DJANGO_SETTINGS_MODULE"] = "quetsach_portal.config.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from quetsach_portal.campaigns.models.campaign import CampaignNode

    if is_child:
        gather_once(date.fromisoformat(arguments[1]))
        return 0
    call_command("migrate", verbosity=0)
    print(described(), flush=True)
    campaign, owner = make_tree(units, phases=1)
    move_some(campaign)
    nodes = list(CampaignNode.objects.filter(campaign=campaign).order_by("pk").only("pk", "path"))
    took, _none = seconds(lambda: make_work(nodes))
    print(f"{connection.vendor}: {units} units and their work: {took:.1f} s", flush=True)
    measure(campaign, nodes)
    pages(campaign, owner)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
