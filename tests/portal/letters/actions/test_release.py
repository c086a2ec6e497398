"""A release reaches all children at once or nobody; a withdrawal is told to all who got it."""

import pytest
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import NodeCounter, NodeState
from quetsach_portal.jobs.models import Job
from quetsach_portal.letters.actions import drafting, numbering
from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.models import Channel, Dispatch, DispatchState, LetterState
from quetsach_portal.letters.recipients import DeliveryChannels
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.letters import staged

pytestmark = pytest.mark.django_db


def test_B1_no_stage_can_be_jumped(world) -> None:
    clerk, writer = world.user("TC", Role.CLERK), world.user("TC", Role.COMPILER)
    letter = staged.draft(world)
    with pytest.raises(Refused):
        numbering.give_number(letter.pk, staged.signing(), repeat_is_meant=False, actor=clerk)
    with pytest.raises(Refused):
        releasing.release(letter.pk, DeliveryChannels(), start_mails=True, actor=clerk)
    drafting.send_to_clerk(letter.pk, actor=writer)
    with pytest.raises(Refused):
        drafting.change_draft(
            letter.pk, staged.wording(letter), revision=letter.revision, actor=writer
        )
    with pytest.raises(Refused):
        releasing.release(letter.pk, DeliveryChannels(), start_mails=True, actor=clerk)
    staged.sign(world, letter)
    numbering.give_number(letter.pk, staged.signing(), repeat_is_meant=False, actor=clerk)
    letter.refresh_from_db()
    staged.scanned(world, letter)
    releasing.release(letter.pk, DeliveryChannels(), start_mails=True, actor=clerk)
    with pytest.raises(Refused):
        releasing.release(letter.pk, DeliveryChannels(), start_mails=True, actor=clerk)
    with pytest.raises(Refused):
        numbering.give_number(letter.pk, staged.signing(8), repeat_is_meant=False, actor=clerk)
    with pytest.raises(Refused):
        drafting.take_back(letter.pk, why="x", actor=clerk)


def test_release_tells_all_children_at_once_and_moves_the_counters(world) -> None:
    staged.contact(world.units["TC01"], "xa1@huyen.example")
    letter = staged.released(world)
    rows = {
        (row.to_node.unit.code, row.channel): row
        for row in letter.dispatches.select_related("to_node__unit")
    }
    assert {key[0] for key in rows if key[1] == Channel.PORTAL} == {"TC01", "TC02"}
    assert rows["TC01", "portal"].state == DispatchState.DELIVERED
    assert rows["TC01", "mail"].state == DispatchState.QUEUED
    assert ("TC01", "paper") not in rows
    # Nobody can mail the second commune, so it is the desk's to hand it the paper.
    assert rows["TC02", "paper"].state == DispatchState.QUEUED
    assert ("TC02", "mail") not in rows
    for code in ("TC01", "TC02"):
        world.nodes[code].refresh_from_db()
        assert world.nodes[code].told_at == letter.released_at
    assert NodeCounter.objects.get(node=world.nodes["TC"]).told == 2
    assert Job.objects.filter(kind="mail.deliver").count() == 1


def test_a_release_that_fails_half_way_leaves_nothing(world, monkeypatch) -> None:
    letter = staged.numbered(world)

    def broken(*_args, **_kwargs):
        raise RuntimeError("the power went")

    monkeypatch.setattr(releasing, "reach_many", broken)
    with pytest.raises(RuntimeError):
        releasing.release(
            letter.pk, DeliveryChannels(), start_mails=True, actor=world.user("TC", Role.CLERK)
        )
    letter.refresh_from_db()
    assert letter.state == LetterState.NUMBERED
    assert not Dispatch.objects.exists()
    assert not Job.objects.exists()
    assert not AuditEvent.objects.filter(action="letter.released").exists()


def test_a_unit_that_left_the_tree_gets_no_letter(world) -> None:
    world.nodes["TC02"].state = NodeState.CLOSED
    world.nodes["TC02"].save()
    letter = staged.released(world)
    assert set(letter.dispatches.values_list("to_node__unit__code", flat=True)) == {"TC01"}


def test_the_lead_offices_letter_is_released_by_a_second_person(world) -> None:
    letter = staged.numbered(world)
    with pytest.raises(Refused):
        releasing.release(
            letter.pk, DeliveryChannels(), start_mails=True, actor=world.user("TC", Role.COMPILER)
        )


def test_a_withdrawn_letter_tells_all_who_got_it_and_keeps_receipts(world) -> None:
    staged.contact(world.units["TC01"], "xa1@huyen.example")
    letter = staged.released(world, start_mails=False)
    letter.dispatches.filter(channel=Channel.MAIL).update(state=DispatchState.SENT)
    node = world.nodes["TC01"]
    node.refresh_from_db()
    node.received_at = timezone.now()
    node.save()
    clerk = world.user("TC", Role.CLERK)
    with pytest.raises(Refused):
        releasing.withdraw(letter.pk, why="  ", actor=clerk)
    releasing.withdraw(letter.pk, why="nhầm số liệu", actor=clerk)
    told = letter.dispatches.filter(about="withdrawal").values_list(
        "to_node__unit__code", "channel", "state"
    )
    assert sorted(told) == [
        ("TC01", "mail", "queued"),
        ("TC01", "portal", "delivered"),
        ("TC02", "portal", "delivered"),
    ]
    waiting = letter.dispatches.get(about="issue", channel=Channel.PAPER)
    assert waiting.state == DispatchState.CANCELLED
    node.refresh_from_db()
    assert node.received_at is not None
    assert node.told_at is not None
    with pytest.raises(Refused):
        releasing.withdraw(letter.pk, why="lần nữa", actor=clerk)


def test_nobody_releases_a_letter_that_rests_on_a_withdrawn_one(world) -> None:
    first = staged.released(world)
    second = staged.numbered(world, "TC01", first)
    releasing.withdraw(first.pk, why="nhầm", actor=world.user("TC", Role.CLERK))
    with pytest.raises(Refused):
        releasing.release(
            second.pk, DeliveryChannels(), start_mails=True, actor=world.user("TC01", Role.CLERK)
        )


def test_release_to_many_is_a_few_statements(world, django_assert_max_num_queries) -> None:
    staged.more_children(world, 700)
    letter = staged.numbered(world)
    # Two rows for each of 700 recipients, its dispatch and its mail, written in batches.
    with django_assert_max_num_queries(90):
        releasing.release(
            letter.pk, DeliveryChannels(), start_mails=True, actor=world.user("TC", Role.CLERK)
        )
    assert Dispatch.objects.filter(channel=Channel.PORTAL).count() == 702
