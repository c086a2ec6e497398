"""The days of a unit that were looked at, each file counted once however often it is handed in."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import F
from django.db.models.functions import Greatest

from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.intake.boundary import DaySeen
from quetsach_portal.intake.models import CoverageDay, SourceDay

_AT_ONCE = 500


def add_days(node: CampaignNode, days: Sequence[DaySeen]) -> None:
    """Add `days` to the coverage of `node`; those of files that it has handed in before are known.

    The caller holds the transaction, and a lock that keeps two sweeps of a node apart.
    Cost: a few statements for each 500 days of files, and one a new day and kind.
    """
    known = _known(node, {one.source_sha256 for one in days})
    fresh = {(one.source_sha256, one.kind, one.day): one for one in days if one.lines}
    new = [one for key, one in fresh.items() if key not in known]
    SourceDay.objects.bulk_create(
        [
            SourceDay(node=node, source_sha256=one.source_sha256, kind=one.kind, day=one.day)
            for one in new
        ],
        batch_size=_AT_ONCE,
    )
    sums: defaultdict[tuple[date, str], list[int]] = defaultdict(lambda: [0, 0])
    for one in new:
        sums[one.day, one.kind][0] += one.lines
        sums[one.day, one.kind][1] = max(sums[one.day, one.kind][1], one.alive)
    CoverageDay.objects.bulk_create(
        [CoverageDay(node=node, day=day, kind=kind) for day, kind in sums],
        batch_size=_AT_ONCE,
        ignore_conflicts=True,
    )
    for (day, kind), (lines, alive) in sums.items():
        CoverageDay.objects.filter(node=node, day=day, kind=kind).update(
            lines=F("lines") + lines, alive=Greatest(F("alive"), alive)
        )


def _known(node: CampaignNode, digests: set[str]) -> set[tuple[str, str, date]]:
    wanted = sorted(digests)
    known: set[tuple[str, str, date]] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        rows = SourceDay.objects.filter(
            node=node, source_sha256__in=wanted[start : start + _AT_ONCE]
        )
        known.update(rows.values_list("source_sha256", "kind", "day"))
    return known
