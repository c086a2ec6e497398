"""The area trees are those of the official lists, and every old area leads to a new one."""

import unicodedata
from collections import Counter

import pytest

from quetsach_portal.units.areas.read import YEARS, AreaKind, AreaShare, Year, areas, below, moves

TRA_CU = "849"


def _levels(year: Year) -> Counter[int]:
    return Counter(area.level for area in areas(year).values())


def test_the_counts_are_the_official_ones() -> None:
    assert _levels(2022) == {1: 63, 2: 705, 3: 10_599}
    assert _levels(2025) == {1: 34, 3: 3_321}
    kinds = Counter(area.kind for area in areas(2025).values() if area.level == 3)
    assert kinds == {AreaKind.COMMUNE: 2_621, AreaKind.WARD: 687, AreaKind.SPECIAL_ZONE: 13}


@pytest.mark.parametrize("year", YEARS)
def test_every_area_stands_after_its_parent_and_is_named_in_nfc(year: Year) -> None:
    seen = {""}
    for area in areas(year).values():
        assert area.parent in seen
        assert area.code.isascii()
        assert area.code.isdigit()
        assert area.name == unicodedata.normalize("NFC", " ".join(area.name.split()))
        seen.add(area.code)


def test_every_commune_and_every_province_of_2022_leads_to_areas_of_2025() -> None:
    old, new = areas(2022), areas(2025)
    parents = {area.parent for area in old.values()}
    for area in old.values():
        if area.level == 2 and area.code in parents:
            assert area.code not in moves()
            continue
        led = moves()[area.code]
        assert all(len(move.new) == (2 if area.level == 1 else 5) for move in led)
        assert all(move.new in new for move in led)
        shares = [move.share for move in led]
        assert shares == [AreaShare.WHOLE] or shares == [
            AreaShare.MAIN,
            *[AreaShare.PART] * (len(led) - 1),
        ]


def test_every_commune_of_2025_came_from_somewhere_in_its_own_new_province() -> None:
    old, new = areas(2022), areas(2025)
    reached = set()
    for some in moves().values():
        for move in some:
            reached.add(move.new)
            top = old[move.old]
            while top.parent:
                top = old[top.parent]
            target = new[move.new].parent or move.new
            assert moves()[top.code][0].new == target, move
    assert reached == set(new)


def test_tra_cu_of_2022_has_its_17_communes_and_towns() -> None:
    district, *communes = below(2022, TRA_CU)
    assert district.full_name == "Huyện Trà Cú"
    assert areas(2022)[district.parent].full_name == "Tỉnh Trà Vinh"
    assert Counter(area.kind for area in communes) == {AreaKind.COMMUNE: 15, AreaKind.TOWNSHIP: 2}


def test_tra_cu_goes_into_six_communes_of_vinh_long() -> None:
    new = areas(2025)
    reached = {
        move.new: new[move.new].full_name
        for area in below(2022, TRA_CU)
        for move in moves().get(area.code, ())
    }
    assert reached == {
        "29461": "Xã Trà Cú",
        "29467": "Xã Tập Sơn",
        "29476": "Xã Lưu Nghiệp Anh",
        "29489": "Xã Hàm Giang",
        "29491": "Xã Đại An",
        "29506": "Xã Long Hiệp",
    }
    assert {new[code].parent for code in reached} == {"86"}
    assert new["86"].full_name == "Tỉnh Vĩnh Long"
    assert sum(area.parent == "86" for area in new.values()) == 124


def test_hoang_sa_and_truong_sa_are_in_both() -> None:
    old, new = areas(2022), areas(2025)
    assert (old["498"].full_name, old["498"].parent) == ("Huyện Hoàng Sa", "48")
    assert (old["576"].full_name, old["576"].parent) == ("Huyện Trường Sa", "56")
    assert new[moves()["498"][0].new].full_name == "Đặc khu Hoàng Sa"
    led = {move.new for area in below(2022, "576") for move in moves().get(area.code, ())}
    assert [new[code].full_name for code in led] == ["Đặc khu Trường Sa"]
    assert (new["20333"].parent, new["22736"].parent) == ("48", "56")


def test_a_commune_merged_before_2025_is_led_through_the_one_that_took_it_in() -> None:
    # Nguyễn Trung Trực went into Trúc Bạch in 2024, and that into Ba Đình and Hồng Hà in 2025.
    assert [move.new for move in moves()["00010"]] == [move.new for move in moves()["00004"]]
