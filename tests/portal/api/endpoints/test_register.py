"""The register by token: contacts and changes of the tree, no further than the page."""

from datetime import date

import pytest

from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import EventKind, OrgEvent, UnitContact
from tests.portal.api.asking import ask
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "role", "status"),
    [
        ("TC01", Role.FOCAL_POINT, 200),
        ("TC", Role.COMPILER, 200),
        ("TC01", Role.TECHNICIAN, 403),
        ("TC", Role.AUDITOR, 403),
        ("TC02", Role.FOCAL_POINT, 404),
    ],
)
def test_A4_contacts_are_told_to_those_whom_the_page_tells(
    world: World, code: str, role: Role, status: int
) -> None:
    unit = world.units["TC01"]
    UnitContact.objects.create(unit=unit, person="Chị Lan", mail="lan@coquan.example")
    answer = ask(world, code, role, f"/units/{unit.pk}/contacts")
    assert answer.status_code == status
    assert ("lan@coquan.example" in answer.content.decode()) == (status == 200)


def test_A1_a_token_reaches_no_change_that_its_maker_proposed_for_another_unit(
    world: World,
) -> None:
    event = OrgEvent.objects.create(
        kind=EventKind.RENAME,
        effective_on=date(2026, 1, 1),
        legal_doc="12/QĐ-UBND",
        path=world.units["KH"].path,
        proposed_by=world.user("TC", Role.COMPILER),
    )
    assert ask(world, "TC", Role.COMPILER, f"/events/{event.pk}").status_code == 404
    assert ask(world, "TC", Role.COMPILER, "/events").json()["rows"] == []
