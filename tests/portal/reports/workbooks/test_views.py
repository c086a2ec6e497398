"""The pages of workbooks: what changes is shown first, and drafts alone are written."""

import io

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.writing import draft as writing_draft
from tests.portal.reports.acting import (
    INFORMED,
    PEOPLE,
    numbers,
    slot_of,
    written,
)
from tests.portal.reports.workbooks.filling import filled, packed
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World


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


def test_two_workbooks_of_one_unit_are_both_left(world: World) -> None:
    slot = slot_of(world, "TC02")
    files = {f"{number}.xlsx": filled(slot, **{PEOPLE: number}) for number in (1, 2)}
    browser = signed_in(world.user("TC", Role.COMPILER))
    address = f"/reports/bulk/{slot_of(world, 'TC').pk}/"
    browser.post(address, {"workbooks": packed(files)})
    run_ready()
    assert browser.get(address).context["counts"]["red"] == 2
    chosen = {"file": ["9" * 5_000, "-1", "٣", "9" * 18]}
    assert browser.post(f"{address}save", chosen).status_code == 302, "numbers of no file"


def test_F4_F5_a_workbook_with_more_than_values_or_within_another_archive_is_left(
    world: World,
) -> None:
    slot = slot_of(world, "TC02")
    with_formula = filled(slot, **{PEOPLE: "=1+2"})
    nested = packed({"a.xlsx": filled(slot, **{PEOPLE: "1"})}).getvalue()
    browser = signed_in(world.user("TC", Role.COMPILER))
    address = f"/reports/bulk/{slot_of(world, 'TC').pk}/"
    files = {"f.xlsx": with_formula, "n.xlsx": nested, "n.zip": nested}
    browser.post(address, {"workbooks": packed(files)})
    run_ready()
    rows = browser.get(address).context["rows"]
    assert "công thức" in rows[0].why_not
    assert all(one.why_not and not one.is_green for one in rows)
