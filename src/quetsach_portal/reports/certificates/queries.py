"""Read what the page of certificates shows."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from quetsach_portal.reports.certificates.access import DESKS, vouches
from quetsach_portal.reports.document_models import SignerCertificate
from quetsach_portal.rights.models import Role
from quetsach_portal.rights.powers import IN_CHILD, IN_OWN_UNIT
from quetsach_portal.rights.scope import Scope
from quetsach_portal.web.statements import Statement

MOST = 300


@dataclass(frozen=True)
class CertificatesPage:
    """One's own certificates, those that wait for one's word, and those that hold nearby."""

    own: tuple[SignerCertificate, ...]
    waiting: tuple[SignerCertificate, ...]
    holding: tuple[SignerCertificate, ...]
    may_register: bool


def certificates_page(scope: Scope) -> CertificatesPage:
    """Return the page of certificates. Cost: two queries."""
    rows = SignerCertificate.objects.select_related("user", "unit", "confirmed_by", "ended_by")
    own = rows.filter(user_id=scope.user_id).order_by("-pk")[:MOST]
    near = near_desks(scope)
    return CertificatesPage(
        own=tuple(own),
        waiting=tuple(one for one in near if one.confirmed_at is None),
        holding=tuple(one for one in near if one.confirmed_at is not None),
        may_register=scope.has_role(*DESKS),
    )


def near_desks(scope: Scope) -> list[SignerCertificate]:
    """Return the registrations for which the person vouches, or may end them. Cost: one query."""
    own = scope.own_units(*(role for role, given in IN_OWN_UNIT.items() if Role.SIGNER in given))
    above = scope.own_units(*(role for role, given in IN_CHILD.items() if Role.SIGNER in given))
    found = _OF_OTHERS(user_id=scope.user_id, own=own, above=above)
    return [one for one in found if vouches(scope, one)]


def _of_others(
    user_id: int, own: Collection[int], above: Collection[int]
) -> QuerySet[SignerCertificate]:
    rows = SignerCertificate.objects.filter(ended_at__isnull=True).exclude(user_id=user_id)
    rows = rows.filter(unit_id__in=own) | rows.filter(unit__parent_id__in=above)
    return rows.select_related("user", "unit").order_by("unit__path", "pk")[:MOST]


_OF_OTHERS = Statement(_of_others)
