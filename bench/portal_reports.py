"""Reports of a whole country: adding them up again, and the pages over them.

`python -m bench.portal_reports` writes a report of each of 50,000 units from the leaves up, one in
fifty corrected before its parent's was made, into a database of its own; then it adds all up
again, holds the root against the sum of what all units said, and measures the pages. With
`50000 phu-luc-mo-rong` the reports follow that form with all its blocks, every count filled.
"""

import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bench.portal_tree import make_tree, page_times, seconds

if TYPE_CHECKING:
    from quetsach_portal.campaigns.models.campaign import Campaign, ExpectedReport
    from quetsach_portal.people.models.account import User
    from quetsach_portal.reports.models.report import ReportVersion
    from quetsach_portal.reports.totals.adding import ChildVersion, ReportAggregate

CORRECTED, MISSING = 0.02, 0.05
KEYS = ("organisations_informed", "organisations_deployed", "people_took_part")


def write_reports(campaign: "Campaign", author: "User", chance: random.Random) -> int:
    """Return what the root must say of people, after a report of nearly every unit was written."""
    from quetsach_portal.campaigns.models.campaign import ExpectedReport
    from quetsach_portal.reports.phase_forms.changing import keep_form

    row = keep_form(campaign)
    slots = ExpectedReport.objects.filter(phase__campaign=campaign).select_related(
        "node__campaign", "node__unit", "phase"
    )
    below: dict[int | None, list[ExpectedReport]] = defaultdict(list)
    levels: dict[int, list[ExpectedReport]] = defaultdict(list)
    for slot in slots.order_by("pk"):
        slot.node.campaign = campaign
        below[slot.node.parent_id].append(slot)
        levels[slot.node.depth].append(slot)
    newest: dict[int, Any] = {}
    says: dict[int, int] = {}
    for depth in sorted(levels, reverse=True):
        for start in range(0, len(levels[depth]), 2000):
            some = [
                slot
                for slot in levels[depth][start : start + 2000]
                if depth == 0 or chance.random() >= MISSING
            ]
            _write(some, row, below, newest, says, author, chance)
    root = levels[0][0]
    return says[root.node_id]


def _write(
    slots: "Sequence[ExpectedReport]",
    row: Any,
    below: dict[int | None, Any],
    newest: dict[int, Any],
    says: dict[int, int],
    author: "User",
    chance: random.Random,
) -> None:
    """Write the versions of `slots` in bulk, as the acts would one by one."""
    from quetsach_portal.reports.models.report import (
        InputUsed,
        ReportFigure,
        ReportInput,
        ReportVersion,
        VersionState,
    )
    from quetsach_portal.reports.totals.adding import ChildVersion
    from quetsach_portal.reports.writing.version_rows import figure_rows, input_rows

    versions = []
    for slot in slots:
        children = [
            ChildVersion(
                child,
                newest.get(child.pk),
                InputUsed.YES if child.pk in newest else InputUsed.MISSING,
            )
            for child in below[slot.node_id]
        ]
        last = None
        for _number in range(2 if chance.random() < CORRECTED else 1):
            people = chance.randrange(60)
            version, total = _version(slot, row, children, last, people, author, chance)
            versions.append((version, total))
            if last is not None:
                last.state = VersionState.SUPERSEDED
            last = version
        says[slot.node_id] = people + sum(
            says[child.node_id] for child in below[slot.node_id] if child.pk in newest
        )
        newest[slot.pk] = last
    ReportVersion.objects.bulk_create([version for version, _total in versions], batch_size=500)
    for model, rows_of in ((ReportFigure, figure_rows), (ReportInput, input_rows)):
        rows = [one for version, total in versions for one in rows_of(version, total)]
        model.objects.bulk_create(rows, batch_size=1000)


