"""Public page, join codes and figures by token: each for those who see the page."""

import pytest

from quetsach_portal.participation.actions import make_codes
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.models import PublicList
from tests.portal.access.table import TABLES
from tests.portal.api.asking import ask
from tests.portal.world import World

pytestmark = pytest.mark.django_db

PAGES = {row.name: row for row in TABLES["publishing"]}


def test_the_codes_of_a_unit_are_for_those_who_hand_them_out(world: World) -> None:
    node = world.nodes["TC01"]
    codes = make_codes(node, actor=world.user("TC01", Role.FOCAL_POINT))
    path = f"/nodes/{node.pk}/codes"
    rows = ask(world, "TC01", Role.FOCAL_POINT, path).json()
    assert {row["shown"] for row in rows} == {code.shown for code in codes}
    assert ask(world, "TC", Role.COMPILER, path).status_code == 403
    assert ask(world, "TC02", Role.FOCAL_POINT, path).status_code == 404


def test_rows_that_were_left_out_of_a_list_come_by_reason(world: World) -> None:
    numbers = PAGES["publishing:list"].make(world, "TC")  # type: ignore[misc]
    PublicList.objects.update(left_out=[["not-an-address", 3, "dòng 7: abc"]])
    detail = ask(world, "TC", Role.LEAD_OWNER, f"/public-lists/{numbers['list_id']}").json()
    row = {"reason": "not-an-address", "rows": 3, "first": "dòng 7: abc"}
    assert (detail["left_out"], detail["doubts"]) == ([row], [])


def test_a_campaign_without_a_public_page_has_parts_that_were_never_written(world: World) -> None:
    path = f"/campaigns/{world.campaign.pk}/public-page"
    page = ask(world, "TC", Role.LEAD_OWNER, path).json()
    assert (page["page"], page["lists"]) == (None, [])
    assert {(part["written_at"], part["problem"]) for part in page["parts"]} == {(None, "")}
    assert all(part["part"] for part in page["parts"])
