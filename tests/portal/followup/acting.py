"""Units of the world that are told, receive and deploy, for tests."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.campaigns.counters import reach
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
)
from quetsach_portal.followup.actions.declaring import (
    DeploymentClaim,
    confirm_receipt,
    declare,
)
from quetsach_portal.followup.actions.extending import (
    request_extension,
)
from quetsach_portal.followup.models import (
    DeployDeclaration,
    Extension,
)
from quetsach_portal.followup.reminding import remind_silent as remind
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import UnitContact
from tests.portal.campaigns.acting import pdf
from tests.portal.mail.delivering import let_time_pass
from tests.portal.world import World

__all__ = ["pdf"]


def node(world: World, code: str) -> CampaignNode:
    """Return the unit's node as the database holds it, with what acts need."""
    nodes = CampaignNode.objects.select_related("campaign__lead_unit", "unit", "parent")
    return nodes.get(pk=world.nodes[code].pk)


def slot(world: World, code: str) -> ExpectedReport:
    related = ("node__campaign__lead_unit", "node__unit", "phase")
    return ExpectedReport.objects.select_related(*related).get(
        node=world.nodes[code], phase=world.phase
    )


def told(world: World, *codes: str, days: int = 5) -> None:
    """Mark the units as told some days ago."""
    for code in codes:
        reach(node(world, code), "told", timezone.now() - timedelta(days=days))


def received(world: World, code: str) -> None:
    confirm_receipt(node(world, code), actor=world.user(code, Role.FOCAL_POINT))


def deployed(world: World, code: str) -> DeployDeclaration:
    received(world, code)
    said = DeploymentClaim(done=["announced"], links=["https://xa.example/tin"])
    return declare(node(world, code), said, actor=world.user(code, Role.FOCAL_POINT))


def mailbox(world: World, *codes: str) -> None:
    """Give the units an address."""
    for code in codes:
        UnitContact.objects.create(unit=world.units[code], mail=f"{code.lower()}@coquan.example")


def text_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("ghi-chu.txt", "không phải bằng chứng".encode())


def claim_of(**changed) -> DeploymentClaim:
    return DeploymentClaim(
        **{"done": ["announced"], "links": ["https://xa.example/tin"], **changed}
    )


def focal_point(world: World):
    return world.user("TC01", Role.FOCAL_POINT)


LATER = timedelta(days=12)


def asked(world: World, code: str = "TC01") -> Extension:
    return request_extension(
        slot(world, code),
        wanted=timezone.now() + LATER,
        reason="mất điện",
        actor=world.user(code, Role.FOCAL_POINT),
    )


def remind_silent(world: World, **changed) -> int:
    given = {"waits_for": "received", "days": 3, "phase": world.phase, "chosen": None, **changed}
    return remind(node(world, "TC"), actor=world.user("TC", Role.COMPILER), **given)


def ask_two_mails(world: World) -> None:
    mailbox(world, "TC01", "TC02")
    told(world, "TC01", "TC02")
    remind_silent(world)
    let_time_pass()
