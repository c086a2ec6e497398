"""The workbook of an expected report, down and back: differences first, then the draft."""

import io

import pytest

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.workbooks import workbook
from quetsach_portal.reports.writing import draft as writing_draft
from quetsach_portal.reports.writing.answers import TypedAnswer
from quetsach_portal.web.acts import Refused
from tests.portal.reports.acting import (
    INFORMED,
    PEOPLE,
    handed_in,
    numbers,
    slot_of,
    submitted,
    written,
)
from tests.portal.reports.papers import SCHOOL
from tests.portal.reports.workbooks.filling import filled
from tests.portal.signing_in import signed_in
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


def test_F4_an_older_workbook_is_held_against_the_newer_draft_line_by_line(world: World) -> None:
    slot = slot_of(world, "TC01A")
    raw = filled(slot, **{PEOPLE: "8", "assessment": "Tốt."})
    written(world, "TC01A", numbers(people="6"))
    browser = signed_in(world.user("TC01A", Role.FOCAL_POINT))
    file = io.BytesIO(raw)
    file.name = "bao-cao.xlsx"
    page = browser.post(f"/reports/workbooks/{slot.pk}/", {"file": file})
    rows = {one.key: (one.before, one.after, one.is_untouched) for one in page.context["changes"]}
    assert rows[PEOPLE] == ("6", "8", False)
    assert rows[INFORMED] == ("1", "0", True), "as the records had filled it in"
    assert "Bản nháp đã được sửa" in page.content.decode()
    sent = {"carried": page.context["carried"], "choose": "1", "take": ["assessment"]}
    browser.post(f"/reports/workbooks/{slot.pk}/save", sent)
    own = slot_of(world, "TC01A").draft.own
    assert (own[PEOPLE]["value"]["count"], own["assessment"]["value"]["words"]) == (6, "Tốt.")


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


def test_the_pages_say_which_cell_is_wrong_and_save_what_was_looked_at(world: World) -> None:
    slot, author = written(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT)
    browser = signed_in(author)
    address = f"/reports/workbooks/{slot.pk}/"
    assert browser.get(f"{address}workbook.xlsx").content.startswith(b"PK")
    wrong = io.BytesIO(filled(slot, **{PEOPLE: "12a"}))
    wrong.name = "bao-cao.xlsx"
    page = browser.post(address, {"file": wrong}).content.decode()
    assert "carried" not in page
    right = io.BytesIO(filled(slot, **{PEOPLE: "12"}))
    right.name = "bao-cao.xlsx"
    page = browser.post(address, {"file": right})
    carried = page.context["carried"]
    assert browser.post(f"{address}save", {"carried": carried}).status_code == 302
    slot.draft.refresh_from_db()
    assert slot.draft.own[PEOPLE]["value"]["count"] == 12
    assert writing_draft.open_draft(slot, actor=author).revision == slot.draft.revision


def test_B3_a_draft_that_somebody_wrote_meanwhile_is_not_written_over(world: World) -> None:
    slot, author = slot_of(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT)
    carried = workbook.looked_at(slot, numbers(people="8"))
    written(world, "TC01A", numbers(people="6"))
    with pytest.raises(Refused):
        workbook.take_over(slot, carried, actor=author)
    assert slot_of(world, "TC01A").draft.own[PEOPLE]["value"]["count"] == 6
