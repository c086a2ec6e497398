"""Who declares, reminds and decides for which unit, and who is refused."""

import pytest

from quetsach_portal.followup.actions.declaring import (
    declare,
)
from quetsach_portal.followup.models import (
    DeployEvidence,
    Receipt,
    Reminder,
)
from quetsach_portal.people.models.roles import Role
from tests.portal.campaigns.acting import pdf
from tests.portal.followup.acting import (
    asked,
    claim_of,
    focal_point,
    node,
    received,
    told,
)
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_A1_files_of_evidence_follow_the_unit(world: World, client_of) -> None:
    received(world, "TC01")
    declare(node(world, "TC01"), claim_of(minutes=[pdf()]), actor=focal_point(world))
    address = f"/followup/evidence/{DeployEvidence.objects.get(kind='minutes').pk}"
    for code, role, status in (
        ("TC01", Role.FOCAL_POINT, 200),
        ("TC", Role.COMPILER, 200),
        ("TC02", Role.FOCAL_POINT, 404),
        ("TC01A", Role.COMPILER, 404),
        ("KH", Role.LEAD_OWNER, 404),
    ):
        response = client_of(code, role).get(address)
        assert response.getvalue()
        assert response.status_code == status, (code, role)


@pytest.mark.parametrize(
    ("code", "role", "status"),
    [
        ("TC01", Role.COMPILER, 403),
        ("TC01", Role.TECHNICIAN, 403),
        ("TC", Role.COMPILER, 403),
        ("TC", Role.CLERK, 404),
        ("TC02", Role.FOCAL_POINT, 404),
        ("TC01A", Role.FOCAL_POINT, 404),
        ("KH", Role.LEAD_OWNER, 404),
    ],
)
def test_A1_nobody_else_confirms(world: World, client_of, code, role, status) -> None:
    address = f"/followup/units/{world.nodes['TC01'].pk}/receive/"
    assert client_of(code, role).post(address).status_code == status
    assert not Receipt.objects.exists()


def test_A1_only_the_office_directly_above_records(world: World, client_of) -> None:
    address = f"/followup/units/{world.nodes['TC01A'].pk}/receive-for/"
    form = {"day": "2020-01-01", "hour": "", "said_by": "x", "note": ""}
    assert client_of("TC", Role.COMPILER).post(address, form).status_code == 403
    sent = {**form, "proof": pdf()}
    assert client_of("TC01", Role.COMPILER).post(address, sent).status_code == 302
    assert Receipt.objects.get().node == world.nodes["TC01A"]


@pytest.mark.parametrize(
    ("code", "role", "status"),
    [
        ("TC", Role.COMPILER, 302),
        ("TC", Role.LEAD_OWNER, 302),
        ("TC", Role.AUDITOR, 403),
        ("TC01", Role.COMPILER, 403),
        ("TC01", Role.FOCAL_POINT, 403),
        ("TC01A", Role.COMPILER, 404),
        ("TC02", Role.COMPILER, 404),
        ("KH", Role.LEAD_OWNER, 404),
    ],
)
def test_A1_who_decides(world: World, client_of, code, role, status) -> None:
    extension = asked(world)
    form = {"answer": "refuse", "decision": "không", "day": "", "hour": ""}
    response = client_of(code, role).post(f"/followup/more-time/{extension.pk}/", form)
    assert response.status_code == status


@pytest.mark.parametrize(
    ("code", "role", "status"),
    [
        ("TC", Role.COMPILER, 302),
        ("TC", Role.LEAD_OWNER, 302),
        ("TC", Role.SIGNER, 302),
        ("TC", Role.AUDITOR, 403),
        ("TC01", Role.COMPILER, 404),
        ("KH", Role.COMPILER, 404),
    ],
)
def test_A1_who_reminds(world: World, client_of, code, role, status) -> None:
    told(world, "TC01")
    form = {"waits": "received", "days": "3", "whom": "all"}
    address = f"/followup/units/{world.nodes['TC'].pk}/remind/"
    assert client_of(code, role).post(address, form).status_code == status
    assert Reminder.objects.exists() is (status == 302)


def test_A1_a_unit_sees_no_ladder_but_its_own(world: World, client_of) -> None:
    client = client_of("TC01", Role.COMPILER)
    address = f"/followup/campaigns/{world.campaign.pk}/ladder/"
    page = client.get(address).content.decode()
    assert "Trường Tiểu học A" in page
    assert "xã Hai" not in page
    for code in ("TC", "TC02"):
        assert client.get(f"{address}?under={world.nodes[code].pk}").status_code == 404
    assert client_of("KH", Role.LEAD_OWNER).get(address).status_code == 404
