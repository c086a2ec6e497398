"""What an owner does next: holds of the list that nobody decides on are named, the oldest first."""

from datetime import timedelta

from django.utils import timezone

from quetsach_portal.campaigns.models.changes import RunningChange
from quetsach_portal.campaigns.models.corrections import CampaignCorrection
from quetsach_portal.lists.models import ListHold, ListVersion, ListVersionState
from quetsach_portal.people.models.roles import Role
from quetsach_portal.worklist.preparation import preparation, second_decisions
from tests.portal.world import World


def test_holds_that_wait_for_two_weeks_are_named(world: World) -> None:
    version = ListVersion.objects.create(campaign=world.campaign, n=3, state="in-force")
    owner, now = world.user("TC", Role.LEAD_OWNER), timezone.now()
    for key, days in (("bad.example", 15), ("", 20), ("new.example", 13)):
        ListHold.objects.create(
            version=version,
            key=key,
            reason=f"{days} ngày",
            until=now.date(),
            by=owner,
            at=now - timedelta(days=days),
        )
    assert version.state == ListVersionState.IN_FORCE
    tasks = [task for task in preparation(world.campaign) if task.tone == "bad"]
    assert [task.hint for task in tasks] == ["20 ngày", "15 ngày"]
    assert tasks[1].title.endswith("bad.example")


def test_what_another_owner_asked_waits_for_the_second(world: World) -> None:
    first, other = world.user("TC", Role.LEAD_OWNER), world.user("TC", Role.LEAD_ANALYST)
    asked = {"campaign": world.campaign, "reason": "Sai năm", "asked_by": first}
    CampaignCorrection.objects.create(kind="text", **asked)
    RunningChange.objects.create(kind="end", **asked)
    tasks = second_decisions(world.campaign, other.pk)
    assert [task.hint for task in tasks] == ["Sai năm", "Sai năm"]
    assert {task.address.rsplit("/", 2)[1] for task in tasks} == {"change", "correct"}
    assert second_decisions(world.campaign, first.pk) == []
    CampaignCorrection.objects.update(state="declined")
    assert len(second_decisions(world.campaign, other.pk)) == 1
