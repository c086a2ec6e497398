"""`quetsach letter read`: a letter as JSON, or as a summary with its open questions first."""

from pathlib import Path

import click
import msgspec

from quetsach.cli.letter.summary import summary
from quetsach.texts import _, plain, plain_json


@click.command(
    "read",
    help=_(
        "Read the letter in FILE (DOCX, PDF, ODT, HTML, e-mail, text) and print as JSON who asks "
        "whom for what and until when. Each value stands with the words it came from; what the "
        "letter does not say surely is null, with a question: nothing is guessed.\n\n"
        "Exit: 0 read, with or without questions; 2 failed or no letter; 3 parts of the file could "
        "not be read."
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--text", "as_text", is_flag=True, help=_("Print a summary for people, questions first.")
)
@click.option("--json", "as_json", is_flag=True, help=_("Print JSON; this is the default."))
def command(file: Path, as_text: bool, as_json: bool) -> int:
    """Print the letter; 2 when it is none, 3 when parts could not be read."""
    from quetsach import api

    if as_text and as_json:
        raise click.UsageError(_("--text and --json exclude each other."))
    letter = api.read_letter(file)
    if as_text:
        click.echo("\n".join(map(plain, summary(letter))))
    else:
        click.echo(plain_json(msgspec.to_builtins(letter)))
    if letter.looks == "none":
        return 2
    return 0 if letter.complete else 3
