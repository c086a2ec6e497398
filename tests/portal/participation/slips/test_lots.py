"""A lot is printed once, kept as digests, revoked when lost, and struck by a named person."""

import pytest
from django.test import override_settings

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState
from quetsach_portal.participation.models import Slip
from quetsach_portal.participation.slips import bursts, lots, pressing
from quetsach_portal.participation.slips.pressing import SlipPress
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from quetsach_public import codes
from tests.portal.participation.slips.printing import NINE, press_all, printed

pytestmark = pytest.mark.django_db


def test_a_code_is_on_the_paper_alone_and_a_row_leads_to_no_place_on_the_sheet(world) -> None:
    lot, texts = printed(world, 12)
    assert len(set(texts)) == 12
    assert all(codes.plain(text, codes.SLIP_LENGTH) == text for text in texts)
    rows = [slip.digest for slip in lot.slips.order_by("pk")]
    assert rows == sorted(rows)
    kept = str(list(Slip.objects.values())) + str(list(AuditEvent.objects.values()))
    assert not [text for text in texts if text in kept]


def test_slips_of_an_earlier_secret_key_are_found_and_of_a_stranger_s_not(world) -> None:
    with override_settings(SECRET_KEY="earlier " * 8):
        _lot, texts = printed(world, 2)
    assert pressing.press(texts[0], NINE) is SlipPress.UNKNOWN
    with override_settings(SECRET_KEY_FALLBACKS=["earlier " * 8]):
        assert pressing.press(texts[0], NINE) is SlipPress.COUNTED


def test_a_unit_has_as_many_slips_as_people_and_a_few_and_a_lost_lot_is_printed_anew(world) -> None:
    node, actor = world.nodes["TC01"], world.user("TC01", Role.FOCAL_POINT)
    lot, texts = printed(world, 15)
    press_all(texts[:3])
    with pytest.raises(Refused, match="0"):
        lots.print_lot(node, 1, actor=actor)
    lots.revoke(lot, actor=actor)
    assert lots.most_in_use(node) - lots.in_use(node) == 12
    _second, again = lots.print_lot(node, 12, actor=actor)
    assert press_all([texts[5], again[0]]) == [SlipPress.REVOKED, SlipPress.COUNTED]


def test_what_was_pressed_of_a_lost_lot_stays_until_a_named_person_strikes_it(world) -> None:
    node, actor = world.nodes["TC01"], world.user("TC01", Role.FOCAL_POINT)
    lot, texts = printed(world, 4)
    press_all(texts[:2])
    with pytest.raises(Refused):
        lots.strike(lot, "phiếu bị nhặt được", actor=actor)
    lots.revoke(lot, actor=actor)
    assert bursts.slip_figures(node) == bursts.SlipFigures(4, 2, 2, 0, 0)
    with pytest.raises(Refused):
        lots.strike(lot, "  ", actor=actor)
    lots.strike(lot, "phiếu bị nhặt được", actor=actor)
    assert bursts.slip_figures(node) == bursts.SlipFigures(4, 2, 0, 0, 2)
    event = AuditEvent.objects.get(action="participation.slips_struck")
    assert (event.actor_id, event.detail["reason"]) == (actor.pk, "phiếu bị nhặt được")
    for act in (lambda: lots.strike(lot, "x", actor=actor), lambda: lots.revoke(lot, actor=actor)):
        with pytest.raises(Refused):
            act()


def test_nothing_is_printed_without_bounds_or_after_the_campaign(world) -> None:
    node, actor = world.nodes["TC01"], world.user("TC01", Role.FOCAL_POINT)
    CampaignNode.objects.filter(pk=node.pk).update(staff=0)
    for size in (0, lots.ON_A_SHEET * lots.MOST_SHEETS + 1):
        with pytest.raises(Refused):
            lots.print_lot(node, size, actor=actor)
    assert lots.print_lot(node, 20, actor=actor)[0].size == 20
    node.campaign.state = CampaignState.CLOSED
    node.campaign.save()
    with pytest.raises(Refused):
        lots.print_lot(node, 1, actor=actor)


def test_slips_go_when_the_campaign_is_archived_and_the_figures_stay(world) -> None:
    _lot, texts = printed(world, 4)
    press_all(texts[:2])
    assert lots.purge(world.campaign) == {"slips": 4}
    assert bursts.slip_figures(world.nodes["TC01"]) == bursts.SlipFigures(4, 2, 2, 0, 0)
