"""A version that comes in is checked and compared; nothing is looked for by it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.lists import receiving
from quetsach_portal.lists.models import ListVersionState
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.lists.versions import fresh, put_in_force, received, tried
from tests.portal.working import run_ready
from tests.portal.world import World


def test_a_version_is_checked_and_changes_nothing_yet(world: World) -> None:
    version = tried(world)
    assert (version.n, version.state) == (1, ListVersionState.TRIED)
    checked = version.checked
    assert checked["count"] == 4
    assert [(one["reason"], one["count"]) for one in checked["refused"]] == [("private", 1)]
    assert checked["refused"][0]["rows"] == [["list.txt", 5, "10.1.2.3"]]
    assert version.changes["counts"] == {"added": 4}
    assert (version.changes["fresh"], version.changes["gone"]) == (4, 0)
    row = version.doubtful.get(key="8.8.8.8")
    assert (row.proposal, row.decision, row.row) == ("drop", "", 3)
    assert "resolver" in row.classes
    assert Campaign.objects.get(pk=version.campaign_id).release_file is None


def test_the_next_version_is_compared_with_the_one_in_force(world: World) -> None:
    put_in_force(world, "a.example\nb.example\nc.example\nd.example\ne.example\nf.example\n")
    version = tried(world, "a.example\nb.example\nc.example\nd.example\ne.example\nnew.example\n")
    assert version.n == 2
    assert (version.changes["fresh"], version.changes["gone"]) == (1, 1)
    assert version.changes["shrunken"] == ""
    assert version.changes["counts"] == {"added": 1, "withdrawn": 1}


def test_what_is_no_list_is_refused_with_its_reason(world: World) -> None:
    version = received(world, "\n\n")
    run_ready()
    version = fresh(version)
    assert version.state == ListVersionState.REFUSED
    assert version.problem


def test_only_a_campaign_that_goes_on_takes_versions_and_few_at_once(world: World) -> None:
    for number in range(receiving.MOST_OPEN):
        received(world, f"a{number}.example\n")
    with pytest.raises(Refused):
        received(world, "b.example\n")
    campaign = world.campaign
    assert campaign is not None
    owner = world.user("TC", Role.LEAD_OWNER)
    with pytest.raises(Refused):
        receiving.receive(campaign, [], title="", actor=owner)
    Campaign.objects.filter(pk=campaign.pk).update(state=CampaignState.CLOSED)
    upload = SimpleUploadedFile("a.txt", b"a.example\n")
    with pytest.raises(Refused):
        receiving.receive(campaign, [upload], title="", actor=owner)
