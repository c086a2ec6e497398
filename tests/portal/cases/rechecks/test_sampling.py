"""From what a sample is drawn: each device or unit below, once."""

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.models.case import Case, CaseOutcome
from quetsach_portal.cases.rechecks import actions
from quetsach_portal.cases.rechecks.sampling import frame_of
from tests.portal.cases.rechecks.samples import devices

pytestmark = pytest.mark.django_db


def test_the_frame_holds_each_device_once_by_its_latest_case_and_never_the_own(world) -> None:
    node = world.nodes["TC"]
    devices(world, "TC", 2, clean=0)
    (old,) = devices(world, "TC01", 1, clean=0)
    Case.objects.filter(pk=old.pk).update(
        outcome=CaseOutcome.ACCEPTED_RISK, closed_at=timezone.now()
    )
    new = Case.objects.create(node=old.node, device=old.device)
    assert list(frame_of(node, "devices")) == [new.number]
    assert not frame_of(node, "devices")[new.number].declared


def test_units_are_drawn_from_all_below(world, owner) -> None:
    CampaignNode.objects.filter(pk=world.nodes["TC02"].pk).update(deployed_at=timezone.now())
    draw = actions.draw(world.nodes["TC"], subject="units", size=100, actor=owner)
    assert (draw.size, draw.population, draw.declared) == (3, 3, 1)
    assert set(draw.items.values_list("ref", flat=True)) == {"TC01", "TC02", "TC01A"}
