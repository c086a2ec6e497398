"""One act on many cases: all of them or none."""

import pytest

from quetsach_portal.cases.models.case import (
    Case,
    Handling,
)
from quetsach_portal.people.models.roles import Role
from tests.portal.cases import rows
from tests.portal.cases.rows import ClientOf
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def _chosen(*cases: Case) -> list[str]:
    return [f"{one.pk}:{one.version}" for one in cases]


def test_many_cases_are_assigned_at_once(world: World, client_of: ClientOf) -> None:
    cases = [rows.make_case(world, "TC01", f"192.0.2.{number}") for number in (1, 2)]
    who = world.user("TC01", Role.TECHNICIAN)
    client = client_of("TC01", Role.FOCAL_POINT)
    page = client.post("/cases/bulk", {"case": _chosen(*cases)})
    assert page.status_code == 200
    assert "error-summary" not in page.content.decode()
    told = {"case": _chosen(*cases), "go": "1", "act": "assign", "technician": who.pk}
    assert client.post("/cases/bulk", told).status_code == 302
    assert set(Case.objects.values_list("technician", flat=True)) == {who.pk}


def test_B2_one_changed_case_among_many_and_none_is_changed(
    world: World, client_of: ClientOf
) -> None:
    cases = [rows.make_case(world, "TC01", f"192.0.2.{number}") for number in (1, 2)]
    Case.objects.filter(pk=cases[1].pk).update(version=9)
    told = {"case": _chosen(*cases), "go": "1", "act": "isolate"}
    page = client_of("TC01", Role.TECHNICIAN).post("/cases/bulk", told)
    assert cases[1].number in page.content.decode()
    assert not Case.objects.filter(isolated_at__isnull=False).exists()


def test_A1_a_case_of_another_unit_among_many_is_not_there(
    world: World, client_of: ClientOf
) -> None:
    mine, theirs = rows.make_case(world, "TC01"), rows.make_case(world, "TC02")
    told = {"case": _chosen(mine, theirs), "go": "1", "act": "isolate"}
    assert client_of("TC01", Role.TECHNICIAN).post("/cases/bulk", told).status_code == 404


@pytest.mark.parametrize("asked", [["x"], ["1:2:3"], ["-1:1"], ["９:1"], [""], []])
def test_a_choice_that_is_none_chooses_nothing(
    asked: list[str], world: World, client_of: ClientOf
) -> None:
    rows.make_case(world, "TC01")
    told = {"case": asked, "go": "1", "act": "isolate"}
    page = client_of("TC01", Role.TECHNICIAN).post("/cases/bulk", told)
    assert page.status_code in (200, 404)
    assert not Handling.objects.exists()
