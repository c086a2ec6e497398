"""Register a certificate, confirm it, end it."""

from collections.abc import Collection, Sequence
from itertools import chain
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api.reports import (
    PdfCertificate,
    PdfFlaw,
    PdfSigner,
    QuetsachError,
    names_one_of,
    read_certificate,
)
from quetsach_portal.audit.record import record
from quetsach_portal.files.signed_pdf import names_of
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.access import IN_CHILD, IN_OWN_UNIT, may_give, own_seats, running
from quetsach_portal.people.roles.scope import Scope, get_or_404, unit_for
from quetsach_portal.reports.deciding import may_sign_own
from quetsach_portal.reports.models.document import SignerCertificate
from quetsach_portal.reports.models.report import ReportVersion
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused
from quetsach_portal.web.compiled_queries import CompiledQuery

MOST_BYTES = 64 * 1024


def register(unit: OrgUnit, content: bytes, *, actor: User) -> SignerCertificate:
    """Return the certificate in `content`, registered for `actor` at their desk in `unit`.

    It is in force after another person has confirmed it. Errors: Refused when it is not a
    certificate of the unit for signing, has expired, or is already registered.
    """
    parsed = _read(content)
    if not parsed.is_for_signing:
        raise Refused(_("This certificate is not for signing."), field="file")
    if parsed.until <= timezone.now():
        raise Refused(_("This certificate has expired."), field="file")
    if not names_one_of(parsed, names_of(unit)):
        sentence = _("The certificate does not name %(unit)s; its signatures would be refused.")
        raise Refused(sentence % {"unit": unit.name}, field="file")
    with transaction.atomic():
        rows = SignerCertificate.objects.select_for_update()
        if rows.filter(fingerprint=parsed.fingerprint, ended_at__isnull=True).exists():
            raise Refused(_("This certificate is already registered."), field="file")
        certificate = SignerCertificate.objects.create(
            user=actor,
            unit=unit,
            fingerprint=parsed.fingerprint,
            der=parsed.der,
            name=parsed.name,
            organisation=parsed.organisation,
            issuer=parsed.issuer,
            serial=parsed.serial[:64],
            valid_from=parsed.since,
            valid_until=parsed.until,
        )
        _audit("certificate.registered", certificate, actor)
    return certificate


def confirm(certificate: SignerCertificate, *, actor: User) -> None:
    """Vouch that the certificate is its holder's. Errors: Refused by the holder, or twice."""
    with transaction.atomic():
        certificate = _open(certificate)
        if certificate.user_id == actor.pk:
            raise Refused(_("You cannot confirm your own certificate."))
        if certificate.confirmed_at is not None:
            raise Refused(_("It is already confirmed."))
        certificate.confirmed_by, certificate.confirmed_at = actor, timezone.now()
        certificate.save(update_fields=["confirmed_by", "confirmed_at"])
        _audit("certificate.confirmed", certificate, actor)


def end(certificate: SignerCertificate, why: str, *, actor: User) -> None:
    """End the registration; signatures that were kept stay as they were judged. Errors: Refused."""
    if not why.strip():
        raise Refused(_("Say why."), field="why")
    with transaction.atomic():
        row = _open(certificate)
        row.ended_by, row.ended_at, row.ended_why = actor, timezone.now(), why.strip()[:300]
        row.save(update_fields=["ended_by", "ended_at", "ended_why"])
        _audit("certificate.ended", row, actor)


def _read(data: bytes) -> PdfCertificate:
    try:
        return read_certificate(data)
    except QuetsachError as error:
        why = {"why": error.problem.facts.get("reason", "")}
        sentence = _("This is not a file with one certificate: %(why)s")
        raise Refused(sentence % why, field="file") from error


def _open(certificate: SignerCertificate) -> SignerCertificate:
    rows = SignerCertificate.objects.select_for_update(of=("self",)).select_related("unit", "user")
    row = rows.get(pk=certificate.pk)
    if row.ended_at is not None:
        raise Refused(_("The registration has ended."))
    return row


def _audit(action: str, certificate: SignerCertificate, actor: User, **detail: Any) -> None:
    record(
        action,
        actor=actor,
        kind="signercertificate",
        object_id=certificate.pk,
        unit_path=certificate.unit.path,
        detail={"fingerprint": certificate.fingerprint, "of": certificate.user_id, **detail},
    )


# Permissions: who registers a certificate, who confirms it, and who ends it.

DESKS = (Role.SIGNER, Role.CLERK)
"""Whose signature a document bears: the signer's, and the seal that the clerk puts to it."""


