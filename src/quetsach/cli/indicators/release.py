"""`quetsach indicators release`: the lists as one version that never changes."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click
import msgspec

from quetsach.cli import options as shared
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.indicators.publish import Published


@click.command(
    "release",
    help=_(
        "Write the LISTS as one file that keeps every indicator with its sources, and never "
        "changes; its name is its digest. What the version before had and no list has any more is "
        "carried as withdrawn. An update that is empty, lost more than a fifth, or a source of "
        "which fell silent is refused.\n\n"
        "Example: quetsach indicators release lists/ --store store --title 'Đợt 3'"
    ),
)
@click.argument("lists", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    help=_("Folder of releases to add it to; the latest there is the version before."),
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help=_("File to write; never overwritten.")
)
@click.option(
    "--previous",
    default="",
    metavar="FILE|DIR@DIGEST",
    help=_("The version before, if not the latest of the store."),
)
@click.option("--title", default="", help=_("What it is called."))
@click.option("--campaign", default="", help=_("The campaign it belongs to."))
@click.option("--note", default="", help=_("A note for the list of versions in the store."))
@click.option("--created", metavar="T", help=_("When it was made (ISO 8601); now if not given."))
@click.option(
    "--allow",
    multiple=True,
    metavar="PATH|misp",
    help=_("Allow-list (resolvers, CDNs ...), or `misp`; marks an indicator, never drops it."),
)
@shared.decisions
@click.option(
    "--accept-shrunken",
    default="",
    metavar="REASON",
    help=_("Why the update may be so much smaller; kept in the list of versions."),
)
@click.option("--zone", default="Asia/Ho_Chi_Minh", show_default=True, help=_("Time zone."))
@shared.own_networks
@shared.accept_private
@shared.columns
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(**options: Any) -> int:
    """Write the release and print where it is; 3 when a list could not be read whole."""
    from quetsach import api

    created = options["created"] or datetime.now(_zone(options["zone"])).isoformat("T", "seconds")
    published = api.release_indicators(
        options["lists"],
        api.Titles(created, options["title"], options["campaign"]),
        api.Shelf(
            options["store"],
            options["out"],
            options["previous"],
            options["note"],
            options["accept_shrunken"],
        ),
        allow=options["allow"],
        decisions=options["decisions"],
        zone=options["zone"],
        inside=options["inside"],
        accept_private=options["accept_private"],
        columns=options["columns"],
    )
    for problem in published.problems:
        click.echo(str(problem), err=True)
    if options["as_json"]:
        click.echo(plain_json(_facts(published)))
    else:
        click.echo("\n".join(map(plain, _text(published))))
    return 3 if published.problems else 0


def _zone(name: str) -> ZoneInfo:
    from quetsach.errors import QuetsachError

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise QuetsachError("E601", "--zone", reason=name) from error


def _facts(published: "Published") -> dict[str, Any]:
    return {
        "path": str(published.path),
        "digest": published.digest,
        "previous": published.previous or None,
        "counts": published.counts,
        "changes": published.changes.counts,
        "sources": msgspec.to_builtins(published.changes.sources),
        "problems": [str(one) for one in published.problems],
    }


def _text(published: "Published") -> Iterator[str]:
    from quetsach.cli.indicators.words import change_word, status_word

    yield _("Written: %(path)s") % {"path": published.path}
    yield _("Digest (SHA-256): %(digest)s") % {"digest": published.digest}
    counts = ", ".join(f"{status_word(name)} {n}" for name, n in published.counts.items())
    yield _("Indicators: %(kinds)s") % {"kinds": counts or "0"}
    if published.previous:
        changes = published.changes.counts.items()
        told = ", ".join(f"{change_word(name)} {count}" for name, count in changes)
        facts = {"digest": published.previous[:16], "changes": told or _("nothing")}
        yield _("Against %(digest)s: %(changes)s") % facts
