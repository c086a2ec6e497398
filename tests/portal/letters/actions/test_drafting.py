"""A draft is filled with what is known, and changed by one person at a time."""

import pytest
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.letters.actions import drafting, numbering
from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.documents import LAUNCH
from quetsach_portal.letters.models import Dispatch
from quetsach_portal.letters.recipients import DeliveryChannels
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.letters import staged

pytestmark = pytest.mark.django_db


def test_a_draft_is_filled_with_what_is_known(world) -> None:
    basis = staged.outside(world)
    letter = drafting.create_draft(
        world.nodes["TC"],
        based_on=basis,
        template_code=LAUNCH,
        actor=world.user("TC", Role.COMPILER),
    )
    assert letter.subject == "triển khai chiến dịch làm sạch mã độc 2022"
    assert letter.place == "Trà Cú"
    assert letter.addressees == ["Ủy ban nhân dân xã Hai", "Ủy ban nhân dân xã Một"]
    assert letter.deadline == timezone.localtime(world.phase.due_at).date()
    assert letter.values["speaker"] == "Chủ tịch Ủy ban nhân dân huyện Trà Cú"
    assert AuditEvent.objects.filter(action="letter.drafted").exists()


def test_a_leaf_has_nobody_to_write_to(world) -> None:
    first = staged.released(world)
    with pytest.raises(Refused):
        drafting.create_draft(
            world.nodes["TC02"],
            based_on=first,
            template_code=LAUNCH,
            actor=world.user("TC02", Role.COMPILER),
        )


def test_two_who_edit_at_once_see_each_other(world) -> None:
    letter = staged.draft(world)
    actor = world.user("TC", Role.COMPILER)
    words = staged.wording(letter, subject="triển khai chiến dịch")
    drafting.change_draft(letter.pk, words, revision=letter.revision, actor=actor)
    with pytest.raises(Refused):
        drafting.change_draft(letter.pk, words, revision=letter.revision, actor=actor)


def test_A2_only_own_children_can_be_chosen(world) -> None:
    letter = staged.draft(world)
    actor = world.user("TC", Role.COMPILER)
    for stranger in (world.nodes["TC01A"].pk, world.nodes["TC"].pk, 0):
        words = staged.wording(letter, to_all=False, chosen=[stranger])
        with pytest.raises(Refused):
            drafting.change_draft(letter.pk, words, revision=letter.revision, actor=actor)
    chosen = staged.wording(letter, to_all=False, chosen=[world.nodes["TC02"].pk])
    drafting.change_draft(letter.pk, chosen, revision=letter.revision, actor=actor)
    drafting.send_to_clerk(letter.pk, actor=actor)
    clerk = world.user("TC", Role.CLERK)
    staged.sign(world, letter)
    letter = numbering.give_number(letter.pk, staged.signing(), repeat_is_meant=False, actor=clerk)
    staged.scanned(world, letter)
    releasing.release(letter.pk, DeliveryChannels(), start_mails=True, actor=clerk)
    assert set(Dispatch.objects.values_list("to_node__unit__code", flat=True)) == {"TC02"}
    world.nodes["TC01"].refresh_from_db()
    assert world.nodes["TC01"].told_at is None
