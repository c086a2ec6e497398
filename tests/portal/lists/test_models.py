"""What the database refuses of versions, and what they are called."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quetsach_portal.lists.models import (
    DoubtfulRow,
    Feed,
    ListHold,
    ListVersion,
    ListVersionState,
    OfficeRow,
)
from quetsach_portal.people.models.roles import Role
from tests.portal.world import World


def test_one_version_is_in_force_and_nobody_approves_their_own(world: World) -> None:
    campaign, owner = world.campaign, world.user("TC", Role.LEAD_OWNER)
    assert campaign is not None
    first = ListVersion.objects.create(campaign=campaign, n=1, state=ListVersionState.IN_FORCE)
    for wrong in (
        {"n": 1},
        {"n": 2, "state": ListVersionState.IN_FORCE},
        {"n": 3, "proposed_by": owner, "approved_by": owner},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ListVersion.objects.create(campaign=campaign, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        DoubtfulRow.objects.create(
            version=first, key="a", shown="a", kind="name", proposal="drop", decision="keep"
        )
    for hold in ({"by": owner, "decided_by": owner}, {"by": owner, "state": "open"}):
        ListHold.objects.get_or_create(
            version=first, key="a", reason="x", until=timezone.localdate(), by=owner
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            ListHold.objects.create(
                version=first, key="a", reason="x", until=timezone.localdate(), **hold
            )
    kept = {"campaign": campaign, "kind": "blame", "text": "a", "reason": "x", "by": owner}
    office = OfficeRow.objects.create(**kept)
    for wrong in ({}, {"text": "b", "approved_by": owner}):
        with pytest.raises(IntegrityError), transaction.atomic():
            OfficeRow.objects.create(**{**kept, **wrong})
    assert [str(office), str(ListHold.objects.get()), str(ListHold(version=first))] == [
        "a",
        "a",
        "1",
    ]
    row = DoubtfulRow(version=first, shown="8.8.8.8")
    feed = Feed(title="Cục An toàn thông tin")
    assert [str(first), str(row), str(feed)] == ["1", "8.8.8.8", "Cục An toàn thông tin"]
    assert (first.is_open, ListVersion(state=ListVersionState.TRIED).is_open) == (False, True)
