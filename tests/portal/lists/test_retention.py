"""A list begins with its campaign; at the archiving reasons go and the list stays."""

from django.utils import timezone

from quetsach_portal.lists.models import DoubtfulRow, ListVersion, ListVersionState, OfficeRow
from quetsach_portal.lists.retention import begin, purge
from quetsach_portal.people.models.roles import Role
from tests.portal.intake.handing_in import publish
from tests.portal.world import World


def test_a_campaign_starts_with_its_list_as_a_version(world: World) -> None:
    campaign = publish(world)
    begin(campaign)
    begin(campaign)
    version = ListVersion.objects.get()
    assert (version.n, version.state) == (1, ListVersionState.IN_FORCE)
    assert version.release_id == campaign.release_file_id


def test_the_archiving_takes_reasons_and_trials_and_leaves_the_list(world: World) -> None:
    campaign = publish(world)
    begin(campaign)
    version = ListVersion.objects.get()
    DoubtfulRow.objects.create(version=version, key="a", shown="a", kind="name", reason="vì thế")
    version.nodes.create(node=world.nodes["TC01"], told={"devices": 3})
    ListVersion.objects.update(end_reason="nhầm")
    until, owner = timezone.localdate(), world.user("TC", Role.LEAD_OWNER)
    version.holds.create(key="a", reason="vì thế", until=until, by=owner)
    OfficeRow.objects.create(campaign=campaign, kind="blame", text="b", reason="của ta", by=owner)
    names = ("list_decisions", "list_trials", "list_versions", "list_holds", "office_rows")
    assert purge(campaign) == dict.fromkeys(names, 1)
    assert (version.holds.get().reason, OfficeRow.objects.get().reason) == ("", "")
    assert (DoubtfulRow.objects.get().reason, version.nodes.get().told) == ("", {})
    assert ListVersion.objects.get().end_reason == ""
