"""A commune without units below, whose clerk sits at the first page."""

from typing import Any

from django.test import Client
from django.utils import timezone

from quetsach_portal.followup.actions.declaring import declare_begun
from quetsach_portal.intake.models import Submission, SubmissionKind, SubmissionState
from quetsach_portal.looks import machines
from quetsach_portal.people.models.roles import Role
from tests.portal.looks.collecting import looked, taken
from tests.portal.reports.acting import slot_of
from tests.portal.world import World

CODE = "TC02"


def heading(source: str) -> str:
    title = source.split("<h1", 1)[1].split(">", 1)[1].split("</h1>")[0]
    return title.split('<a class="help-mark"')[0].strip()


def received(world: World) -> None:
    node = world.nodes[CODE]
    node.received_at = timezone.now()
    node.save()


def looked_at_all(world: World) -> None:
    machines.state_total(world.units[CODE], 1, actor=world.user(CODE, Role.FOCAL_POINT))
    looked(world, taken(), code=CODE, days=14)
    declare_begun(world.nodes[CODE], actor=world.user(CODE, Role.FOCAL_POINT))


def due(world: World) -> str:
    return f"trước ngày {timezone.localtime(slot_of(world, CODE).due_at):%d/%m/%Y}"


def send(client: Client, world: World, **fields: Any) -> str:
    given = {"v-people_took_part": "7", **fields}
    address = f"/today/reports/{slot_of(world, CODE).pk}/send"
    answer = client.post(address, given, follow=True)
    return " ".join(answer.content.decode().split())


def unread_hand_in(world: World) -> None:
    Submission.objects.create(
        token="3f1c0c1e-0000-4000-8000-000000000001",
        node=world.nodes[CODE],
        kind=SubmissionKind.COLLECTOR,
        state=SubmissionState.REFUSED,
        told={"code": "H101", "where": "x.zip", "facts": {"reason": "twice"}},
        created_by=world.user(CODE, Role.FOCAL_POINT),
    )
