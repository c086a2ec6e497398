"""U16: many filled workbooks at once; each is judged alone, and drafts alone are written."""

import io
import zipfile

import pytest

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.files.problems import FileRefused
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.report import ReportVersion
from quetsach_portal.reports.workbooks import batches
from quetsach_portal.reports.writing import draft
from quetsach_portal.web.acts import Refused
from tests.portal.reports.acting import PEOPLE, slot_of, written
from tests.portal.reports.workbooks.filling import filled, packed, people
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World


def test_of_many_workbooks_the_green_ones_are_saved_as_drafts_and_nothing_is_handed_in(
    world: World,
) -> None:
    first, second = slot_of(world, "TC01"), slot_of(world, "TC02")
    far = slot_of(world, "TC01A")
    browser = signed_in(world.user("TC", Role.COMPILER))
    address = f"/reports/bulk/{slot_of(world, 'TC').pk}/"
    upload = packed(
        {
            "xa/mot.xlsx": filled(first, **{PEOPLE: "1.234"}),
            "xa/hai.xlsx": filled(second, **{PEOPLE: "12a"}),
            "truong.xlsx": filled(far, **{PEOPLE: "3"}),
            "ghi-chu.txt": b"khong phai bang tinh",
            "__MACOSX/xa/._mot.xlsx": b"mac",
        }
    )
    assert browser.post(address, {"workbooks": upload}).status_code == 302
    assert "Đang đọc 4 bảng tính" in browser.get(address).content.decode()
    run_ready()
    page = browser.get(address)
    rows = {one.file.name: one for one in page.context["rows"]}
    assert [one.is_green for one in rows.values()] == [True, False, False, False]
    assert rows["xa/hai.xlsx"].problems[0].cell.startswith("F")
    assert "không báo cáo cho đơn vị này" in rows["truong.xlsx"].why_not
    assert "XLSX" in rows["ghi-chu.txt"].why_not
    assert people(first) is None, "only looked at"
    every = [one.file.pk for one in rows.values()]
    browser.post(f"{address}save", {"file": every})
    assert (people(first), people(second), people(far)) == (1234, None, None)
    assert not ReportVersion.objects.exists()
    assert AuditEvent.objects.filter(action="report.workbooks_given").count() == 1
    assert AuditEvent.objects.filter(action="report.workbook_taken").count() == 1
    again = browser.get(address).context["counts"]
    assert (again["saved"], again["green"]) == (1, 0)


def test_what_a_unit_has_begun_itself_is_not_written_over(world: World) -> None:
    slot = slot_of(world, "TC01")
    raw = filled(slot, **{PEOPLE: "8"})
    browser = signed_in(world.user("TC", Role.COMPILER))
    address = f"/reports/bulk/{slot_of(world, 'TC').pk}/"
    browser.post(address, {"workbooks": packed({"a.xlsx": raw})})
    run_ready()
    row = browser.get(address).context["rows"][0]
    assert row.is_green
    draft.open_draft(slot, actor=world.user("TC01", Role.FOCAL_POINT))
    browser.post(f"{address}save", {"file": [row.file.pk]})
    assert people(slot) != 8
    written(world, "TC01")
    row = browser.get(address).context["rows"][0]
    assert "tự viết" in row.why_not
    archive = zipfile.ZipFile(io.BytesIO(browser.get(f"{address}workbooks.zip").content))
    assert archive.namelist() == ["bao-cao-TC02-dot-1.xlsx"]


def test_F5_an_archive_is_held_against_its_room_before_it_is_unpacked() -> None:
    many = packed({f"{number}.xlsx": b"" for number in range(batches.MOST_FILES + 1)})
    with pytest.raises(Refused, match=str(batches.MOST_FILES)):
        batches.files_of([("a.zip", many)])
    crowd = packed({f"{number}.xlsx": b"" for number in range(4 * batches.MOST_FILES + 1)})
    with pytest.raises(FileRefused) as refused:
        batches.files_of([("a.zip", crowd)])
    assert refused.value.problem.code == "P109"
    bomb = packed({"a.xlsx": bytes(batches.MOST_BYTES + 1)})
    with pytest.raises(FileRefused) as refused:
        batches.files_of([("a.zip", bomb)])
    assert refused.value.problem.code == "P108"
    with pytest.raises(Refused):
        batches.files_of([("a.zip", packed({}))])
