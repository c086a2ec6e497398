"""Receipt is an act of a named person; reading a page, or a machine that opens links, is none."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import CampaignState, NodeCounter
from quetsach_portal.files.models import StoredFile
from quetsach_portal.followup.actions.declaring import confirm_receipt, record_receipt
from quetsach_portal.followup.models import Method, Receipt
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.campaigns.acting import pdf
from tests.portal.followup.acting import node, received, text_file
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_receipt_is_the_act_of_a_person(world: World, client_of) -> None:
    client = client_of("TC01", Role.CLERK)
    response = client.post(f"/followup/units/{world.nodes['TC01'].pk}/receive/")
    receipt = Receipt.objects.get()
    assert response.status_code == 302
    assert (receipt.by, receipt.method) == (world.user("TC01", Role.CLERK), Method.PORTAL)
    tally = NodeCounter.objects.get(node=world.nodes["TC"])
    assert (tally.told, tally.received) == (1, 1)
    assert recount(world.campaign) == []


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_A7_opening_the_link_confirms_nothing(world: World, client_of, method: str) -> None:
    client = client_of("TC01", Role.FOCAL_POINT)
    for name in ("receive/", "", "deploy/"):
        getattr(client, method)(f"/followup/units/{world.nodes['TC01'].pk}/{name}")
    assert not Receipt.objects.exists()
    assert node(world, "TC01").received_at is None


def test_E4_pressing_twice_is_one_receipt(world: World) -> None:
    first = confirm_receipt(node(world, "TC01"), actor=world.user("TC01", Role.FOCAL_POINT))
    second = confirm_receipt(node(world, "TC01"), actor=world.user("TC01", Role.SIGNER))
    assert first == second
    assert AuditEvent.objects.filter(action="receipt.confirmed").count() == 1
    assert NodeCounter.objects.get(node=world.nodes["TC"]).received == 1


def behalf(world: World, **changed) -> Receipt:
    given = {
        "proof": pdf(),
        "said_by": "Ông B, văn thư",
        "received_at": timezone.now() - timedelta(days=1),
        "note": "gọi điện",
        "actor": world.user("TC", Role.COMPILER),
        **changed,
    }
    return record_receipt(node(world, "TC01"), given.pop("proof"), **given)


def test_the_office_above_records_a_receipt_with_proof(world: World) -> None:
    receipt = behalf(world)
    assert receipt.method == Method.ON_BEHALF
    assert receipt.proof is not None
    assert node(world, "TC01").received_at == receipt.received_at


def test_a_record_without_a_real_proof_is_refused(world: World) -> None:
    with pytest.raises(Refused):
        behalf(world, proof=text_file())
    assert not Receipt.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_record_of_a_day_to_come_is_refused(world: World) -> None:
    with pytest.raises(Refused):
        behalf(world, received_at=timezone.now() + timedelta(hours=1))


def test_what_the_unit_said_itself_is_not_said_again_for_it(world: World) -> None:
    received(world, "TC01")
    with pytest.raises(Refused):
        behalf(world)
    assert Receipt.objects.get().method == Method.PORTAL


def test_the_database_wants_a_proof_for_what_is_said_for_others(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.create(
            node=world.nodes["TC01"],
            by=world.user("TC", Role.COMPILER),
            method=Method.ON_BEHALF,
            received_at=timezone.now(),
        )


@pytest.mark.parametrize("state", [CampaignState.READY, CampaignState.CLOSED])
def test_nothing_is_received_in_a_campaign_that_does_not_run(world: World, state: str) -> None:
    world.campaign.state = state
    world.campaign.save()
    with pytest.raises(Refused):
        received(world, "TC01")


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
