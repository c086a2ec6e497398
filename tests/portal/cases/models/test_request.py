"""The tables of requests for the holders of addresses."""

import pytest
from django.db import IntegrityError, transaction

from quetsach_portal.cases.models.request import AskedAddress
from tests.portal.cases.rows import make_request
from tests.portal.world import World


@pytest.mark.django_db
def test_a_row_of_a_letter_is_there_once(world: World) -> None:
    request = make_request(world, "TC01")
    with pytest.raises(IntegrityError), transaction.atomic():
        AskedAddress.objects.create(request=request, number=1, outcome="device")
