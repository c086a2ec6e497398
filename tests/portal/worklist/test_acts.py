"""The acts of the first page of a unit."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quetsach_portal.followup.actions.declaring import declare_begun, withdraw
from quetsach_portal.followup.models import DeployDeclaration, Receipt
from quetsach_portal.intake.models import Submission
from quetsach_portal.participation.models import JoinCode
from quetsach_portal.people.models.roles import Role
from tests.portal.api.test_device_lists import publish
from tests.portal.looks.collecting import collection, looked, taken
from tests.portal.worklist.commune import CODE, due, heading, received
from tests.portal.worklist.pages import SignIn, page
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_new_letter_asks_first_for_its_receipt(world: World, clerk: Client) -> None:
    source = page(clerk)
    assert heading(source) == f"Có công văn mới: 3 việc, hạn {due(world)}"
    assert source.count("btn-primary") == 2, "the act, and the bar of a phone that leads to it"
    assert "Xác nhận đã nhận công văn</button>" in source
    assert "Hãy xác nhận đã nhận công văn trước." in source
    node = world.nodes[CODE]
    answer = clerk.post(f"/today/units/{node.pk}/receive")
    assert answer.headers["Location"] == f"/?campaign={world.campaign.pk}#look"
    assert Receipt.objects.filter(node=node).count() == 1
    assert JoinCode.objects.filter(node=node).count() == 3


def test_the_first_look_says_that_the_campaign_is_carried_out(world: World) -> None:
    node, actor = world.nodes[CODE], world.user(CODE, Role.FOCAL_POINT)
    assert declare_begun(node, actor=actor) is None, "nothing follows before the receipt"
    received(world)
    declaration = declare_begun(node, actor=actor)
    assert declaration is not None
    assert declare_begun(node, actor=actor) is None
    withdraw(declaration, "nhầm", actor=actor)
    assert declare_begun(node, actor=actor) is None, "who withdrew it is not overruled"
    assert DeployDeclaration.objects.count() == 1


def test_a_number_of_machines_that_cannot_be_leaves_the_file_handed_in(
    world: World, clerk: Client, tmp_path: Path
) -> None:
    publish(world, tmp_path, "bad.example\n")
    received(world)
    looked(world, taken("PC-01"), taken("PC-02", "00-17-A4-B2-C3-D5"), code=CODE)
    zip_file = SimpleUploadedFile("quetsach-PC-03-20261130-090000.zip", collection("PC-03"))
    fields = {"file": zip_file, "note": "", "token": str(uuid4()), "machines": "1"}
    address = f"/today/units/{world.nodes[CODE].pk}/look"
    source = clerk.post(address, fields, follow=True).content.decode()
    assert "2 máy" in source
    assert Submission.objects.filter(node=world.nodes[CODE]).count() == 1
    assert DeployDeclaration.objects.count() == 1


def test_a_form_without_a_file_says_what_is_missing(world: World, clerk: Client) -> None:
    received(world)
    address = f"/today/units/{world.nodes[CODE].pk}/look"
    source = clerk.post(address, {"token": str(uuid4())}, follow=True).content.decode()
    assert "alert-warning" in source
    assert Submission.objects.count() == 0


@pytest.mark.parametrize(("role", "declares"), [(Role.FOCAL_POINT, 1), (Role.TECHNICIAN, 0)])
def test_only_who_may_declare_the_campaign_carried_out_says_so_by_a_look(
    world: World, client_of: SignIn, tmp_path: Path, role: Role, declares: int
) -> None:
    publish(world, tmp_path, "bad.example\n")
    received(world)
    zip_file = SimpleUploadedFile("quetsach-PC-03-20261130-090000.zip", collection("PC-03"))
    fields = {"file": zip_file, "note": "", "token": str(uuid4())}
    client_of(CODE, role).post(f"/today/units/{world.nodes[CODE].pk}/look", fields)
    assert Submission.objects.count() == 1
    assert DeployDeclaration.objects.count() == declares
