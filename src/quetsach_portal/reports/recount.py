"""Add every report up again at night and hold it against what is stored; nothing is repaired."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from quetsach.api.reports import Count, QuetsachError, shown_value
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models import Campaign, CampaignState
from quetsach_portal.jobs.work import Work
from quetsach_portal.reports.adding import unlike
from quetsach_portal.reports.forms_in_use import form_of
from quetsach_portal.reports.models import STANDS, FigureAlarm, ReportVersion
from quetsach_portal.reports.quick_recount import suspicious
from quetsach_portal.reports.stored import figures_of

WHOLE = "*"
"""The key of an alarm on a version that is not what its digest says."""


def check_version(version: ReportVersion) -> list[FigureAlarm]:
    """Return the open alarms of `version` after adding it up again.

    What differs is kept and stands in the trail; what differs no more is closed, and stays.
    """
    wrong = _wrong(version)
    held = {one.key: one for one in version.alarms.filter(closed_at__isnull=True)}
    if wrong.keys() == held.keys():
        return list(held.values())
    with transaction.atomic():
        row = ReportVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        gone = [one.pk for key, one in held.items() if key not in wrong]
        FigureAlarm.objects.filter(pk__in=gone).update(closed_at=timezone.now())
        fresh = sorted(wrong.keys() - held.keys())
        if fresh:
            record(
                "report.does_not_add_up",
                actor=None,
                kind="reportversion",
                object_id=row.pk,
                unit_path=version.slot.node.unit.path,
                detail={"fields": fresh},
            )
        for key in fresh:
            stored, computed = wrong[key]
            FigureAlarm.objects.get_or_create(
                version=row,
                key=key,
                closed_at=None,
                defaults={"stored": stored[:200], "computed": computed[:200]},
            )
    return list(version.alarms.filter(closed_at__isnull=True).order_by("key"))


def run(work: Work) -> None:
    """Check the reports of every campaign that is not archived; the nightly job."""
    kept = Campaign.objects.exclude(state__in=[CampaignState.DRAFT, CampaignState.ARCHIVED])
    for campaign in kept:
        work.renew()
        recount(campaign)


def recount(campaign: Campaign) -> list[FigureAlarm]:
    """Return the open alarms of `campaign` after a recount of all that stands in it."""
    ids = set(suspicious(campaign))
    ids |= set(
        FigureAlarm.objects.filter(
            version__slot__node__campaign=campaign, closed_at__isnull=True
        ).values_list("version_id", flat=True)
    )
    return [alarm for version in _versions(ids) for alarm in check_version(version)]


def _versions(ids: Iterable[int]) -> Iterable[ReportVersion]:
    rows = ReportVersion.objects.filter(pk__in=sorted(ids), state__in=STANDS)
    return rows.select_related("slot__node__unit", "form")


def _wrong(version: ReportVersion) -> dict[str, tuple[str, str]]:
    try:
        found = unlike(form_of(version.form), version)
        rows = _rows_unlike(version)
    except QuetsachError as error:
        return {WHOLE: (version.code, str(error))}
    return rows | {
        key: (shown_value(stored.total), shown_value(computed.total))
        for key, (stored, computed) in found.items()
    }


def _rows_unlike(version: ReportVersion) -> dict[str, tuple[str, str]]:
    """Return the figures whose row is not what the payload says; screens read the rows."""
    said = {
        key: figure.total.number if isinstance(figure.total, Count) else None
        for key, figure in figures_of(version).items()
    }
    rows = dict(version.figures.values_list("key", "total"))
    return {
        key: (str(rows.get(key)), str(said.get(key)))
        for key in {*said, *rows}
        if rows.get(key) != said.get(key)
    }
