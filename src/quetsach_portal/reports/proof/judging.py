"""Signatures judged by whom this portal trusts: certificates and lists in its own folder."""

from dataclasses import replace
from pathlib import Path

from django.utils import timezone

from quetsach.api.reports import PdfCheck, PdfFlaw, PdfTrust, check_pdf
from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.files.storage import home
from quetsach_portal.units.models import OrgUnit

_MOST_FILES = 200
_ENDINGS = frozenset({".pem", ".crt", ".cer", ".der", ".crl", ".ocsp"})


def trust_folder() -> Path:
    """Return where the administrator puts roots/, between/, revoked/ and answers/."""
    return home() / "trust"


def trusted(units: tuple[str, ...] = ()) -> PdfTrust:
    """Return whom this portal trusts now; with `units`, one of them has to be in the certificate.

    It is read each time: a new list of revoked certificates counts at once.
    """
    return PdfTrust(_files("roots"), _files("between"), _files("revoked"), _files("answers"), units)


def units_named(node: CampaignNode) -> tuple[str, ...]:
    """Return the names of which a certificate of the unit bears one, those it had before too."""
    return names_of(node.unit, node.name_at_freeze)


def names_of(unit: OrgUnit, *more: str) -> tuple[str, ...]:
    """Return the names of a unit, those it had before too."""
    rows = unit.names.values_list("full_name", "short_name")
    names = [*more, unit.name, *(name for row in rows for name in row)]
    return tuple(dict.fromkeys(name for name in names if name))


def checked(raw: bytes, *, original: bytes | None = None, units: tuple[str, ...] = ()) -> PdfCheck:
    """Return what a PDF's signatures are worth now.

    Where nobody is trusted yet, a signature can be neither refused for that nor confirmed.
    Errors: QuetsachError E471, E472.
    """
    trust = trusted(units)
    found = check_pdf(raw, trust, timezone.now(), original=original)
    if trust.roots:
        return found
    signers = tuple(
        replace(
            one,
            flaws=tuple(
                PdfFlaw.NOBODY_TRUSTED if flaw is PdfFlaw.UNTRUSTED else flaw for flaw in one.flaws
            ),
        )
        for one in found.verdict.signers
    )
    return PdfCheck(replace(found.verdict, signers=signers), found.is_changed)


def _files(kind: str) -> tuple[bytes, ...]:
    folder = trust_folder() / kind
    if not folder.is_dir():
        return ()
    paths = [one for one in sorted(folder.iterdir()) if one.suffix.lower() in _ENDINGS]
    return tuple(path.read_bytes() for path in paths[:_MOST_FILES])
