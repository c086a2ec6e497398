"""Figures of participation, the ranking of units, and where codes lead."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.participation import actions, counting_limits, queries
from quetsach_portal.participation.actions import JoinAnswers
from quetsach_portal.participation.models import JoinCode, JoinCounter
from quetsach_portal.people.models.roles import Role
from tests.portal.participation.joining import press

pytestmark = pytest.mark.django_db


def test_small_units_stand_together_in_the_ranking(world, codes) -> None:
    NodeCounter.objects.filter(node=world.nodes["TC02"]).update(staff=3, joined_staff=2)
    names = {one.name for one in queries.ranking(world.nodes["TC"])}
    assert names == {""}, "the one beside it would tell what it has of the total"


def test_living_codes_are_those_that_lead_on(world, codes, django_assert_max_num_queries) -> None:
    actor = world.user("TC01", Role.FOCAL_POINT)
    new = actions.replace_code(codes["staff"], actor=actor)
    with django_assert_max_num_queries(4):
        found = {asked.pk: leads_to for asked, leads_to in queries.living(world.campaign)}
    assert found == {
        codes["staff"].pk: new,
        new.pk: new,
        codes["relative"].pk: codes["relative"],
        codes["public"].pk: codes["public"],
    }
    assert all(queries.current(JoinCode.objects.get(pk=pk)) == one for pk, one in found.items())
    JoinCode.objects.filter(pk=codes["staff"].pk).update(
        ended_at=timezone.now() - timedelta(days=31)
    )
    assert codes["staff"].pk not in dict(queries.living(world.campaign))


def test_the_figures_of_a_unit_by_kind(world, codes) -> None:
    press(Client(), codes["staff"])
    press(Client(), codes["public"])
    press(Client(), codes["public"])
    assert queries.figures(world.nodes["TC01"]) == {"staff": 1, "relative": 0, "public": 2}
    yesterday = timezone.localdate() - timedelta(days=1)
    assert queries.figures(world.nodes["TC01"], until=yesterday)["public"] == 0


def test_R6_the_flag_ends_with_its_day_and_not_by_a_new_code(world, codes) -> None:
    for _ in range(world.nodes["TC01"].staff + 20):
        actions.join(codes["staff"], counting_limits.new_ticket(codes["staff"]), JoinAnswers())
    assert queries.is_flagged(world.nodes["TC01"])
    actions.replace_code(codes["staff"], actor=world.user("TC01", Role.FOCAL_POINT))
    assert queries.is_flagged(world.nodes["TC01"])
    JoinCounter.objects.update(day=timezone.localdate() - timedelta(days=1))
    assert not queries.is_flagged(world.nodes["TC01"])
