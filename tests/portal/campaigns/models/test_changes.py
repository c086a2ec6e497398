"""The database itself keeps one open question a campaign, decided by another person."""

import pytest
from django.db import IntegrityError, transaction

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.models.changes import (
    RunningChange,
    RunningChangeKind,
    RunningChangeState,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def asked(campaign: Campaign, actor: User) -> RunningChange:
    return RunningChange.objects.create(
        campaign=campaign, kind=RunningChangeKind.CANCEL, reason="Nhầm", asked_by=actor
    )


def test_nobody_confirms_what_they_asked_for(register: World, campaign: Campaign) -> None:
    owner = register.user("TC", Role.LEAD_OWNER)
    rows = RunningChange.objects.filter(pk=asked(campaign, owner).pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state=RunningChangeState.DONE, decided_by=owner)
    rows.update(state=RunningChangeState.RETRACTED, decided_by=owner)
    assert rows.get().state == RunningChangeState.RETRACTED


def test_one_question_is_open_at_a_time(register: World, campaign: Campaign) -> None:
    owner = register.user("TC", Role.LEAD_OWNER)
    first = asked(campaign, owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        asked(campaign, owner)
    RunningChange.objects.filter(pk=first.pk).update(state=RunningChangeState.DECLINED)
    assert asked(campaign, owner).pk
