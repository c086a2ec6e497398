"""`quetsach indicators key`: a new pair of keys to sign with."""

from pathlib import Path

import click

from quetsach.texts import _, plain


@click.command(
    "key",
    help=_(
        "Make a new pair of Ed25519 keys: NAME.key.pem signs and stays secret; NAME.pub.pem goes "
        "to everyone who verifies. Hand the key's number over by another way as well (telephone, "
        "signed letter), so that nobody can slip in a key of his own.\n\n"
        'Example: quetsach indicators key so-khcn --owner "Sở KH&CN Vĩnh Long" --passphrase'
    ),
)
@click.argument("name")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help=_("Folder for the two files; here.")
)
@click.option("--owner", default="", help=_("Who the key belongs to; written into the files."))
@click.option(
    "--passphrase", is_flag=True, help=_("Lock the private key with a passphrase that you type.")
)
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    help=_("File whose first line is the passphrase."),
)
def command(
    name: str, out: Path | None, owner: str, passphrase: bool, passphrase_file: Path | None
) -> int:
    """Write the pair and say where it is."""
    from quetsach import api
    from quetsach.cli.passphrase import new_passphrase

    lock = new_passphrase(Path(name), passphrase_file, ask=passphrase)
    pair = api.new_key(name, out if out is not None else Path(), owner=owner, passphrase=lock)
    facts = {"private": pair.private, "public": pair.public, "key": pair.key_id}
    click.echo(plain(_("Private key, keep it secret: %(private)s") % facts))
    click.echo(plain(_("Public key, give it to everyone: %(public)s") % facts))
    click.echo(_("Number of the key: %(key)s") % facts)
    if lock is None:
        click.echo(
            _("The private key is not locked: whoever gets the file can sign with it."), err=True
        )
    return 0
