"""Cases by token: whole for the own unit, counts alone for the offices above."""

import pytest

from quetsach_portal.people.models.roles import Role
from tests.portal.api.asking import ask
from tests.portal.cases.rows import make_case, make_handling
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_an_office_above_gets_counts_and_nothing_that_names_a_machine(world: World) -> None:
    case = make_case(world, "TC01", "192.0.2.77")
    answer = ask(world, "TC", Role.COMPILER, f"/nodes/{world.nodes['TC'].pk}/cases")
    below = {row["unit"]: row["cases"] for row in answer.json()["rows"]}
    assert below[world.nodes["TC01"].name_at_freeze] == 1
    assert "192.0.2.77" not in answer.content.decode()
    assert ask(world, "TC", Role.COMPILER, f"/cases/{case.pk}").status_code == 404


def test_the_work_on_a_case_comes_with_the_names_of_those_who_did_it(world: World) -> None:
    handling = make_handling(world, "TC01")
    path = f"/cases/{handling.case_id}/work"
    work = ask(world, "TC01", Role.TECHNICIAN, path).json()
    assert [row["by"] for row in work["handlings"]] == [str(handling.by)]
    assert (work["technician"], work["alarms"]) == ("", [])


def test_the_raw_lines_of_a_finding_are_read_in_the_own_unit(world: World) -> None:
    case = make_case(world, "TC01")
    finding = case.device.findings.get()
    path = f"/cases/{case.pk}/findings/{finding.pk}/samples"
    (sample,) = ask(world, "TC01", Role.TECHNICIAN, path).json()
    assert sample["raw"] == finding.samples.get().raw
    assert "steps" not in sample
    assert ask(world, "TC02", Role.TECHNICIAN, path).status_code == 404
