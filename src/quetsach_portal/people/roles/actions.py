"""Acts on assignments: ended, never deleted; lent for a while, never passed on."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.people import actions as people
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.roles.access import DELEGABLE, LONGEST_DELEGATION_DAYS, running
from quetsach_portal.people.roles.second_person import refuse_both_keys
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused


def end(assignment: Assignment, *, actor: User | None) -> None:
    """End a role today, and what its holder lent of it; the next request is without it (A3).

    Errors: Refused for the last owner of a lead office, who would lock everybody out.
    """
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=assignment.unit_id)
        locked = Assignment.objects.select_for_update().select_related("unit").get(pk=assignment.pk)
        day = timezone.localdate()
        if locked.valid_to is not None and locked.valid_to <= day:
            raise Refused(_("This role has already ended."))
        has_begun = locked.valid_from <= day
        if has_begun and locked.role == Role.LEAD_OWNER and not _others_with(locked).exists():
            raise Refused(_("This is the last owner. Invite another one first."))
        ended = [locked, *_lent_from(locked)]
        for one in ended:
            _end_on(one, day, actor)


def lend(seat: Assignment, *, to: User, first_day: date, last_day: date, actor: User) -> Assignment:
    """Return the assignment by which `to` acts for the holder of `seat` from day to day.

    Errors: Refused for more than 60 days, a role that cannot be lent, or a stranger to the unit.
    """
    if Role(seat.role) not in DELEGABLE or seat.acting_for_id is not None:
        raise Refused(_("This role cannot be handed over."))
    with transaction.atomic():
        locked = Assignment.objects.select_for_update().select_related("unit").get(pk=seat.pk)
        _refuse_days(locked, first_day, last_day)
        _refuse_taker(locked, to)
        lent = Assignment.objects.create(
            user=to,
            unit=locked.unit,
            role=locked.role,
            line=locked.line,
            valid_from=first_day,
            valid_to=last_day + timedelta(days=1),
            given_by=actor,
            acting_for=locked.user,
        )
        _note("assignment.lent", lent, actor, {"until": last_day.isoformat()})
    return lent


def drop_factors(user: User, *, actor: User, unit_path: str) -> None:
    """Remove all second factors of `user`.

    Errors: Refused for the person who created a link to the account.
    """
    with transaction.atomic():
        people.drop_factors(user, actor=actor, unit_path=unit_path)
        refuse_both_keys(user, actor)


def people_in(unit: OrgUnit, *, but: User) -> list[User]:
    """Return who has a role of their own in `unit` today, without `but`."""
    held = running().filter(unit=unit, acting_for__isnull=True, user__is_active=True)
    ids = held.exclude(user=but).values("user_id")
    return list(User.objects.filter(pk__in=ids).order_by("name", "pk"))


def _others_with(row: Assignment) -> QuerySet[Assignment]:
    held = running().filter(unit=row.unit, role=row.role, user__is_active=True)
    return held.exclude(user_id=row.user_id)


def _lent_from(assignment: Assignment) -> list[Assignment]:
    if assignment.acting_for_id is not None:
        return []
    lent = Assignment.objects.filter(
        acting_for=assignment.user_id,
        unit=assignment.unit,
        role=assignment.role,
        valid_to__gt=timezone.localdate(),
    )
    return list(lent.select_for_update().select_related("unit"))


def _end_on(assignment: Assignment, day: date, actor: User | None) -> None:
    before = None if assignment.valid_to is None else assignment.valid_to.isoformat()
    assignment.valid_to = max(day, assignment.valid_from)
    assignment.save(update_fields=["valid_to"])
    _note(
        "assignment.ended",
        assignment,
        actor,
        {"valid_to": [before, assignment.valid_to.isoformat()]},
    )


def _refuse_days(assignment: Assignment, first_day: date, last_day: date) -> None:
    if first_day < timezone.localdate():
        raise Refused(_("The first day is in the past."), field="first_day")
    if last_day < first_day:
        raise Refused(_("The last day is before the first."), field="last_day")
    if (last_day - first_day).days >= LONGEST_DELEGATION_DAYS:
        raise Refused(_("At most 60 days."), field="last_day")
    if assignment.valid_to is not None and assignment.valid_to <= last_day:
        raise Refused(_("Your own role ends before that day."), field="last_day")


def _refuse_taker(row: Assignment, to: User) -> None:
    if to.pk == row.user_id or not running().filter(user=to, unit=row.unit).exists():
        raise Refused(_("Choose somebody else who works in this unit."), field="to")
    if running().filter(user=to, unit=row.unit, role=row.role).exists():
        raise Refused(_("This person already has the role."), field="to")


def _note(
    action: str, assignment: Assignment, actor: User | None, detail: dict[str, object]
) -> None:
    record(
        action,
        actor=actor,
        kind="assignment",
        object_id=assignment.pk,
        unit_path=assignment.unit.path,
        detail={"role": assignment.role, "user": assignment.user_id, **detail},
    )
