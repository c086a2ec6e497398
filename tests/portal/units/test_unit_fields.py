"""Somebody chooses a unit by a part of its name or by its code, with a list or without."""

from typing import Any

import pytest

from tests.portal.units.unit_forms import Form

pytestmark = pytest.mark.django_db


def _code(form: Form) -> str | None:
    assert form.is_valid(), form.errors
    unit = form.cleaned_data["one"]
    return None if unit is None else str(unit.code)


@pytest.mark.parametrize(
    "written",
    ["TC10", " tc10 ", "Ủy ban nhân dân xã Ngãi Xuyên (TC10)", "uy ban nhan dan xa ngai xuyen"],
)
def test_a_code_or_a_whole_name_is_clear(written: str, filled: Any) -> None:
    form = filled(one=written)
    assert _code(form) == "TC10"
    assert "Ủy ban nhân dân xã Ngãi Xuyên (TC10)" in str(form["one"])
    assert "Ủy ban nhân dân xã Ngãi Xuyên (TC10)" in form["one"].as_hidden()


def test_nothing_written_is_no_unit(filled: Any) -> None:
    assert _code(filled(one="  ")) is None


def test_a_part_of_a_name_comes_back_with_a_list_and_each_parent(filled: Any) -> None:
    form = filled(one="ngai xuyen")
    assert not form.is_valid()
    shown = str(form["one"])
    assert 'value="TC10"' in shown
    assert "checked" in shown
    assert "Ủy ban nhân dân huyện Trà Cú" in shown
    chosen = filled(one="ngai xuyen", one_for_1="ngai xuyen", one_pick_1="TC10")
    assert _code(chosen) == "TC10"


def test_a_choice_is_of_the_words_it_was_offered_for(filled: Any) -> None:
    changed = filled(one="TC11", one_for_1="ngai xuyen", one_pick_1="TC10")
    assert _code(changed) == "TC11"


@pytest.mark.parametrize("written", ["Ngải Xuyênn", "ngay xuyen"])
def test_a_name_that_is_none_is_answered_by_the_nearest(written: str, filled: Any) -> None:
    form = filled(one=written)
    assert not form.is_valid()
    assert "Ủy ban nhân dân xã Ngãi Xuyên" in form.errors["one"][0]
    assert "checked" not in str(form["one"])


@pytest.mark.parametrize("written", ["HU", "Huyện ủy Trà Cú (HU)", "%", "_", "qqq\x00", "(" * 300])
def test_what_may_not_be_chosen_is_no_unit(written: str, filled: Any) -> None:
    form = filled(one=written)
    assert not form.is_valid()
    assert not [
        one
        for answer in form.fields["one"].widget.asked
        for one in answer.offered
        if one.code == "HU"
    ]


def test_several_units_are_lines_or_codes_beside_each_other(filled: Any) -> None:
    form = filled(many="TC10, TC11\nngai xuyen\n\nỦy ban nhân dân xã Tập Sơn")
    assert not form.is_valid()
    assert str(form["many"]).count("unit-choices") == 1
    form = filled(many="TC10, TC11\nngai xuyen", many_for_1="ngai xuyen", many_pick_1="TC10")
    assert form.is_valid(), form.errors
    assert [one.code for one in form.cleaned_data["many"]] == ["TC10", "TC11"]
