"""Holds and the office's rows go their way by the pages alone, by two people."""

import re

from quetsach_portal.lists.models import HoldState, ListHold, OfficeRow
from quetsach_portal.people.models.roles import Role
from tests.portal.lists.versions import put_in_force, second_owner
from tests.portal.signing_in import signed_in
from tests.portal.world import World


def test_a_hold_is_put_and_lifted_by_two_people(world: World) -> None:
    version = put_in_force(world, "bad.example\n")
    address = f"/versions/{version.campaign_id}/{version.n}/"
    client = signed_in(world.user("TC", Role.LEAD_OWNER))
    assert client.post(f"{address}hold", {"reason": "nhầm"}).status_code == 422
    assert client.post(f"{address}hold", {"key": "???", "reason": "nhầm"}).status_code == 422
    wanted = {"key": "bad.example", "reason": "nhầm", "back": version.n}
    assert client.post(f"{address}hold", wanted)["Location"] == address
    row = ListHold.objects.get()
    page = client.get(address).content.decode()
    assert ("Tạm dừng, chờ người thứ hai" in page, "người khác quyết định" in page) == (True, True)
    settle = f"/versions/{version.campaign_id}/holds/{row.pk}"
    client.post(settle, {"act": "confirm"})
    assert ListHold.objects.get().state == HoldState.OPEN
    answer = signed_in(second_owner(world)).post(settle, {"act": "lift", "back": version.n})
    assert (answer["Location"], ListHold.objects.get().state) == (address, HoldState.LIFTED)


def test_rows_of_the_office_are_added_approved_and_ended_on_the_page(world: World) -> None:
    assert world.campaign is not None
    base = f"/versions/{world.campaign.pk}"
    client, second = signed_in(world.user("TC", Role.LEAD_OWNER)), signed_in(second_owner(world))
    wrong = {"kind": "blame", "rows": "không phải", "reason": "của ta"}
    assert client.post(f"{base}/office", wrong).status_code == 422
    added = {"kind": "block", "rows": "a.example\n192.0.2.0/28", "reason": "của ta"}
    answer = client.post(f"{base}/office", {**added, "back": "step"})
    assert answer["Location"] == f"{base}/step"
    assert "chờ người khác" in client.get(f"{base}/step").content.decode()
    page = second.get(f"{base}/step").content.decode()
    assert "Duyệt đề nghị của người khác" in page
    shown = re.search(r'name="rows" value="([^"]+)"', page)
    assert shown is not None
    client.post(f"{base}/office", {**added, "rows": "unseen.example"})
    second.post(f"{base}/office/approve", {"back": "step", "rows": shown[1]})
    assert not OfficeRow.objects.filter(approved_at__isnull=False, text="unseen.example").exists()
    assert OfficeRow.objects.filter(approved_at__isnull=False).count() == 2
    row = OfficeRow.objects.get(text="a.example")
    client.post(f"{base}/office/{row.pk}/end")
    row.refresh_from_db()
    assert (row.end_asked_by is not None, row.ended_at) == (True, None)
