"""What the signatures in a PDF are worth: whom the portal trusts, and what it refuses to keep."""

from dataclasses import replace
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec import structs

from quetsach.api.reports import (
    PdfCheck,
    PdfDifference,
    PdfFlaw,
    PdfState,
    PdfTrust,
    QuetsachError,
    check_pdf,
    difference_words,
    flaw_words,
)
from quetsach_portal.files.problems import FileRefused
from quetsach_portal.files.sniff import is_private_key
from quetsach_portal.files.storage import home
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused

_MOST_FILES = 200
_ENDINGS = frozenset({".pem", ".crt", ".cer", ".der", ".crl", ".ocsp"})


def trust_folder() -> Path:
    """Return where the administrator puts roots/, between/, revoked/ and answers/."""
    return home() / "trust"


def trusted(units: tuple[str, ...] = ()) -> PdfTrust:
    """Return the trust of this portal now; with `units`, the certificate must name one of them.

    It is read each time: a new list of revoked certificates counts at once.
    """
    return PdfTrust(_files("roots"), _files("between"), _files("revoked"), _files("answers"), units)


def names_of(unit: OrgUnit, *more: str) -> tuple[str, ...]:
    """Return the names of a unit, those it had before too."""
    rows = unit.names.values_list("full_name", "short_name")
    names = [*more, unit.name, *(name for row in rows for name in row)]
    return tuple(dict.fromkeys(name for name in names if name))


def checked(raw: bytes, *, original: bytes | None = None, units: tuple[str, ...] = ()) -> PdfCheck:
    """Return what a PDF's signatures are worth now.

    Without any trusted root, a signature is neither refused as untrusted nor confirmed.
    Errors: QuetsachError E471, E472.
    """
    trust = trusted(units)
    verdict = check_pdf(raw, trust, timezone.now(), original=original)
    if trust.roots:
        return verdict
    instead = {PdfFlaw.UNTRUSTED: PdfFlaw.NOBODY_TRUSTED}
    signers = tuple(
        replace(signer, flaws=tuple(instead.get(flaw, flaw) for flaw in signer.flaws))
        for signer in verdict.verdict.signers
    )
    return structs.replace(verdict, verdict=replace(verdict.verdict, signers=signers))


def judged(raw: bytes, *, original: bytes, units: tuple[str, ...]) -> PdfCheck:
    """Return the check of a copy that may be kept: `original` with good signatures after it.

    Errors: Refused for a copy without a signature, of another file, or by a bad signature.
    """
    if is_private_key(raw, ""):
        raise FileRefused("P137", field="file")
    try:
        check = checked(raw, original=original, units=units)
    except QuetsachError as error:
        words = f"{error.problem.what()}. {error.problem.todo()}"
        raise Refused(words, field="file") from error
    if check.verdict.state is PdfState.UNSIGNED:
        raise Refused(
            _("The file has no signature. Sign it, and upload the signed file."), field="file"
        )
    if check.difference is PdfDifference.COVERS:
        raise Refused(difference_words(check.difference), field="file")
    if check.is_changed:
        raise Refused(
            _(
                "It is not the issued file with a signature after it. Download the PDF, sign "
                "it unchanged, and upload the signed file."
            ),
            field="file",
        )
    if check.verdict.state not in (PdfState.VALID, PdfState.UNCONFIRMED):
        of_signers = (flaw for signer in check.verdict.signers for flaw in signer.flaws)
        why = " ".join(dict.fromkeys(map(flaw_words, (*check.verdict.flaws, *of_signers))))
        raise Refused(_("The signature is refused: %(why)s") % {"why": why}, field="file")
    return check


def _files(kind: str) -> tuple[bytes, ...]:
    folder = trust_folder() / kind
    if not folder.is_dir():
        return ()
    paths = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in _ENDINGS]
    return tuple(path.read_bytes() for path in paths[:_MOST_FILES])
