"""Where a number comes from: down to each version, as known on a day, for whom it is meant."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from quetsach_portal.cases.overview import FIGURES
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.models.report import (
    InputUsed,
    ReportEvent,
    ReportFigure,
    ReportVersion,
)
from quetsach_portal.reports.pages import lineage
from quetsach_portal.reports.writing import draft as writing_draft
from quetsach_portal.reports.writing.answers import TypedAnswer
from tests.portal.cases.rows import RAW, make_case
from tests.portal.reports.acting import (
    PEOPLE,
    accepted,
    fresh,
    handed_in,
    numbers,
    slot_of,
    submitted,
)
from tests.portal.reports.unguarded import Unguarded
from tests.portal.world import World

ClientOf = Callable[[str, Role], Client]


def _district(world: World, adjust: int = 0) -> ReportVersion:
    """Return the district's report over two communes, of which one has not reported."""
    accepted(world, "TC01A", numbers(people="4"))
    accepted(world, "TC01", numbers(people="5"))
    author = world.user("TC", Role.FOCAL_POINT)
    slot = slot_of(world, "TC")
    draft = writing_draft.open_draft(slot, actor=author)
    writing_draft.save(slot, numbers(people="12"), revision=draft.revision, actor=author)
    draft.refresh_from_db()
    if adjust:
        told = {PEOPLE: (adjust, "hai trường báo cáo trùng")}
        writing_draft.adjust(slot, told, revision=draft.revision, actor=author)
    return fresh(handed_in(slot_of(world, "TC"), author))


def test_a_total_opens_to_own_children_and_adjustment_with_the_missing_named(world: World) -> None:
    trace = lineage.trace_of(_district(world, adjust=-3), PEOPLE)
    assert trace is not None
    assert (trace.own_value, trace.below, trace.total) == ("12", 9, "18")
    assert trace.figures["adjusted"] == "−3"
    assert [one.slot.node.unit.code for one in trace.missing] == ["TC02"]
    part = trace.there[0]
    assert (part.value, part.version.n, part.used) == ("9", 1, InputUsed.YES)
    assert not trace.gap
    assert not trace.alarms


def test_one_goes_down_a_level_at_a_time_to_the_leaf_and_back_up(world: World) -> None:
    top = _district(world)
    middle = lineage.trace_of(top, PEOPLE).there[0].version
    leaf = lineage.trace_of(fresh(middle), PEOPLE).there[0].version
    assert lineage.trace_of(fresh(leaf), PEOPLE).parts == []
    way = lineage.way_down(fresh(leaf))
    assert [(one.version, one.holds) for one in way] == [(top, True), (middle, True)]


def test_a_version_that_came_later_is_named_and_not_counted(world: World) -> None:
    top = _district(world)
    accepted(world, "TC02", numbers(people="7"))
    trace = lineage.trace_of(top, PEOPLE)
    assert trace.missing[0].newer == 1
    assert trace.total == "21"
    way = lineage.way_down(fresh(ReportVersion.objects.get(slot=slot_of(world, "TC02"))))
    assert [one.holds for one in way] == [False]


def _dated_back(version: ReportVersion, days: int) -> None:
    """Date a version and its steps some days back, past the guards of the database."""
    at = timezone.now() - timedelta(days=days)
    with Unguarded("reports_reportversion_no_update"):
        ReportVersion.objects.filter(pk=version.pk).update(created_at=at)
    with Unguarded("reports_reportevent_no_update"):
        ReportEvent.objects.filter(version=version).update(at=at)


def test_as_known_on_a_day_shows_the_version_that_stood_then(
    world: World, client_of: ClientOf
) -> None:
    first = submitted(world, "TC02", numbers(people="7"))
    _dated_back(first, 1)
    deciding.return_version(first, {PEOPLE: "đếm lại"}, actor=world.user("TC", Role.COMPILER))
    author = world.user("TC02", Role.FOCAL_POINT)
    slot = slot_of(world, "TC02")
    writing_draft.save(slot, numbers(people="8"), revision=slot.draft.revision, actor=author)
    second = handed_in(slot_of(world, "TC02"), author)
    client = client_of("TC", Role.COMPILER)
    yesterday = timezone.localdate() - timedelta(days=1)
    page = client.get(f"/reports/from/{second.pk}/{PEOPLE}/?on={yesterday}", follow=True)
    assert page.redirect_chain == [(f"/reports/from/{first.pk}/{PEOPLE}/?on={yesterday}", 302)]
    assert page.context["trace"].total == "7"
    before = client.get(f"/reports/from/{second.pk}/{PEOPLE}/?on={yesterday - timedelta(days=1)}")
    assert before.context["nothing_then"]


def test_a_figure_that_was_tampered_with_is_shown_as_not_adding_up(
    world: World, client_of: ClientOf
) -> None:
    top = _district(world)
    child = lineage.trace_of(top, PEOPLE).there[0].version
    with Unguarded("reports_reportfigure_no_update"):
        ReportFigure.objects.filter(version=child, key=PEOPLE).update(total=99)
    page = client_of("TC", Role.COMPILER).get(f"/reports/from/{top.pk}/{PEOPLE}/")
    assert page.context["trace"].gap == "111"
    assert "It does not add up" in page.text or "không khớp" in page.text
    assert page.context["trace"].total == "21"
    page = client_of("TC", Role.COMPILER).get(f"/reports/from/{child.pk}/{PEOPLE}/")
    assert page.context["trace"].alarms


def test_the_units_own_people_go_on_to_the_raw_line_and_those_above_see_counts(
    world: World, client_of: ClientOf
) -> None:
    world.campaign.form_code = "phu-luc-mo-rong"
    world.campaign.save()
    make_case(world, "TC02")
    why = {"not_cleaned_why": TypedAnswer(text="chờ đĩa cứu hộ")}
    version = submitted(world, "TC02", numbers() | why)
    address = f"/reports/from/{version.pk}/machines_suspected/"
    above = client_of("TC", Role.COMPILER).get(address)
    assert above.context["page"].rows.url == ""
    assert "192.0.2.11" not in above.text
    own = client_of("TC02", Role.FOCAL_POINT)
    url = own.get(address).context["page"].rows.url
    assert url.endswith(f"counted=devices_found&node={world.nodes['TC02'].pk}")
    assert "devices_found" in FIGURES
    case = own.get(url).context["page"].rows[0]
    finding = case.device.findings.get()
    assert RAW in own.get(f"/cases/{case.pk}/why/{finding.pk}").text


@pytest.mark.parametrize("key", ["no_such_field", "unit", "assessment"])
def test_words_are_shown_as_they_are_and_what_is_no_field_is_not_found(
    world: World, client_of: ClientOf, key: str
) -> None:
    version = submitted(world, "TC02")
    page = client_of("TC", Role.COMPILER).get(f"/reports/from/{version.pk}/{key}/")
    assert page.status_code == (404 if key == "no_such_field" else 200)
