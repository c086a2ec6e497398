"""Somebody chooses a unit by a part of its name or by its code, with a list or without."""

from difflib import SequenceMatcher
from typing import Any

import pytest
from django import forms
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quetsach_portal.units import searching
from quetsach_portal.units.demo import load_tra_cu
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.units.searching import offered
from quetsach_portal.units.unit_fields import UnitField, UnitsField, offer_units

pytestmark = pytest.mark.django_db


class Form(forms.Form):
    """One unit and several."""

    one = UnitField(required=False)
    many = UnitsField(required=False)


@pytest.fixture
def filled(db: None) -> Any:
    """Return what makes the form of what was written, over the demo district."""
    load_tra_cu()

    def make(**written: str) -> Form:
        form = Form({name.replace("_", "-"): text for name, text in written.items()})
        offer_units(form, OrgUnit.objects.exclude(code="HU"), "/find")
        return form

    return make


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


def test_many_codes_take_few_queries(filled: Any) -> None:
    codes = "\n".join(OrgUnit.objects.exclude(code="HU").values_list("code", flat=True))
    form = filled(many=codes)
    with CaptureQueriesContext(connection) as asked:
        assert form.is_valid(), form.errors
    assert len(asked) == 1


def test_long_words_that_no_unit_has_are_compared_within_bounds(
    filled: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []

    class Counting(SequenceMatcher):  # type: ignore[type-arg]  # of texts
        def ratio(self) -> float:
            compared.append(1)
            return super().ratio()

    monkeypatch.setattr(searching, "SequenceMatcher", Counting)
    words = "zzq uy ba nh da xa " + "ab cd ef gh ik lm " * 5
    assert not filled(one=words).is_valid()
    parts = {part for unit in OrgUnit.objects.all() for part in unit.search.split()}
    assert 0 < len(compared) <= 12 * len(parts)
    # SQLite takes no pattern that long.
    assert not filled(many="x" * 60_000).is_valid()


def test_a_code_stands_before_the_names_that_hold_it(filled: Any) -> None:
    assert offered(OrgUnit.objects.all(), "tc")[0].code == "TC"
    assert len(offered(OrgUnit.objects.all(), "ủy ban")) == 10


def test_words_that_stand_together_come_before_the_same_words_apart(filled: Any) -> None:
    names = [one.name for one in offered(OrgUnit.objects.all(), "huyen uy")]
    assert names[0] == "Huyện ủy Trà Cú"
    assert "Ủy ban nhân dân huyện Trà Cú" in names
