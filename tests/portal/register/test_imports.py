"""A register file becomes units when somebody says so, and never otherwise."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.register import imports
from quetsach_portal.register.models import RegisterUpload, UploadState
from quetsach_portal.units.areas.read import rows_of
from quetsach_portal.units.models import (
    Headcount,
    OrgEdge,
    OrgName,
    OrgUnit,
    ReportingLine,
    UnitContact,
)
from quetsach_portal.units.register_file.rows import RegisterFlaw
from quetsach_portal.web.acts import Refused
from tests.portal.units.register_file.samples import HEADINGS, great_workbook, workbook
from tests.portal.world import World, make_world
from tests.whole import daily

pytestmark = pytest.mark.django_db

MANY = daily(3_000, whole=15_000)


@pytest.fixture
def world(db: None) -> World:
    """The small world without a campaign, so that files may rename and move."""
    return make_world(live=False)


@pytest.fixture
def owner(world: World) -> User:
    """Who loads files."""
    return world.user("TC", Role.LEAD_OWNER)


def _rows(*rows: Sequence[Any]) -> bytes:
    return workbook([HEADINGS, *([n, *row] for n, row in enumerate(rows, 1))])


def _take(world: World, owner: User, *rows: Sequence[Any]) -> RegisterUpload:
    return imports.take_file(_rows(*rows), "dv.xlsx", world.units["TC"], actor=owner)


def _save(upload: RegisterUpload, owner: User, *, green: bool = False) -> str:
    found, _hidden = imports.preview(upload)
    return imports.confirm(
        upload,
        shown_digest=found.seen,
        green_rows_only=green,
        day=timezone.localdate(),
        actor=owner,
    )


def test_nothing_is_saved_before_the_yes_and_all_of_it_then(world: World, owner: User) -> None:
    upload = _take(
        world,
        owner,
        ["N1", "Xã N Một", "TC", "xã", 30, "n1@donvi.example"],
        ["N1A", "Trường N", "N1", "trường", 12, ""],
    )
    assert not OrgUnit.objects.filter(code="N1").exists()
    _save(upload, owner)
    unit, school = OrgUnit.objects.get(code="N1"), OrgUnit.objects.get(code="N1A")
    assert unit.path == f"{world.units['TC'].path}{unit.pk}/"
    assert (school.path, school.depth) == (f"{unit.path}{school.pk}/", 2)
    assert OrgName.objects.get(unit=unit).full_name == "Xã N Một"
    assert OrgEdge.objects.get(child=school).parent == unit
    assert UnitContact.objects.get(unit=unit).mail == "n1@donvi.example"
    assert Headcount.objects.get(unit=unit).staff_count == 30
    upload.refresh_from_db()
    assert (upload.state, bytes(upload.content)) == (UploadState.SAVED, b"")


def test_green_rows_are_saved_and_rows_with_errors_are_not(world: World, owner: User) -> None:
    upload = _take(
        world,
        owner,
        ["N1", "Xã N Một", "TC", "xã", "12a", ""],
        ["N2", "Xã N Hai", "TC", "xã", 5, ""],
        ["N3", "Xã N Ba", "N9", "xã", 5, ""],
        ["N4", "Xã N Bốn", "N5", "xã", 5, ""],
        ["N5", "Xã N Năm", "N4", "xã", 5, ""],
        ["N6", "Xã N Sáu", "N6", "xã", 5, ""],
        ["N2", "Xã N Hai khác", "TC", "xã", 5, ""],
        ["KH", "UBND huyện Khác", "TC", "huyện", 5, ""],
    )
    found, _hidden = imports.preview(upload)
    assert {(one.row, one.flaw) for one in found.problems} == {
        (2, RegisterFlaw.BAD_STAFF),
        (4, RegisterFlaw.UNKNOWN_PARENT),
        (5, RegisterFlaw.CYCLE),
        (6, RegisterFlaw.CYCLE),
        (7, RegisterFlaw.OWN_PARENT),
        (8, RegisterFlaw.DOUBLE_CODE),
        (9, RegisterFlaw.OUTSIDE),
    }
    with pytest.raises(Refused):
        _save(upload, owner)
    _save(upload, owner, green=True)
    assert list(OrgUnit.objects.filter(code__startswith="N").values_list("code")) == [("N2",)]


def test_a_second_load_changes_only_what_differs_and_ends_the_old(
    world: World, owner: User
) -> None:
    before = timezone.localdate() - timezone.timedelta(days=30)
    OrgName.objects.update(valid_from=before)
    OrgEdge.objects.update(valid_from=before)
    upload = _take(
        world,
        owner,
        ["TC01", "Ủy ban nhân dân phường Một", "TC", "", "", ""],
        ["TC02", "Ủy ban nhân dân xã Hai", "TC", "", "", ""],
        ["TC01A", "Trường Tiểu học A", "TC02", "", "", ""],
    )
    found, _hidden = imports.preview(upload)
    assert (found.new, found.unchanged) == ([], 1)
    assert {one.row.code: set(one.fields) for one in found.changed} == {
        "TC01": {"name"},
        "TC01A": {"parent"},
    }
    _save(upload, owner)
    names = OrgName.objects.filter(unit=world.units["TC01"]).order_by("valid_from")
    assert [(one.full_name, one.valid_to is None) for one in names] == [
        ("Ủy ban nhân dân xã Một", False),
        ("Ủy ban nhân dân phường Một", True),
    ]
    moved = OrgUnit.objects.get(code="TC01A")
    assert moved.path == f"{world.units['TC02'].path}{moved.pk}/"
    again = _take(world, owner, ["TC01A", "Trường Tiểu học A", "TC02", "", "", ""])
    assert imports.preview(again)[0].unchanged == 1


def test_units_that_change_places_end_up_in_a_tree(world: World, owner: User) -> None:
    upload = _take(
        world,
        owner,
        ["TC01", "Ủy ban nhân dân xã Một", "TC01A", "", "", ""],
        ["TC01A", "Trường Tiểu học A", "TC", "", "", ""],
    )
    _save(upload, owner)
    top, school = world.units["TC"], OrgUnit.objects.get(code="TC01A")
    assert school.path == f"{top.path}{school.pk}/"
    unit = OrgUnit.objects.get(code="TC01")
    assert (unit.path, unit.depth) == (f"{school.path}{unit.pk}/", 2)


def test_a_circle_through_the_register_is_refused(world: World, owner: User) -> None:
    upload = _take(world, owner, ["TC01", "Ủy ban nhân dân xã Một", "TC01A", "", "", ""])
    found, _hidden = imports.preview(upload)
    assert [one.flaw for one in found.problems] == [RegisterFlaw.CYCLE]


def test_C3_an_import_never_switches_a_bounced_address_on(world: World, owner: User) -> None:
    row = ["TC01", "Ủy ban nhân dân xã Một", "TC", "", "", "mot@donvi.example"]
    _save(_take(world, owner, row), owner)
    UnitContact.objects.filter(mail="mot@donvi.example").update(
        disabled_reason="550 5.1.1 user unknown"
    )
    other = ["TC02", "Ủy ban nhân dân xã Hai", "TC", "", "", "mot@donvi.example"]
    _save(_take(world, owner, [*row[:4], 9, row[5]], other), owner)
    contacts = UnitContact.objects.filter(mail="mot@donvi.example", valid_to__isnull=True)
    assert {one.unit.code: one.disabled_reason for one in contacts} == {
        "TC01": "550 5.1.1 user unknown",
        "TC02": "550 5.1.1 user unknown",
    }
    assert Headcount.objects.get(unit=world.units["TC01"]).staff_count == 9


def test_a_unit_of_two_lines_gets_both_parents_and_one_path(world: World, owner: User) -> None:
    rows = [
        [*HEADINGS, "Hệ"],
        [1, "HU", "Huyện ủy", "TC", "đảng", 1, "", "đảng"],
        [2, "CT", "Trung tâm Chính trị", "HU", "đảng", 1, "", "đảng"],
        [3, "CT", "Trung tâm Chính trị", "TC", "đảng", 1, "", "chính quyền"],
    ]
    upload = imports.take_file(workbook(rows), "x.xlsx", world.units["TC"], actor=owner)
    _save(upload, owner)
    school = OrgUnit.objects.get(code="CT")
    edges = {edge.line: edge.parent.code for edge in OrgEdge.objects.filter(child=school)}
    assert edges == {ReportingLine.PARTY: "HU", ReportingLine.TERRITORY: "TC"}
    assert school.parent == world.units["TC"]
    assert school.path == f"{world.units['TC'].path}{school.pk}/"


def test_in_a_running_campaign_a_file_renames_and_moves_nothing(db: None) -> None:
    world = make_world()
    owner = world.user("TC", Role.LEAD_OWNER)
    rows = [
        ["TC01", "Tên khác", "TC", "", "", ""],
        ["TC02", "Ủy ban nhân dân xã Hai", "TC", "", 31, ""],
    ]
    found, _hidden = imports.preview(_take(world, owner, *rows))
    assert [(one.row, one.flaw) for one in found.problems] == [(2, RegisterFlaw.BY_EVENT)]
    assert [one.row.code for one in found.changed] == ["TC02"]
    Campaign.objects.update(state=CampaignState.CLOSED)
    assert imports.preview(_take(world, owner, *rows))[0].problems == []


def test_B3_what_was_not_seen_is_not_saved(world: World, owner: User) -> None:
    first = _take(world, owner, ["N1", "Xã N Một", "TC", "xã", 1, ""])
    second = _take(world, owner, ["N1", "Xã N Khác", "TC", "xã", 1, ""])
    seen = imports.preview(second)[0].seen
    _save(first, owner)
    with pytest.raises(Refused):
        imports.confirm(
            second, shown_digest=seen, green_rows_only=False, day=timezone.localdate(), actor=owner
        )
    with pytest.raises(Refused):
        _save(first, owner)
    assert OrgUnit.objects.get(code="N1").name == "Xã N Một"


def test_the_national_tree_of_a_province_is_loaded_below_a_unit(world: World, owner: User) -> None:
    top = world.units["TC"]
    for year, area, count in ((2022, "84", 1 + 9 + 106), (2025, "86", 1 + 124)):
        rows = rows_of(year, area, top.code, itself=False)
        _save(imports.take_rows(rows, area, top, actor=owner), owner)
        assert OrgUnit.objects.filter(code__startswith=f"{year}-").count() == count
    old = OrgUnit.objects.get(code="2022-29461")
    assert old.name == "Ủy ban nhân dân thị trấn Trà Cú"
    assert (old.parent.code, old.area_code, old.depth) == ("2022-849", "29461", 3)
    itself = rows_of(2022, "849", "TC", itself=True)
    assert len(itself) == 17
    assert {row.parent for row in itself} == {"TC"}


def test_many_units_are_loaded_with_few_queries(world: World, owner: User) -> None:
    upload = imports.take_file(great_workbook(MANY), "lon.xlsx", world.units["TC"], actor=owner)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        _save(upload, owner)
    assert OrgUnit.objects.count() == MANY + 5
    # Batches of bulk inserts: SQLite takes fewer values in a statement than PostgreSQL.
    assert len(asked) < MANY // 10


def test_the_pages_of_the_import_go_from_file_to_units(
    world: World, client_of: Callable[[str, Role], Client]
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = client_of("TC", Role.LEAD_OWNER)
    raw = _rows(["N1", "Xã <b>N</b> Một", "TC", "xã", 30, ""], ["N2", "Xã", "TC", "xã", "x", ""])
    shown = client.post("/units/load/", {"file": SimpleUploadedFile("dv.xlsx", raw)}, follow=True)
    page = shown.content.decode()
    assert "Xã &lt;b&gt;N&lt;/b&gt; Một" in page
    assert "Số cán bộ" in page
    upload = RegisterUpload.objects.get()
    form = {"seen": shown.context["found"].seen, "what": "all"}
    refused = client.post(f"/units/load/{upload.pk}/save", form, follow=True)
    assert refused.redirect_chain[-1][0] == f"/units/load/{upload.pk}/"
    client.post(f"/units/load/{upload.pk}/save", {**form, "what": "green"})
    assert list(OrgUnit.objects.filter(code__startswith="N").values_list("code")) == [("N1",)]
    assert client.get(f"/units/load/{upload.pk}/").status_code == 404


def test_F4_a_bad_file_is_refused_beside_its_field(
    world: World, client_of: Callable[[str, Role], Client]
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = client_of("TC", Role.LEAD_OWNER)
    for raw in (b"MZ\x90\x00 no workbook", workbook([HEADINGS], formula=(1, 1, "=1+2"))):
        page = client.post("/units/load/", {"file": SimpleUploadedFile("dv.xlsx", raw)})
        assert page.status_code == 200
        assert page.context["form"].errors["file"]
    assert not RegisterUpload.objects.exists()
