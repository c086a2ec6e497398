"""Register a certificate, vouch for it, end it."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api.reports import PdfCertificate, QuetsachError, names_one_of, read_certificate
from quetsach_portal.audit.record import record
from quetsach_portal.people.models import User
from quetsach_portal.reports.document_models import SignerCertificate
from quetsach_portal.reports.proof.judging import names_of
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.problems import Refused

MOST_BYTES = 64 * 1024


def register(unit: OrgUnit, data: bytes, *, actor: User) -> SignerCertificate:
    """Return the certificate in `data`, registered for `actor` at their desk in `unit`.

    It holds once somebody else has confirmed it. Errors: Refused for what is no certificate of the
    unit for signing, has run out, or is registered already.
    """
    one = _read(data)
    if not one.is_for_signing:
        raise Refused(_("This certificate is not for signing."), field="file")
    if one.until <= timezone.now():
        raise Refused(_("This certificate has run out."), field="file")
    if not names_one_of(one, names_of(unit)):
        raise Refused(
            _("The certificate does not name %(unit)s; no signature by it would be taken.")
            % {"unit": unit.name},
            field="file",
        )
    with transaction.atomic():
        held = SignerCertificate.objects.select_for_update().filter(
            fingerprint=one.fingerprint, ended_at__isnull=True
        )
        if held.exists():
            raise Refused(_("This certificate is registered already."), field="file")
        made = SignerCertificate.objects.create(
            user=actor,
            unit=unit,
            fingerprint=one.fingerprint,
            der=one.der,
            name=one.name,
            organisation=one.organisation,
            issuer=one.issuer,
            serial=one.serial[:64],
            valid_from=one.since,
            valid_until=one.until,
        )
        _noted("certificate.registered", made, actor)
    return made


def confirm(certificate: SignerCertificate, *, actor: User) -> None:
    """Vouch that the certificate is its holder's. Errors: Refused by the holder, or twice."""
    with transaction.atomic():
        row = _open(certificate)
        if row.user_id == actor.pk:
            raise Refused(_("Nobody confirms their own certificate."))
        if row.confirmed_at is not None:
            raise Refused(_("It is confirmed already."))
        row.confirmed_by, row.confirmed_at = actor, timezone.now()
        row.save(update_fields=["confirmed_by", "confirmed_at"])
        _noted("certificate.confirmed", row, actor)


def end(certificate: SignerCertificate, why: str, *, actor: User) -> None:
    """End the registration; signatures that were kept stay as they were judged. Errors: Refused."""
    if not why.strip():
        raise Refused(_("Say why."), field="why")
    with transaction.atomic():
        row = _open(certificate)
        row.ended_by, row.ended_at, row.ended_why = actor, timezone.now(), why.strip()[:300]
        row.save(update_fields=["ended_by", "ended_at", "ended_why"])
        _noted("certificate.ended", row, actor)


def _read(data: bytes) -> PdfCertificate:
    try:
        return read_certificate(data)
    except QuetsachError as error:
        raise Refused(
            _("This is no file with one certificate: %(why)s")
            % {"why": error.problem.facts.get("reason", "")},
            field="file",
        ) from error


def _open(certificate: SignerCertificate) -> SignerCertificate:
    rows = SignerCertificate.objects.select_for_update(of=("self",)).select_related("unit", "user")
    row = rows.get(pk=certificate.pk)
    if row.ended_at is not None:
        raise Refused(_("The registration has ended."))
    return row


def _noted(action: str, row: SignerCertificate, actor: User, **detail: Any) -> None:
    record(
        action,
        actor=actor,
        kind="signercertificate",
        object_id=row.pk,
        unit_path=row.unit.path,
        detail={"fingerprint": row.fingerprint, "of": row.user_id, **detail},
    )
