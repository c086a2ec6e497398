"""Where a machine stands and whom to call: by the unit's own list, where one row of it fits."""

import pytest
from django.utils import timezone

from quetsach_portal.cases.models.case import Case, Device
from quetsach_portal.cases.whereabouts import whereabouts_of
from quetsach_portal.looks.models import MachineOrigin, UnitMachine
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import DeskRole, UnitContact
from tests.portal.cases import rows
from tests.portal.cases.rows import ClientOf
from tests.portal.world import World

pytestmark = pytest.mark.django_db

MAC = "00:17:a4:00:00:05"


def _case(world: World) -> Case:
    case = rows.make_case(world, "TC01")
    Device.objects.update(host_name="PC-CA-05", mac=MAC)
    return Case.objects.select_related("device", "node__unit").get(pk=case.pk)


def _machine(world: World, name: str = "PC-CA-05", **more: object) -> UnitMachine:
    values = {"hostname": name, "origin": MachineOrigin.TYPED, "room": "Phòng 2", **more}
    return UnitMachine.objects.create(unit=world.units["TC01"], name=name, **values)


def _contacts(world: World) -> None:
    for role, phone in ((DeskRole.SIGNER, "0900 000 001"), (DeskRole.CLERK, "0900 000 002")):
        UnitContact.objects.create(unit=world.units["TC01"], role=role, phone=phone)


def test_the_user_is_called_first_and_the_chairman_last(world: World) -> None:
    case = _case(world)
    _machine(world, user_role="Một cửa", phone="+84 (0)294 000 003", asset_tag="HT-0142")
    _contacts(world)
    where = whereabouts_of(case)
    assert (where.place, where.asset_tag) == ("Phòng 2", "HT-0142")
    dials = [person.dial for person in where.people]
    assert dials == ["+840294000003", "0900000002", "0900000001"]
    assert where.people[0].who == "Một cửa"


def test_the_network_card_decides_over_the_name(world: World) -> None:
    case = _case(world)
    _machine(world, room="Phòng cũ")
    card = _machine(world, "MAY-7", macs=["00-17-A4-00-00-05"], room="Phòng 7")
    assert whereabouts_of(case).machine == card
    assert whereabouts_of(case).place == "Phòng 7"


def test_where_two_rows_fit_or_the_row_has_ended_nothing_is_said(world: World) -> None:
    case = _case(world)
    first = _machine(world)
    _machine(world, "MAY-8", hostname="pc-ca-05")
    assert whereabouts_of(case).machine is None
    assert whereabouts_of(case).people == []
    UnitMachine.objects.filter(pk=first.pk).update(ended_at=timezone.now())
    assert whereabouts_of(case).machine != first


def test_a_former_name_leads_to_the_machine_that_it_is(world: World) -> None:
    case, root = _case(world), _machine(world, "MAY-9", room="Phòng 9")
    _machine(world, same_as=root)
    assert whereabouts_of(case).machine == root


def test_the_page_has_a_link_to_call_and_says_so_where_nobody_is_known(
    world: World, client_of: ClientOf
) -> None:
    case, client = _case(world), client_of("TC01", Role.TECHNICIAN)
    text = client.get(f"/cases/{case.pk}/").content.decode()
    assert "Chưa có số điện thoại" in text
    assert "tel:" not in text
    _contacts(world)
    text = client.get(f"/cases/{case.pk}/").content.decode()
    assert 'href="tel:0900000002"' in text
    sheet = client.get(f"/cases/{case.pk}/sheet").content.decode()
    assert "0900 000 002" in sheet
    assert "<svg" in sheet
