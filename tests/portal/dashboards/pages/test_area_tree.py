"""A past result on the areas of 2022 and 2025: added up, kept together, never divided or lost."""

from collections import defaultdict
from datetime import date

import pytest

from quetsach_portal.campaigns.models.campaign import CampaignNode, NodeCounter
from quetsach_portal.dashboards.pages.area_tree import (
    COMMUNE,
    DISTRICT,
    PROVINCE,
    AreaFit,
    UnitArea,
    display_rows,
    laid_on_areas,
    together,
    year_of,
)
from quetsach_portal.dashboards.pages.years import labels_of
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.areas.read import areas, moves
from quetsach_portal.units.models import OrgUnit
from tests.portal.reports.acting import accepted, numbers

pytestmark = pytest.mark.django_db


def placed(year, level: int) -> list[UnitArea]:
    """Return a unit for each area of a year on a level."""
    codes = [one.code for one in areas(year).values() if one.level == level]
    return [UnitArea(n, f"/{n}/", code, code) for n, code in enumerate(codes, 1)]


@pytest.mark.parametrize(
    ("own", "year", "source", "level"),
    [
        (2022, 2025, COMMUNE, COMMUNE),
        (2025, 2022, COMMUNE, COMMUNE),
        (2025, 2022, COMMUNE, DISTRICT),
        (2022, 2025, PROVINCE, PROVINCE),
        (2025, 2022, PROVINCE, PROVINCE),
    ],
)
def test_each_unit_of_the_country_stands_in_one_row_and_each_area_too(
    own, year, source, level
) -> None:
    units = placed(own, source)
    groups = together(units, own, year, level)
    counted = [one.pk for _targets, nodes in groups for one in nodes]
    assert sorted(counted) == sorted(one.pk for one in units)
    named = [code for targets, _nodes in groups for code in targets]
    assert len(named) == len(set(named))
    assert all(areas(year)[code].level == level or code in moves() for code in named)


def test_what_was_divided_stands_together_with_all_that_it_became() -> None:
    """The slow twin: two areas share a row exactly when a chain of shared units joins them."""
    units = placed(2022, COMMUNE)[:4000]
    joined: dict[str, set[str]] = defaultdict(set)
    for unit in units:
        news = [move.new for move in moves().get(unit.area, ())]
        for new in news:
            joined[new] |= set(news)
    for targets, _nodes in together(units, 2022, 2025, COMMUNE):
        reached, todo = set(), {min(targets)}
        while todo:
            reached |= todo
            todo = {one for new in todo for one in joined[new]} - reached
        assert reached == targets


def test_the_year_of_a_campaign_is_told_by_its_codes_then_by_its_day() -> None:
    assert year_of({"849", "29461", "29491"}, date(2026, 11, 1)) == 2022
    assert year_of(set(), date(2022, 9, 1)) == 2022
    assert year_of(set(), date(2025, 7, 1)) == 2025
    assert year_of({one.area for one in placed(2025, COMMUNE)}, date(2025, 8, 1)) == 2025


@pytest.fixture
def on_areas(world):
    """Return the world's district of 2022 with two communes that became one, and one divided."""
    whole = next(one for one in _divided(False) if len(one) == 2)
    for code, area in (
        ("TC", areas(2022)[whole[0]].parent),
        ("TC01", whole[0]),
        ("TC02", whole[1]),
    ):
        OrgUnit.objects.filter(pk=world.units[code].pk).update(area_code=area)
    for code, units, cases in (("TC", 4, 5), ("TC01", 2, 3), ("TC02", 1, 1)):
        NodeCounter.objects.filter(node=world.nodes[code]).update(units=units, cases_open=cases)
    return whole


def test_merged_communes_are_added_up_with_devices_and_the_forms_figures(world, on_areas) -> None:
    accepted(world, "TC01", numbers(people="5"))
    accepted(world, "TC02", numbers(people="7"))
    page = _page(world, 2025, areas(2025)[moves()[on_areas[0]][0].new].parent)
    (row,) = page.rows
    assert (row.fit, row.sums.units, row.sums.infected) == (AreaFit.ADDED, 3, 4)
    assert [one.total for one in row.sums.figures] == ["2", "2", "12"]
    # What the district's own office and others did is in the whole, and stands beside the rows.
    assert page.whole is not None
    assert page.rest is not None
    assert page.whole.units == 4 == row.sums.units + page.rest.units
    assert len(labels_of(display_rows(page))) == 3


def test_a_divided_commune_is_one_row_of_all_its_heirs_with_the_sum(world, on_areas) -> None:
    divided = next(_divided(True))
    OrgUnit.objects.filter(pk=world.units["TC01"].pk).update(area_code=divided[0])
    heirs = {move.new for move in moves()[divided[0]]}
    page = _page(world, 2025, areas(2025)[min(heirs)].parent)
    row = next(one for one in page.rows if one.fit == AreaFit.TOGETHER)
    assert {one.code for one in row.areas} >= heirs
    assert row.sums.units == 2


def test_on_its_own_years_areas_each_stays_itself(world, on_areas) -> None:
    district = areas(2022)[on_areas[0]].parent
    page = _page(world, 2022, district)
    assert {one.fit for one in page.rows} == {AreaFit.SAME}
    assert [each.code for one in page.rows for each in one.areas] == sorted(
        on_areas, key=lambda code: areas(2022)[code].name
    )
    assert [one.code for one in page.path] == [areas(2022)[district].parent, district]


def test_the_page_is_marked_and_shows_devices_to_who_may_see_them(
    world, on_areas, client_of
) -> None:
    lead, other = client_of("TC", Role.LEAD_OWNER), client_of("TC", Role.AUDITOR)
    for tree, is_known in (("areas-2022", True), ("areas-2025", True), ("areas-2024", False)):
        address = f"/figures/{world.campaign.pk}/years/?tree={tree}"
        seen = lead.get(address).content.decode()
        assert ("notice-warn" in seen) is is_known
        assert ("Thiết bị chưa xong" in seen) is is_known
    assert "Thiết bị chưa xong" not in other.get(address).content.decode()


def _page(world, year, code: str):
    top = CampaignNode.objects.select_related("campaign").get(pk=world.nodes["TC"].pk)
    return laid_on_areas(top, world.phase, year, code, "vi")


def _divided(is_divided: bool):
    """Yield the communes of 2022 that became one of 2025, alone or with divided ones among them."""
    olds: dict[str, list[str]] = defaultdict(list)
    for old, some in moves().items():
        for move in some:
            olds[move.new].append(old)
    for some in olds.values():
        divided = [one for one in some if len(moves()[one]) > 1]
        is_near = len({areas(2022)[one].parent for one in some}) == 1
        if is_divided and divided:
            yield divided
        if not is_divided and not divided and is_near and len(some[0]) == 5:
            yield some
