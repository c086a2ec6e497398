"""Words for what the engine calls by code."""

from quetsach_portal.lists.models import DoubtfulRow, ListVersion, ListVersionState
from quetsach_portal.lists.queries import CHANGE_WORDS, SHRUNKEN, classes_of, gate_page, is_running
from quetsach_portal.people.models.roles import Role
from tests.portal.world import World


def test_each_change_and_loss_has_its_words() -> None:
    assert {"added", "withdrawn", "decision"} <= set(CHANGE_WORDS)
    assert set(SHRUNKEN) == {"E221", "E222", "E223"}
    assert classes_of(DoubtfulRow(classes=["resolver", "other"])).endswith(", other")


def test_a_version_without_anything_shows_nothing(world: World) -> None:
    campaign = world.campaign
    assert campaign is not None
    version = ListVersion.objects.create(
        campaign=campaign, n=1, by=world.user("TC", Role.LEAD_OWNER)
    )
    page = gate_page(version)
    assert (page.refused, page.kinds, page.shrunken, page.not_shown) == ([], [], "", 0)
    assert page.matched["units"] == 0
    assert is_running(version)
    version.state = ListVersionState.TRIED
    assert not is_running(version)
