"""What the records answer by themselves, held against the slow twin that looks at every row."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from quetsach.api.reports import (
    FigureGrade,
    GradedCount,
    ReportFormDefinition,
    TextValue,
    shipped_codes,
    shipped_form,
)
from quetsach_portal.campaigns.models.campaign import CampaignNode, ExpectedReport
from quetsach_portal.cases.overview import FIGURES
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.reports import deciding
from quetsach_portal.reports.records.answers import PHASE_QUERIES, QUERIES, fill, visible_answers
from quetsach_portal.reports.writing.answers import own_of
from quetsach_portal.units.models import OrgUnit
from tests.portal.cases.rows import make_case
from tests.portal.reports.acting import above, slot_of, submitted
from tests.portal.reports.derived_twin import answers
from tests.portal.reports.generated import fill_at_random
from tests.portal.world import World

ALL = shipped_form("phu-luc-mo-rong")


def _names(form: ReportFormDefinition) -> dict[str, str]:
    return {row.id: row.derived for row in form.counts() if row.derived is not None}


def test_each_name_of_a_shipped_form_has_exactly_one_query() -> None:
    names = [name for told, _query in (*QUERIES, *PHASE_QUERIES) for name in told]
    asked = {name for code in shipped_codes() for name in _names(shipped_form(code)).values()}
    assert sorted(names) == sorted(set(names))
    assert asked <= set(names)


@pytest.mark.parametrize("seed", range(6))
def test_the_queries_answer_as_the_twin_that_looks_at_every_row(world: World, seed: int) -> None:
    fill_at_random(world, seed)
    of_units = {name for told, _query in QUERIES for name in told}
    names = {key: name for key, name in _names(ALL).items() if name in of_units}
    for code in world.nodes:
        slot = slot_of(world, code)
        found = {
            names[key]: (one.value.number, one.grade.value)
            for key, one in fill(slot, ALL).items()
            if key in names
        }
        expected = answers(CampaignNode.objects.get(pk=slot.node_id))
        assert found == {name: expected[name] for name in names.values() if name in expected}


def test_a_report_asks_the_database_as_often_however_much_there_is(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for seed in range(3):
        make_case(world, "TC01", f"192.0.2.{50 + seed}")
    fill_at_random(world, 3)
    slot = slot_of(world, "TC01")
    with django_assert_max_num_queries(20):
        fill(slot, ALL)


def test_the_list_behind_a_figure_shows_the_machines_that_it_counts(
    world: World, client_of: Callable[[str, Role], Client]
) -> None:
    for number in range(3):
        make_case(world, "TC01", f"192.0.2.{50 + number}")
    fill_at_random(world, 5)
    client = client_of("TC01", Role.FOCAL_POINT)
    names = _names(ALL)
    found = fill(slot_of(world, "TC01"), ALL)
    asked = {names[key]: one for key, one in found.items() if names.get(key) in FIGURES}
    assert set(asked) == set(FIGURES)
    for figure, answer in asked.items():
        page = client.get(answer.url)
        rows = {case.device_id for case in page.context["page"].rows}
        assert len(rows) == answer.value.number, figure


def test_the_page_on_reports_says_what_each_name_counts() -> None:
    page = Path("docs/reports.md").read_text(encoding="utf-8")
    every = (*QUERIES, *PHASE_QUERIES)
    assert not [name for told, _query in every for name in told if f"`{name}`" not in page]


def test_links_to_machines_are_given_to_the_units_own_workers_alone(world: World) -> None:
    make_case(world, "TC01")
    slot = slot_of(world, "TC01")
    answers = fill(slot, ALL)
    links = {
        role: visible_answers(scope_of(world.user("TC01", role)), slot, answers)
        for role in (Role.FOCAL_POINT, Role.COMPILER)
    }
    assert links[Role.FOCAL_POINT]["machines_suspected"].url
    assert not links[Role.COMPILER]["machines_suspected"].url
    assert links[Role.COMPILER]["organisations_informed"].url


def test_the_cut_off_is_the_phases_and_another_day_needs_a_reason(world: World) -> None:
    slot = slot_of(world, "TC01")
    assert "cut_off" not in fill(slot, ALL)
    slot.phase.counted_until = date(2026, 11, 25)
    answer = fill(slot, ALL, only="cut_off")["cut_off"]
    assert answer.value == TextValue("25/11/2026", FigureGrade.DECLARED)
    entry = ALL.entry("cut_off")
    assert entry is not None
    assert not own_of(TextValue("25/11/2026", FigureGrade.DECLARED), answer, "").needs_reason
    assert own_of(TextValue("24/11/2026", FigureGrade.DECLARED), answer, "").needs_reason


def test_the_reports_below_are_counted_as_a_walk_over_them_counts(world: World) -> None:
    late, child = submitted(world, "TC02"), slot_of(world, "TC01")
    ExpectedReport.objects.filter(pk=late.slot_id).update(due_at=late.created_at)
    deciding.return_version(late, {"people_took_part": "đếm lại"}, actor=above(world, "TC02"))
    slot = slot_of(world, "TC")
    answers = fill(slot, ALL)
    below = [child, slot_of(world, "TC02")]
    came = [one for one in below if one.reported_at is not None]
    expected = {
        "expected": len(below),
        "received": len(came),
        "on_time": len([one for one in came if one.reported_at < one.due_at]),
        "late": len([one for one in came if one.reported_at >= one.due_at]),
        "none": len([one for one in below if one.reported_at is None]),
        "returned": 1,
    }
    for name, number in expected.items():
        assert answers[f"children_{name}"].value == GradedCount(number, FigureGrade.MEASURED)
    assert "children_expected" not in fill(slot_of(world, "TC01A"), ALL)


def test_identifiers_come_from_the_register_where_it_has_them(world: World) -> None:
    OrgUnit.objects.filter(pk=world.units["TC01"].pk).update(area_code="29461")
    answers = fill(slot_of(world, "TC01"), ALL)
    assert answers["area_code"].value == TextValue("29461", FigureGrade.DECLARED)
    assert answers["parent_unit"].value == TextValue(
        world.nodes["TC"].name_at_freeze, FigureGrade.DECLARED
    )
    assert "unit_code_old" not in answers
