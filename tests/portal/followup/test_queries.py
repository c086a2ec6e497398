"""The ladder: figures from counters, and the rows behind each figure."""

import pytest

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.records.units import organisations
from tests.portal.followup.acting import received
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_list_behind_a_figure_has_the_rows_that_it_counts(world: World, client_of) -> None:
    for code in ("TC", "TC01A"):
        received(world, code)
    address = organisations(world.nodes["TC"])["organisations_received"].url
    text = client_of("TC", Role.LEAD_OWNER).get(address).content.decode()
    assert "Đã có 2 đơn vị" in text
    assert "Trường Tiểu học A" in text
    assert "Ủy ban nhân dân xã Hai" not in text
