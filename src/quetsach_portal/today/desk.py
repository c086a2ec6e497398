"""Letters on the desks of a unit: for the clerk, for who signs, and for who wrote them."""

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach_portal.cases.today_lists import TodayItem
from quetsach_portal.letters.models import Letter, LetterState
from quetsach_portal.rights.models import Role
from quetsach_portal.rights.scope import Scope
from quetsach_portal.web.statements import Statement

MOST = 10
WRITERS = (Role.FOCAL_POINT, Role.COMPILER, Role.LEAD_OWNER)


def for_clerk(scope: Scope) -> list[TodayItem]:
    """Return the letters to number or to release, those that waited longest first."""
    letters = _own(scope, Role.CLERK).filter(
        Q(state=LetterState.DRAFT, with_clerk_at__isnull=False) | Q(state=LetterState.NUMBERED)
    )
    return [_on_clerks_desk(one) for one in letters.order_by("with_clerk_at", "pk")[:MOST]]


def for_signer(scope: Scope) -> list[TodayItem]:
    """Return the numbered letters whose signed original is not kept yet."""
    letters = _own(scope, Role.SIGNER).filter(state=LetterState.NUMBERED, original__isnull=True)
    return [
        _item(one, _("Number %(number)s, to be signed") % {"number": one.full_number}, "warn")
        for one in letters.order_by("pk")[:MOST]
    ]


def for_writer(scope: Scope) -> list[TodayItem]:
    """Return the drafts that the clerk gave back, with why."""
    returned = _RETURNED(units=scope.own_units(*WRITERS))
    return [_item(one, one.returned_why, "warn") for one in returned]


def _own(scope: Scope, *roles: Role) -> QuerySet[Letter]:
    return _of_units(scope.own_units(*roles))


def _of_units(units: Collection[int]) -> QuerySet[Letter]:
    return Letter.objects.filter(node__unit_id__in=units, is_outside=False)


_RETURNED = Statement(
    lambda units: (
        _of_units(units)
        .filter(state=LetterState.DRAFT, with_clerk_at__isnull=True)
        .exclude(returned_why="")
        .order_by("pk")[:MOST]
    )
)


def _on_clerks_desk(letter: Letter) -> TodayItem:
    if letter.state == LetterState.DRAFT:
        return _item(letter, _("To be given a number"), "warn")
    if letter.original_id is None:
        return _item(letter, _("Numbered; the signed original is missing"), "info")
    return _item(letter, _("To be released"), "warn")


def _item(letter: Letter, hint: str, tone: str) -> TodayItem:
    return TodayItem(letter.subject, hint, reverse("letters:letter", args=[letter.pk]), tone)
