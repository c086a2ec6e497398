"""The database holds one open request a person, decided by somebody else."""

import pytest
from django.db import IntegrityError, transaction

from quetsach_portal.people.models.erasure import ErasureRequest, ErasureState
from quetsach_portal.people.models.roles import Role
from tests.portal.world import World


@pytest.mark.django_db
def test_nobody_decides_their_own_request(world: World) -> None:
    user = world.user("TC01", Role.CLERK)
    with pytest.raises(IntegrityError), transaction.atomic():
        ErasureRequest.objects.create(user=user, decided_by=user)
    ErasureRequest.objects.create(user=user, decided_by=world.user("TC", Role.LEAD_OWNER))


@pytest.mark.django_db
def test_one_request_is_open_at_a_time(world: World) -> None:
    user = world.user("TC01", Role.CLERK)
    for state in (ErasureState.REFUSED, ErasureState.WITHDRAWN, ErasureState.ASKED):
        ErasureRequest.objects.create(user=user, state=state)
    for state in (ErasureState.ASKED, ErasureState.GRANTED):
        with pytest.raises(IntegrityError), transaction.atomic():
            ErasureRequest.objects.create(user=user, state=state)
