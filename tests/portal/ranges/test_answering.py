"""What units answer, by their logs or in words, and what the lead office can say then."""

import pytest

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.people.models.roles import Role
from quetsach_portal.ranges.answering import (
    ANSWERS_AN_HOUR,
    answer_by_link,
    asked_addresses,
    give_answer,
    shared_numbers,
)
from quetsach_portal.ranges.models import NoticeQuestion
from quetsach_portal.web.acts import Refused
from tests.portal.cases.rows import make_case
from tests.portal.ranges.asked import allotted, asked_of, questions, states, traced
from tests.portal.world import World


def test_a_machine_that_the_logs_name_is_an_answer_and_its_case_the_proof(world: World) -> None:
    batch = allotted(world)
    forwarding = asked_of(world, batch, "TC01")
    case = make_case(world, "TC01")
    traced(forwarding, 1, case)
    question = NoticeQuestion.objects.get(forwarding=forwarding, notice__number=1)
    assert (question.answer, question.by_trace, question.case) == ("found", True, case)
    assert states(batch)[:2] == ["found", "open"]
    traced(forwarding, 1)
    question.refresh_from_db()
    assert (question.answer, question.case) == ("", None)
    assert states(batch)[0] == "open"


def test_of_a_shared_range_the_first_proof_takes_the_notice(world: World) -> None:
    batch = allotted(world)
    first, second = asked_of(world, batch, "TC01"), asked_of(world, batch, "TC02")
    assert shared_numbers(first.part) == {4}
    traced(second, 4, make_case(world, "TC02"))
    other = NoticeQuestion.objects.get(forwarding=first, notice__number=4)
    assert other.answer == "taken"
    assert states(batch)[3] == "found"
    # With other logs it is not sure any more, and both are asked again.
    traced(second, 4)
    other.refresh_from_db()
    assert other.answer == ""
    assert states(batch)[3] == "open"


def test_of_a_shared_range_one_that_cannot_tell_leaves_it_open(world: World) -> None:
    batch = allotted(world)
    first, second = asked_of(world, batch, "TC01"), asked_of(world, batch, "TC02")
    give_answer(first, questions(first), "not-ours", "Không phải", actor=None)
    assert states(batch) == [
        *("undecided", "undecided", "open", "open"),
        *("undecided", "not-ours", "rejected"),
    ]
    give_answer(second, questions(second), "cannot-tell", "Không có nhật ký NAT", actor=None)
    assert states(batch)[2:4] == ["cannot-tell", "cannot-tell"]


def test_words_by_a_link_end_no_search_of_others_and_outweigh_no_logs(world: World) -> None:
    batch = allotted(world)
    first, second = asked_of(world, batch, "TC01"), asked_of(world, batch, "TC02")
    give_answer(first, questions(first), "found", "PC-01", actor=None)
    other = NoticeQuestion.objects.get(forwarding=second, notice__number=4)
    assert other.answer == ""
    give_answer(second, [other.pk], "not-ours", "x", actor=None)
    case = make_case(world, "TC02")
    traced(second, 4, case)
    other.refresh_from_db()
    assert (other.answer, other.by_trace, other.case) == ("found", True, case)


def test_an_answer_says_what_was_looked_at_and_by_whom(world: World) -> None:
    forwarding = asked_of(world, allotted(world), "TC01")
    actor = world.user("TC01", Role.TECHNICIAN)
    first = questions(forwarding)[:1]
    with pytest.raises(Refused):
        give_answer(forwarding, first, "cannot-tell", " ", actor=actor)
    with pytest.raises(Refused):
        give_answer(forwarding, first, "taken", "x", actor=actor)
    assert give_answer(forwarding, first, "cannot-tell", "Nhật\nký", actor=actor) == 1
    question = NoticeQuestion.objects.get(pk=first[0])
    assert (question.looked_at, question.answered_by) == ("Nhật ký", actor)
    with pytest.raises(Refused):
        give_answer(forwarding, first, "found", "PC-01", actor=actor)
    event = AuditEvent.objects.filter(action="notices.answered").latest("pk")
    assert event.detail == {"answer": "cannot-tell", "items": 1, "by_link": False}


def test_found_names_a_case_of_the_unit_or_a_machine(world: World) -> None:
    batch = allotted(world)
    forwarding = asked_of(world, batch, "TC01")
    case, strange = make_case(world, "TC01"), make_case(world, "TC02", "192.0.2.99")
    actor = world.user("TC01", Role.FOCAL_POINT)
    first, second, _third = questions(forwarding)
    with pytest.raises(Refused):
        give_answer(forwarding, [first], "found", "", actor=actor, case_number=strange.number)
    number = f" {case.number.lower()} "
    give_answer(forwarding, [first], "found", "", actor=actor, case_number=number)
    assert NoticeQuestion.objects.get(pk=first).case == case
    give_answer(forwarding, [second], "found", "Máy kế toán", actor=actor)
    assert states(batch)[:2] == ["found", "found"]


def test_a_link_answers_for_its_unit_alone_and_not_without_end(world: World) -> None:
    batch = allotted(world)
    forwarding, other = asked_of(world, batch, "TC01"), asked_of(world, batch, "TC02")
    with pytest.raises(Refused):
        answer_by_link(forwarding, questions(other), "not-ours", "x")
    told = set()
    for _again in range(ANSWERS_AN_HOUR + 1):
        with pytest.raises(Refused) as refused:
            answer_by_link(forwarding, [], "guess", "x")
        told.add(refused.value.told)
    assert len(told) == 2


def test_the_addresses_asked_about_are_the_units(world: World) -> None:
    part = asked_of(world, allotted(world), "TC01").part
    assert asked_addresses(part) == ("203.0.113.1", "203.0.113.2", "203.0.113.33")
