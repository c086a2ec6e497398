"""Who takes part is counted, once, up the tree, and never named."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import CampaignState, NodeCounter
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.participation import actions
from quetsach_portal.participation.models import JoinCode, JoinCounter, JoinKind
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.participation.joining import joined, press, roll

pytestmark = pytest.mark.django_db


def test_somebody_who_presses_is_counted_up_the_tree_once(world, codes) -> None:
    assert press(Client(), codes["staff"], checked="on").status_code == 302
    roll(2)
    assert [joined(world, code) for code in ("TC01", "TC", "TC02", "TC01A")] == [1, 1, 0, 0]
    row = JoinCounter.objects.get()
    assert (row.joined, row.checked, row.cleaned, row.rolled) == (1, 1, 0, 1)


def test_B7_the_counters_equal_a_recount(world, codes) -> None:
    for kind in ("staff", "relative", "public", "public"):
        press(Client(), codes[kind])
    roll()
    assert recount(world.campaign) == []
    NodeCounter.objects.filter(node=world.nodes["TC"]).update(joined_public=9)
    assert [one.figure for one in recount(world.campaign)] == ["joined_public"]


def test_a_replaced_code_leads_on_and_ends_after_thirty_days(world, codes) -> None:
    new = actions.replace_code(codes["staff"], actor=world.user("TC01", Role.FOCAL_POINT))
    answer = Client().get(f"/join/{codes['staff'].code}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/join/{new.code}/")
    JoinCode.objects.filter(pk=codes["staff"].pk).update(
        ended_at=timezone.now() - timedelta(days=31)
    )
    assert Client().get(f"/join/{codes['staff'].code}/").status_code == 410
    with pytest.raises(Refused):
        actions.replace_code(codes["staff"], actor=world.user("TC01", Role.FOCAL_POINT))


def test_nothing_is_counted_unless_the_campaign_runs(world, codes) -> None:
    world.campaign.state = CampaignState.CLOSED
    world.campaign.save()
    assert press(Client(), codes["staff"]).status_code == 422
    assert not JoinCounter.objects.exists()


def test_making_codes_twice_is_once_and_stands_in_the_trail(world, codes) -> None:
    actions.make_codes(world.nodes["TC01"], actor=world.user("TC01", Role.FOCAL_POINT))
    assert JoinCode.objects.count() == len(JoinKind)
    assert AuditEvent.objects.filter(action="participation.codes_made").count() == 1
