"""The page of logs that are gone, and the same for programs."""

import pytest

from quetsach_portal.people.models.roles import Role
from quetsach_portal.prints.models import PrintMatch
from tests.portal.intake.handing_in import publish
from tests.portal.prints.asked import asked
from tests.portal.signing_in import signed_in
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.LEAD_OWNER, Role.LEAD_ANALYST])
def test_the_lead_office_reads_and_asks(world: World, role: Role) -> None:
    actor = world.user("TC", role)
    hit = asked(world.campaign, world.nodes["TC01"], actor)
    client = signed_in(actor)
    assert 'href="/fingerprints/"' in client.get("/evidence/").content.decode()
    text = client.get("/fingerprints/").content.decode()
    assert "12/09/2022" in text
    assert "&lt;b&gt;bad.example" in text
    assert "0,0002" in text
    client.post(f"/fingerprints/hits/{hit.pk}/evidence")
    assert PrintMatch.objects.get().requested_at is not None
    publish(world)
    answer = client.post(f"/fingerprints/{world.campaign.pk}/ask", follow=True)
    assert answer.status_code == 200
