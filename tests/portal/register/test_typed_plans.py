"""What cannot be done is refused beside its field."""

import pytest
from django.utils import timezone

from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import OrgEvent
from tests.portal.register.clients import SPLIT, ClientOf
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "form", "field"),
    [
        ("merge", {"merges": "TC01 TC02"}, "merges"),
        ("merge", {"merges": "TC01 + KH = X1; Xã; xã"}, "merges"),
        ("merge", {"merges": "TC01 + TC02 = TC01A"}, "into"),
        ("merge", {"units_1": "TC01\nKH", "name_1": "X", "code_1": "X1"}, "units_1"),
        ("merge", {"units_1": "TC01\nTC02"}, "into_1"),
        ("abolish", {"units": "TC01", "below_1": "TC01A"}, "heir_1"),
        ("move", {"units": "TC01", "parent": "KH", "line": "territory"}, "parent"),
        ("rename", {"units": "TC01", "name": "=cmd|' /C calc'!A0"}, "name"),
        ("close", {"units": "KH"}, "units"),
        ("split", {"units": "TC02", "name_1": "Xã Y", "code_1": "Y1"}, "name_2"),
        ("split", {**SPLIT, "units": "TC02", "children_1": "TC01A"}, "children_1"),
        ("split", {**SPLIT, "units": "TC01", "code_2": "Y1"}, "parts"),
        ("open", {"parent": "TC", "code": "TC01", "name": "X", "kind": "school"}, "line"),
    ],
)
def test_what_cannot_be_done_is_told_beside_its_field(
    kind: str, form: dict[str, str], field: str, world: World, client_of: ClientOf
) -> None:
    client = client_of("TC", Role.LEAD_OWNER)
    whole = {**form, "effective_on": timezone.localdate().isoformat(), "legal_doc": "QĐ 1"}
    page = client.post(f"/units/events/new/{kind}/", {**whole, "step": "send"})
    assert page.status_code == 200
    errors = page.context["form"].errors
    assert field in errors or "__all__" in errors
    assert not OrgEvent.objects.exists()
