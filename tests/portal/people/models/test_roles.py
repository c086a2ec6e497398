"""What the database itself refuses of roles."""

import pytest
from django.db import IntegrityError, transaction

from quetsach_portal.people.models.roles import Assignment, Role
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_database_refuses_a_lent_role_without_an_end(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(
            user=world.user("TC01", Role.CLERK),
            unit=world.units["TC01"],
            role=Role.SIGNER,
            acting_for=world.user("TC01", Role.SIGNER),
        )
