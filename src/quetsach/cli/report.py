"""The group `quetsach report`; what is no command's name is a folder of findings to fill from."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click import Context

from quetsach.cli import terminal as shared
from quetsach.cli.main import LazyGroup
from quetsach.cli.terminal import format_moment
from quetsach.errors.catalogue import N_
from quetsach.errors.exceptions import QuetsachError
from quetsach.extras import require
from quetsach.texts import _, counted, plain, plain_json

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

    from quetsach.forms.proving import BundledVersion, BundleVerification


COMMANDS: tuple[tuple[str, str, str], ...] = (
    (
        "fill",
        "report:fill_command",
        N_("Fill an official form from findings (DOCX and PDF); the word `fill` may be omitted."),
    ),
    (
        "verify",
        "report:verify_command",
        N_("Verify a report's proof bundle, without any network."),
    ),
    (
        "verify-acts",
        "report_verify_acts:command",
        N_("Verify that the acts of a report stand in the portal's published audit trail."),
    ),
    (
        "page",
        "report_page:command",
        N_("Write the HTML report for others, without indicators of restricted circulation."),
    ),
    ("sign", "report:sign_command", N_("Sign a PDF with a key file or a token.")),
    (
        "verify-pdf",
        "report_verify_pdf:command",
        N_("Verify the signatures of a PDF."),
    ),
)

_HELP = ("-h", "--help")


class _Report(LazyGroup):
    """`quetsach report DIR --form FORM` fills the form: so it was called before it was a group."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Take the arguments apart, with `fill` before them where no command is named."""
        names = (*self.list_commands(ctx), *_HELP)
        return super().parse_args(ctx, args if args[:1] and args[0] in names else ["fill", *args])


command = _Report(
    lazy=COMMANDS,
    name="report",
    help=_(
        "Reports: fill an official form from findings, verify the proof of a report, sign PDFs.\n\n"
        'Example: quetsach report findings --form phu-luc-2022 --unit "UBND xã Hàm Giang"'
    ),
)


@click.command(
    "fill",
    help=_(
        "Fill the form FORM from the findings folder DIR and write it as DOCX and PDF. What the "
        "evidence cannot tell stays blank for the clerk.\n\n"
        'Example: quetsach report findings --form phu-luc-2022 --unit "UBND xã Hàm Giang"'
    ),
)
@click.argument("folder", metavar="DIR", type=shared.PATH)
@click.option("--form", required=True, help=_("Code of the form, such as phu-luc-2022."))
@click.option("--unit", help=_("Name of the unit that reports."))
@click.option(
    "-o", "--out", type=shared.PATH, help=_("Folder for the documents; DIR if not given.")
)
def fill_command(folder: Path, form: str, unit: str | None, out: Path | None) -> int:
    """Write the documents and say where they are."""
    require("typst")
    from quetsach.api import reports

    written = reports.report(folder, form=form, unit=unit, out=out)
    for path in written.files:
        click.echo(path)
    for note in written.notes:
        click.echo(note, err=True)
    return 0


@click.command(
    "sign",
    help=_(
        "Append a signature (PAdES) to the PDF, whose bytes stay unchanged: with the key in a "
        "PKCS#12 file, or with a token and its PKCS#11 module. With --tsa, the signature "
        "contains a time stamp of an authority (RFC 3161); no other server is contacted. If the "
        "authority gives no time stamp, nothing is signed.\n\nExample: quetsach report sign "
        "bao-cao.pdf --key vanthu.p12 -o bao-cao-da-ky.pdf"
    ),
)
@click.argument("path", metavar="FILE", type=shared.INPUT)
@click.option("--key", type=shared.PATH, help=_("PKCS#12 file with the key."))
@click.option("--module", help=_("PKCS#11 module of the token, such as /usr/lib/libsofthsm2.so."))
@click.option("--token", help=_("Label of the token."))
@click.option("--certificate", help=_("Label of the certificate, where the token has several."))
@click.option(
    "--passphrase-file",
    type=shared.PATH,
    help=_("File whose first line is the passphrase or the PIN; else it is asked for."),
)
@click.option("--reason", default="", help=_("Reason for signing; part of the signature."))
@click.option("--tsa", metavar="URL", default="", help=_("Address of the time stamp authority."))
@click.option("-o", "--out", type=shared.OUTPUT, required=True, help=_("Signed PDF."))
def sign_command(
    path: Path,
    key: Path | None,
    module: str | None,
    token: str | None,
    certificate: str | None,
    passphrase_file: Path | None,
    reason: str,
    tsa: str,
    out: Path,
) -> int:
    """Write the signed PDF and say where it is."""
    from quetsach.api.pdf_signatures import to_sign, write_signed
    from quetsach.cli.terminal import from_file
    from quetsach.signing.pades.sign import SignaturePurpose

    if (key is None) == (module is None or token is None):
        raise QuetsachError("E601", "--key", reason=_("give --key, or --module with --token"))
    one = to_sign(path, tsa)
    secret = _asked() if passphrase_file is None else from_file(passphrase_file)
    with _signer(key, (module or "", token or "", certificate), secret) as signer:
        write_signed(one, signer, SignaturePurpose(reason), out)
    click.echo(out)
    return 0


def _signer(
    key: Path | None, place: tuple[str, str, str | None], secret: bytes
) -> "AbstractContextManager[Signer]":
    from quetsach.api.pdf_signatures import signer_at
    from quetsach.signing.pades.certificates import TokenKey, signer_of_token

    if key is not None:
        return nullcontext(signer_at(key, secret))
    return signer_of_token(TokenKey(*place), secret.decode())


