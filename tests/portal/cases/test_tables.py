"""The long tables of cases: found by number and machine, but for whom machines are hidden."""

import pytest
from django.db import models
from django.test import RequestFactory

from quetsach_portal.cases.models.case import Case
from quetsach_portal.cases.tables import (
    CASES,
    ITEMS,
    ITEMS_WITHOUT_MACHINES,
    case_id_in,
)
from quetsach_portal.web.tables import long_table
from tests.portal.cases.rows import make_case
from tests.portal.world import World


@pytest.mark.parametrize(
    ("words", "case_id"),
    [("VV-000012", 12), ("vv12", 12), ("12", 12), ("VV-0", None), ("VV-12a", None), ("٣", None)],
)
def test_the_number_of_a_case_is_read_as_it_is_written(words: str, case_id: int | None) -> None:
    assert case_id_in(words) == case_id


def test_who_sees_no_machine_finds_and_sorts_by_none() -> None:
    assert "device_key" in ITEMS.text_in
    shown = [column.sort for column in ITEMS_WITHOUT_MACHINES.columns.values()]
    assert "device_key" not in (*shown, *ITEMS_WITHOUT_MACHINES.text_in)


@pytest.mark.django_db
def test_a_case_is_found_by_its_machine_and_its_number(world: World) -> None:
    first, second = make_case(world, "TC01"), make_case(world, "TC01")
    second.device.host_name = "PC-VT-07"
    second.device.save()

    def found(words: str) -> list[models.Model]:
        request = RequestFactory().get("/", {"q": words})
        return list(long_table(Case.objects.order_by("pk"), request, CASES).page.rows)

    assert found(first.number) == [first]
    assert found("pc-vt") == [second]
    assert found("pc-vt-08") == []
