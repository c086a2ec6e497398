"""Recount every report at night and compare it with what is stored; nothing is repaired."""

import hashlib
from collections.abc import Iterator

from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from quetsach.api.reports import GradedCount, QuetsachError, format_value
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.reports.models.report import (
    STANDS,
    CampaignForm,
    FigureAlarm,
    ReportFigure,
    ReportInput,
    ReportVersion,
)
from quetsach_portal.reports.phase_forms.changing import form_of
from quetsach_portal.reports.queries import figures_of
from quetsach_portal.reports.totals.adding import unlike

# A fast search over the figure rows of a campaign for versions that may not add up.

_USED = ("yes", "late")


def suspicious(campaign: Campaign) -> Iterator[int]:
    """Yield the valid versions of `campaign` whose rows do not add up, each at least once.

    Cost: the database reads every figure and input twice; only figures from below, and
    the sums of the reports below, are loaded.
    """
    for campaign_form in CampaignForm.objects.filter(campaign=campaign):
        form = form_of(campaign_form)
        added = frozenset(entry.id for entry, how in form.added() if how is not None)
        standing = ReportVersion.objects.filter(
            slot__node__campaign=campaign, form=campaign_form, state__in=STANDS
        )
        figures = ReportFigure.objects.filter(version__in=standing)
        others = [count.id for count in form.counts() if count.id not in added]
        yield from _unlike_its_parts(figures.exclude(key__in=others))
        yield from _unlike_those_below(standing, figures, added)
        yield from _changed(standing)


def _unlike_its_parts(figures: "QuerySet[ReportFigure]") -> Iterator[int]:
    made = Coalesce("own", 0) + Coalesce("children", 0) + F("adjust") - F("overlap")
    wrong = figures.filter(total__isnull=False).exclude(total=made)
    yield from wrong.values_list("version_id", flat=True)


def _unlike_those_below(
    standing: "QuerySet[ReportVersion]", figures: "QuerySet[ReportFigure]", added: frozenset[str]
) -> Iterator[int]:
    """Yield the versions whose figures from below differ from the sum of these reports.

    Also what was replaced since is added: a report above keeps what it had counted.
    """
    inputs = ReportInput.objects.filter(parent_version__in=standing, used__in=_USED)
    inputs = inputs.filter(child_version__figures__total__isnull=False)
    by_key = inputs.values_list("parent_version", "child_version__figures__key")
    sums = by_key.annotate(total=Sum("child_version__figures__total")).order_by()
    parts = {
        (version, key): total
        for version, key, total in sums.iterator(chunk_size=5000)
        if key in added
    }
    stated = figures.filter(children__isnull=False).values_list("version_id", "key", "children")
    for version, key, children in stated.iterator(chunk_size=5000):
        if parts.pop((version, key), None) != children:
            yield version
    yield from (version for version, _key in parts)


def _changed(standing: "QuerySet[ReportVersion]") -> Iterator[int]:
    payloads = standing.values_list("pk", "sha256", "payload")
    for version, digest, payload in payloads.iterator(chunk_size=500):
        if hashlib.sha256(payload.encode()).hexdigest() != digest:
            yield version


WHOLE = "*"
"""The key of an alarm on a version that does not match its digest."""


def check_version(version: ReportVersion) -> list[FigureAlarm]:
    """Return the open alarms of `version` after adding it up again.

    A difference is stored and audited; a resolved alarm is closed and stays stored.
    """
    wrong = _wrong(version)
    open_alarms = {alarm.key: alarm for alarm in version.alarms.filter(closed_at__isnull=True)}
    if wrong.keys() == open_alarms.keys():
        return list(open_alarms.values())
    with transaction.atomic():
        locked_version = ReportVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        gone = [alarm.pk for key, alarm in open_alarms.items() if key not in wrong]
        FigureAlarm.objects.filter(pk__in=gone).update(closed_at=timezone.now())
        fresh = sorted(wrong.keys() - open_alarms.keys())
        if fresh:
            record(
                "report.does_not_add_up",
                actor=None,
                kind="reportversion",
                object_id=locked_version.pk,
                unit_path=version.slot.node.unit.path,
                detail={"fields": fresh},
            )
        for key in fresh:
            stored, computed = wrong[key]
            FigureAlarm.objects.get_or_create(
                version=locked_version,
                key=key,
                closed_at=None,
                defaults={"stored": stored[:200], "computed": computed[:200]},
            )
    return list(version.alarms.filter(closed_at__isnull=True).order_by("key"))


def recount_all(work: RunningJob) -> None:
    """Check the reports of every campaign that is not archived; the nightly job."""
    kept = Campaign.objects.exclude(state__in=[CampaignState.DRAFT, CampaignState.ARCHIVED])
    for campaign in kept:
        work.renew()
        recount(campaign)


def recount(campaign: Campaign) -> list[FigureAlarm]:
    """Return the open alarms of `campaign` after a recount of its valid versions."""
    alarms = FigureAlarm.objects.filter(version__slot__node__campaign=campaign)
    open_alarms = alarms.filter(closed_at__isnull=True)
    ids = {*suspicious(campaign), *open_alarms.values_list("version_id", flat=True)}
    versions = ReportVersion.objects.filter(pk__in=sorted(ids), state__in=STANDS)
    related = versions.select_related("slot__node__unit", "form")
    return [alarm for version in related for alarm in check_version(version)]


def _wrong(version: ReportVersion) -> dict[str, tuple[str, str]]:
    try:
        differing = unlike(form_of(version.form), version)
        rows = _rows_unlike(version)
    except QuetsachError as error:
        return {WHOLE: (version.code, str(error))}
    return rows | {
        key: (format_value(stored.total), format_value(computed.total))
        for key, (stored, computed) in differing.items()
    }


def _rows_unlike(version: ReportVersion) -> dict[str, tuple[str, str]]:
    """Return the figures whose row differs from the payload; screens read the rows."""
    payload_totals = {
        key: figure.total.number if isinstance(figure.total, GradedCount) else None
        for key, figure in figures_of(version).items()
    }
    rows = dict(version.figures.values_list("key", "total"))
    return {
        key: (str(rows.get(key)), str(payload_totals.get(key)))
        for key in {*payload_totals, *rows}
        if rows.get(key) != payload_totals.get(key)
    }
