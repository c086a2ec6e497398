"""What the page shows of the last question."""

import pytest
from django.http import Http404

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.prints.models import PrintQuestion
from quetsach_portal.prints.queries import PrintsView, hit_for, prints_for, prints_of
from tests.portal.prints.asked import asked
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_last_answer_and_whether_it_is_of_the_list_in_force(world: World) -> None:
    actor = world.user("TC", Role.LEAD_OWNER)
    assert prints_of(world.campaign).question is None
    asked(world.campaign, world.nodes["TC01"], actor)
    hit = asked(world.campaign, world.nodes["TC02"], actor)
    (view,) = prints_for(scope_of(actor))
    assert [one.hit for one in view.hits] == [hit]
    assert (view.total, view.destroyed, view.chance) == (1, 1, "0,0002")
    assert not view.is_of_this_list
    assert hit_for(scope_of(actor), hit.pk) == hit
    with pytest.raises(Http404):
        hit_for(scope_of(world.user("TC01", Role.LEAD_OWNER)), hit.pk)


def test_what_is_hardly_to_be_expected_is_said_without_a_power_of_ten() -> None:
    view = PrintsView(Campaign(), PrintQuestion(by_chance=5e-10), (), 0, 0, True, ())
    assert view.chance == "< 0,0001"
