"""`quetsach formats`: which log formats are read."""

import json

import click

from quetsach.texts import _


@click.command(
    "formats", help=_("List the log formats that are read, in the order they are tried.")
)
@click.option("--json", "as_json", is_flag=True, help=_("Print them as JSON."))
def command(as_json: bool) -> int:
    """Print the registry."""
    from quetsach.formats.registry import FORMATS

    rows = [{"name": one.name, "title": _(one.title), "reads": _(one.reads)} for one in FORMATS]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        click.echo(f"{row['name']:<{width}}  {row['title']}")
        click.echo(f"{'':<{width}}  {row['reads']}")
    click.echo(_("Packed files are opened as they are: gzip, zstd, xz, bzip2; also UTF-16 text."))
    return 0
