"""R5: 250 documents are asked for at once; people go on opening their pages meanwhile.

`python -m bench.portal_busy [units]` needs a DATABASE_URL to an empty database. It writes a report
of each unit, starts the portal as `quetsach serve` does, asks for pages 20 times a second for 30
seconds, has 25 people ask for ten documents each, and asks for the same pages again meanwhile; then
it waits for the last document.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bench.load import steady
from bench.ports import free_port, wait_for

if TYPE_CHECKING:
    from quetsach_portal.campaigns.models.campaign import Campaign

PEOPLE, DOCUMENTS = 25, 250
RATE, SECONDS = 20.0, 30.0


def main(arguments: Sequence[str]) -> int:
    """Build, serve, ask, print."""
    units = int(arguments[0]) if arguments else 10_000
    home = os.environ.setdefault("QUETSACH_HOME", tempfile.mkdtemp(prefix="bench-portal-"))
    os.environ["QUETSACH_SECOND_FACTOR"] = "off"
    os.environ["DJANGO_SETTINGS_MODULE"] = "quetsach_portal.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from bench.portal_load import cookie_of, focal_points
    from bench.portal_reports import write_reports
    from bench.portal_tree import make_tree

    call_command("migrate", verbosity=0)
    campaign, owner = make_tree(units, phases=1)
    write_reports(campaign, owner, random.Random(1))
    people = focal_points(campaign, PEOPLE)
    pages = _pages(campaign, [cookie_of(owner), *map(cookie_of, people)])
    port = free_port()
    words = [sys.executable, "-m", "quetsach_portal.manage", "serve", "--port", str(port)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as portal:
        try:
            wait_for(port)
            _asked(port, pages, "warm")
            _asked(port, pages, "alone")
            begun, before = time.monotonic(), _ask_for_documents(campaign, people)
            _asked(port, pages, "while documents are made")
            print(f"documents made meanwhile: {DOCUMENTS - _waiting(before)} of {DOCUMENTS}")
            while _waiting(before):
                time.sleep(5)
            print(f"all {DOCUMENTS} made: {time.monotonic() - begun:.0f} s, home {home}")
        finally:
            portal.terminate()
    return 0


def _pages(campaign: "Campaign", cookies: Sequence[str]) -> list[tuple[str, str]]:
    from quetsach_portal.campaigns.models.campaign import ExpectedReport

    root = ExpectedReport.objects.get(phase__campaign=campaign, node__depth=0)
    return [
        *(("/", one) for one in cookies),
        (f"/reports/{root.pk}/", cookies[0]),
        (f"/followup/campaigns/{campaign.pk}/ladder/", cookies[0]),
    ]


def _asked(port: int, pages: Sequence[tuple[str, str]], title: str) -> None:
    run = steady(port, pages, rate=RATE, seconds=SECONDS)
    print(
        f"entry pages, {title}: {run.rate:.0f}/s answered, {run.failed} failed, "
        f"median {run.median * 1000:.0f} ms, p95 {run.p95 * 1000:.0f} ms",
        flush=True,
    )


def _ask_for_documents(campaign: "Campaign", people: Sequence[Any]) -> list[int]:
    """Return the documents asked for; those of the provinces have an annex of all below them."""
    from quetsach_portal.reports.documents.actions import request_document
    from quetsach_portal.reports.models.report import ReportVersion, VersionState

    found = ReportVersion.objects.filter(
        slot__phase__campaign=campaign, state=VersionState.ACCEPTED
    ).order_by("slot__node__depth", "pk")
    chosen = list(found[1 : DOCUMENTS + 1])
    return [request_document(one, actor=people[n % len(people)]).pk for n, one in enumerate(chosen)]


def _waiting(asked: Sequence[int]) -> int:
    from quetsach_portal.reports.models.document import DocumentState, ReportDocument

    rows = ReportDocument.objects.filter(pk__in=asked)
    failed = rows.filter(state=DocumentState.FAILED).first()
    if failed is not None:
        raise SystemExit(f"A document could not be made: {failed.problem}")
    return rows.filter(state=DocumentState.WAITING).count()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
