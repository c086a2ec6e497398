"""Seats of people, and roles lent for a while."""

from datetime import timedelta

from django.utils import timezone

from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.roles import actions
from tests.portal.world import World


def seat_of(user: User) -> Assignment:
    return Assignment.objects.get(user=user, acting_for__isnull=True)


def lend(world: World, *, days: int = 5, starts_in: int = 0) -> Assignment:
    signer = world.user("TC01", Role.SIGNER)
    first = timezone.localdate() + timedelta(days=starts_in)
    return actions.lend(
        seat_of(signer),
        to=world.user("TC01", Role.CLERK),
        first_day=first,
        last_day=first + timedelta(days=days - 1),
        actor=signer,
    )
