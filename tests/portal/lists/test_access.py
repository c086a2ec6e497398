"""Analysts work on a list, owners put it in force, others see nothing of it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from quetsach_portal.lists import access
from quetsach_portal.lists.models import ListVersion
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from tests.portal.world import World


def test_who_reads_works_and_decides(world: World) -> None:
    campaign = world.campaign
    assert campaign is not None
    version = ListVersion.objects.create(campaign=campaign, n=1)
    at = (campaign.pk, version.n)
    owner, analyst, auditor, below = (
        scope_of(world.user(code, role))
        for code, role in (
            ("TC", Role.LEAD_OWNER),
            ("TC", Role.LEAD_ANALYST),
            ("TC", Role.AUDITOR),
            ("TC01", Role.FOCAL_POINT),
        )
    )
    assert access.decided_version(owner, *at) == version
    assert access.worked_version(analyst, *at) == version
    with pytest.raises(PermissionDenied):
        access.decided_version(analyst, *at)
    assert access.version_for(auditor, *at) == version
    with pytest.raises(PermissionDenied):
        access.worked_version(auditor, *at)
    for act in (access.version_for, access.worked_version):
        with pytest.raises(Http404):
            act(below, *at)
        with pytest.raises(Http404):
            act(owner, campaign.pk, 9)