def _version(
    slot: "ExpectedReport",
    row: Any,
    children: "Sequence[ChildVersion]",
    last: "ReportVersion | None",
    people: int,
    author: "User",
    chance: random.Random,
) -> "tuple[ReportVersion, ReportAggregate]":
    """Return an accepted version of `slot` that is not written yet, and what it adds up to."""
    from quetsach.api.reports import FigureGrade, GradedCount, OwnValue
    from quetsach_portal.reports.models.report import VersionKind, VersionState
    from quetsach_portal.reports.phase_forms.changing import form_of
    from quetsach_portal.reports.queries import node_key
    from quetsach_portal.reports.totals.adding import aggregate
    from quetsach_portal.reports.writing.version_rows import NewVersion, version_row

    unit = frozenset({node_key(slot.node_id)})
    counted = OwnValue(GradedCount(1, FigureGrade.MEASURED), organisations=unit)
    own = dict.fromkeys(KEYS[:2], counted)
    own[KEYS[2]] = OwnValue(GradedCount(people, FigureGrade.DECLARED))
    form = form_of(row)
    for count in form.counts():
        if count.id not in own:
            own[count.id] = OwnValue(GradedCount(chance.randrange(60), FigureGrade.DECLARED))
    total = aggregate(form, own, children, {})
    kind = VersionKind.ORIGINAL if last is None else VersionKind.CORRECTION
    making = NewVersion(kind, f"{slot.pk}-{kind}", last)
    version = version_row(slot, row, total, making, actor=author)
    version.state = VersionState.ACCEPTED
    return version, total


def measure(campaign: "Campaign", owner: "User", expected: int) -> None:
    """Print how long adding up again and each page takes; stop where a total is wrong."""
    from django.test import Client
    from django.urls import reverse

    from quetsach_portal.campaigns.models.campaign import ExpectedReport
    from quetsach_portal.reports.models.report import ReportFigure, ReportVersion
    from quetsach_portal.reports.totals.recount import suspicious

    root = ExpectedReport.objects.get(phase__campaign=campaign, node__depth=0)
    version = ReportVersion.objects.filter(slot=root).order_by("-n").first()
    told = ReportFigure.objects.get(version=version, key=KEYS[2]).total
    if told != expected:
        raise SystemExit(f"The root says {told}, the units say {expected}.")
    used = time.process_time()
    took, wrong = seconds(lambda: list(suspicious(campaign)))
    used = time.process_time() - used
    print(
        f"every report added up again: {took:.1f} s, of this process {used:.1f} s of processor, "
        f"{len(wrong)} do not add up",
        flush=True,
    )
    client = Client()
    client.force_login(owner, backend="quetsach_portal.people.sessions.AccountBackend")
    province = (
        ExpectedReport.objects.filter(phase__campaign=campaign, node__depth=1)
        .order_by("pk")
        .first()
    )
    for line in page_times(
        client,
        [
            reverse("reports:slot", args=[root.pk]),
            reverse("reports:below", args=[root.pk]),
            reverse("reports:version", args=[version.pk]),
            reverse("reports:below", args=[province.pk]),
            "/",
        ],
        times=5,
    ):
        print(line, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Build, write, measure, print."""
    units = int(arguments[0]) if arguments else 50_000
    os.environ.setdefault("QUETSACH_HOME", tempfile.mkdtemp(prefix="bench-portal-"))
    os.environ.setdefault("QUETSACH_HOSTS", "testserver")
    os.environ.setdefault("QUETSACH_SECOND_FACTOR", "off")
    os.environ["DJANGO_SETTINGS_MODULE"] = "quetsach_portal.config.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    campaign, owner = make_tree(units, phases=1)
    if len(arguments) > 1:
        type(campaign).objects.filter(pk=campaign.pk).update(form_code=arguments[1])
        campaign.refresh_from_db()
    took, expected = seconds(lambda: write_reports(campaign, owner, random.Random(1)))
    print(f"{connection.vendor}: reports of {units} units, in bulk: {took:.1f} s", flush=True)
    measure(campaign, owner, expected)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
