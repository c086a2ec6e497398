"""What the database refuses of receipts and extensions, whatever the code does."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quetsach_portal.followup.models import Extension, Method, Receipt
from quetsach_portal.people.models.roles import Role
from tests.portal.followup.acting import asked
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_database_wants_a_proof_for_what_is_said_for_others(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.create(
            node=world.nodes["TC01"],
            by=world.user("TC", Role.COMPILER),
            method=Method.ON_BEHALF,
            received_at=timezone.now(),
        )


def test_the_database_refuses_a_decision_by_who_asked(world: World) -> None:
    extension = asked(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.filter(pk=extension.pk).update(decided_by=extension.asked_by)
