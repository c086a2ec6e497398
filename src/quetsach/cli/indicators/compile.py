"""`quetsach indicators compile`: lists made ready once, for every sweep with them."""

from pathlib import Path

import click

from quetsach.cli import terminal as shared
from quetsach.texts import _, plain_json


@click.command(
    "compile",
    help=_(
        "Write LISTS as one file that a sweep maps into memory instead of reading a million rows "
        "again. Give it to `sweep` with -i like any list, with the same --zone, --inside and "
        "--accept-private; it is for this version and kind of machine, and no release: keep the "
        "lists.\n\nExample: quetsach indicators compile lists/ -o all.qslist\n\nExit: 3 where "
        "rows were refused or a list could not be read whole, else 0."
    ),
)
@click.argument("lists", nargs=-1, required=True, type=shared.INPUT)
@click.option("-o", "--out", type=shared.OUTPUT, required=True, help=_("File to write."))
@shared.zone
@shared.own_networks
@shared.accept_private
@shared.columns
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(
    lists: tuple[Path, ...],
    out: Path,
    zone: str | None,
    inside: tuple[str, ...],
    columns: tuple[Path, ...],
    *,
    accept_private: bool,
    as_json: bool,
) -> int:
    """Write the file; 3 when not every row was taken."""
    from quetsach.api import lists as api_lists

    compiled = api_lists.compile_indicators(
        lists,
        out,
        zone=api_lists.HERE if zone is None else zone,
        inside=inside,
        accept_private=accept_private,
        columns=columns,
    )
    refused = sum(reading.refused for reading in compiled.readings)
    problems = [problem for reading in compiled.readings for problem in reading.problems]
    facts = {
        "path": str(out),
        "indicators": len(compiled.indicators),
        "refused": refused,
        "digest": compiled.digest,
    }
    if as_json:
        click.echo(plain_json(facts))
    else:
        text = _("Compiled: %(indicators)s indicators (%(refused)s rows refused) in %(path)s")
        click.echo(text % facts)
        for problem in problems:
            click.echo(f"  {problem}")
    return 3 if refused or problems else 0
