"""`quetsach indicators sign`: a signature for a release, for findings or for any file."""

from datetime import datetime
from pathlib import Path

import click

from quetsach.texts import _, plain


@click.command(
    "sign",
    help=_(
        "Sign FILE with a private key. A release (quetsach-release/1) gets the signature as its "
        "last line; a findings folder gets it into manifest.json, which covers every file of the "
        "folder; any other file gets a FILE.sig beside it. Several keys may sign one thing. "
        "The digest is printed as 24 words that can be checked without any network.\n\n"
        "Example: quetsach indicators sign release.jsonl --key so-khcn.key.pem"
    ),
)
@click.argument("path", metavar="FILE|FINDINGS", type=click.Path(path_type=Path))
@click.option(
    "--key",
    required=True,
    type=click.Path(path_type=Path),
    help=_("Private key in PEM form: quetsach indicators key makes one."),
)
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    help=_("File whose first line is the key's passphrase; else you are asked."),
)
@click.option("--at", metavar="T", help=_("Time of the signature (ISO 8601 with offset); now."))
def command(path: Path, key: Path, passphrase_file: Path | None, at: str | None) -> int:
    """Sign, and print where the signature is, the number of the key and the words."""
    from quetsach import api
    from quetsach.cli.indicators.verify import word_grid
    from quetsach.cli.passphrase import passphrase_for

    when = None if at is None else _moment(at)
    done = api.sign(path, key=key, passphrase=passphrase_for(key, passphrase_file), when=when)
    facts = {"path": done.written, "key": done.signature.key_id, "when": done.signature.signed}
    click.echo(plain(_("Signed by key %(key)s at %(when)s: %(path)s") % facts))
    click.echo(_("Digest: %(digest)s") % {"digest": done.signature.digest})
    click.echo(_("The digest as 24 words:"))
    click.echo("\n".join(word_grid(done.signature.digest)))
    click.echo(_("For paper: quetsach indicators sheet %(path)s") % {"path": plain(str(path))})
    return 0


def _moment(text: str) -> datetime:
    from quetsach.errors import QuetsachError

    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise QuetsachError("E601", "--at", reason=text) from error
    if moment.tzinfo is None:
        raise QuetsachError("E601", "--at", reason=text)
    return moment
