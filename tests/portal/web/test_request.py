"""What a view is handed: the person and what they may see today."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.middleware import SignedInMiddleware
from quetsach_portal.web.request import PortalRequest
from tests.portal.world import World


@pytest.mark.django_db
def test_a_request_has_every_field_that_views_read(world: World) -> None:
    request = RequestFactory().get("/")
    request.session = {}
    request.user = world.user("TC01", Role.FOCAL_POINT)
    SignedInMiddleware(lambda _request: HttpResponse())(request)
    assert all(hasattr(request, name) for name in PortalRequest.__annotations__)
    assert [seat.unit_id for seat in request.scope.seats] == [world.units["TC01"].pk]
