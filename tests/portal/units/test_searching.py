"""Units found by name or code, the nearest first, within bounds."""

from difflib import SequenceMatcher
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quetsach_portal.units import searching
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.units.searching import offered

pytestmark = pytest.mark.django_db


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
