"""Versions of a list in the small world, as far on their way as a test needs them."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.lists import deciding, holding
from quetsach_portal.lists.models import ListVersion
from quetsach_portal.lists.receiving import receive
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from tests.portal.working import run_ready
from tests.portal.world import World, make_campaign, make_user

TEXT = "203.0.113.77\nbad.example\n8.8.8.8\nfacebook.com\n10.1.2.3\n"


def fresh(version: ListVersion) -> ListVersion:
    """Return the version as the database has it."""
    rows = ListVersion.objects.select_related("campaign__lead_unit", "release", "fresh")
    return rows.get(pk=version.pk)


def received(
    world: World, text: str = TEXT, code: str = "TC", *, name: str = "list.txt"
) -> ListVersion:
    """Return a version that was handed in and is not checked yet."""
    campaign = world.campaign
    if campaign is None or campaign.lead_unit.code != code:
        campaign = make_campaign(world, lead=code)
    upload = SimpleUploadedFile(name, text.encode())
    owner = world.user(code, Role.LEAD_OWNER)
    return receive(campaign, [upload], title="Danh sách mới", actor=owner)


def tried(world: World, text: str = TEXT, code: str = "TC") -> ListVersion:
    """Return a version that was checked and tried."""
    version = received(world, text, code)
    run_ready()
    return fresh(version)


def second_owner(world: World, code: str = "TC") -> User:
    """Return another owner of the lead office, let in by nobody."""
    known = User.objects.filter(email=f"hai.{code.lower()}@coquan.example").first()
    if known is not None:
        return known
    return make_user(world.units[code], Role.LEAD_OWNER, f"hai.{code.lower()}@coquan.example")


def proposed(version: ListVersion, actor: User, *, shrink_reason: str = "") -> ListVersion:
    """Propose a version and return it with its release."""
    deciding.propose(fresh(version), shrink_reason=shrink_reason, actor=actor, leaves_open=True)
    run_ready()
    return fresh(version)


def put_in_force(world: World, text: str = TEXT, **keep: str) -> ListVersion:
    """Return a version in force, its follow-up done; `keep` is key -> reason of rows to keep."""
    version = tried(world, text)
    owner = world.user("TC", Role.LEAD_OWNER)
    for key, reason in keep.items():
        rows = version.doubtful.filter(key=key).values_list("pk", flat=True)
        until = timezone.localdate() + timedelta(days=30)
        deciding.decide_rows(version, rows, "keep", reason=reason, until=until, actor=owner)
    version = proposed(version, owner, shrink_reason="đã kiểm tra")
    deciding.approve(version, actor=second_owner(world))
    run_ready()
    if world.campaign is not None:
        world.campaign.refresh_from_db()
    return fresh(version)


def pulled_back(version: ListVersion, reason: str, owner: User, second: User) -> None:
    """Put a version on hold by one person, and let a second one confirm it."""
    row = holding.hold(fresh(version), "", reason=reason, until=None, actor=owner)
    holding.settle(row, confirms=True, actor=second)
