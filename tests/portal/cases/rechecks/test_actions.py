"""A sample that nobody chose: drawn by a seed, answered by others, finished whole."""

import pytest

from quetsach.api import reports
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.cases.models.recheck import RecheckItem
from quetsach_portal.cases.rechecks import actions
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.cases.rechecks.samples import enter

pytestmark = pytest.mark.django_db


def test_the_seed_and_the_list_give_the_same_sample_again(drawn) -> None:
    refs = list(drawn.items.order_by("place").values_list("ref", flat=True))
    assert list(reports.draw(drawn.seed, drawn.frame.split("\n"), drawn.size)) == refs
    assert (len(drawn.seed), drawn.population, drawn.declared) == (32, 25, 24)


def test_two_samples_have_two_seeds_and_two_numbers(world, drawn, owner) -> None:
    actions.give_up(drawn, reason="bão", actor=owner)
    second = actions.draw(world.nodes["TC"], subject="devices", size=12, actor=owner)
    assert second.seed != drawn.seed
    assert (drawn.number, second.number) == (1, 2)


def test_nothing_is_left_out_to_choose_the_result(drawn, owner) -> None:
    enter(drawn, "y" * 12, owner)
    RecheckItem.objects.filter(draw=drawn, place=3).update(answer="")
    with pytest.raises(Refused):
        actions.finish(drawn, actor=owner)


def test_what_is_finished_stands(drawn, owner) -> None:
    enter(drawn, "y" * 12, owner)
    actions.finish(drawn, actor=owner)
    with pytest.raises(Refused):
        actions.answer(drawn.items.first(), found="no", note="", actor=owner)


def test_could_not_tell_needs_a_reason(drawn, owner) -> None:
    with pytest.raises(Refused) as refused:
        actions.answer(drawn.items.first(), found="unknown", note=" ", actor=owner)
    assert refused.value.field == "note"


def test_nobody_rechecks_their_own_unit(world, drawn) -> None:
    item = drawn.items.filter(node=world.nodes["TC01"]).first()
    with pytest.raises(Refused):
        actions.answer(item, found="yes", note="", actor=world.user("TC01", Role.TECHNICIAN))
    with pytest.raises(Refused):
        actions.give_to(
            drawn,
            [item.place],
            checker=world.user("TC01", Role.TECHNICIAN),
            actor=world.user("TC", Role.LEAD_OWNER),
        )


def test_a_second_sample_waits_for_the_first(world, drawn, owner) -> None:
    with pytest.raises(Refused):
        actions.draw(world.nodes["TC"], subject="devices", size=5, actor=owner)
    actions.draw(world.nodes["TC"], subject="units", size=5, actor=owner)


def test_each_act_stands_in_the_trail(drawn, owner) -> None:
    enter(drawn, "y" * 12, owner)
    actions.finish(drawn, actor=owner)
    acts = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"recheck.drawn", "recheck.answered", "recheck.ended"} <= acts


def test_nothing_below_is_refused_in_words(world) -> None:
    with pytest.raises(Refused) as refused:
        actions.draw(
            world.nodes["TC01A"],
            subject="units",
            size=5,
            actor=world.user("TC01A", Role.COMPILER),
        )
    assert refused.value.field == "subject"
