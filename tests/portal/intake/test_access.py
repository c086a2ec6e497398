"""Who sees what was handed in: the unit whole, those above as counts, nobody else."""

import pytest

from quetsach_portal.people.models.roles import Role
from tests.portal.intake.handing_in import LOG, hand_in, publish
from tests.portal.intake.rows import SignIn, text_of
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_units_above_see_counts_and_no_address_or_machine(world: World, client_of: SignIn) -> None:
    publish(world)
    row = hand_in(world, {"conn.log": LOG})
    run_ready()
    for role in (Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.COMPILER):
        client = client_of("TC", role)
        page = text_of(client, f"/evidence/below/{world.nodes['TC'].pk}/")
        assert "xã Một" in page
        for secret in ("10.0.0.5", "203.0.113.77", "conn.log"):
            assert secret not in page
        for address in ("", "progress", "report", "files"):
            assert client.get(f"/evidence/{row.pk}/{address}").status_code == 404
        # Direct children alone: what lies below a commune is the commune's to see.
        assert "Tiểu học A" not in page
        assert client.get(f"/evidence/below/{world.nodes['TC01'].pk}/").status_code == 404
    for code, role in (("TC", Role.AUDITOR), ("TC", Role.OPERATOR), ("TC01", Role.SIGNER)):
        assert client_of(code, role).get(f"/evidence/{row.pk}/").status_code == 404
