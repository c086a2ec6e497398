"""`quetsach sweep`: evidence and lists in, findings out."""

import gc
import logging
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from quetsach.cli import terminal as shared
from quetsach.cli.fingerprint_options import fingerprint_options, with_wanted
from quetsach.cli.sweep_options import request_of
from quetsach.cli.sweep_text import sweep_text
from quetsach.compiled import misfit
from quetsach.errors.exceptions import QuetsachError
from quetsach.lean_arrow import load_arrow
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from pathlib import Path

    from quetsach.api.sweeps import KnownText, SweepRequest

log = logging.getLogger(__name__)


@click.command(
    "sweep",
    help=_(
        "Search EVIDENCE (files, folders, globs or -) for the indicators of the lists, report "
        "the devices with matches, and write a findings folder with an HTML report.\n\nExample: "
        "quetsach sweep logs/ -i list.txt -o findings"
    ),
)
@click.argument("evidence", nargs=-1, required=True, type=shared.EVIDENCE)
@click.option(
    "-i",
    "--indicators",
    "lists",
    multiple=True,
    required=True,
    type=shared.INPUT,
    help=_("List of indicators, or a folder of lists; may be given several times."),
)
@click.option(
    "--allow",
    multiple=True,
    type=shared.PATH,
    help=_("Allow-list (resolvers, CDNs ...), or `misp`; marks an indicator, never drops it."),
)
@shared.own_tables
@shared.decisions
@shared.accept_doubtful
@shared.zone
@shared.sources
@shared.inside
@shared.accept_private
@shared.exam
@click.option(
    "--mask-persons",
    is_flag=True,
    help=_("Write *** for accounts and mail addresses, in findings that leave the office."),
)
@shared.columns
@click.option("--since", metavar="T", help=_("Only what happened at T (ISO 8601) or later."))
@click.option("--until", metavar="T", help=_("Only what happened before T (ISO 8601)."))
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help=_("Where to compute: this machine, or a Spark cluster (extra `spark`)."),
)
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    help=_("Number of parallel workers; all cores if not given."),
)
@click.option(
    "-o",
    "--out",
    type=shared.PATH,
    help=_("Findings folder to write; findings-DATE-TIME here if not given."),
)
@click.option(
    "--sign",
    metavar="KEY",
    type=shared.PATH,
    help=_("Sign the findings at once with this private key: see quetsach indicators key."),
)
@shared.passphrase_file
@click.option(
    "--no-cache",
    is_flag=True,
    help=_("Read great lists anew, and keep none compiled in your cache folder."),
)
@click.option(
    "--sha256",
    is_flag=True,
    help=_("Give the SHA-256 of each file of evidence as well; signed findings have it anyway."),
)
@click.option(
    "--earlier",
    metavar="DIR",
    multiple=True,
    type=shared.PATH,
    help=_(
        "Findings of an earlier sweep: logs that have grown since are recognised, for quetsach "
        "ledger; may be given several times."
    ),
)
@click.option(
    "--planted",
    is_flag=True,
    help=_("Look for planted names by their suffix; they are no sighting of anything."),
)
@click.option(
    "--planted-key",
    type=shared.PATH,
    metavar="F",
    help=_("Key of quetsach planted: which planted names these logs show, and a zero's power."),
)
@fingerprint_options
@click.option("--json", "as_json", is_flag=True, help=_("Print the summary as JSON."))
@click.option("--quiet", is_flag=True, help=_("No progress and no notes; the answer stays."))
def command(**options: Any) -> int:
    """Run the sweep and print its answer."""
    if options["engine"] != "spark":
        named = (*options["evidence"], *options["leases"], *options["nat"])
        load_arrow(remote=any("://" in str(one) for one in named))
    from quetsach.api import problems, sweeps
    from quetsach.cli.terminal import progress_bar

    passphrase = None
    if options["sign"] is not None:
        from quetsach.cli.terminal import passphrase_for

        passphrase = passphrase_for(options["sign"], options["passphrase_file"])
    # A long list becomes a million small values that live to the end and point at nothing behind
    # them: looking through them for rings to collect took a quarter of a sweep.
    gc.disable()
    request = request_of(
        options,
        options["evidence"],
        None if options["no_cache"] else sweeps.list_cache_folder(os.environ),
        **{name: options[name] for name in _OWN_OPTIONS},
        earlier_texts=_earlier_texts(options["earlier"]),
        passphrase=passphrase,
    )
    if options["planted"] or options["planted_key"]:
        request = sweeps.with_planted(request, options["planted_key"])
    if options["exam"] is not None:
        from quetsach.api.exams import with_exam

        request = with_exam(request, options["exam"], options["sources"])
    request = with_wanted(request, options)
    gc.freeze()
    gc.enable()
    # Nor do lines and events point in rings: to look for some less often spares a tenth.
    gc.set_threshold(20_000, 50, 50)
    if log.isEnabledFor(logging.INFO):
        _tell_what_is_searched(request)
    with progress_bar(quiet=options["quiet"]) as progress:
        summary = sweeps.sweep(request, progress)
    _answer(summary, as_json=options["as_json"])
    return problems.exit_code(summary)


_OWN_OPTIONS = (
    *("mask_persons", "since", "until", "engine", "workers", "out", "columns", "sha256", "sign"),
)


def _tell_what_is_searched(request: "SweepRequest") -> None:
    facts = {
        "lists": len(request.indicators.readings),
        "indicators": len(request.indicators.indicators),
        "engine": request.engine,
        "evidence": ", ".join(map(str, request.evidence)),
    }
    log.info(plain(_("Lists: %(lists)s; indicators: %(indicators)s") % facts))
    log.info(plain(_("Searching: %(evidence)s; engine: %(engine)s") % facts))


def _earlier_texts(folders: Sequence["Path"]) -> Sequence["KnownText"]:
    if not folders:
        return ()
    from quetsach.api.ledger import known_texts

    return known_texts(folders)


def _answer(summary: dict[str, Any], *, as_json: bool) -> None:
    if (other := misfit()) is not None:
        click.echo(str(other), err=True)
    if summary.get("unasked_lists"):
        click.echo(str(QuetsachError("E275", "pymispwarninglists")), err=True)
    if as_json:
        click.echo(plain_json(summary))
    else:
        click.echo(sweep_text(summary))