def desks(scope: Scope) -> list[OrgUnit]:
    """Return the units in which the person signs or seals. Errors: PermissionDenied for none."""
    units = {seat.unit_id: seat.unit for seat in own_seats(scope, *DESKS)}
    if not units:
        raise PermissionDenied(_("Signers and clerks register the certificate they sign with."))
    return list(units.values())


def vouches(scope: Scope, certificate: SignerCertificate) -> bool:
    """True for a user who may give the signer's role in the unit, and is not the signer."""
    is_own = certificate.user_id == scope.user_id
    return not is_own and Role.SIGNER in may_give(scope, certificate.unit)


def to_confirm(scope: Scope, certificate_id: int) -> SignerCertificate:
    """Return a certificate to a user who may confirm it.

    Errors: Http404 where its unit may not be seen, PermissionDenied where it may.
    """
    certificate = _certificate(certificate_id)
    unit_for(scope, certificate.unit_id)
    if not vouches(scope, certificate):
        raise PermissionDenied(
            _("Another person who may give the role of a signer must confirm it.")
        )
    return certificate


def to_end(scope: Scope, certificate_id: int) -> SignerCertificate:
    """Return a certificate to its holder and to who may confirm it. Errors: as `to_confirm`."""
    certificate = _certificate(certificate_id)
    is_own = certificate.user_id == scope.user_id
    return certificate if is_own else to_confirm(scope, certificate_id)


def _certificate(certificate_id: int) -> SignerCertificate:
    rows = SignerCertificate.objects.select_related("user", "unit")
    return get_or_404(rows.filter(pk=certificate_id))


# The registered holder of the certificate behind a signature.

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

    An issuer's ECDSA signature can be written in two valid ways; the signer chooses.
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
    for certificate in chain.from_iterable(map(_like, signers)):
        if certificate.unit_id != node.unit_id:
            why = _("This certificate is registered to %(who)s of %(unit)s, not to this unit.")
        elif not _is_at_desk(certificate):
            why = _(
                "This certificate is registered to %(who)s, who is no longer signer or clerk "
                "of %(unit)s."
            )
        elif certificate.user_id == version.author_id and not may_sign_own(node):
            why = _(
                "This certificate is registered to %(who)s, the author of the report; another "
                "person must sign."
            )
        else:
            continue
        raise Refused(why % {"who": certificate.user, "unit": certificate.unit.name}, field="file")


def _is_at_desk(certificate: SignerCertificate) -> bool:
    """True when the holder signs or seals in the unit today."""
    seats = running().filter(user_id=certificate.user_id, unit_id=certificate.unit_id)
    return seats.filter(role__in=DESKS).exists()


def words(certificate: SignerCertificate | None, *, with_name: bool = True) -> str:
    """Return whose certificate it is in words; without the account's name where anybody reads."""
    if certificate is None:
        return _("Signed by a person who is not registered.")
    facts = {"who": certificate.user, "unit": certificate.unit.name}
    if not with_name:
        return _("A registered certificate of %(unit)s.") % facts
    return _("Registered to %(who)s, %(unit)s.") % facts


# Queries of the page of certificates.

MOST = 300


def certificates_page(scope: Scope) -> dict[str, Any]:
    """Return the own certificates, those nearby to be confirmed, and those in force there.

    Cost: two queries.
    """
    rows = SignerCertificate.objects.select_related("user", "unit", "confirmed_by", "ended_by")
    own = rows.filter(user_id=scope.user_id).order_by("-pk")[:MOST]
    near = near_desks(scope)
    return {
        "own": list(own),
        "waiting": [row for row in near if row.confirmed_at is None],
        "holding": [row for row in near if row.confirmed_at is not None],
        "may_register": scope.has_role(*DESKS),
    }


def near_desks(scope: Scope) -> list[SignerCertificate]:
    """Return the registrations that the person may confirm or end. Cost: one query."""
    own = scope.own_units(*(role for role, given in IN_OWN_UNIT.items() if Role.SIGNER in given))
    above = scope.own_units(*(role for role, given in IN_CHILD.items() if Role.SIGNER in given))
    rows = _OF_OTHERS(user_id=scope.user_id, own=own, above=above)
    return [row for row in rows if vouches(scope, row)]


def _of_others(
    user_id: int, own: Collection[int], above: Collection[int]
) -> QuerySet[SignerCertificate]:
    rows = SignerCertificate.objects.filter(ended_at__isnull=True).exclude(user_id=user_id)
    rows = rows.filter(unit_id__in=own) | rows.filter(unit__parent_id__in=above)
    return rows.select_related("user", "unit").order_by("unit__path", "pk")[:MOST]


_OF_OTHERS = CompiledQuery(_of_others)
