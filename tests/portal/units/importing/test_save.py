"""A reviewed comparison becomes units, names, parents, contacts and head counts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.units.importing.preview import preview_of
from quetsach_portal.units.importing.save import save
from quetsach_portal.units.models import Headcount, OrgEdge, OrgName, OrgUnit, UnitContact
from quetsach_portal.units.register_file.rows import UnitRow
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def saved(world: World, *rows: UnitRow) -> None:
    """Save `rows` below the district, as of today."""
    save(preview_of(rows, [], world.units["TC"]), timezone.localdate(), "QĐ 1")


def row(code: str, name: str, parent: str, **fields: object) -> UnitRow:
    return UnitRow(
        row=2,
        sheet="",
        code=code,
        name=name,
        parent=parent,
        kind="commune",
        line="territory",
        **fields,
    )


def test_new_units_get_paths_below_parents_of_the_same_file(world: World) -> None:
    saved(
        world,
        row("N1A", "Trường N", "N1", staff=7),
        row("N1", "Xã N", "TC", mail="n1@donvi.example", person="Văn thư"),
    )
    unit, school = OrgUnit.objects.get(code="N1"), OrgUnit.objects.get(code="N1A")
    assert unit.path == f"{world.units['TC'].path}{unit.pk}/"
    assert (school.path, school.depth) == (f"{unit.path}{school.pk}/", 2)
    assert UnitContact.objects.get(unit=unit).person == "Văn thư"
    assert Headcount.objects.get(unit=school).source_doc == "QĐ 1"
    assert OrgEdge.objects.get(child=school).parent == unit


def test_a_change_ends_what_held_before_and_a_new_address_replaces_the_loaded_one(
    world: World,
) -> None:
    unit, today = world.units["TC02"], timezone.localdate()
    for mail in ("cu@donvi.example", "moi@donvi.example"):
        saved(world, row("TC02", "Xã Hai Mới", "TC01", mail=mail, staff=len(mail)))
    names = OrgName.objects.filter(unit=unit).order_by("valid_from")
    assert [(name.full_name, name.valid_to) for name in names] == [
        ("Ủy ban nhân dân xã Hai", today),
        ("Xã Hai Mới", None),
    ]
    unit.refresh_from_db()
    assert unit.path == f"{world.units['TC01'].path}{unit.pk}/"
    assert "xa hai moi" in unit.search
    contacts = UnitContact.objects.filter(unit=unit, valid_to__isnull=True)
    assert [contact.mail for contact in contacts] == ["moi@donvi.example"]
    assert Headcount.objects.get(unit=unit, as_of=today).staff_count == len("moi@donvi.example")


def test_saving_the_same_file_again_changes_nothing(world: World) -> None:
    unit_row = row("N1", "Xã N", "TC", mail="n1@donvi.example", staff=3)
    saved(world, unit_row)
    preview = preview_of([unit_row], [], world.units["TC"])
    assert (preview.new, preview.changed, preview.unchanged) == ([], [], 1)
    yesterday = timezone.localdate() - timedelta(days=1)
    assert not OrgEdge.objects.filter(valid_to__gt=yesterday).exists()
