"""The trend of a unit: a line broken where units changed, with the figures that were reported."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    Phase,
    ReportCounter,
)
from quetsach_portal.dashboards.pages.trend import lines_of, points_of
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.report import CampaignForm, ReportFigure, ReportVersion
from tests.portal.dashboards.tree_events import happened

pytestmark = pytest.mark.django_db


def test_where_units_merged_between_two_phases_the_line_is_broken(world) -> None:
    first = world.phase
    Phase.objects.filter(pk=first.pk).update(due_at=timezone.now() - timedelta(days=30))
    second = Phase.objects.create(
        campaign=world.campaign, no=2, opens_at=timezone.now(), due_at=timezone.now()
    )
    ReportCounter.objects.create(node=world.nodes["TC"], phase=second, expected=3, reported=3)
    node = CampaignNode.objects.select_related("unit").get(pk=world.nodes["TC"].pk)
    before, after = points_of(node, [world.campaign])
    assert not after.changes
    day = timezone.localdate() - timedelta(days=10)
    happened(world, "merge", ["TC01"], ["TC02"], day)
    before, after = points_of(node, [world.campaign])
    assert not before.changes
    assert [(one.day, one.document) for one in after.changes] == [(day, "NQ 1")]


def test_the_figures_of_the_newest_standing_report_stand_in_the_trend(world) -> None:
    from quetsach.api import reports

    form = reports.shipped_form("phu-luc-2022")
    kept = CampaignForm.objects.create(
        campaign=world.campaign,
        code=form.code,
        version=form.version,
        definition=reports.form_json(form).decode(),
        digest="0" * 64,
    )
    key = form.counts()[0].id
    slot = world.phase.slots.get(node=world.nodes["TC"])
    for n, state, total in ((1, "superseded", 5), (2, "signed", 7), (3, "returned", 9)):
        version = ReportVersion.objects.create(
            slot=slot,
            n=n,
            kind="original",
            form=kept,
            tree_rev=1,
            payload="{}",
            sha256=f"{n}" * 64,
            key=str(n),
            author=world.user("TC", Role.FOCAL_POINT),
            state=state,
        )
        ReportFigure.objects.create(version=version, key=key, total=total)
    node = CampaignNode.objects.select_related("unit").get(pk=world.nodes["TC"].pk)
    (line,) = lines_of(points_of(node, [world.campaign]), world.campaign, "vi")
    assert line.totals == [7]
    assert line.label == form.counts()[0].label.vi
