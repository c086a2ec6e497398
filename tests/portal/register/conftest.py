"""A second person in the lead office, and an event done by both."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.register import tree_acts
from quetsach_portal.register.effects import EventEffects
from quetsach_portal.units.models import OrgEvent
from quetsach_portal.units.tree_plan import TreePlan
from tests.portal.world import World, make_user

DOCUMENT = "Nghị quyết số 1687/NQ-UBTVQH15"


@pytest.fixture
def second(world: World) -> User:
    """Another owner in the lead office."""
    return make_user(world.units["TC"], Role.LEAD_OWNER, "lo2.tc@coquan.example")


@pytest.fixture
def done(world: World, second: User) -> Callable[..., tuple[OrgEvent, EventEffects]]:
    """Return a function that proposes an event and approves it."""

    def do(kind: str, day: date | None = None, **plan: Any) -> tuple[OrgEvent, EventEffects]:
        first = world.user("TC", Role.LEAD_OWNER)
        drafted = tree_acts.drafted(
            kind,
            TreePlan(**plan),
            effective_on=day or timezone.localdate(),
            legal_doc=DOCUMENT,
            actor=first,
        )
        event = tree_acts.propose(drafted, actor=first)
        return event, tree_acts.approve(event, note="", actor=second)

    return do
