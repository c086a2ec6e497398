"""`quetsach report sign`: one more signature in a PDF, by a key file or a token."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quetsach.errors import QuetsachError
from quetsach.texts import _

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer


@click.command(
    "sign",
    help=_(
        "Put one more signature (PAdES) behind the bytes of the PDF, which stay as they are: by "
        "the key in a PKCS#12 file, or by a token with its PKCS#11 module. With --tsa, a time "
        "stamp of an authority (RFC 3161) stands in the signature; it alone is asked over the "
        "network. Where it gives none, nothing is signed.\n\n"
        "Example: quetsach report sign bao-cao.pdf --key vanthu.p12 -o bao-cao-da-ky.pdf"
    ),
)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--key", type=click.Path(path_type=Path), help=_("PKCS#12 file with the key."))
@click.option("--module", help=_("PKCS#11 module of the token, such as /usr/lib/libsofthsm2.so."))
@click.option("--token", help=_("Label of the token."))
@click.option("--certificate", help=_("Label of the certificate, where the token has several."))
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    help=_("File whose first line is the passphrase or the PIN; else it is asked for."),
)
@click.option("--reason", default="", help=_("Why it is signed; stands in the signature."))
@click.option(
    "--tsa", metavar="URL", default="", help=_("Address of the authority that stamps the time.")
)
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help=_("Signed PDF."))
def command(
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
    from quetsach.cli.passphrase import from_file
    from quetsach.run.pdf_signatures import to_sign, write_signed
    from quetsach.signing.pades.sign import Purpose

    if (key is None) == (module is None or token is None):
        raise QuetsachError("E601", "--key", reason=_("give --key, or --module with --token"))
    one = to_sign(path, tsa)
    secret = _asked() if passphrase_file is None else from_file(passphrase_file)
    with _signer(key, (module or "", token or "", certificate), secret) as signer:
        write_signed(one, signer, Purpose(reason), out)
    click.echo(out)
    return 0


def _signer(
    key: Path | None, place: tuple[str, str, str | None], secret: bytes
) -> "AbstractContextManager[Signer]":
    from quetsach.run.pdf_signatures import signer_at
    from quetsach.signing.pades.keys import TokenKey, signer_of_token

    if key is not None:
        return nullcontext(signer_at(key, secret))
    return signer_of_token(TokenKey(*place), secret.decode())


def _asked() -> bytes:
    typed: str = click.prompt(_("Passphrase of the key"), hide_input=True, err=True)
    return typed.encode()
