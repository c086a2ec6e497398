"""Find versions whose numbers do not add up, over a whole campaign, from the rows of figures.

The database adds, a form at a time; the slow judge of each version that is found, or shown, is
`adding.unlike`, from the payloads.
"""

import hashlib
from collections.abc import Iterator

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce

from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.reports.forms_in_use import form_of
from quetsach_portal.reports.models import (
    STANDS,
    CampaignForm,
    ReportFigure,
    ReportInput,
    ReportVersion,
)

_USED = ("yes", "late")


def suspicious(campaign: Campaign) -> Iterator[int]:
    """Yield the standing versions of `campaign` that are not what they say, each at least once.

    Cost: the database reads every figure and input twice; only what units above others say, and
    what those below make of it, comes here.
    """
    for row in CampaignForm.objects.filter(campaign=campaign):
        added = frozenset(entry.id for entry, how in form_of(row).added() if how is not None)
        standing = ReportVersion.objects.filter(
            slot__node__campaign=campaign, form=row, state__in=STANDS
        )
        figures = ReportFigure.objects.filter(version__in=standing)
        others = [one.id for one in form_of(row).counts() if one.id not in added]
        yield from _unlike_its_parts(figures.exclude(key__in=others))
        yield from _unlike_those_below(standing, figures, added)
        yield from _changed(standing)


def _unlike_its_parts(figures: "QuerySet[ReportFigure]") -> Iterator[int]:
    made = Coalesce("own", 0) + Coalesce("children", 0) + F("adjust") - F("overlap")
    wrong = figures.filter(total__isnull=False).exclude(total=made)
    yield from wrong.values_list("version_id", flat=True)


def _unlike_those_below(
    standing: "QuerySet[ReportVersion]",
    figures: "QuerySet[ReportFigure]",
    added: frozenset[str],
) -> Iterator[int]:
    """Yield the versions that do not say of those below what their reports add up to.

    Also what was replaced since is added: a report above keeps what it had counted.
    """
    inputs = ReportInput.objects.filter(
        parent_version__in=standing,
        used__in=_USED,
        child_version__figures__total__isnull=False,
    )
    sums = inputs.values_list("parent_version", "child_version__figures__key").annotate(
        told=Sum("child_version__figures__total")
    )
    parts = {
        (version, key): told
        for version, key, told in sums.order_by().iterator(chunk_size=5000)
        if key in added
    }
    said = figures.filter(children__isnull=False).values_list("version_id", "key", "children")
    for version, key, children in said.iterator(chunk_size=5000):
        if parts.pop((version, key), None) != children:
            yield version
    yield from (version for version, _key in parts)


def _changed(standing: "QuerySet[ReportVersion]") -> Iterator[int]:
    payloads = standing.values_list("pk", "sha256", "payload")
    for version, digest, payload in payloads.iterator(chunk_size=500):
        if hashlib.sha256(payload.encode()).hexdigest() != digest:
            yield version
