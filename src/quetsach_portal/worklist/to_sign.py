"""What waits for a person's signature, each leading to where it is signed."""

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach_portal.cases.worklist import CaseTask
from quetsach_portal.letters.models import Letter, LetterState, SigningWay
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.reports.worklist import for_signer

MOST = 10


def waiting_for_signature(scope: Scope) -> list[CaseTask]:
    """Return all that the person may sign now; nothing that somebody else must do first."""
    return letters_for_signer(scope) + for_signer(scope)


def letters_for_signer(scope: Scope) -> list[CaseTask]:
    """Return the letters that lie before their signer: drawn up as PDF and not signed yet."""
    presented = Q(state=LetterState.DRAFT, with_clerk_at__isnull=False) & ~Q(
        way=SigningWay.NUMBER_FIRST
    )
    waiting = letters_of_units(scope.own_units(Role.SIGNER)).filter(
        presented | Q(state=LetterState.NUMBERED), signature__isnull=True, pdf__isnull=False
    )
    return [
        CaseTask(
            letter.subject, _to_sign(letter), reverse("letters:sign", args=[letter.pk]), "warn"
        )
        for letter in waiting.order_by("pk")[:MOST]
    ]


def letters_of_units(units: Collection[int]) -> QuerySet[Letter]:
    """Return the own letters of some units."""
    return Letter.objects.filter(node__unit_id__in=units, is_outside=False)


def _to_sign(letter: Letter) -> str:
    if letter.way == SigningWay.PAPER:
        return _("Read; signed on paper by the clerk's print")
    if letter.number is None:
        return _("Read and sign")
    return _("Number %(number)s, to be signed") % {"number": letter.full_number}
