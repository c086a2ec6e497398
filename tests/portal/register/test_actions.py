"""Contacts, service desks and head counts are kept with their history."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import Desk, Headcount, UnitContact
from tests.portal.register.clients import ClientOf
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_contacts_desks_and_head_counts_are_kept(world: World, client_of: ClientOf) -> None:
    client, unit = client_of("TC01", Role.FOCAL_POINT), world.units["TC01"]
    form = {"role": "receiver", "mail": "A@donvi.example", "phone": "0294.3874.000", "person": "B"}
    client.post(f"/units/{unit.pk}/contacts/add", form)
    contact = UnitContact.objects.get()
    assert (contact.mail, contact.source) == ("a@donvi.example", "unit")
    again = client.post(f"/units/{unit.pk}/contacts/add", form)
    assert again.context["form"].errors["mail"]
    bad = client.post(f"/units/{unit.pk}/contacts/add", {"role": "x", "mail": "a@b\r\nBcc: c@d.ex"})
    assert set(bad.context["form"].errors) == {"role", "mail"}
    UnitContact.objects.update(disabled_reason="550")
    client.post(f"/units/contacts/{contact.pk}/", {**form, "mail": "moi@donvi.example"})
    contact.refresh_from_db()
    assert (contact.mail, contact.disabled_reason) == ("moi@donvi.example", "")
    client.post(f"/units/{unit.pk}/desks", {"compiler": "TC01A"})
    assert Desk.objects.get(unit=unit).served_by == world.units["TC01A"]
    assert client.post(f"/units/{unit.pk}/desks", {"compiler": "KH"}).context["form"].errors
    tomorrow = timezone.localdate() + timedelta(days=1)
    late = client.post(f"/units/{unit.pk}/headcount", {"staff_count": 9, "as_of": tomorrow})
    assert late.context["form"].errors
    client.post(f"/units/{unit.pk}/headcount", {"staff_count": 9, "as_of": timezone.localdate()})
    assert Headcount.objects.get().staff_count == 9
    client.post(f"/units/contacts/{contact.pk}/end")
    assert client.get(f"/units/contacts/{contact.pk}/").status_code == 404
