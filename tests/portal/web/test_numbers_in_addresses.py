"""Numbers of rows in addresses and forms have no dots of thousands: 1091, and not 1.091."""

import re
from pathlib import Path

import pytest

import quetsach_portal
from quetsach_portal.people.models.roles import Role

TEMPLATES = sorted(Path(quetsach_portal.__file__).parent.glob("*/templates/**/*.html"))
LOCALIZED = re.compile(r'(?:=|="|-)\{\{ (?:[a-z_]+\.)*(?:pk|node_id|no) \}\}')


def test_each_is_unlocalized() -> None:
    assert len(TEMPLATES) > 100
    found = [f"{one.name}: {LOCALIZED.findall(one.read_text())}" for one in TEMPLATES]
    assert [one for one in found if not one.endswith("[]")] == []


@pytest.mark.asvs("V1.4.2", "V15.3.5")
@pytest.mark.django_db
def test_numbers_and_signs_that_no_database_takes_are_no_errors_of_ours(client_of) -> None:
    client = client_of("TC", Role.LEAD_OWNER)
    client.raise_request_exception = False
    for address, status in (
        (f"/people/person/{2**63}/", 404),
        (f"/campaigns/?page={'9' * 5000}", 200),
        ("/campaigns/?page=99999", 200),
        ("/units/?q=a%00b", 400),
        ("/join/a%00b/", 400),
    ):
        assert client.get(address).status_code == status, address[:40]
