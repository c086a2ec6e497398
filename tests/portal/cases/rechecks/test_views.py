"""Pages of re-checks: drawn, entered and finished, in few queries."""

import pytest

from quetsach_portal.cases.models.recheck import Draw
from quetsach_portal.cases.rechecks import actions
from quetsach_portal.people.models.roles import Role
from tests.portal.cases.rechecks.samples import devices

pytestmark = pytest.mark.django_db


def test_a_sample_is_drawn_entered_and_finished_by_pages(client_of, world) -> None:
    devices(world, "TC01", 3, clean=3)
    client, node = client_of("TC", Role.COMPILER), world.nodes["TC"]
    answer = client.post(f"/rechecks/units/{node.pk}/draw/", {"subject": "devices", "size": "2"})
    draw = Draw.objects.get()
    assert answer["Location"] == f"/rechecks/{draw.pk}/"
    for place in (1, 2):
        client.post(f"/rechecks/{draw.pk}/{place}/", {"found": "yes", "note": ""})
    client.post(f"/rechecks/{draw.pk}/finish")
    draw.refresh_from_db()
    assert draw.state == "closed"
    page = client.get(f"/rechecks/units/{node.pk}/").content.decode()
    assert "khai báo 100 %, kiểm tra lại 100 %" in page
    assert len(client.get(f"/rechecks/{draw.pk}/frame.txt").content.split()) == 3


def test_the_page_of_a_sample_costs_the_same_for_many_drawn(
    client_of, world, owner, django_assert_max_num_queries
) -> None:
    devices(world, "TC01", 90, clean=30)
    draw = actions.draw(world.nodes["TC"], subject="devices", size=90, actor=owner)
    client = client_of("TC", Role.LEAD_OWNER)
    with django_assert_max_num_queries(24):
        client.get(f"/rechecks/{draw.pk}/")
