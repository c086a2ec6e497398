"""Who registers a certificate, who vouches for it, and who ends it."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from quetsach_portal.reports.document_models import SignerCertificate
from quetsach_portal.rights.access import own_seats
from quetsach_portal.rights.models import Role
from quetsach_portal.rights.powers import may_give
from quetsach_portal.rights.scope import Scope, found, unit_for
from quetsach_portal.units.models import OrgUnit

DESKS = (Role.SIGNER, Role.CLERK)
"""Whose signature a document bears: the signer's, and the seal that the clerk puts to it."""


def desks(scope: Scope) -> list[OrgUnit]:
    """Return the units in which the person signs or seals. Errors: PermissionDenied for none."""
    units = {one.unit_id: one.unit for one in own_seats(scope, *DESKS)}
    if not units:
        raise PermissionDenied(_("Signers and clerks register the certificate they sign with."))
    return list(units.values())


def vouches(scope: Scope, one: SignerCertificate) -> bool:
    """True for who may give the signer's role in that unit, and is not the signer."""
    return one.user_id != scope.user_id and Role.SIGNER in may_give(scope, one.unit)


def to_confirm(scope: Scope, certificate_id: int) -> SignerCertificate:
    """Return a certificate to who vouches for it.

    Errors: Http404 where its unit may not be seen, PermissionDenied where it may.
    """
    one = _seen(scope, certificate_id)
    if not vouches(scope, one):
        raise PermissionDenied(_("Somebody else confirms it, who may give the role of a signer."))
    return one


def to_end(scope: Scope, certificate_id: int) -> SignerCertificate:
    """Return a certificate to its holder, and to who vouches for it. Errors: as `to_confirm`."""
    one = found(_certificates().filter(pk=certificate_id))
    return one if one.user_id == scope.user_id else to_confirm(scope, certificate_id)


def _seen(scope: Scope, certificate_id: int) -> SignerCertificate:
    one = found(_certificates().filter(pk=certificate_id))
    unit_for(scope, one.unit_id)
    return one


def _certificates() -> QuerySet[SignerCertificate]:
    return SignerCertificate.objects.select_related("user", "unit")
