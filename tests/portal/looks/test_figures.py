"""Two axes, never added up; a zero never stands without what was looked at."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.utils import translation

from quetsach_portal.looks.figures import (
    LookFigures,
    figures_of_tree,
    figures_of_unit,
    handed_in_words,
    look_of_node,
    looked_words,
    looks_of_nodes,
    no_machine_in_words,
    zero_words,
)
from tests.portal.looks.collecting import looked, node_of, taken
from tests.portal.world import World


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    """Say all in Vietnamese."""
    with translation.override("vi"):
        yield


def unit(**facts: object) -> LookFigures:
    return LookFigures(**{"machines": 5, "days": 14, "of_days": 14, **facts})  # type: ignore[arg-type]


def test_all_looked_at_says_so_in_the_sentence_of_the_zero() -> None:
    look = unit(seen=5)
    assert look.is_whole
    assert zero_words(look) == (
        "Đã kiểm tra 5/5 máy, 14/14 ngày: không thấy máy nào liên lạc với địa chỉ độc hại."
    )


def test_nothing_looked_at_is_no_zero() -> None:
    for look in (LookFigures(), figures_of_unit(None), figures_of_tree(None)):
        assert zero_words(look) == looked_words(look) == "Chưa kiểm tra được gì"


def test_what_is_not_known_is_said() -> None:
    unknown = unit(seen=3, machines=None, days=9)
    assert looked_words(unknown) == "Đã kiểm tra 3 máy (chưa biết có bao nhiêu máy), 9/14 ngày"
    words = looked_words(replace(unknown, seen=0, part=1))
    assert words.startswith("Đã kiểm tra 0 máy, thêm 1 máy kiểm tra một phần (chưa biết có")
    part = unit(seen=3, part=1, days=0, has_no_logs=True)
    assert (
        looked_words(part)
        == "Đã kiểm tra 3/5 máy (thêm 1 máy kiểm tra một phần), không có nhật ký mạng"
    )
    assert not part.is_whole


def test_units_are_counted_up_the_tree() -> None:
    tree = LookFigures(seen=115, machines=161, units=44, full=9, partly=7, sized=40)
    assert looked_words(tree) == (
        "Đã kiểm tra 115/161 máy, 16/44 đơn vị (9 kiểm tra đủ, 7 kiểm tra một phần), "
        "4 đơn vị chưa biết có bao nhiêu máy"
    )
    assert not tree.is_whole


def test_one_hand_in_says_what_it_held() -> None:
    assert no_machine_in_words(LookFigures(seen=1, days=0)) == (
        "Trong tệp vừa nộp đã kiểm tra 1 máy: không thấy máy nào liên lạc với địa chỉ độc hại."
    )
    assert handed_in_words(LookFigures(part=1, days=7)) == (
        "Trong tệp vừa nộp đã kiểm tra 0 máy (thêm 1 máy kiểm tra một phần), 7 ngày nhật ký"
    )
    assert no_machine_in_words(LookFigures()) == "Chưa kiểm tra được gì"


@pytest.mark.django_db
def test_a_node_is_told_with_all_below_it_and_a_unit_alone_with_its_days(world: World) -> None:
    looked(world, taken(), code="TC01A", days=3)
    alone, whole = look_of_node(node_of(world, "TC01A")), look_of_node(node_of(world, "TC"))
    assert (alone.seen, alone.days, alone.units) == (1, 3, 1)
    assert (whole.seen, whole.days, whole.units, whole.partly) == (1, None, 4, 1)
    assert looks_of_nodes([node_of(world, "TC02")])[world.nodes["TC02"].pk].is_nothing
