"""One act on many cases: all of them or none."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from quetsach_portal.cases import actions
from quetsach_portal.cases.models import Case, HandlingKind
from quetsach_portal.people.models import User
from quetsach_portal.web.problems import Refused

MOST = 200


def assign_many(chosen: Mapping[int, int], *, technician_id: int | None, actor: User) -> int:
    """Give the cases (id -> version seen) to a technician; return how many those are."""
    return _each(
        chosen,
        lambda pk, version: actions.assign(
            pk, technician_id=technician_id, actor=actor, version=version
        ),
    )


def set_due_many(chosen: Mapping[int, int], *, due_at: datetime, actor: User) -> int:
    """Set the due date of the cases; return how many those are."""
    return _each(
        chosen,
        lambda pk, version: actions.set_due(pk, due_at=due_at, actor=actor, version=version),
    )


def isolate_many(chosen: Mapping[int, int], *, at: datetime, told: str, actor: User) -> int:
    """Write down that the devices were cut off; return how many those are."""

    def isolate(pk: int, version: int) -> None:
        kind = HandlingKind.ISOLATED
        actions.tell_handling(pk, kind=kind, at=at, told=told, actor=actor, version=version)

    return _each(chosen, isolate)


def _each(chosen: Mapping[int, int], act: Callable[[int, int], object]) -> int:
    if not chosen:
        raise Refused(_("Choose at least one case."))
    if len(chosen) > MOST:
        raise Refused(_("Choose at most %(most)s cases at once.") % {"most": MOST})
    with transaction.atomic():
        # All locks first and in one order, so that two such acts never wait for each other.
        list(Case.objects.filter(pk__in=chosen).select_for_update(of=("self",)).order_by("pk"))
        for pk, version in sorted(chosen.items()):
            try:
                act(pk, version)
            except Refused as refused:
                text = f"{Case(pk=pk).number}: {refused.told}"
                raise Refused(text, field=refused.field) from refused
    return len(chosen)
