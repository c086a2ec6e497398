"""Outlines of units in their time: imported, replaced, ended, and read on the day asked for."""

from datetime import date
from io import BytesIO

import pytest
from django.test import Client

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.people.models.roles import Role
from quetsach_portal.register.models import AreaShape
from quetsach_portal.register.shapes import ShapeDetails, import_shapes, shapes_on, sources_of
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused
from tests.portal.register.made_up_shapes import collection, feature, grid, ring
from tests.portal.world import World

pytestmark = pytest.mark.django_db

DAY, LATER = date(2025, 7, 1), date(2026, 1, 1)


def load(world: World, raw: bytes, day: date = DAY, *, source: str = "Hồ sơ địa giới") -> str:
    details = ShapeDetails(day, source, "Công văn 12/SNV")
    owner = world.user("TC", Role.LEAD_OWNER)
    return import_shapes(raw, details, world.units["TC"], actor=owner)


def test_units_below_get_their_outlines_by_code_or_by_area_and_others_are_told(
    world: World,
) -> None:
    OrgUnit.objects.filter(code="TC02").update(area_code="29461")
    said = load(world, grid(["TC01", "29461", "KH", "99999"]))
    assert "2 đơn vị" in said
    assert "(KH, 99999)" in said
    shapes = shapes_on([unit.pk for unit in world.units.values()], DAY)
    assert set(shapes) == {world.units["TC01"].pk, world.units["TC02"].pk}
    assert shapes[world.units["TC01"].pk].licence == "Công văn 12/SNV"
    event = AuditEvent.objects.get(action="units.shapes")
    assert (event.detail["units"], event.detail["unknown"]) == (2, 2)


def test_a_later_outline_ends_the_earlier_and_one_before_both_ends_with_the_first(
    world: World,
) -> None:
    unit = world.units["TC01"].pk
    load(world, grid(["TC01"]), LATER, source="mới")
    load(world, grid(["TC01"]), DAY, source="cũ")
    load(world, grid(["TC01"]), date(2020, 1, 1), source="xưa")
    load(world, grid(["TC01"]), LATER, source="mới, sửa")
    by_day = {
        day: shapes_on([unit], day)[unit].source
        for day in (date(2020, 1, 1), date(2025, 6, 30), DAY, date(2025, 12, 31), LATER)
    }
    assert list(by_day.values()) == ["xưa", "xưa", "cũ", "cũ", "mới, sửa"]
    assert shapes_on([unit], date(2019, 12, 31)) == {}
    assert AreaShape.objects.count() == 3
    assert [row["units"] for row in sources_of(world.units["TC"])] == [1, 1, 1]


def test_a_file_with_a_fault_or_of_others_changes_nothing(world: World) -> None:
    bad = collection(feature("TC01", [ring(0, 0)]), feature("TC02", [ring(0, 0)[:-1]]))
    for raw in (bad, grid(["KH"]), b"{}"):
        with pytest.raises(Refused):
            load(world, raw)
    assert AreaShape.objects.count() == 0
    assert not AuditEvent.objects.filter(action="units.shapes").exists()


def test_an_owner_loads_a_file_on_its_page_and_sees_what_is_stored(world: World, client_of) -> None:
    client: Client = client_of("TC", Role.LEAD_OWNER)
    file = BytesIO(grid(["TC01", "TC02"]))
    file.name = "ranh-gioi.geojson"
    fields = {"valid_from": "01/07/2025", "source": "Sở Nội vụ", "licence": "CV 12", "file": file}
    page = client.post("/units/load/shapes", fields, follow=True).content.decode()
    assert "Đã nạp ranh giới của 2 đơn vị." in page
    assert "Sở Nội vụ" in page
    wrong = client.post("/units/load/shapes", {**fields, "file": BytesIO(b"{}")})
    assert AreaShape.objects.count() == 2
    assert "GeoJSON" in wrong.content.decode()
