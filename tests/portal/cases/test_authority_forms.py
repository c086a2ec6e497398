"""Forms for what an authority sends."""

import pytest

from quetsach_portal.cases.address_requests import ZONES
from quetsach_portal.cases.authority_forms import AddressRequestForm, DeclaredZoneForm
from tests.portal.cases.rows import Rewound


def test_every_zone_that_may_be_declared_can_be_chosen() -> None:
    choices = [value for value, _words in DeclaredZoneForm().fields["zone"].choices]
    assert choices == ["", *ZONES]


@pytest.mark.parametrize(("zone", "is_valid"), [("", True), ("UTC", True), ("Asia/Tokyo", False)])
def test_no_other_zone_is_valid(zone: str, is_valid: bool) -> None:
    form = AddressRequestForm({"zone": zone}, {"upload": Rewound("a.txt", b"a")})
    assert form.is_valid() is is_valid
