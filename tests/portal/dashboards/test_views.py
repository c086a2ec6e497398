"""Figures on pages: rates never pass 100 %, past days stay, small units stand together."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.counters import add_slot
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    NodeCounter,
    ReportCounter,
    ReportCounterDay,
)
from quetsach_portal.dashboards.gathering import gather
from quetsach_portal.dashboards.models import CounterDay
from quetsach_portal.dashboards.pages.overview import (
    covered,
    devices_by_day,
    filled,
    reports_by_day,
    window,
)
from quetsach_portal.dashboards.pages.ranking import (
    ISLAND_PLACES,
    PLACES,
    By,
    RankedUnit,
    alone,
    drawn,
    off_the_map,
    ranked,
    shares_of,
    tiles_of,
)
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.areas.read import areas
from tests.portal.cases.rows import make_case

pytestmark = pytest.mark.django_db

PAGES = ("", "coverage/", "ranking/", "map/", "trend/", "years/", "week/")


def one(name: str, part: int, whole: int, area: str = "") -> RankedUnit:
    return RankedUnit(None, name, 1, part, whole, area)


def test_B10_the_share_of_a_closed_unit_never_passes_the_whole() -> None:
    assert one("A", 7, 5).share == 1.0
    assert one("A", 0, 0).share is None


def test_small_units_stand_together_and_equal_shares_at_one_place() -> None:
    rows = [
        (one("Ba", 5, 10), 10),
        (one("An", 5, 10), 40),
        (one("Ca", 1, 10), 90),
        (one("Nhỏ", 3, 3), 3),
        (one("Bé", 0, 9), 9),
    ]
    found = ranked(rows, By.REPORTED)
    assert [(row.place, row.name) for row in found] == [(1, "An"), (1, "Ba"), (3, "Ca"), (None, "")]
    assert (found[-1].part, found[-1].whole) == (3, 12)


def test_a_map_of_people_leaves_small_units_out() -> None:
    rows = [(one("Nhỏ", 1, 3), 3), (one("Bé", 1, 8), 8), (one("An", 5, 10), 40)]
    assert [row.share for row in alone(rows, By.JOINED)] == [None, None, 0.5]


@pytest.mark.parametrize("small", [[3], [3, 4]])
def test_a_small_unit_is_not_told_by_what_the_others_leave_of_the_total(small: list[int]) -> None:
    units = [(one(f"Bé {n}", 1, n), n) for n in small]
    rows = [*units, (one("Vừa", 6, 12), 12), (one("Lớn", 20, 40), 40)]
    assert [row.share is None for row in alone(rows, By.JOINED)] == [
        *(True for _n in small),
        True,
        False,
    ]
    found = ranked(rows, By.JOINED)
    assert [row.name for row in found] == ["Lớn", ""]
    assert found[-1].whole == sum(small) + 12
    assert [row.name for row in ranked(rows, By.REPORTED)][:2] == ["Lớn", "Vừa"]


def test_every_province_of_2025_has_one_place_of_its_own() -> None:
    provinces = {code for code, area in areas(2025).items() if area.level == 1}
    assert set(PLACES) == provinces
    places = [*PLACES.values(), *ISLAND_PLACES.values()]
    assert len(set(places)) == len(places) == 36


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [one("Ủy ban nhân dân xã Một", 1, 2)],
        [one("Ủy ban nhân dân thành phố Đà Nẵng", 1, 2, "48")],
        [one(f"Xã {n}", 1, 2, f"{n:05}") for n in range(170)],
    ],
)
def test_hoang_sa_and_truong_sa_are_on_every_map(rows) -> None:
    titles = [tile.title for tile in tiles_of(rows)]
    assert any("Hoàng Sa, thành phố Đà Nẵng" in one for one in titles)
    assert any("Trường Sa, tỉnh Khánh Hòa" in one for one in titles)
    places = [(tile.column, tile.row) for tile in tiles_of(rows)]
    assert len(set(places)) == len(places)


def test_a_town_and_the_commune_of_the_same_name_are_told_apart() -> None:
    units = ("thị trấn Định An", "xã Định An", "xã Kim Sơn")
    tiles = tiles_of([one(f"Ủy ban nhân dân {unit}", 1, 2) for unit in units])
    assert [tile.name for tile in tiles][:3] == ["Thị trấn Định An", "Xã Định An", "Kim Sơn"]


def test_a_map_of_communes_is_as_narrow_as_a_phone_and_one_of_provinces_is_not() -> None:
    communes = [one(f"Xã {n}", 1, 2, f"{n:05}") for n in range(170)]
    assert "draw-tiles-few" in drawn(communes)
    assert "draw-tiles-few" not in drawn([one("Thành phố Đà Nẵng", 1, 2, "48")])


def test_the_islands_carry_their_own_figures_where_they_report() -> None:
    rows = [one("Đà Nẵng", 1, 2, "48"), one("Đặc khu Hoàng Sa", 3, 4, "20333")]
    island = next(tile for tile in tiles_of(rows) if tile.name == "Hoàng Sa")
    assert island.shown == "75 %"
    assert off_the_map([*rows, one("Bộ X", 1, 1)])[0].name == "Bộ X"


def test_a_tile_names_the_area_of_a_committee_and_any_other_body_whole() -> None:
    rows = [one("Ủy ban nhân dân xã Tập Sơn", 1, 1), one("Huyện đoàn Trà Cú", 1, 1)]
    assert [tile.name for tile in tiles_of(rows)][:2] == ["Tập Sơn", "Huyện đoàn Trà Cú"]


def test_a_day_without_a_row_is_as_the_last_before(world) -> None:
    node, today = world.nodes["TC"], timezone.localdate()
    for back, told in ((100, 1), (3, 2)):
        CounterDay.objects.create(node=node, day=today - timedelta(days=back), told=told)
    days = filled(CounterDay.objects.filter(node=node), today)
    assert len(days) == 90
    assert [row.told for row in days.values()] == [1] * 86 + [2] * 4


def test_a_past_day_never_changes(world) -> None:
    node, phase = world.nodes["TC01"], world.phase
    add_slot(node, phase.pk, reported=1, on_time=1)
    yesterday = timezone.localdate() - timedelta(days=1)
    ReportCounterDay.objects.update(day=yesterday - timedelta(days=1))
    before = reports_by_day(node, phase, yesterday)
    add_slot(node, phase.pk, reported=1)
    assert reports_by_day(node, phase, yesterday) == before


def test_every_page_opens_for_who_sits_in_the_campaign(world, client_of) -> None:
    make_case(world, "TC01")
    gather(world.campaign, timezone.localdate())
    client = client_of("TC", Role.LEAD_OWNER)
    for page in PAGES:
        assert client.get(f"/figures/{world.campaign.pk}/{page}").status_code == 200
    shown = client.get(f"/figures/{world.campaign.pk}/").content.decode()
    assert "Emotet" in shown


def test_counts_of_devices_are_for_who_has_a_part_in_cases(world, client_of) -> None:
    make_case(world, "TC01")
    gather(world.campaign, timezone.localdate())
    client = client_of("TC", Role.CLERK)
    assert "Emotet" not in client.get(f"/figures/{world.campaign.pk}/").content.decode()
    assert client.get(f"/figures/{world.campaign.pk}/coverage/").status_code == 403
    page = client.get(f"/figures/{world.campaign.pk}/ranking/?by=verified")
    assert page.context["by"] == By.REPORTED


def test_the_ranking_reads_counters(world) -> None:
    ReportCounter.objects.filter(node=world.nodes["TC01"]).update(reported=1)
    found = ranked(shares_of(world.nodes["TC"], By.REPORTED, world.phase), By.REPORTED)
    assert [(row.name, row.part, row.whole) for row in found] == [
        ("Ủy ban nhân dân xã Một", 1, 2),
        ("Ủy ban nhân dân xã Hai", 0, 1),
    ]


def test_coverage_shows_a_hole_as_a_hole(world) -> None:
    node = CampaignNode.objects.select_related("tally").get(pk=world.nodes["TC"].pk)
    (row,) = covered([node], window(None))
    assert (row.days, row.whole_days) == (0, 0)
    assert row.picture.count("draw-none") == 30
    assert len(window(date.min)) == len(window(date.max)) == 30


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_the_same_however_many_units(
    world, client_of, page, django_assert_max_num_queries
) -> None:
    parent = world.nodes["TC"]
    for number in range(40):
        node = CampaignNode.objects.create(
            campaign=world.campaign,
            unit=world.units["KH"] if number == 0 else _unit(number),
            parent=parent,
            path=f"{parent.path}{900 + number}/",
            depth=1,
            name_at_freeze=f"Xã {number}",
        )
        NodeCounter.objects.create(node=node, units=1, staff=20)
        ReportCounter.objects.create(node=node, phase=world.phase, expected=1)
    client = client_of("TC", Role.LEAD_OWNER)
    with django_assert_max_num_queries(32):
        client.get(f"/figures/{world.campaign.pk}/{page}?tree={world.campaign.pk}")


def _unit(number: int):
    from tests.portal.world import make_unit

    return make_unit(f"X{number}")


def test_devices_by_day_are_a_picture_with_a_table(world) -> None:
    make_case(world, "TC01")
    gather(world.campaign, timezone.localdate())
    chart = devices_by_day(world.nodes["TC"], None)
    today = chart.table[0]
    assert today.day == timezone.localdate()
    assert [number for _part, number in today.numbers] == [1, 0, 0, 0, 0]


def test_what_a_picture_shows_opens_and_the_table_beside_it_opens_the_same(
    world, client_of
) -> None:
    make_case(world, "TC01")
    gather(world.campaign, timezone.localdate())
    office, node = client_of("TC", Role.COMPILER), world.nodes["TC"]
    pages = f"/figures/{world.campaign.pk}"
    seen = office.get(f"{pages}/").content.decode()
    today = timezone.localdate().isoformat()
    devices = f'href="{pages}/?under={node.pk}&amp;on={today}"'
    assert devices in seen
    assert f'{devices} tabindex="-1"' in seen
    for step in ("received", "deployed"):
        ladder = f"/followup/campaigns/{world.campaign.pk}/ladder/?under={node.pk}"
        assert f"{ladder}&amp;has={step}" in seen
        assert office.get(f"{ladder}&has={step}").status_code == 200
    below = world.nodes["TC01"].pk
    tiles = office.get(f"{pages}/map/?by=deployed").content.decode()
    assert f'href="?by=deployed&amp;under={below}" tabindex="-1"' in tiles
    strips = office.get(f"{pages}/coverage/").content.decode()
    assert f'href="?under={below}&amp;on={today}" tabindex="-1"' in strips


def test_the_units_below_come_as_files_with_the_figures_of_the_pages(world, client_of) -> None:
    NodeCounter.objects.filter(node=world.nodes["TC01"]).update(told=2, received=1)
    ReportCounter.objects.filter(node=world.nodes["TC01"]).update(expected=3, reported=2)
    office = client_of("TC", Role.COMPILER)
    address = f"/figures/{world.campaign.pk}/below."
    rows = office.get(f"{address}json").json()["rows"]
    assert [one["code"] for one in rows] == ["TC", "TC02", "TC01"]
    (told,) = [one for one in rows if one["code"] == "TC01"]
    assert (told["told"], told["received"], told["share_reported"]) == (2, 1, 0.6667)
    lines = office.get(f"{address}csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert office.get(f"{address}xlsx").content.startswith(b"PK")
    assert office.get(f"{address}exe").status_code == 404
    assert f"{address}xlsx" in office.get(f"/figures/{world.campaign.pk}/").content.decode()
