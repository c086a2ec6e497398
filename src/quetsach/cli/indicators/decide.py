"""`quetsach indicators decide`: what a person decided on a doubtful indicator."""

from pathlib import Path

import click

from quetsach.texts import _, plain


@click.command(
    "decide",
    help=_(
        "Record the decision on each KEY (an indicator in any notation). It is written behind "
        "those in the file, holds until its date, and is then asked again.\n\n"
        "Example: quetsach indicators decide facebook.com --drop --reason 'a page of it was meant' "
        "--until 2027-06-30 --by 'An toàn thông tin' --decisions decisions.jsonl"
    ),
)
@click.argument("keys", metavar="KEY...", nargs=-1, required=True)
@click.option("--keep", "verdict", flag_value="keep", help=_("Look for it and name devices."))
@click.option(
    "--watch", "verdict", flag_value="watch", help=_("Look for it and show it; name nobody by it.")
)
@click.option(
    "--drop", "verdict", flag_value="drop", help=_("Do not look for it; its rows stay counted.")
)
@click.option("--reason", required=True, help=_("Why, in words for others."))
@click.option("--until", required=True, metavar="DATE", help=_("Last day it holds (ISO 8601)."))
@click.option("--by", default="", metavar="ROLE", help=_("Role that decided; no personal name."))
@click.option(
    "--decisions",
    "file",
    required=True,
    type=click.Path(path_type=Path),
    help=_("File of decisions to write to; it only grows."),
)
def command(
    keys: tuple[str, ...], verdict: str | None, reason: str, until: str, by: str, file: Path
) -> int:
    """Write the decisions and print them."""
    from quetsach import api
    from quetsach.cli.indicators.words import verdict_word
    from quetsach.indicators.allow_classes import class_text

    if verdict is None:
        raise click.UsageError(_("say --keep, --watch or --drop"))
    made = api.decide_indicators(
        keys, api.Verdict(verdict), reason=reason, until=until, by=by, file=file
    )
    for one in made:
        classes = ", ".join(map(class_text, one.classes)) or _("on no allow-list")
        facts = {"verdict": verdict_word(one.verdict), "until": one.until, "classes": classes}
        told = _("%(verdict)s, until %(until)s (%(classes)s)") % facts
        click.echo(plain(f"{one.key}: {told}"))
    return 0
