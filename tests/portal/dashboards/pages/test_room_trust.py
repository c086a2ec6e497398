"""What units declare, beside what a sample by lot confirmed."""

import pytest
from django.utils import timezone

from quetsach_portal.cases.models.recheck import Draw, RecheckItem
from quetsach_portal.people.models.roles import Role
from tests.portal.dashboards.pages.chief_world import room

pytestmark = pytest.mark.django_db


def test_trust_is_what_the_last_finished_sample_confirmed(world, client_of) -> None:
    node, phase = world.nodes["TC"], world.phase
    drawn = {"node": node, "phase": phase, "subject": "units", "seed": "a" * 32, "frame": "TC01"}
    drawn |= {
        "population": 2,
        "declared": 2,
        "size": 2,
        "drawn_by": world.user("TC", Role.COMPILER),
    }
    draw = Draw.objects.create(number=1, state="closed", ended_at=timezone.now(), **drawn)
    for place, answer in enumerate(("yes", "no"), 1):
        RecheckItem.objects.create(
            draw=draw, place=place, ref=f"TC0{place}", node=world.nodes[f"TC0{place}"],
            was_declared=True, answer=answer,
        )  # fmt: skip
    page = room(world, client_of).content.decode()
    assert "khai báo 100 %, kiểm tra lại 50 % (khoảng tin cậy 9–91)" in page
    assert "1 trên 2 đối tượng rút thăm" in page
    assert f'href="/rechecks/{draw.pk}/"' in page
