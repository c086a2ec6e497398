"""Who reads a report, who decides on it, and who adds it up."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.reports import access
from tests.portal.reports.acting import accepted, signed, slot_of, submitted
from tests.portal.world import World


@pytest.mark.parametrize(
    ("code", "role", "refusal"),
    [
        ("TC01A", Role.FOCAL_POINT, None),
        ("TC01", Role.COMPILER, None),
        ("TC", Role.LEAD_OWNER, None),
        ("TC01", Role.CLERK, Http404),
        ("TC02", Role.COMPILER, Http404),
        ("KH", Role.COMPILER, Http404),
    ],
)
def test_a_report_is_read_by_its_unit_and_by_the_offices_above(
    world: World, code: str, role: Role, refusal: type[Exception] | None
) -> None:
    version, scope = submitted(world, "TC01A"), scope_of(world.user(code, role))
    readable = access.readable_versions(scope, world.campaign)
    assert (version in readable) is (refusal is None)
    if refusal is None:
        assert access.readable_version(scope, version.pk) == version
    else:
        with pytest.raises(refusal):
            access.readable_version(scope, version.pk)


def test_the_office_directly_above_decides_and_at_the_root_the_office_itself(world: World) -> None:
    middle, top = submitted(world, "TC01A"), submitted(world, "TC")
    deciding = {
        (version, code, role)
        for version in (middle, top)
        for code, role in (("TC01", Role.COMPILER), ("TC", Role.LEAD_OWNER), ("TC", Role.CLERK))
        if _decides(world, version.pk, code, role)
    }
    assert deciding == {(middle, "TC01", Role.COMPILER), (top, "TC", Role.LEAD_OWNER)}


def _decides(world: World, version_id: int, code: str, role: Role) -> bool:
    try:
        access.version_to_decide(scope_of(world.user(code, role)), version_id)
    except (PermissionDenied, Http404):
        return False
    return True


def test_a_child_is_named_with_the_report_that_it_goes_into_alone(world: World) -> None:
    scope = scope_of(world.user("TC", Role.COMPILER))
    slot, child, grandchild = (slot_of(world, code) for code in ("TC", "TC01", "TC01A"))
    assert access.slot_and_child(scope, slot.pk, child.pk) == (slot, child)
    with pytest.raises(Http404):
        access.slot_and_child(scope, slot.pk, grandchild.pk)


def test_a_change_from_below_is_decided_by_the_compiler_of_the_report_above(world: World) -> None:
    signed(world, "TC01")
    accepted(world, "TC01A")
    notice = slot_of(world, "TC01").change_notices.get()
    assert access.notice_to_decide(scope_of(world.user("TC01", Role.COMPILER)), notice.pk) == notice
    with pytest.raises(PermissionDenied):
        access.notice_to_decide(scope_of(world.user("TC", Role.COMPILER)), notice.pk)
