"""Units of the world that are told, receive and deploy, for tests."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.campaigns.models import CampaignNode, Slot
from quetsach_portal.campaigns.steps import reach
from quetsach_portal.followup.actions.deploying import Said, declare
from quetsach_portal.followup.actions.receipts import confirm_receipt
from quetsach_portal.followup.models import DeployDeclaration
from quetsach_portal.rights.models import Role
from quetsach_portal.units.models import Contact
from tests.portal.campaigns.acting import pdf
from tests.portal.world import World

__all__ = ["pdf"]


def node(world: World, code: str) -> CampaignNode:
    """Return the unit's node as the database holds it, with what acts need."""
    nodes = CampaignNode.objects.select_related("campaign__lead_unit", "unit", "parent")
    return nodes.get(pk=world.nodes[code].pk)


def slot(world: World, code: str) -> Slot:
    related = ("node__campaign__lead_unit", "node__unit", "phase")
    return Slot.objects.select_related(*related).get(node=world.nodes[code], phase=world.phase)


def told(world: World, *codes: str, days: int = 5) -> None:
    """Mark the units as told some days ago."""
    for code in codes:
        reach(node(world, code), "told", timezone.now() - timedelta(days=days))


def received(world: World, code: str) -> None:
    confirm_receipt(node(world, code), actor=world.user(code, Role.FOCAL_POINT))


def deployed(world: World, code: str) -> DeployDeclaration:
    received(world, code)
    said = Said(done=["announced"], links=["https://xa.example/tin"])
    return declare(node(world, code), said, actor=world.user(code, Role.FOCAL_POINT))


def mailbox(world: World, *codes: str) -> None:
    """Give the units an address."""
    for code in codes:
        Contact.objects.create(unit=world.units[code], mail=f"{code.lower()}@coquan.example")


def text_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("ghi-chu.txt", "không phải bằng chứng".encode())
