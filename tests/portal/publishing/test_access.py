"""Who prepares the public page, and who decides on it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.publishing import access
from quetsach_portal.publishing.models import ListKind, PublicTool
from tests.portal.access.publishing import TOOL
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "role", "prepares", "decides"),
    [
        ("TC", Role.LEAD_OWNER, None, None),
        ("TC", Role.LEAD_ANALYST, None, PermissionDenied),
        ("TC", Role.AUDITOR, PermissionDenied, PermissionDenied),
        ("TC", Role.CLERK, PermissionDenied, PermissionDenied),
        ("TC01", Role.COMPILER, Http404, Http404),
        ("KH", Role.LEAD_OWNER, Http404, Http404),
    ],
)
def test_tools_are_prepared_by_analysts_and_decided_by_owners(
    world: World, code: str, role: Role, prepares: type | None, decides: type | None
) -> None:
    tool = PublicTool.objects.create(
        campaign=world.campaign, drafted_by=world.user("TC", Role.LEAD_ANALYST), **TOOL
    )
    scope = scope_of(world.user(code, role))
    assert access.prepares(scope, world.campaign) == (prepares is None)
    for reach, refusal in ((access.tool_to_prepare, prepares), (access.tool_to_decide, decides)):
        if refusal is None:
            assert reach(scope, tool.pk) == tool
        else:
            with pytest.raises(refusal):
                reach(scope, tool.pk)


def test_an_address_names_a_kind_of_list_or_nothing() -> None:
    assert access.kind_of_list("ranges") is ListKind.RANGES
    for kind in ("", "RANGES", "../ranges"):
        with pytest.raises(Http404):
            access.kind_of_list(kind)
