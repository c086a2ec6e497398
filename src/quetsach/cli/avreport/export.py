"""`quetsach avreport export`: findings as the message of công văn 2290."""

from pathlib import Path

import click

from quetsach.texts import _, plain


@click.command(
    "export",
    help=_(
        "Write the findings folder FINDINGS as an edXML AVReport: each device with the addresses "
        "it reached and the malware families of the lists. What logs cannot know (operating "
        "systems, updates, antivirus state) is left empty, never filled with a constant; the list "
        "of all that is missing is printed and written beside the file.\n\n"
        "--organ names a TOML file on the sending body:\n\n\b\n"
        'organ_id = "000.00.00.H84"\n'
        'organ_name = "Sở Khoa học và Công nghệ"\n'
        "address, email, telephone, fax, website: optional\n\n"
        "Example: quetsach avreport export findings --organ organ.toml -o avreport.xml "
        "--key so.key.pem --cert so.cert.pem"
    ),
)
@click.argument("folder", metavar="FINDINGS", type=click.Path(path_type=Path))
@click.option(
    "--organ", required=True, type=click.Path(path_type=Path), help=_("TOML file on the sender.")
)
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), help=_("XML file to write.")
)
@click.option("--key", type=click.Path(path_type=Path), help=_("Private RSA key in PEM form."))
@click.option(
    "--cert",
    type=click.Path(path_type=Path),
    help=_("Certificate of that key in PEM form; the certificates that issued it may follow."),
)
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    help=_("File whose first line is the key's passphrase; else you are asked."),
)
@click.option("--subject", help=_("Subject of the message."))
def command(
    folder: Path,
    organ: Path,
    out: Path,
    key: Path | None,
    cert: Path | None,
    passphrase_file: Path | None,
    subject: str | None,
) -> int:
    """Write the message and say what it lacks."""
    from quetsach import api
    from quetsach.cli.passphrase import passphrase_for

    if (key is None) != (cert is None):
        raise click.UsageError(_("--key and --cert belong together."))
    phrase = None if key is None else passphrase_for(key, passphrase_file)
    done = api.export_avreport(
        folder, out, organ=organ, key=key, cert=cert, passphrase=phrase, subject=subject
    )
    click.echo(plain(str(done.file)))
    facts = {"machines": len(done.message.machines()), "rows": len(done.message.rows)}
    click.echo(_("Machines: %(machines)s; rows: %(rows)s") % facts, err=True)
    heading = _("Missing or not told (also in %(path)s):") % {"path": plain(str(done.list))}
    click.echo(heading, err=True)
    for one in done.missing:
        click.echo(f"  {plain(one)}", err=True)
    return 0
