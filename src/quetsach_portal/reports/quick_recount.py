"""Find versions whose numbers do not add up, over a whole campaign, from the rows of figures.

The slow judge of each version that is found, or shown, is `adding.unlike`, from the payloads.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator

from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.reports.models import STANDS, ReportFigure, ReportInput, ReportVersion

_USED = ("yes", "late")


def suspicious(campaign: Campaign) -> Iterator[int]:
    """Yield the standing versions of `campaign` that are not what they say, each at least once.

    Cost: reads every standing version, its figures and inputs once.
    """
    standing = ReportVersion.objects.filter(slot__node__campaign=campaign, state__in=STANDS)
    parts = children_totals(campaign)
    figures = ReportFigure.objects.filter(version__in=standing).values_list(
        "version_id", "key", "own", "children", "adjust", "overlap", "total"
    )
    for version, key, own, children, adjust, overlap, total in figures.iterator(chunk_size=5000):
        below = parts.get((version, key))
        if children != below:
            yield version
        if total is not None and (own or 0) + (below or 0) + adjust - overlap != total:
            yield version
    payloads = standing.values_list("pk", "sha256", "payload")
    for version, digest, payload in payloads.iterator(chunk_size=500):
        if hashlib.sha256(payload.encode()).hexdigest() != digest:
            yield version


def children_totals(campaign: Campaign) -> dict[tuple[int, str], int]:
    """Return by parent's version and field what the used reports below it add up to.

    A field for which none of them has a number is not there. Cost: two queries.
    """
    standing = ReportVersion.objects.filter(slot__node__campaign=campaign, state__in=STANDS)
    inputs = ReportInput.objects.filter(parent_version__in=standing, used__in=_USED)
    parents: dict[int, list[int]] = defaultdict(list)
    for parent, child in inputs.values_list("parent_version", "child_version").iterator(
        chunk_size=5000
    ):
        parents[child].append(parent)
    found: dict[tuple[int, str], int] = {}
    # Also what was replaced since: a report above keeps what it had counted.
    totals = ReportFigure.objects.filter(
        version__slot__node__campaign=campaign, total__isnull=False, words=""
    ).values_list("version_id", "key", "total")
    for version, key, total in totals.iterator(chunk_size=5000):
        for parent in parents.get(version, ()):
            found[parent, key] = found.get((parent, key), 0) + (total or 0)
    return found
