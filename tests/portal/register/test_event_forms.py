"""The forms of tree events, also those with groups that repeat."""

import pytest
from django.utils import timezone

from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import OrgEvent
from tests.portal.register.clients import SPLIT, ClientOf
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "form", "said"),
    [
        ("rename", {"units": "xã Hai (TC02)", "name": "Xã Hai Mới"}, "Xã Hai Mới"),
        ("move", {"units": "TC02", "parent": "TC01", "line": "territory"}, "(TC01)"),
        ("split", {**SPLIT, "units": "TC01", "children_2": "tc01a"}, "Xã Z (Z1)"),
        ("close", {"units": "TC02"}, "(TC02)"),
        ("abolish", {"units": "TC01", "below_1": "TC01A", "heir_1": "TC02"}, "(TC02)"),
        ("open", {"parent": "TC", "code": "N1", "name": "Xã N", "kind": "commune"}, "Xã N (N1)"),
        ("merge", {"merges": "TC01 + TC02 = X1; Ủy ban nhân dân xã Mới; xã"}, "Mới (X1)"),
    ],
)
def test_each_kind_goes_from_the_form_by_its_check_to_the_proposal(
    kind: str, form: dict[str, str], said: str, world: World, client_of: ClientOf
) -> None:
    client, address = client_of("TC", Role.LEAD_OWNER), f"/units/events/new/{kind}/"
    given = {"line": "territory", **form, "effective_on": "", "legal_doc": "QĐ 1"}
    given["effective_on"] = timezone.localdate().isoformat()
    checked = client.post(address, {**given, "step": "check"})
    assert checked.context["effects"] is not None, checked.context["form"].errors
    hidden = {
        field.html_name: field.value()
        for field in checked.context["form"]
        if field.value() not in (None, False)
    }
    client.post(address, {**hidden, "step": "send"})
    event = OrgEvent.objects.get()
    assert said in client.get(f"/units/events/{event.pk}/").content.decode()


def test_one_more_group_keeps_what_was_filled_in(world: World, client_of: ClientOf) -> None:
    client = client_of("TC", Role.LEAD_OWNER)
    given = {**SPLIT, "units": "TC01", "groups": "2", "step": "more"}
    form = client.post("/units/events/new/split/", given).context["form"]
    assert (form.count, form["name_2"].value(), form.errors) == (3, "Xã Z", {})
