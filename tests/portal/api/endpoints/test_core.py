"""Reports by token: what the pages show, and no more than its role reads."""

import hashlib

import pytest

from quetsach_portal.people.models.roles import Role
from tests.portal.api.asking import ask
from tests.portal.reports.acting import PEOPLE, accepted, numbers, submitted
from tests.portal.world import World


def test_a_version_comes_with_its_figures_its_inputs_and_the_text_that_was_hashed(
    world: World,
) -> None:
    child = accepted(world, "TC01A", numbers(people="4"))
    version = submitted(world, "TC01", numbers(people="5"))
    told = ask(world, "TC", Role.COMPILER, f"/reports/{version.pk}").json()
    figures = {one["key"]: one for one in told["figures"]}
    assert (figures[PEOPLE]["own"], figures[PEOPLE]["children"]) == (5, 4)
    assert figures[PEOPLE]["total"] == 9
    assert [(one["version_id"], one["used"]) for one in told["inputs"]] == [(child.pk, "yes")]
    assert told["does_not_add_up"] == []
    payload = ask(world, "TC", Role.COMPILER, f"/reports/{version.pk}/payload").json()
    assert hashlib.sha256(payload["payload"].encode()).hexdigest() == told["sha256"]


@pytest.mark.parametrize(
    ("code", "role", "seen"),
    [
        ("TC", Role.COMPILER, {"TC01A", "TC02"}),
        ("TC01", Role.COMPILER, {"TC01A"}),
        ("TC02", Role.FOCAL_POINT, {"TC02"}),
        ("TC01", Role.FOCAL_POINT, set()),
        ("TC02", Role.TECHNICIAN, set()),
    ],
)
def test_a_list_of_versions_reaches_as_far_as_the_role_reads(
    world: World, code: str, role: Role, seen: set[str]
) -> None:
    by_node = {world.nodes[one].pk: one for one in world.nodes}
    made = [submitted(world, one) for one in ("TC01A", "TC02")]
    told = ask(world, code, role, f"/campaigns/{world.campaign.pk}/reports").json()["rows"]
    assert {by_node[one["node_id"]] for one in told} == seen
    for version in made:
        unit = by_node[version.slot.node_id]
        answer = ask(world, code, role, f"/reports/{version.pk}")
        assert (answer.status_code == 200) == (unit in seen)
    below = ask(world, "TC", Role.COMPILER, f"/nodes/{made[0].slot.node_id}/reports").json()
    assert [one["id"] for one in below["rows"]] == [made[0].pk]
