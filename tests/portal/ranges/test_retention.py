"""When a campaign is archived its notices keep their states, and no address."""

from django.db import transaction

from quetsach_portal.ranges.answering import give_answer
from quetsach_portal.ranges.models import NoticeQuestion, PublicRange
from quetsach_portal.ranges.retention import LINK_DAYS, link_end, purge
from tests.portal.ranges.asked import allotted, asked_of, questions, states
from tests.portal.world import World


def test_addresses_answers_and_links_go_and_states_stay(world: World) -> None:
    batch = allotted(world)
    forwarding = asked_of(world, batch, "TC01")
    give_answer(forwarding, questions(forwarding), "found", "Máy kế toán", actor=None)
    assert (link_end(forwarding) - forwarding.due_at).days == LINK_DAYS
    before = states(batch)
    assert world.campaign is not None
    with transaction.atomic():
        purge(world.campaign)
    assert states(batch) == before
    assert set(batch.allotted.values_list("address", "remote", "family")) == {("", "", "")}
    assert set(NoticeQuestion.objects.values_list("looked_at", flat=True)) == {""}
    forwarding.refresh_from_db()
    assert forwarding.secret == ""
    assert PublicRange.objects.count() == 5