def _asked() -> bytes:
    typed: str = click.prompt(_("Passphrase of the key"), hide_input=True, err=True)
    return typed.encode()


MOST_SHOWN = 20
_CODE = re.compile("[0-9a-fA-F]{16}")


@click.command(
    "verify",
    help=_(
        "Verify the proof bundle FILE of a report: which versions match, which are missing, what "
        "was changed, and whether each total is the sum of its parts. --code compares it with "
        "the 16 hex digits on the paper, --key names the public keys that you trust. No network "
        "is used.\n\nExit: 0 all matches, 1 something was changed or does not add up, 2 it "
        "cannot be read, 3 the present parts match, but a part is missing, or no key of --key "
        "has signed it.\n\nExample: quetsach report verify bao-cao.proof --code 0123456789abcdef"
    ),
)
@click.argument("path", metavar="FILE", type=shared.INPUT)
@click.option("--code", metavar="HEX", help=_("The 16 hex digits on the paper."))
@shared.trusted_keys
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def verify_command(path: Path, code: str | None, keys: tuple[Path, ...], as_json: bool) -> int:
    """Print what is proven; the exit code says it too."""
    from quetsach.api.verifying import verify_proof

    if code is not None and not _CODE.fullmatch("".join(code.split())):
        raise QuetsachError("E601", "--code", reason=_("a code has 16 digits, 0 to 9 and a to f"))
    verification = verify_proof(path, keys=keys, code=code)
    if as_json:
        click.echo(plain_json(_json(verification)))
    else:
        click.echo("\n".join(map(plain, _text(verification))))
    return verification.exit_code


def _json(verification: "BundleVerification") -> dict[str, Any]:
    from quetsach.forms.value_json import value_to_json

    root = verification.root
    return {
        "exit_code": verification.exit_code,
        "digest": verification.digest,
        "code": verification.code,
        "unit": None if root is None else root.unit,
        "phase": None if root is None else root.phase,
        "version": None if root is None else root.number,
        "totals": {}
        if root is None
        else {key: value_to_json(one.total) for key, one in root.figures.items()},
        "fits": sum(one.fit == "fits" for one in verification.held),
        "missing": [_held_json(one) for one in verification.missing],
        "changed": [_held_json(one) for one in verification.changed],
        "recomputed": verification.recomputed,
        "unchecked": verification.unchecked,
        "faults": list(verification.faults),
        "signature": verification.seal.state,
        "signers": [
            {"key_id": one.key_id, "owner": one.owner, "signed": one.signed, "trusted": one.trusted}
            for one in verification.seal.signers
        ],
    }


def _held_json(one: "BundledVersion") -> dict[str, Any]:
    return {"node": one.node, "unit": one.name, "version": one.version, "digest": one.digest}


def _text(verification: "BundleVerification") -> Iterator[str]:
    yield from _of_root(verification)
    fits = sum(one.fit == "fits" for one in verification.held)
    yield _("%(fits)s of %(all)s referenced versions are present and match.") % {
        "fits": fits,
        "all": len(verification.held),
    }
    yield counted(
        _("Totals recomputed: %(done)s versions; with missing parts: %(open)s."),
        {
            "done": verification.recomputed,
            "open": verification.unchecked,
        },
    )
    yield from _listed(_("MISSING:"), [_name(one) for one in verification.missing])
    yield from _listed(_("CHANGED:"), [_name(one) for one in verification.changed])
    yield from _listed(_("WRONG:"), list(verification.faults))
    yield from _of_seal(verification)
    yield {
        0: _("ALL MATCHES."),
        1: _("NOT VALID: it was changed, or does not add up."),
        3: _("THE PRESENT PARTS MATCH, but a part or a signature is missing."),
    }[verification.exit_code]


def _of_root(verification: "BundleVerification") -> Iterator[str]:
    from quetsach.forms.values import format_value
    from quetsach.texts import language

    root = verification.root
    if root is not None:
        yield _("%(unit)s, phase %(phase)s, version %(number)s of %(when)s") % {
            "unit": root.unit,
            "phase": root.phase,
            "number": root.number,
            "when": format_moment(root.created_at),
        }
    yield _("Code on the paper: %(code)s") % {"code": verification.code}
    if root is not None and verification.form is not None:
        for row in verification.form.counts():
            if row.id in root.figures:
                shown = format_value(root.figures[row.id].total)
                yield f"  {row.label.of(language())}: {shown}"


def _of_seal(verification: "BundleVerification") -> Iterator[str]:
    if not verification.seal.signers:
        yield _("It is not signed: compare the code with the paper.")
    if verification.lacks_signature:
        yield _("No key that you trust has signed it.")
    for one in verification.seal.signers:
        facts = {"key": one.key_id, "owner": one.owner or "?", "when": one.signed}
        if one.trusted:
            yield _("key %(key)s (%(owner)s), signed at %(when)s") % facts
        else:
            yield (
                _(
                    "key %(key)s, signed at %(when)s; compare this number with the one that its "
                    "owner gives you"
                )
                % facts
            )


def _name(version: "BundledVersion") -> str:
    return _("%(unit)s, version %(number)s (%(code)s)") % {
        "unit": version.name,
        "number": version.version,
        "code": version.digest[:16],
    }


def _listed(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield title
    yield from (f"  {line}" for line in lines[:MOST_SHOWN])
    if len(lines) > MOST_SHOWN:
        yield "  " + _("... and %(count)s more") % {"count": len(lines) - MOST_SHOWN}
