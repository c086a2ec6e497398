"""The page on which several reports are accepted at once."""

from django.urls import reverse

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.report import VersionState
from tests.portal.reports.acting import fresh, slot_of, submitted
from tests.portal.reports.test_together import looked
from tests.portal.signing_in import signed_in
from tests.portal.world import World


def test_the_ready_ones_are_ticked_and_a_forged_tick_accepts_nothing(world: World) -> None:
    looked(world, "TC02")
    ready, alone = submitted(world, "TC02"), submitted(world, "TC01")
    address = reverse("reports:accept_together", args=[slot_of(world, "TC").pk])
    client = signed_in(world.user("TC", Role.COMPILER))
    page = client.get(address).content.decode()
    assert f'value="{ready.pk}" checked' in page
    assert f'value="{alone.pk}"' not in page
    answer = client.post(address, {"version": [ready.pk, alone.pk, "x"]}, follow=True)
    assert "Đã tiếp nhận 1 báo cáo" in answer.content.decode()
    assert "Chưa tiếp nhận:" in answer.content.decode(), "a forged tick accepts nothing"
    assert fresh(ready).state == VersionState.ACCEPTED
    assert fresh(alone).state == VersionState.SUBMITTED
