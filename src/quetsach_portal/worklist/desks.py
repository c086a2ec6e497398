"""Letters on the desks of a unit: for the clerk, and for who wrote them."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach_portal.cases.worklist import CaseTask
from quetsach_portal.letters.models import Letter, LetterState, SigningWay
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.web.compiled_queries import CompiledQuery
from quetsach_portal.worklist.to_sign import letters_of_units

MOST = 10
WRITERS = (Role.FOCAL_POINT, Role.COMPILER, Role.LEAD_OWNER)


def letters_for_clerk(scope: Scope) -> list[CaseTask]:
    """Return the letters to number or to release, those that waited longest first."""
    letters = _own(scope, Role.CLERK).filter(
        Q(state=LetterState.DRAFT, with_clerk_at__isnull=False) | Q(state=LetterState.NUMBERED)
    )
    return list(map(_on_clerks_desk, letters.order_by("with_clerk_at", "pk")[:MOST]))


def letters_for_writer(scope: Scope) -> list[CaseTask]:
    """Return the drafts that the clerk gave back, with why."""
    returned = _RETURNED(units=scope.own_units(*WRITERS))
    return [_item(letter, letter.returned_why, "warn") for letter in returned]


def _own(scope: Scope, *roles: Role) -> QuerySet[Letter]:
    return letters_of_units(scope.own_units(*roles))


_RETURNED = CompiledQuery(
    lambda units: (
        letters_of_units(units)
        .filter(state=LetterState.DRAFT, with_clerk_at__isnull=True)
        .exclude(returned_why="")
        .order_by("pk")[:MOST]
    )
)


def _on_clerks_desk(letter: Letter) -> CaseTask:
    if letter.state == LetterState.DRAFT:
        if letter.way == SigningWay.NUMBER_FIRST or letter.signature_id is not None:
            return _item(letter, _("To be numbered"), "warn")
        if letter.signer_name:
            return _item(letter, _("With the signer; the number comes afterwards"), "info")
        return _item(letter, _("The signer is to be entered"), "warn")
    if letter.original_id is None:
        return _item(letter, _("Numbered; the signed original is missing"), "info")
    return _item(letter, _("To be released"), "warn")


def _item(letter: Letter, hint: str, tone: str) -> CaseTask:
    return CaseTask(letter.subject, hint, reverse("letters:letter", args=[letter.pk]), tone)
