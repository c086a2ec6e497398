"""The workbook of an expected report, down and back: differences first, then the draft."""

import pytest

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.workbooks import workbook
from quetsach_portal.reports.writing import draft as writing_draft
from quetsach_portal.reports.writing.answers import TypedAnswer
from quetsach_portal.web.acts import Refused
from tests.portal.reports.acting import (
    PEOPLE,
    handed_in,
    numbers,
    slot_of,
    submitted,
    written,
)
from tests.portal.reports.papers import SCHOOL
from tests.portal.reports.workbooks.filling import filled
from tests.portal.world import World


def test_F3_answers_of_a_workbook_are_shown_and_then_saved_in_the_draft(world: World) -> None:
    slot = written(world, "TC01A")
    author = world.user("TC01A", Role.FOCAL_POINT)
    found = workbook.filled(slot, filled(slot, **{PEOPLE: "1.234"}), "bao-cao.xlsx")
    changed = workbook.changes(slot, found)
    assert [(one.key, one.before, one.after) for one in changed] == [(PEOPLE, "5", "1.234")]
    carried = workbook.looked_at(slot, workbook.as_answers(found, [PEOPLE]))
    assert slot_of(world, "TC01A").draft.own[PEOPLE]["value"]["count"] == 5, "only looked at"
    draft = workbook.take_over(slot, carried, actor=author)
    assert draft.own[PEOPLE]["value"]["count"] == 1234
    with pytest.raises(Refused):
        workbook.take_over(slot, carried, actor=author)


def test_F4_a_workbook_of_another_unit_or_of_a_report_handed_in_is_refused(world: World) -> None:
    slot = slot_of(world, "TC01A")
    other, old = filled(slot_of(world, "TC02")), filled(slot)
    with pytest.raises(Refused, match=SCHOOL):
        workbook.filled(slot, other, "bao-cao.xlsx")
    submitted(world, "TC01A")
    with pytest.raises(Refused, match="đã được nộp"):
        workbook.filled(slot_of(world, "TC01A"), old, "bao-cao.xlsx")


def test_F4_a_draft_that_was_only_opened_is_no_change(world: World) -> None:
    slot = slot_of(world, "TC01A")
    raw = filled(slot, **{PEOPLE: "8"})
    writing_draft.open_draft(slot, actor=world.user("TC01A", Role.FOCAL_POINT))
    found = workbook.filled(slot, raw, "bao-cao.xlsx")
    assert not found.is_older
    assert [one.key for one in workbook.changes(slot, found)] == [PEOPLE]


def test_the_units_name_is_taken_from_the_register_whatever_a_draft_says(world: World) -> None:
    slot, author = written(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT)
    draft = writing_draft.save(
        slot, {"unit": TypedAnswer(text="Đơn vị khác")}, revision=slot.draft.revision, actor=author
    )
    draft.own["unit"] = {"value": {"words": "Đơn vị khác", "grade": "declared"}}
    draft.save()
    version = handed_in(slot_of(world, "TC01A"), author)
    assert version.figures.get(key="unit").words == slot.node.name_at_freeze


def test_F4_a_workbook_fills_a_report_that_nobody_has_begun(world: World) -> None:
    slot, author = slot_of(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT)
    found = workbook.filled(slot, filled(slot, **{PEOPLE: 8}), "bao-cao.xlsx")
    answers = workbook.as_answers(found, [one.key for one in workbook.changes(slot, found)])
    draft = workbook.take_over(slot, workbook.looked_at(slot, answers), actor=author)
    assert draft.own[PEOPLE]["value"]["count"] == 8


def test_a_page_of_another_report_or_a_forged_one_saves_nothing(world: World) -> None:
    slot, author = written(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT)
    theirs = workbook.looked_at(written(world, "TC02"), numbers())
    for carried in (theirs, "", "x:y:z"):
        with pytest.raises(Refused):
            workbook.take_over(slot, carried, actor=author)


def test_B3_a_draft_that_somebody_wrote_meanwhile_is_not_written_over(world: World) -> None:
    slot, author = slot_of(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT)
    carried = workbook.looked_at(slot, numbers(people="8"))
    written(world, "TC01A", numbers(people="6"))
    with pytest.raises(Refused):
        workbook.take_over(slot, carried, actor=author)
    assert slot_of(world, "TC01A").draft.own[PEOPLE]["value"]["count"] == 6
