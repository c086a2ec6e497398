"""Deployed and received are declared by named people, checked and undone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import CampaignState, NodeCounter
from quetsach_portal.files.models import StoredFile
from quetsach_portal.followup.actions.declaring import (
    check,
    confirm_receipt,
    declare,
    record_receipt,
    withdraw,
)
from quetsach_portal.followup.models import (
    DeclarationState,
    DeployDeclaration,
    Method,
    Receipt,
)
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.campaigns.acting import pdf
from tests.portal.followup.acting import claim_of, deployed, focal_point, node, received, text_file
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_declaration_carries_ticks_and_evidence(world: World) -> None:
    received(world, "TC01")
    made = declare(
        node(world, "TC01"),
        claim_of(done=["poster_up", "announced", "no such"], minutes=[pdf()]),
        actor=focal_point(world),
    )
    assert made.done == ["announced", "poster_up"]
    assert {one.kind for one in made.evidence.all()} == {"minutes", "link"}
    assert NodeCounter.objects.get(node=world.nodes["TC"]).deployed == 1
    assert recount(world.campaign) == []


@pytest.mark.parametrize(
    "wrong", [{"done": []}, {"done": ["no such"]}, {"links": []}, {"links": ["x"] * 11}]
)
def test_no_tick_or_no_evidence_is_refused(world: World, wrong) -> None:
    received(world, "TC01")
    with pytest.raises(Refused):
        declare(node(world, "TC01"), claim_of(**wrong), actor=focal_point(world))


def test_B4_nobody_deploys_what_was_not_received(world: World) -> None:
    with pytest.raises(Refused):
        declare(node(world, "TC01"), claim_of(), actor=focal_point(world))
    tally = NodeCounter.objects.get(node=world.nodes["TC"])
    assert tally.deployed <= tally.received


def test_B4_more_told_than_staff_needs_a_reason(world: World) -> None:
    received(world, "TC01")
    with pytest.raises(Refused) as refused:
        declare(node(world, "TC01"), claim_of(staff_told=11), actor=focal_point(world))
    assert refused.value.field == "why"
    made = declare(
        node(world, "TC01"),
        claim_of(staff_told=11, why="có cộng tác viên"),
        actor=focal_point(world),
    )
    assert (made.staff_told, made.why) == (11, "có cộng tác viên")


def test_B4_what_cannot_be_is_refused_whatever_the_reason(world: World) -> None:
    received(world, "TC01")
    with pytest.raises(Refused) as refused:
        declare(node(world, "TC01"), claim_of(staff_told=10**7, why="x"), actor=focal_point(world))
    assert refused.value.field == "staff_told"


def test_E4_one_declaration_counts(world: World) -> None:
    deployed(world, "TC01")
    with pytest.raises(Refused):
        declare(node(world, "TC01"), claim_of(), actor=focal_point(world))
    assert DeployDeclaration.objects.count() == 1


def test_what_is_withdrawn_no_longer_counts_and_may_be_declared_anew(world: World) -> None:
    made = deployed(world, "TC01")
    check(made, actor=world.user("TC", Role.COMPILER))
    withdraw(made, "ảnh của xã khác", actor=world.user("TC", Role.COMPILER))
    assert node(world, "TC01").deployed_at is None
    assert NodeCounter.objects.get(node=world.nodes["TC"]).deployed == 0
    with pytest.raises(Refused):
        withdraw(made, "lần nữa", actor=focal_point(world))
    declare(node(world, "TC01"), claim_of(), actor=focal_point(world))
    states = DeployDeclaration.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [DeclarationState.WITHDRAWN, DeclarationState.DECLARED]
    assert recount(world.campaign) == []


def test_evidence_of_a_wrong_kind_keeps_the_whole_declaration_out(world: World) -> None:
    received(world, "TC01")
    with pytest.raises(Refused):
        declare(node(world, "TC01"), claim_of(photos=[text_file()]), actor=focal_point(world))
    assert not DeployDeclaration.objects.exists()
    assert node(world, "TC01").deployed_at is None


def test_a_receipt_is_the_act_of_a_person(world: World, client_of) -> None:
    client = client_of("TC01", Role.CLERK)
    response = client.post(f"/followup/units/{world.nodes['TC01'].pk}/receive/")
    receipt = Receipt.objects.get()
    assert response.status_code == 302
    assert (receipt.by, receipt.method) == (world.user("TC01", Role.CLERK), Method.PORTAL)
    tally = NodeCounter.objects.get(node=world.nodes["TC"])
    assert (tally.told, tally.received) == (1, 1)
    assert recount(world.campaign) == []


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


@pytest.mark.parametrize("state", [CampaignState.READY, CampaignState.CLOSED])
def test_nothing_is_received_in_a_campaign_that_does_not_run(world: World, state: str) -> None:
    world.campaign.state = state
    world.campaign.save()
    with pytest.raises(Refused):
        received(world, "TC01")
