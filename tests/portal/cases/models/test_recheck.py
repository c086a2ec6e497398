"""What the database refuses of samples, whatever the code does."""

import pytest
from django.db import IntegrityError, transaction

from quetsach_portal.cases.models.recheck import Draw
from quetsach_portal.people.models.roles import Role
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def draw(world: World, **changed: object) -> Draw:
    facts = {"number": 1, "population": 5, "declared": 4, "size": 2, "seed": "ab", **changed}
    return Draw.objects.create(
        node=world.nodes["TC"],
        phase=world.phase,
        subject="devices",
        frame="VV-000001",
        drawn_by=world.user("TC", Role.LEAD_OWNER),
        **facts,
    )


@pytest.mark.parametrize(
    "wrong",
    [{"declared": 6}, {"size": 6}, {"state": "given_up"}],
    ids=["more declared than there are", "more drawn than there are", "given up without why"],
)
def test_a_sample_that_cannot_be_is_refused(world: World, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        draw(world, **wrong)


def test_one_sample_of_a_subject_is_open_and_each_has_its_number(world: World) -> None:
    draw(world, state="closed")
    draw(world, number=2)
    for changed in ({"number": 3}, {"number": 1, "state": "closed"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            draw(world, **changed)
