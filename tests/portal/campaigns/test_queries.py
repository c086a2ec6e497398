"""The pages of a campaign take the same queries for any tree."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

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
    assert counted[0] == counted[1] <= 22
