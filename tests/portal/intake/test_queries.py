"""Lists and counts of submissions: few queries, and a zero that says what it rests on."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from quetsach_portal.intake.models import CoverageDay
from quetsach_portal.people.models.roles import Role
from tests.portal.intake import rows
from tests.portal.intake.rows import SignIn, text_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_zero_says_whether_anything_was_looked_at(world: World, client_of: SignIn) -> None:
    rows.make_done(world, "TC01", devices=0)
    CoverageDay.objects.create(node=world.nodes["TC01"], day=date(2022, 9, 12), kind="dns", lines=9)
    page = text_of(client_of("TC", Role.COMPILER), f"/evidence/below/{world.nodes['TC'].pk}/")
    assert page.count("chưa quét") == 1  # TC02


def test_lists_ask_few_questions_however_long_they_are(
    world: World,
    client_of: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _number in range(60):
        rows.make_done(world, "TC01")
    for client, address in (
        (client_of("TC01", Role.FOCAL_POINT), f"/evidence/units/{world.nodes['TC01'].pk}/"),
        (client_of("TC", Role.COMPILER), f"/evidence/below/{world.nodes['TC'].pk}/"),
    ):
        with django_assert_max_num_queries(18):
            text_of(client, address)
