"""A past result on another year's tree: added up where it can be, never divided, never twice."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    NodeCounter,
    Phase,
    ReportCounter,
)
from quetsach_portal.dashboards.pages.trend import lines_of, points_of
from quetsach_portal.dashboards.pages.years import TreeFit, laid_on
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.report import CampaignForm, ReportFigure, ReportVersion
from quetsach_portal.units.models import EventSide, EventState, EventUnit, OrgEvent
from tests.portal.world import make_unit

pytestmark = pytest.mark.django_db


def happened(world, kind: str, before: list[str], after: list[str], day: date | None = None):
    event = OrgEvent.objects.create(
        kind=kind,
        state=EventState.APPLIED,
        effective_on=day or timezone.localdate(),
        legal_doc="NQ 1",
        path=world.units["TC"].path,
        proposed_by=world.user("TC", Role.LEAD_OWNER),
        decided_by=world.user("TC", Role.COMPILER),
    )
    for side, codes in ((EventSide.BEFORE, before), (EventSide.AFTER, after)):
        for code in codes:
            EventUnit.objects.create(event=event, unit=world.units[code], side=side)
    return event


@pytest.fixture
def later(world):
    """Return what makes a node of a unit in a campaign of a later year."""
    campaign = Campaign.objects.create(
        title="Chiến dịch 2025",
        lead_unit=world.units["TC"],
        created_by=world.user("TC", Role.LEAD_OWNER),
        state="live",
        frozen_on=timezone.localdate(),
    )

    def make(code: str) -> CampaignNode:
        if code not in world.units:
            world.units[code] = make_unit(code, world.units["TC"])
        return CampaignNode.objects.create(
            campaign=campaign,
            unit=world.units[code],
            path=f"/{campaign.pk}/",
            name_at_freeze=code,
        )

    return make


@pytest.fixture
def past(world):
    for code, units, reported in (("TC01", 2, 1), ("TC02", 1, 1), ("TC01A", 1, 0)):
        NodeCounter.objects.filter(node=world.nodes[code]).update(units=units)
        ReportCounter.objects.filter(node=world.nodes[code]).update(reported=reported)
    return world.campaign


def laid(world, node):
    (found,) = laid_on([node], world.campaign.pk, world.phase)
    return found


def test_the_same_unit_keeps_its_result(world, later, past) -> None:
    found = laid(world, later("TC01"))
    assert (found.fit, found.sums.units, found.sums.expected, found.sums.reported) == (
        TreeFit.SAME,
        2,
        2,
        1,
    )


def test_B8_merged_units_are_added_up_and_one_below_another_counts_once(world, later, past) -> None:
    node = later("M")
    happened(world, "merge", ["TC01", "TC01A", "TC02"], ["M"])
    found = laid(world, node)
    assert (found.fit, found.sums.units, found.sums.expected, found.sums.reported) == (
        TreeFit.ADDED,
        3,
        3,
        2,
    )
    assert found.of == ["Ủy ban nhân dân xã Một", "Ủy ban nhân dân xã Hai"]


def test_a_merge_of_a_merge_is_followed(world, later, past) -> None:
    middle, node = later("M"), later("N")
    happened(world, "merge", ["TC01"], ["M"])
    happened(world, "merge", ["M", "TC02"], ["N"])
    assert middle.pk != node.pk
    assert laid(world, node).sums.expected == 3


def test_a_split_is_never_divided(world, later, past) -> None:
    node = later("B")
    later("C")
    happened(world, "split", ["TC01"], ["B", "C"])
    found = laid(world, node)
    assert (found.fit, found.is_known) == (TreeFit.PART, False)


def test_a_newer_result_of_a_merged_unit_belongs_to_both_old_ones(world, later, past) -> None:
    node = later("A")
    world.units["A2"] = make_unit("A2")
    happened(world, "merge", ["A", "A2"], ["TC01"])
    assert laid(world, node).fit == TreeFit.PART


def test_a_reversed_event_leads_nowhere(world, later, past) -> None:
    node = later("M")
    event = happened(world, "merge", ["TC01"], ["M"])
    event.state = EventState.REVERSED
    event.save()
    assert laid(world, node).fit == TreeFit.NONE


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
