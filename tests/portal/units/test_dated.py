"""Names, parents and paths of units, each with its days."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.units.dated import (
    end_edges,
    end_names,
    hang,
    in_batches,
    on_day,
    search_text,
    subtree,
)
from quetsach_portal.units.models import OrgEdge, OrgName, OrgUnit
from quetsach_portal.web.folding import folded
from tests.portal.world import World


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Xã Ngãi Xuyên", "xa ngai xuyen"),
        ("ĐẶC KHU  Hoàng-Sa", "dac khu hoang sa"),
        ("UBND (TC01)/2", "ubnd tc01 2"),
        ("a\u0300\u0301", "a"),
        ("  ", ""),
    ],
)
def test_folded_text_has_no_marks_and_single_blanks(text: str, plain: str) -> None:
    assert folded(text) == plain


def test_a_search_text_fits_its_column() -> None:
    assert search_text("Xã Hai", "TC02", "X. Hai") == "xa hai x hai tc02"
    assert len(search_text("á" * 400, "TC02")) == 255


@pytest.mark.parametrize(("many", "sizes"), [(0, []), (3, [3]), (7, [3, 3, 1])])
def test_batches_hold_everything_once(many: int, sizes: list[int]) -> None:
    batches = list(in_batches(range(many), 3))
    assert [len(batch) for batch in batches] == sizes
    assert [number for batch in batches for number in batch] == list(range(many))


@pytest.mark.django_db
def test_a_name_that_ends_is_kept_and_one_of_the_same_day_is_dropped(world: World) -> None:
    unit, today = world.units["TC01"], timezone.localdate()
    end_names([unit.pk], today)
    assert OrgName.objects.get(unit=unit).valid_to == today
    OrgName.objects.create(unit=unit, full_name="Xã Mới", valid_from=today)
    end_names([unit.pk], today)
    assert OrgName.objects.get(unit=unit).full_name == "Ủy ban nhân dân xã Một"
    assert not OrgName.objects.filter(on_day(today), unit=unit).exists()
    assert OrgName.objects.filter(on_day(today - timedelta(days=1)), unit=unit).exists()


@pytest.mark.django_db
def test_parents_end_on_the_lines_that_are_named_alone(world: World) -> None:
    unit, today = world.units["TC01A"], timezone.localdate()
    end_edges([unit.pk], today, ["party"])
    assert OrgEdge.objects.get(child=unit).valid_to is None
    end_edges([unit.pk], today)
    assert OrgEdge.objects.get(child=unit).valid_to == today


@pytest.mark.django_db
def test_a_unit_hangs_under_another_with_its_subtree_and_never_under_itself(world: World) -> None:
    first, second = world.units["TC01"], world.units["TC02"]
    hang(first, second)
    below = OrgUnit.objects.get(code="TC01A")
    assert (below.path, below.depth) == (f"{second.path}{first.pk}/{below.pk}/", 3)
    assert set(subtree(second.path)) == {first, second, below}
    second.refresh_from_db()
    with pytest.raises(ValueError, match="TC01A lies below TC02"):
        hang(second, below)
