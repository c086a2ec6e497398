"""P2: after the archiving no proof, mail or name of a person is left; the steps and times stay."""

import pytest
from django.db import transaction

from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import FileState
from quetsach_portal.files.storage import path_of
from quetsach_portal.followup.models import FollowupMail, Receipt
from quetsach_portal.followup.retention import purge
from quetsach_portal.people.models.roles import Role
from tests.portal.access.sent_files import pdf
from tests.portal.followup.acting import mailbox, node, received, told
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_P2_archived_the_proof_is_gone_and_the_step_stays(world: World) -> None:
    mailbox(world, "TC01")
    told(world, "TC01")
    received(world, "TC01")
    actor = world.user("TC", Role.COMPILER)
    proof = store_upload(pdf(), purpose="proof", owner_path=world.units["TC01"].path, actor=actor)
    Receipt.objects.filter(node=node(world, "TC01")).update(proof=proof, said_by="Bà Lan")
    at = node(world, "TC01").received_at
    assert world.campaign is not None
    with transaction.atomic():
        removed = purge(world.campaign)
    run_ready()
    receipt = Receipt.objects.get()
    proof.refresh_from_db()
    assert (removed["receipts"], removed["proofs"]) == (1, 1)
    assert (receipt.proof_id, receipt.said_by, receipt.by_id) == (None, "", None)
    assert (proof.state, proof.name) == (FileState.REMOVED, "")
    assert not path_of(proof).exists()
    assert not FollowupMail.objects.exists()
    assert node(world, "TC01").received_at == at is not None
