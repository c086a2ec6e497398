"""`quetsach indicators withdrawn`: which past findings rest on what was taken back."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.findings.withdrawn import Flagged

MOST_SHOWN = 20


@click.command(
    "withdrawn",
    help=_(
        "Tell what in past FINDINGS rests on indicators that the release has as withdrawn, "
        "replaced or dropped, and which devices nothing else names. Findings are never changed.\n\n"
        "Exit: 0 nothing rests on them, 1 something does."
    ),
)
@click.argument("findings", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--release",
    required=True,
    metavar="FILE|DIR@DIGEST",
    help=_("Release to hold them against; a store stands for its latest."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(findings: tuple[Path, ...], release: str, *, as_json: bool) -> int:
    """Print what is to be looked at again; 1 when there is something."""
    from quetsach import api

    found = api.withdrawn_sightings(findings, release)
    if as_json:
        click.echo(plain_json({"findings": msgspec.to_builtins(found)}))
    else:
        click.echo("\n".join(plain(line) for one in found for line in _text(one)))
    return 1 if any(one.sightings for one in found) else 0


def _text(found: "Flagged") -> Iterator[str]:
    from quetsach.cli.indicators.words import status_word

    facts = {"folder": found.folder, "count": found.sightings, "rows": len(found.indicators)}
    if not found.sightings:
        yield _("%(folder)s: nothing rests on indicators that were taken back.") % facts
        return
    yield (
        _("%(folder)s: %(count)s sightings rest on %(rows)s indicators that were taken back.")
        % facts
    )
    for one in found.indicators[:MOST_SHOWN]:
        told = {
            "shown": one.shown[:100],
            "status": status_word(one.status) + (f" -> {one.replaced_by}" * bool(one.replaced_by)),
            "since": one.since or "-",
            "count": len(one.sightings),
            "devices": len(one.devices),
        }
        line = _("%(shown)s: %(status)s, since %(since)s; sightings %(count)s, devices %(devices)s")
        yield f"  {line % told}" + (f": {one.why}" if one.why else "")
    yield from _more(len(found.indicators))
    if found.cleared:
        yield _("Named by nothing else, to be looked at again: %(n)s") % {"n": len(found.cleared)}
        yield from (f"  {one}" for one in found.cleared[:MOST_SHOWN])
        yield from _more(len(found.cleared))
    if found.weaker:
        yield _("Also named by other indicators, and still so: %(n)s") % {"n": len(found.weaker)}
        yield from (f"  {one}" for one in found.weaker[:MOST_SHOWN])
        yield from _more(len(found.weaker))


def _more(count: int) -> Iterator[str]:
    if count > MOST_SHOWN:
        yield "  " + _("... and %(count)s more; --json prints all") % {"count": count - MOST_SHOWN}
