"""A chief's map: fill and pattern tell looks, numbers machines, a table the same in words."""

import re

import pytest

from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.cases.models.case import CaseState
from quetsach_portal.people.models.roles import Role
from tests.portal.dashboards.pages.chief_world import cases_of, looked

pytestmark = pytest.mark.django_db


def test_the_map_tells_looks_by_pattern_and_machines_by_number_and_is_read_as_a_table(
    world, client_of
) -> None:
    cases_of(world, CaseState.INFECTED)
    looked(world)
    NodeCounter.objects.filter(node=world.nodes["TC01"]).update(
        looked_part=1, machines_seen=1, machines=4, machines_sized=1, cases_open=1
    )
    chief = client_of("TC", Role.SIGNER)
    page = chief.get("/").content.decode()
    title = "xã Một: đã kiểm tra một phần, 1 máy chưa được chứng minh sạch (Đã kiểm tra 1/4 máy"
    assert title in page
    assert 'fill="url(#area-3)"' in page
    assert "<strong>Sơ đồ.</strong>" in page
    assert {"Hoàng Sa", "Trường Sa"} <= set(re.findall(r">(Hoàng Sa|Trường Sa)<", page))
    table = chief.get("/?map=table").content.decode()
    assert "draw-tiles" not in table
    assert table.count("<td>chưa kiểm tra, chưa báo cáo<br>") == 1
