"""Units compared: no share passes 100 %, small units are joined, maps show both archipelagos."""

import pytest

from quetsach_portal.campaigns.models.campaign import (
    ReportCounter,
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
from quetsach_portal.units.areas.read import areas

pytestmark = pytest.mark.django_db


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


def test_the_ranking_reads_counters(world) -> None:
    ReportCounter.objects.filter(node=world.nodes["TC01"]).update(reported=1)
    found = ranked(shares_of(world.nodes["TC"], By.REPORTED, world.phase), By.REPORTED)
    assert [(row.name, row.part, row.whole) for row in found] == [
        ("Ủy ban nhân dân xã Một", 1, 2),
        ("Ủy ban nhân dân xã Hai", 0, 1),
    ]
