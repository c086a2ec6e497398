"""What it costs to take in the findings of a watch that has pushed for a month: watch.md, load.

`python -m bench.portal_watch [units] [pushes]` sweeps 30 days of 24 hourly folders of one office
once (kept in /tmp/quetsach-bench-watch, 40 MB), gives them to all units of a new portal, and
then attaches a new hour to each of some units. It prints the processor's time of each attach, and
that of pages before and after.
"""

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

KEPT = Path("/tmp/quetsach-bench-watch")
DAYS, HOURS = 30, 24
HOSTS = [f"10.1.{a}.{b}" for a in range(2) for b in range(1, 101)]
BAD = ("203.0.113.77", "203.0.113.88")
START = datetime(2026, 10, 1, tzinfo=UTC)
FIELDS = (
    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\t"
    "orig_bytes\tresp_bytes\tconn_state\n"
)
HEAD = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"


def main(arguments: Sequence[str]) -> int:
    """Make, seed, attach, print."""
    units = int(arguments[0]) if arguments else 200
    pushes = int(arguments[1]) if len(arguments) > 1 else 20
    folders = [folder_of(number) for number in range(DAYS * HOURS + 1)]
    home = tempfile.mkdtemp(prefix="bench-portal-watch-")
    os.environ["QUETSACH_HOME"] = home
    os.environ["QUETSACH_SECOND_FACTOR"] = "off"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quetsach_portal.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    try:
        took = _pushes(units, pushes, folders)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    rows = [round(one, 2) for one in sorted(took)]
    print(f"first {took[0]:.2f} s, median {statistics.median(took):.2f} s, most {rows[-1]} s")
    return 0


def folder_of(number: int) -> Path:
    """Return the findings of one hour, swept now unless they are kept."""
    out = KEPT / f"hour-{number:04}"
    if out.is_dir():
        return out
    from quetsach.api import sweeps

    KEPT.mkdir(exist_ok=True)
    begins = START + timedelta(hours=number)
    lines = []
    for place, host in enumerate(HOSTS):
        for turn in range(5):
            at = begins + timedelta(seconds=700 * turn + place)
            met = BAD[place % 2] if place < 10 and not turn and number % 3 == place % 3 else ""
            fields = (f"{at.timestamp():.6f}", f"C{number}x{place}x{turn}", host, "50000")
            tail = (met or "192.0.2.200", "443", "tcp", "ssl", "1.5", "100", "100", "SF")
            lines.append("\t".join((*fields, *tail)) + "\n")
    log = KEPT / "log" / "conn.log"
    log.parent.mkdir(exist_ok=True)
    log.write_text(HEAD + FIELDS + "".join(sorted(lines)))
    listed = KEPT / "list.txt"
    listed.write_text("\n".join(BAD) + "\n")
    sweeps.sweep(sweeps.sweep_request(evidence=[str(log)], lists=[listed], out=out))
    return out


def _pushes(units: int, pushes: int, folders: Sequence[Path]) -> list[float]:
    from django.conf import settings
    from django.test import Client

    from bench.portal_tree import make_tree, page_times
    from quetsach.api import findings
    from quetsach_portal.campaigns.models.campaign import CampaignNode
    from quetsach_portal.cases.attaching import attach, store_folder
    from quetsach_portal.cases.models.coverage import FolderRead

    settings.ALLOWED_HOSTS = ["*"]
    campaign, owner = make_tree(units)
    nodes = list(CampaignNode.objects.filter(campaign=campaign).order_by("pk")[:units])
    digests = []
    for folder in folders[:-1]:
        manifest = json.loads((folder / "manifest.json").read_text())
        digests.append(findings.digest_of_manifest(manifest).removeprefix("sha256:"))
        store_folder(folder, digests[-1])
    zone = "Asia/Ho_Chi_Minh"
    FolderRead.objects.bulk_create(
        (
            FolderRead(node=node, digest=digest, source=f"bench:{place}", zone=zone)
            for node in nodes
            for place, digest in enumerate(digests)
        ),
        batch_size=5_000,
    )
    # What is loaded once belongs to no push: a worker has it since it began.
    warm, node = nodes[-1], nodes[0]
    attach(campaign=campaign, node=warm, folder=folders[-1], source="bench:new", actor=None)
    client = Client()
    client.force_login(owner, backend="quetsach_portal.people.sessions.AccountBackend")
    pages = ["/", "/cases/counts/", f"/cases/counts/{node.pk}/", "/sensors/", "/alerts/"]
    before = list(page_times(client, pages))
    begun = time.perf_counter()
    took = []
    for node in nodes[: min(pushes, units - 1)]:
        began = time.process_time()
        attach(campaign=campaign, node=node, folder=folders[-1], source="bench:new", actor=None)
        took.append(time.process_time() - began)
        print(f"{node.pk}: {took[-1]:.2f} s", file=sys.stderr, flush=True)
    print(f"{len(took)} pushes in {time.perf_counter() - begun:.0f} s")
    print("before:", *before, "after:", *page_times(client, pages), sep="\n  ")
    return took


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
