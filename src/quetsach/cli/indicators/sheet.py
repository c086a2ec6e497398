"""`quetsach indicators sheet`: what was signed, on one page of paper."""

from pathlib import Path

import click

from quetsach.texts import _, plain


@click.command(
    "sheet",
    help=_(
        "Write one A4 page (PDF) for a signed FILE: its digest as 24 words, as hex digits and as "
        "a QR code with the signature, and how to check them. Hand it over with the official "
        "letter: whoever has the paper can verify the file without any network.\n\n"
        "Example: quetsach indicators sheet release.jsonl -o release.pdf"
    ),
)
@click.argument("path", metavar="FILE|FINDINGS", type=click.Path(path_type=Path))
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help=_("PDF to write; FILE.sheet.pdf.")
)
@click.option("--key-id", metavar="NUMBER", help=_("Which signature, where several keys signed."))
def command(path: Path, out: Path | None, key_id: str | None) -> int:
    """Write the page and say where it is."""
    from quetsach import api

    click.echo(plain(str(api.sheet(path, out=out, key_id=key_id))))
    return 0
