"""What the figures by the minute cost over a whole country.

`python -m bench.public_figures` builds 50,000 units with four days of participation in a database
of its own, publishes, and writes the figures: the first time, and minute by minute.
"""

import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.portal_tree import CHUNK, make_tree, move_some, seconds

DAYS, MINUTES = 4, 20


def main(arguments: list[str]) -> int:
    """Build, publish, measure, print."""
    units = int(arguments[0]) if arguments else 50_000
    os.environ.setdefault("QUETSACH_HOME", tempfile.mkdtemp(prefix="bench-figures-"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "quetsach_portal.config.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from quetsach_portal.campaigns.public_page import PublicPage
    from quetsach_portal.publishing.figures import actions
    from quetsach_portal.publishing.figures.live import write_live_figures

    call_command("migrate", verbosity=0)
    campaign, owner = make_tree(units)
    move_some(campaign)
    rows = _take_part(campaign, timezone.localdate())
    print(f"{connection.vendor}: {units} units, {rows} counters of a unit and day")
    made = actions.prepare(campaign, text="", actor=owner)
    actions.publish(made, sha256=made.sha256, actor=owner)
    PublicPage.objects.create(campaign=campaign, title="x", office="x", changed_by=owner)
    folder = Path(tempfile.mkdtemp(prefix="bench-figures-"))
    took, _ = seconds(lambda: write_live_figures(folder))
    print(f"first time, all days added up: {took * 1000:.0f} ms")
    times = sorted(seconds(lambda: write_live_figures(folder))[0] for _ in range(MINUTES))
    with CaptureQueriesContext(connection) as queries:
        write_live_figures(folder)
    size = (folder / "figures.json").stat().st_size
    print(
        f"each minute after: middle {times[MINUTES // 2] * 1000:.0f} ms, most "
        f"{times[-1] * 1000:.0f} ms, {len(queries)} queries; figures.json {size} bytes"
    )
    return 0


def _take_part(campaign: Any, today: Any) -> int:
    """Let people of each unit take part on each of the last days; return how many rows it took."""
    from django.db.models import F

    from quetsach_portal.campaigns.models.campaign import NodeCounter
    from quetsach_portal.participation.models import JoinCounter, JoinKind

    nodes = list(campaign.nodes.values_list("pk", flat=True))
    rows = [
        JoinCounter(
            node_id=node,
            kind=kind,
            day=today - timedelta(days=back),
            joined=3,
            checked=2,
            cleaned=1,
            rolled=3,
        )
        for back in range(DAYS)
        for node in nodes
        for kind in (JoinKind.STAFF, JoinKind.PUBLIC)
    ]
    JoinCounter.objects.bulk_create(rows, batch_size=CHUNK)
    NodeCounter.objects.filter(node__campaign=campaign).update(
        staff=F("units") * 40, joined_staff=F("units") * 3 * DAYS
    )
    return len(rows)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    raise SystemExit(main(sys.argv[1:]))
