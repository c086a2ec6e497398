"""The walk itself: it sees a leak, a missing page, a change by reading, and a swallowed field."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.http import require_safe

from quetsach_portal.config import urls as portal_urls
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import unit_for
from quetsach_portal.units.models import OrgUnit
from tests.portal.access.addresses import addresses
from tests.portal.access.contents import everything
from tests.portal.access.row import Row
from tests.portal.access.walk import Asking, differences, undone
from tests.portal.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.access.test_walk")]


def unit_of(world: World, code: str) -> dict[str, int]:
    return {"unit_id": world.units[code].pk}


@require_safe
def guarded(request: HttpRequest, unit_id: int) -> HttpResponse:
    return HttpResponse(unit_for(request.scope, unit_id).name)  # type: ignore[attr-defined]


@require_safe
def leaky(request: HttpRequest, unit_id: int) -> HttpResponse:
    return HttpResponse(get_object_or_404(OrgUnit, pk=unit_id).name)


@require_safe
def kept(request: HttpRequest, unit_id: int) -> HttpResponse:
    answer = guarded(request, unit_id)
    answer.headers["Cache-Control"] = "max-age=60"
    return answer


urlpatterns = [
    path("guarded/<int:unit_id>/", guarded, name="guarded"),
    path("leaky/<int:unit_id>/", leaky, name="leaky"),
    path("kept/<int:unit_id>/", kept, name="kept"),
    path("without-name/", leaky),
    *portal_urls.urlpatterns,
]

AS_GUARDED = {"own": "LO LA OP CO FP SG CK TE AU", "child": "LO LA OP CO AU"}


def walked(row: Row, world: World) -> list[str]:
    asking = Asking(world, whole=True).seated_in(row.seat)
    with undone(world):
        return differences(row, asking)


def test_a_guarded_page_is_as_the_table_says(world: World) -> None:
    assert walked(Row("guarded", make=unit_of, get=AS_GUARDED), world) == []


def test_a_page_that_shows_a_strangers_unit_is_named_with_who_saw_it(world: World) -> None:
    found = walked(Row("leaky", make=unit_of, get=AS_GUARDED), world)
    assert "leaky: GET TE child: open instead of 404" in found
    assert "leaky: GET LO stranger: open instead of 404" in found
    assert "leaky: GET no role any more: open instead of 404" in found
    assert not any("signed out" in line for line in found)


@pytest.mark.asvs("V14.2.2")
def test_P4_a_page_that_a_cache_on_the_way_would_keep_is_named(world: World) -> None:
    found = walked(Row("kept", make=unit_of, get=AS_GUARDED), world)
    assert "kept: GET CK own: open to caches instead of open" in found


def test_a_page_that_is_closed_to_who_should_have_it_is_named(world: World) -> None:
    found = walked(Row("guarded", make=unit_of, get={**AS_GUARDED, "parent": "CK"}), world)
    assert found == ["guarded: GET CK parent: 404 instead of open"]


def test_addresses_without_a_name_are_found_by_their_path() -> None:
    assert {"/without-name/", "guarded", "home"} <= set(addresses())


def test_a_change_of_one_value_is_seen(world: World) -> None:
    user = world.user("TC01", Role.CLERK)
    before = everything()
    with undone(world):
        User.objects.filter(pk=user.pk).update(name="Khác")
        assert everything() != before
    assert everything() == before
