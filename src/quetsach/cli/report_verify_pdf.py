"""`quetsach report verify-pdf`: the signatures of a PDF, and whether they are valid."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quetsach.cli import terminal as shared
from quetsach.cli.terminal import format_moment
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.api.reports import PdfCheck, PdfSigner, PdfStamp


@click.command(
    "verify-pdf",
    help=_(
        "Verify the signatures of the PDF: the signer of each, and whether it is valid. No "
        "network is used: revocation is known from the lists that you give, or that the PDF "
        "contains; without one, a signature is not yet confirmed. A time stamp of an authority "
        "that you trust shows when it was signed: the certificate is checked as of that time.\n\n"
        "Exit: 0 all signatures are valid, 1 it was changed, or one is refused, 2 it cannot be "
        "read, 3 it is not signed, or not yet confirmed.\n\nExample: quetsach report verify-pdf "
        'bao-cao.pdf --root ca.pem --unit "UBND xã Hàm Giang"'
    ),
)
@click.argument("path", metavar="FILE", type=shared.INPUT)
@click.option(
    "--root",
    "roots",
    multiple=True,
    type=shared.PATH,
    help=_("Certificate of an authority that you trust; may be given several times."),
)
@click.option(
    "--between",
    multiple=True,
    type=shared.PATH,
    help=_("Intermediate certificate, if the PDF does not contain it."),
)
@click.option(
    "--revoked",
    multiple=True,
    type=shared.PATH,
    help=_("The authority's list of revoked certificates (CRL)."),
)
@click.option("--unit", "units", multiple=True, help=_("Unit whose certificate it must be."))
@click.option(
    "--original",
    type=shared.PATH,
    help=_("The PDF before it was signed; anything added other than signatures is reported."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(
    path: Path,
    roots: tuple[Path, ...],
    between: tuple[Path, ...],
    revoked: tuple[Path, ...],
    units: tuple[str, ...],
    original: Path | None,
    as_json: bool,
) -> int:
    """Print what the signatures are worth; the exit code says it too."""
    from quetsach.api.pdf_signatures import TrustFiles, verify_pdf_file

    check = verify_pdf_file(path, TrustFiles(roots, between, revoked, units), original)
    if as_json:
        click.echo(plain_json(_json(check)))
    else:
        click.echo("\n".join(map(plain, _text(check))))
    return _EXIT[_state(check)]


_EXIT = {"valid": 0, "changed": 1, "refused": 1, "unconfirmed": 3, "unsigned": 3}


def _state(found: "PdfCheck") -> str:
    if found.difference == "covers":
        return "refused"
    return "changed" if found.is_changed else found.verdict.state.value


def _json(check: "PdfCheck") -> dict[str, object]:
    return {
        "exit_code": _EXIT[_state(check)],
        "state": _state(check),
        "sha256": check.verdict.sha256,
        "differs_from_original": check.is_changed,
        "difference": check.difference,
        "flaws": list(check.verdict.flaws),
        "signatures": [
            {
                "name": one.name,
                "organisation": one.organisation,
                "issuer": one.issuer,
                "serial": one.serial,
                "signed_at": None if one.signed_at is None else one.signed_at.isoformat(),
                "state": one.state,
                "flaws": list(one.flaws),
                "stamp": None if one.stamp is None else _stamp(one.stamp),
                "notes": list(one.notes),
                "covers_bytes": None if one.covered is None else one.covered[0],
                "file_bytes": None if one.covered is None else one.covered[1],
            }
            for one in check.verdict.signers
        ],
    }


def _stamp(stamp: "PdfStamp") -> dict[str, object]:
    at = None if stamp.at is None else stamp.at.isoformat()
    return {"at": at, "by": stamp.by, "state": stamp.state}


def _text(check: "PdfCheck") -> Iterator[str]:
    from quetsach.api.reports import (
        difference_words,
        flaw_words,
        signer_sentences,
        state_words,
    )

    for number, signer in enumerate(check.verdict.signers, 1):
        yield _signature(number, signer)
        yield from (f"   {sentence}" for sentence in signer_sentences(signer, format_moment))
    yield from (flaw_words(flaw) for flaw in check.verdict.flaws)
    if check.difference is not None:
        yield difference_words(check.difference)
    yield state_words(_state(check)).upper() + "."


def _signature(number: int, signer: "PdfSigner") -> str:
    from quetsach.api.reports import state_words

    when = "?" if signer.signed_at is None else format_moment(signer.signed_at)
    return _("%(number)s. %(name)s, %(unit)s: %(state)s (claimed time of signing: %(when)s)") % {
        "number": number,
        "name": signer.name or "?",
        "unit": signer.organisation or "?",
        "state": state_words(signer.state),
        "when": when,
    }
