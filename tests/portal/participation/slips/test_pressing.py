"""A slip counts once, whoever presses it, from wherever, however many at once."""

import threading

import pytest
from django.db import connection

from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState, NodeState
from quetsach_portal.participation.models import Slip, SlipHour
from quetsach_portal.participation.slips import lots, pressing
from quetsach_portal.participation.slips.pressing import SlipPress
from quetsach_portal.people.models.roles import Role
from tests.portal.participation.slips.printing import NINE, press_all, printed
from tests.portal.world import make_world


@pytest.mark.django_db
def test_a_slip_counts_once_and_however_it_is_typed(world) -> None:
    _lot, texts = printed(world, 2)
    typed = f" {texts[0][:4].lower()}-{texts[0][4:8]} {texts[0][8:]} "
    assert press_all([typed, texts[0], texts[0]]) == [SlipPress.COUNTED, *[SlipPress.USED] * 2]
    assert SlipHour.objects.get().pressed == 1
    assert Slip.objects.filter(is_used=True).count() == 1


@pytest.mark.django_db
def test_a_wrong_character_or_a_code_that_was_never_printed_counts_nothing(world) -> None:
    _lot, texts = printed(world, 1)
    other = "A" if texts[0][3] != "A" else "B"
    for text in ("", "x" * 500, texts[0][:3] + other + texts[0][4:], "0" * 12, "1" * 26):
        assert pressing.press(text, NINE) is SlipPress.UNKNOWN
    assert not SlipHour.objects.exists()


@pytest.mark.django_db
def test_nothing_counts_while_the_campaign_does_not_run_or_for_a_unit_that_is_gone(world) -> None:
    _lot, texts = printed(world, 2)
    world.campaign.state = CampaignState.CLOSED
    world.campaign.save()
    assert pressing.press(texts[0], NINE) is SlipPress.NOT_RUNNING
    world.campaign.state = CampaignState.LIVE
    world.campaign.save()
    CampaignNode.objects.filter(pk=world.nodes["TC01"].pk).update(state=NodeState.MERGED)
    assert pressing.press(texts[0], NINE) is SlipPress.REVOKED


@pytest.mark.django_db(transaction=True)
def test_presses_at_once_and_a_revocation_between_them_count_exactly(transactional_db) -> None:
    world = make_world()
    lot, texts = printed(world, 6)
    actor = world.user("TC01", Role.FOCAL_POINT)
    became: list[SlipPress] = []
    start = threading.Barrier(5)

    def press_some() -> None:
        start.wait()
        became.extend(press_all(texts))
        connection.close()

    def take_back() -> None:
        start.wait()
        lots.revoke(lot, actor=actor)
        connection.close()

    threads = [threading.Thread(target=act) for act in (*[press_some] * 4, take_back)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted = became.count(SlipPress.COUNTED)
    assert len(became) == 24
    assert counted == Slip.objects.filter(is_used=True).count()
    assert counted == sum(SlipHour.objects.values_list("pressed", flat=True))
    assert counted <= 6
