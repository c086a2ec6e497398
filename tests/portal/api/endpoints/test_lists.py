"""Versions of a list by token: what the page of the gate shows, for the lead office alone."""

import pytest

from quetsach_portal.people.models.roles import Role
from tests.portal.access.table import TABLES
from tests.portal.api.asking import ask
from tests.portal.world import World

pytestmark = pytest.mark.django_db

PAGES = {row.name: row for row in TABLES["lists"]}


def test_a_version_and_its_doubtful_rows_are_sent_to_the_lead_office(world: World) -> None:
    numbers = PAGES["lists:show"].make(world, "TC")  # type: ignore[misc]
    path = f"/campaigns/{numbers['campaign_id']}/list-versions"
    (listed,) = ask(world, "TC", Role.LEAD_OWNER, path).json()["rows"]
    assert (listed["n"], listed["state"]) == (1, "tried")
    version = ask(world, "TC", Role.LEAD_OWNER, f"{path}/1").json()
    assert version["checked"] == {}
    (row,) = ask(world, "TC", Role.LEAD_OWNER, f"{path}/1/doubtful").json()["rows"]
    assert (row["key"], row["proposal"], row["decision"]) == ("8.8.8.8", "drop", "")
    assert ask(world, "TC01", Role.FOCAL_POINT, f"{path}/1").status_code == 404
    assert ask(world, "TC", Role.LEAD_OWNER, f"{path}/7").status_code == 404
