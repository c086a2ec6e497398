"""Whose certificate a signature was made with: the account, the desk, or nobody registered."""

from collections.abc import Sequence
from itertools import chain

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from quetsach.api.reports import PdfFlaw, PdfSigner
from quetsach_portal.reports.actions.deciding import may_sign_own
from quetsach_portal.reports.certificates.access import DESKS
from quetsach_portal.reports.document_models import SignerCertificate
from quetsach_portal.reports.models import ReportVersion
from quetsach_portal.rights.access import running
from quetsach_portal.rights.models import Role
from quetsach_portal.web.problems import Refused

_MADE_BY_ANOTHER = {PdfFlaw.CHANGED, PdfFlaw.UNREADABLE}


def holder_of(signer: PdfSigner) -> SignerCertificate | None:
    """Return the registration that holds for the certificate of a signature, None for none.

    Anybody may put a stranger's certificate beside a signature that it did not make.
    """
    if not signer.fingerprint or not _MADE_BY_ANOTHER.isdisjoint(signer.flaws):
        return None
    return _holding().filter(fingerprint=signer.fingerprint).first()


def _like(signer: PdfSigner) -> QuerySet[SignerCertificate]:
    """Return the registrations of the certificate, also where its own bytes are spelt otherwise.

    An issuer's ECDSA signature can be written in two ways, and both hold: whoever signs chooses.
    """
    same = Q(fingerprint=signer.fingerprint)
    return _holding().filter(same | Q(issuer=signer.issuer, serial=signer.serial[:64]))


def _holding() -> QuerySet[SignerCertificate]:
    rows = SignerCertificate.objects.filter(ended_at__isnull=True, confirmed_at__isnull=False)
    return rows.select_related("user", "unit").order_by("pk")


def refuse_strangers(signers: Sequence[PdfSigner], version: ReportVersion) -> None:
    """Refuse a signature by a certificate of another unit's desk, of none, or of the author (S5).

    Errors: Refused, with whose certificate it is.
    """
    node = version.slot.node
    for held in chain.from_iterable(map(_like, signers)):
        whose = {"who": held.user, "unit": held.unit.name}
        if held.unit_id != node.unit_id:
            raise Refused(
                _("This certificate is registered to %(who)s of %(unit)s, not to this unit.")
                % whose,
                field="file",
            )
        if not desk_words(held):
            raise Refused(
                _(
                    "This certificate is registered to %(who)s, who is neither signer nor clerk of "
                    "%(unit)s any more."
                )
                % whose,
                field="file",
            )
        if held.user_id == version.author_id and not may_sign_own(node):
            raise Refused(
                _(
                    "This certificate is registered to %(who)s, who wrote the report; somebody "
                    "else signs it."
                )
                % whose,
                field="file",
            )


def desk_words(held: SignerCertificate) -> str:
    """Return as what the holder sits in the unit today, "" where they do not sign there."""
    seats = running().filter(user_id=held.user_id, unit_id=held.unit_id, role__in=DESKS)
    roles = sorted(set(seats.values_list("role", flat=True)), reverse=True)
    return ", ".join(str(Role(one).label) for one in roles)


def words(held: SignerCertificate | None, *, with_name: bool = True) -> str:
    """Return whose certificate it is in words; without the account's name where anybody reads."""
    if held is None:
        return _("Signed by somebody who is not registered.")
    facts = {"who": held.user, "unit": held.unit.name}
    if not with_name:
        return _("A registered certificate of %(unit)s.") % facts
    return _("Registered to %(who)s, %(unit)s.") % facts
