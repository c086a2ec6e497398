"""A campaign that is ready to start, for tests."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.campaigns.actions import state
from quetsach_portal.campaigns.actions.freezing import freeze
from quetsach_portal.campaigns.actions.materials import add_material
from quetsach_portal.campaigns.actions.phases import add_phase
from quetsach_portal.campaigns.actions.preparing import CampaignBasics, create, set_tasks
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, Material
from quetsach_portal.campaigns.models.checks import DryRun
from quetsach_portal.campaigns.tree.choosing import TreeChoice
from quetsach_portal.letters.models import (
    Letter,
    LetterSignature,
    LetterState,
    SignatureResult,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import UnitContact
from tests.portal.working import run_ready
from tests.portal.world import World, make_user


def owner(world: World) -> User:
    return world.user("TC", Role.LEAD_OWNER)


def second_owner(world: World) -> User:
    return make_user(world.units["TC"], Role.LEAD_OWNER, "hai@coquan.example")


def prepared(world: World, *, contacts: bool = True) -> Campaign:
    """Return a campaign over TC whose dry run would pass."""
    campaign = create(
        world.units["TC"],
        CampaignBasics("Chiến dịch thử", "Công văn số 1/UBND"),
        actor=owner(world),
    )
    set_tasks(campaign, ["Phát động chiến dịch"], actor=owner(world))
    add_phase(campaign, title="", due_at=timezone.now() + timedelta(days=30), actor=owner(world))
    freeze(campaign, TreeChoice(["territory"]), day=timezone.localdate(), actor=owner(world))
    if contacts:
        for code, unit in world.units.items():
            UnitContact.objects.create(unit=unit, mail=f"vt.{code.lower()}@coquan.example")
    campaign.refresh_from_db()
    return campaign


def sign_letter(campaign: Campaign, actor: User) -> Letter | None:
    """Return the lead office's letter, signed on paper and numbered; None without a tree."""
    node = CampaignNode.objects.filter(campaign=campaign, parent=None).first()
    if node is None:
        return None
    letter, is_new = Letter.objects.get_or_create(
        campaign=campaign,
        node=node,
        defaults={"made_by": actor, "issuer_name": node.name_at_freeze, "subject": "V/v thử"},
    )
    if is_new:
        letter.number, letter.signed_on = 5, timezone.localdate()
        letter.state, letter.with_clerk_at = LetterState.NUMBERED, timezone.now()
        letter.signature = LetterSignature.objects.create(
            letter=letter,
            result=SignatureResult.ON_PAPER,
            says="0" * 64,
            signed_on=timezone.localdate(),
            signer_name="Tăng Thị Thắm",
            kept_by=actor,
        )
        letter.save()
    return letter


def rehearsed(world: World, campaign: Campaign) -> DryRun:
    """Return the dry run of `campaign` after a job did it; its letter is signed."""
    sign_letter(campaign, owner(world))
    run = state.request_dry_run(campaign, actor=owner(world))
    run_ready()
    run.refresh_from_db()
    campaign.refresh_from_db()
    return run


def pdf(name: str = "bang-chung.pdf") -> SimpleUploadedFile:
    """Return a small PDF as a browser sends it."""
    body = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )
    return SimpleUploadedFile(name, body, "application/pdf")


LIST = "địa chỉ\n198.51.100.7\nxau.example\n"


def upload(content: bytes, name: str = "xau.jsonl") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


PAGES = (
    *("", "setup/", "setup/basics/", "setup/tasks/", "setup/appendix/", "phases/", "phases/new/"),
    *("tree/", "tree/freeze/", "contacts/", "release/", "materials/", "materials/new/"),
    *("dry-run/", "start/", "end/", "checks/"),
)


def added(world: World, version: str = "1", upload=None) -> Material:
    return add_material(
        world.campaign,
        upload or pdf("ap-phich.pdf"),
        title="Áp phích",
        version=version,
        language="vi",
        kind="poster",
        actor=world.user("TC", Role.LEAD_OWNER),
    )
