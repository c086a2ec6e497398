"""The lists of the register: few queries, each problem of contacts found."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import OrgUnit, UnitContact
from tests.portal.register.clients import ClientOf
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("words", ["ngai xuyen", "NGÃI XUYÊN", "xuyên ngãi", "tc10", "Ngãi"])
def test_a_search_finds_by_name_or_code_with_or_without_marks(words: str, district: Client) -> None:
    page = district.get("/units/", {"q": words}).content.decode()
    assert "Ủy ban nhân dân xã Ngãi Xuyên" in page
    assert "Huyện đoàn" not in page


def test_the_tree_takes_few_queries_however_many_units(district: Client) -> None:
    top = OrgUnit.objects.get(code="TC")
    for address in ("/units/", f"/units/{top.pk}/", "/units/?q=xa", "/units/contacts/"):
        with CaptureQueriesContext(connection) as asked:
            assert district.get(address).status_code == 200
        assert len(asked) <= 20, (address, len(asked))


def test_the_health_of_contacts_tells_missing_bounced_shared_and_stale(
    world: World, client_of: ClientOf
) -> None:
    units = world.units
    UnitContact.objects.create(unit=units["TC"], mail="chung@donvi.example")
    UnitContact.objects.create(unit=units["TC01"], mail="chung@donvi.example")
    UnitContact.objects.create(unit=units["TC02"], mail="x@donvi.example", disabled_reason="550")
    old = timezone.localdate() - timedelta(days=400)
    UnitContact.objects.filter(unit=units["TC01"]).update(valid_from=old)
    client = client_of("TC", Role.LEAD_OWNER)
    found = {
        problem: [
            one.code
            for one in client.get("/units/contacts/", {"problem": problem}).context["page"].rows
        ]
        for problem in ("missing", "bounced", "shared", "stale")
    }
    assert found == {
        "missing": ["TC01A"],
        "bounced": ["TC02"],
        "shared": ["TC", "TC01"],
        "stale": ["TC01"],
    }


def test_contacts_open_on_the_first_problem_that_somebody_has(
    world: World, client_of: ClientOf
) -> None:
    stale = timezone.localdate() - timedelta(days=500)
    for unit in world.units.values():
        UnitContact.objects.create(unit=unit, mail=f"{unit.code}@coquan.example", valid_from=stale)
    page = client_of("TC", Role.LEAD_OWNER).get("/units/contacts/").content.decode()
    assert "Ủy ban nhân dân xã Một" in page
