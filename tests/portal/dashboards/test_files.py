"""A whole subtree as a file: each unit at any depth, small ones at once, large ones by a job."""

import csv
import io

import openpyxl
import pytest

from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    NodeCounter,
    ReportCounter,
)
from quetsach_portal.dashboards import files
from quetsach_portal.dashboards.models import SubtreeFile
from quetsach_portal.people.models.roles import Role
from tests.portal.reports.acting import accepted, numbers
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db

PEOPLE = "Tổng số cán bộ, công chức, viên chức tham gia Chiến dịch"


def test_every_unit_of_a_subtree_stands_in_the_file_whatever_its_depth(world: World) -> None:
    accepted(world, "TC01A", numbers(people="7"))
    CampaignNode.objects.filter(pk=world.nodes["TC02"].pk).update(name_at_freeze="=1+2")
    browser = signed_in(world.user("TC", Role.COMPILER))
    address = f"/figures/{world.campaign.pk}/subtree"
    raw = b"".join(browser.get(f"{address}.csv").streaming_content)
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    by_code = {row["Mã"]: row for row in rows}
    assert list(by_code) == ["TC", "TC01", "TC01A", "TC02"]
    assert by_code["TC01A"]["Mã đơn vị cấp trên"] == "TC01"
    assert by_code["TC01A"][PEOPLE] == "7"
    assert by_code["TC01"][PEOPLE] == ""
    assert by_code["TC02"]["Đơn vị"] == "'=1+2"
    raw = b"".join(browser.get(f"{address}.xlsx").streaming_content)
    page = openpyxl.load_workbook(io.BytesIO(raw)).active
    assert page is not None
    cells = [cell for row in page.iter_rows() for cell in row if cell.value == "=1+2"]
    assert [cell.data_type for cell in cells] == ["s"]
    assert browser.get(f"{address}.exe").status_code == 404


def test_a_large_one_is_written_by_a_job_for_who_asked_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_AT_ONCE", 2)
    browser = signed_in(world.user("TC", Role.COMPILER))
    page = f"/figures/{world.campaign.pk}/files/"
    assert browser.get(f"/figures/{world.campaign.pk}/subtree.csv").status_code == 302
    for _time in range(files.MOST_WAITING + 1):
        browser.post(page, {"kind": "csv", "under": world.nodes["TC"].pk})
    assert SubtreeFile.objects.count() == files.MOST_WAITING
    run_ready()
    made = browser.get(page).context["files"][0][0]
    assert made.file is not None
    raw = b"".join(browser.get(f"{page}{made.pk}").streaming_content)
    assert raw.count(b"\r\n") == 5
    other = signed_in(world.user("TC", Role.LEAD_OWNER))
    assert other.get(f"{page}{made.pk}").status_code == 404


def test_the_units_below_come_as_files_with_the_figures_of_the_pages(world, client_of) -> None:
    NodeCounter.objects.filter(node=world.nodes["TC01"]).update(told=2, received=1)
    ReportCounter.objects.filter(node=world.nodes["TC01"]).update(expected=3, reported=2)
    office = client_of("TC", Role.COMPILER)
    address = f"/figures/{world.campaign.pk}/below."
    rows = office.get(f"{address}json").json()["rows"]
    assert [one["code"] for one in rows] == ["TC", "TC02", "TC01"]
    (told,) = [one for one in rows if one["code"] == "TC01"]
    assert (told["told"], told["received"], told["share_reported"]) == (2, 1, 0.6667)
    lines = office.get(f"{address}csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert office.get(f"{address}xlsx").content.startswith(b"PK")
    assert office.get(f"{address}exe").status_code == 404
    assert f"{address}xlsx" in office.get(f"/figures/{world.campaign.pk}/").content.decode()
