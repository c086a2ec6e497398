"""`quetsach indicators fetch`: the list of one TAXII or MISP server as a file."""

import os
from pathlib import Path

import click

from quetsach.cli import terminal as shared
from quetsach.errors.exceptions import QuetsachError
from quetsach.file_owners import refuse_open_secret
from quetsach.texts import _, counted, plain, plain_json

_LONGEST_SECRET = 4096


@click.command(
    "fetch",
    help=_(
        "Fetch the list of a TAXII 2.1 or MISP server into one FILE, to be read with -i like any "
        "other list. Only the host of ADDRESS is contacted: no redirect to other hosts, no "
        "proxy; https only.\n\nquetsach indicators fetch https://taxii.example/api1/ -o "
        "list.json --user unit --password-file secret.txt"
    ),
)
@click.argument("address")
@click.option(
    "-o",
    "--out",
    "target",
    required=True,
    type=shared.OUTPUT,
    metavar="FILE",
    help=_("File to write; an existing file is not overwritten."),
)
@click.option(
    "--from",
    "interface",
    type=click.Choice(["taxii", "misp", "misp-feed"]),
    default="taxii",
    show_default=True,
    help=_("Interface of the server; misp-feed is a folder with a manifest.json."),
)
@click.option("--user", default="", envvar="QUETSACH_USER", help=_("The user's name."))
@click.option(
    "--password-file", type=shared.PATH, help=_("File with the password; or set QUETSACH_PASSWORD.")
)
@click.option(
    "--token-file",
    type=shared.PATH,
    help=_("File with the token, for MISP the key; or set QUETSACH_TOKEN."),
)
@click.option(
    "--added-after",
    metavar=_("TIME"),
    help=_("Only entries added since then; the last fetch printed the time to continue from."),
)
@click.option(
    "--ca-file",
    type=shared.PATH,
    help=_("Certificate (PEM) of the authority that issued the server's certificate."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(
    address: str,
    target: Path,
    interface: str,
    user: str,
    password_file: Path | None,
    token_file: Path | None,
    added_after: str | None,
    ca_file: Path | None,
    as_json: bool,
) -> int:
    """Print what was fetched; 0 also when nothing is new, and then no file is written."""
    from quetsach.api import lists

    fetched = lists.fetch_indicators(
        address,
        target,
        interface=interface,
        user=user,
        password=_secret("--password-file", password_file, "QUETSACH_PASSWORD"),
        token=_secret("--token-file", token_file, "QUETSACH_TOKEN"),
        added_after=added_after,
        ca_file=ca_file,
    )
    facts = {
        "file": str(target) if fetched.count else None,
        "count": fetched.count,
        "form": fetched.form,
        "sha256": fetched.sha256 if fetched.count else None,
        "continue_after": fetched.continue_after,
    }
    if as_json:
        click.echo(plain_json(facts))
        return 0
    if not fetched.count:
        click.echo(_("Nothing new; no file was written."))
    else:
        click.echo(
            plain(counted(_("%(file)s: %(count)s objects (%(form)s), SHA-256 %(sha256)s"), facts))
        )
        click.echo(plain(_("Check it first: quetsach indicators check %(file)s") % facts))
    if fetched.continue_after:
        click.echo(plain(_("The next time: --added-after %(continue_after)s") % facts))
    return 0


def _secret(option: str, path: Path | None, variable: str) -> str:
    """Return the content of the file, else of the variable; no process list shows it."""
    if path is None:
        return os.environ.get(variable, "")
    try:
        with path.open("rb") as file:
            refuse_open_secret(path, os.fstat(file.fileno()))
            return file.read(_LONGEST_SECRET).decode().strip("\r\n")
    except (OSError, UnicodeDecodeError) as err:
        raise QuetsachError("E601", option, reason=str(path)) from err
