"""A herd of signed-in people before a server: 50,000 units, 250 requests a second.

`python -m bench.portal_load [units] [rate]` needs a DATABASE_URL to an empty database: it builds
the tree of `bench.portal_tree`, signs in 200 people, starts granian with two processes, and asks
for first pages, the ladder and completeness for 30 seconds: at a rate, then as fast as it can.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.load import steady
from bench.portal_herd import herd
from bench.portal_tree import make_tree, move_some
from bench.ports import free_port, wait_for

PEOPLE = 200
SECONDS = 30.0


def main(arguments: Sequence[str]) -> int:
    """Build, serve, ask, print."""
    units = int(arguments[0]) if arguments else 50_000
    rate = float(arguments[1]) if len(arguments) > 1 else 250.0
    os.environ.setdefault("QUETSACH_HOME", tempfile.mkdtemp(prefix="bench-portal-"))
    os.environ["QUETSACH_SECOND_FACTOR"] = "off"
    os.environ["DJANGO_SETTINGS_MODULE"] = "quetsach_portal.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    campaign, owner = make_tree(units)
    move_some(campaign)
    cookies = [cookie_of(owner), *(cookie_of(one) for one in focal_points(campaign, PEOPLE - 1))]
    ladder = f"/followup/campaigns/{campaign.pk}/ladder/"
    pages = [
        (path, cookies[0])
        for path in ("/", ladder, f"/followup/campaigns/{campaign.pk}/completeness/")
    ]
    mixed = [("/", cookie) for cookie in cookies] + [("/campaigns/", c) for c in cookies[::4]]
    port = free_port()
    with subprocess.Popen(_server(port)) as server:
        try:
            wait_for(port)
            for title, paths, asked in (
                ("root pages, right after the start", pages, 20.0),
                ("root pages, one after another", pages, 20.0),
                ("signed-in people", mixed + pages, rate),
            ):
                run = steady(port, paths, rate=asked, seconds=SECONDS)
                print(
                    f"{title}: {asked:.0f}/s asked, {run.rate:.0f}/s answered, "
                    f"{run.failed} failed, median {run.median * 1000:.0f} ms, "
                    f"p95 {run.p95 * 1000:.0f} ms"
                )
            run = herd(
                port,
                mixed + pages,
                server=server.pid,
                database=_postmaster(),
                seconds=int(SECONDS),
            )
            if run is None:
                print("signed-in people without a rest: not measured, wrk is needed")
            else:
                print(
                    f"signed-in people without a rest: {run.rate:.0f}/s answered, "
                    f"median {run.median}, p99 {run.p99}; a page takes "
                    f"{run.portal_s * 1000:.2f} ms of processor in the portal, "
                    f"{run.database_s * 1000:.2f} ms in the database"
                )
        finally:
            server.terminate()
    return 0


def focal_points(campaign: Any, count: int) -> list[Any]:
    """Return `count` people, each the focal point of a commune of their own."""
    from quetsach_portal.people.models.account import User
    from quetsach_portal.people.models.roles import Assignment, Role

    found = []
    for number, node in enumerate(campaign.nodes.filter(depth=2).select_related("unit")[:count]):
        user = User.objects.create_user(f"dm{number}@coquan.example", None, name="Đầu mối")
        Assignment.objects.create(user=user, unit=node.unit, role=Role.FOCAL_POINT)
        found.append(user)
    return found


def cookie_of(user: Any) -> str:
    """Return the header of cookies with which `user` is signed in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user, backend="quetsach_portal.people.sessions.AccountBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _postmaster() -> int:
    """Return the process whose children answer the database's clients."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        status = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text()
    return int(status.rpartition(")")[2].split()[1])


def _server(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "quetsach_portal.config.serving:front"),
        *("--interface", "rsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "2", "--log-level", "error"),
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
