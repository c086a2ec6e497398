"""The pages of a campaign take the same queries for any tree."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quetsach_portal.campaigns.units import health, with_contact
from quetsach_portal.units.dated import end_names
from quetsach_portal.units.models import OrgUnit, UnitContact
from quetsach_portal.web.folding import folded
from tests.portal.campaigns.acting import owner, prepared
from tests.portal.signing_in import signed_in
from tests.portal.world import make_unit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["setup/", "tree/", "contacts/", "dry-run/"])
def test_queries_do_not_grow_with_the_tree(register, page: str) -> None:
    client = signed_in(owner(register))
    counted = []
    for _time in range(2):
        campaign = prepared(register, contacts=not counted)
        address = f"/campaigns/{campaign.pk}/{page}"
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        counted.append(len(caught))
        for number in range(0 if counted[1:] else 30):
            make_unit(f"Z{number}", register.units["TC"])
    # Of a page without rows nothing more is asked.
    assert counted[0] <= counted[1] <= min(22, counted[0] + 1)


def codes_on(client, address: str) -> list[str]:
    return [one.unit.code for one in client.get(address).context["page"].rows]


def test_a_unit_is_found_by_code_by_name_without_marks_and_by_the_name_of_the_freeze(
    register,
) -> None:
    client, campaign = signed_in(owner(register)), prepared(register)
    tree = f"/campaigns/{campaign.pk}/tree/"
    unit = register.units["TC02"]
    plain = folded(unit.name)
    end_names([unit.pk], timezone.localdate())
    OrgUnit.objects.filter(pk=unit.pk).update(name="Xã Đổi Tên", search="xa doi ten tc02")
    assert codes_on(client, f"{tree}?q=doi ten") == ["TC02"]
    assert codes_on(client, f"{tree}?q=Đổi Tên") == ["TC02"]
    assert "TC02" in codes_on(client, f"{tree}?q={unit.name}")
    assert codes_on(client, f"{tree}?q=tc02") == ["TC02"]
    assert codes_on(client, f"{tree}?q=%25") == codes_on(client, f"{tree}?q=_") == []
    assert plain != "xa doi ten"
    everything = codes_on(client, tree)
    assert codes_on(client, f"{tree}?q=   ") == everything
    assert len(everything) == client.get(tree).context["units"]


def test_units_without_a_contact_and_those_switched_off_are_listed_apart(register) -> None:
    client, campaign = signed_in(owner(register)), prepared(register)
    contacts = f"/campaigns/{campaign.pk}/contacts/"
    UnitContact.objects.filter(unit=register.units["TC01"]).update(disabled_reason="550")
    UnitContact.objects.filter(unit=register.units["TC02"]).update(mail="")
    UnitContact.objects.create(unit=register.units["TC"], mail="x@a.example", disabled_reason="5")
    assert codes_on(client, contacts) == codes_on(client, f"{contacts}?only=none") == ["TC02"]
    assert codes_on(client, f"{contacts}?only=off") == ["TC01"]
    reach = health(campaign)
    assert (reach.units, reach.units - reach.reachable) == (with_contact(campaign).count(), 2)
