"""The pages of the table: add, approve by another person, end."""

from django.core.files.uploadedfile import SimpleUploadedFile

from quetsach_portal.people.models.roles import Role
from quetsach_portal.ranges.approving import waiting_for
from quetsach_portal.ranges.models import PublicRange
from tests.portal.cases.rows import ClientOf
from tests.portal.world import World


def test_a_range_is_added_approved_and_ended(world: World, client_of: ClientOf) -> None:
    office = world.units["TC"].pk
    analyst, owner = client_of("TC", Role.LEAD_ANALYST), client_of("TC", Role.LEAD_OWNER)
    form = {"unit": "TC02", "text": "192.0.2.0/28", "source": "Hợp đồng 1"}
    assert analyst.post(f"/ranges/{office}/add", form).status_code == 302
    again = analyst.post(f"/ranges/{office}/add", {**form, "unit": "TC01"})
    assert again.status_code == 200
    assert "192.0.2.0/28" in again.content.decode()
    row = PublicRange.objects.get(cidr="192.0.2.0/28")
    page = owner.get("/ranges/").content.decode()
    assert "192.0.2.0/28" in page
    assert f"/ranges/{office}/approve" in page
    assert f"/ranges/{office}/approve" not in analyst.get("/ranges/").content.decode()
    owner.post(f"/ranges/{office}/approve")
    row.refresh_from_db()
    assert row.approved_by is None
    shown = waiting_for(world.units["TC"], world.user("TC", Role.LEAD_OWNER)).digest
    assert shown in page
    owner.post(f"/ranges/{office}/approve", {"shown": shown})
    row.refresh_from_db()
    assert row.approved_by == world.user("TC", Role.LEAD_OWNER)
    assert owner.get(f"/ranges/row/{row.pk}/").status_code == 200
    assert owner.post(f"/ranges/row/{row.pk}/", {"last_day": ""}).status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_at is not None


def test_files_are_handed_in(world: World, client_of: ClientOf) -> None:
    office, client = world.units["TC"].pk, client_of("TC", Role.LEAD_ANALYST)
    for name in ("file", "prefixes"):
        assert client.get(f"/ranges/{office}/{name}").status_code == 200
    table = SimpleUploadedFile("r.csv", b"unit,cidr\nTC02,AS64500\n")
    given = {"upload": table, "source": "x"}
    assert client.post(f"/ranges/{office}/file", given).status_code == 302
    prefixes = SimpleUploadedFile("p.txt", b"198.51.100.0\t24\t64500\n")
    given = {"upload": prefixes, "as_of": "01/11/2022"}
    assert client.post(f"/ranges/{office}/prefixes", given).status_code == 302
    assert "p.txt" in client.get("/ranges/").content.decode()
