"""`quetsach sweep`: evidence and lists in, findings out."""

import gc
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from quetsach.cli import terminal as shared
from quetsach.cli.evidence_notes import (
    clock_lines,
    hourless_lines,
    record_note_lines,
    unread_lines,
    zone_lines,
)
from quetsach.cli.sweep_options import request_of
from quetsach.cli.terminal import role_word
from quetsach.compiled import misfit
from quetsach.html_report.words import certainty, foreign, moment_of, number, size, strength
from quetsach.lean_arrow import load_arrow
from quetsach.texts import _, language, plain, plain_json

if TYPE_CHECKING:
    from pathlib import Path

    from quetsach.api.sweeps import KnownText


@click.command(
    "sweep",
    help=_(
        "Search EVIDENCE (files, folders, globs or -) for the indicators of the lists, report "
        "the devices with matches, and write a findings folder with an HTML report.\n\nExample: "
        "quetsach sweep logs/ -i list.txt -o findings"
    ),
)
@click.argument("evidence", nargs=-1, required=True)
@click.option(
    "-i",
    "--indicators",
    "lists",
    multiple=True,
    required=True,
    type=shared.PATH,
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
@click.option("--json", "as_json", is_flag=True, help=_("Print the summary as JSON."))
@click.option("--quiet", is_flag=True, help=_("No progress and no text, only the exit code."))
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
    if options["exam"] is not None:
        from quetsach.api.exams import with_exam

        request = with_exam(request, options["exam"], options["sources"])
    gc.freeze()
    gc.enable()
    # Nor do lines and events point in rings: to look for some less often spares a tenth.
    gc.set_threshold(20_000, 50, 50)
    with progress_bar(quiet=options["quiet"]) as progress:
        summary = sweeps.sweep(request, progress)
    _answer(summary, as_json=options["as_json"], quiet=options["quiet"])
    return problems.exit_code(summary)


_OWN_OPTIONS = (
    *("mask_persons", "since", "until", "engine", "workers", "out", "columns", "sha256", "sign"),
)


def _earlier_texts(folders: Sequence["Path"]) -> Sequence["KnownText"]:
    if not folders:
        return ()
    from quetsach.api.ledger import known_texts

    return known_texts(folders)


def _answer(summary: dict[str, Any], *, as_json: bool, quiet: bool) -> None:
    if (other := misfit()) is not None:
        click.echo(str(other), err=True)
    if as_json:
        click.echo(plain_json(summary))
    elif not quiet:
        click.echo(sweep_text(summary))


MOST_SHOWN = 30
"""How many devices and unread files are printed; the report has all."""


def sweep_text(summary: dict[str, Any]) -> str:
    """Return the answer: who is to be handled, who is not blamed, what was not read, and where."""
    lines = [
        *_headline(summary),
        *_devices(summary["devices"]),
        *(_exam(summary["exam"]) if "exam" in summary else ()),
        *_not_blamed(summary["not_blamed"]),
        *_nobody(summary),
        *_unread(summary),
        *record_note_lines(summary.get("record_notes", ())),
        *zone_lines(summary),
        *hourless_lines(summary.get("without_hours", ())),
        *clock_lines(summary.get("clocks", ())),
        *_blind_spots(summary.get("blind_spots", 0)),
        *_table_flaws(summary.get("table_flaws", 0)),
        *_set_aside(summary.get("set_aside_rows", {})),
        *(
            f"{one['code']}: {one['what']}. {one['todo']}"
            for one in summary.get("engine_notes", ())
        ),
        *_looked_at(summary),
    ]
    return "\n".join(map(plain, lines))


def _headline(summary: dict[str, Any]) -> Iterator[str]:
    count = len(summary["devices"])
    if count:
        yield _(
            "To be handled because of contacts with malicious addresses: %(count)s device(s)"
        ) % {"count": number(count)}
    elif summary.get("lines_to_look_at"):
        yield _("No device is named, but lines that name a listed address must be looked at.")
    elif not summary["lines"]:
        yield _("Nothing was searched: no log could be read. This says nothing about infection.")
    elif any(one["role"] == "outdated" for one in summary["not_blamed"]):
        yield _(
            "No contact with a listed address was found while it was valid; outside that time "
            "there were contacts."
        )
    else:
        yield _("No contact of a device with a listed address was found in the evidence read.")


def _devices(devices: list[dict[str, Any]]) -> Iterator[str]:
    for device in devices[:MOST_SHOWN]:
        addresses = ", ".join(device["addresses"][:4])
        yield f"  {device['device']}" + (
            f"  [{addresses}]" if device["device"] != addresses else ""
        )
        if device.get("place"):
            told = (device["place"]["unit_name"], device["place"]["room"])
            yield "      " + ", ".join(foreign(part, 64) for part in told if part)
        indicators = [foreign(name, 64) for name in device["indicators"][:4]]
        yield "      " + ", ".join(indicators) + (" ..." if len(device["indicators"]) > 4 else "")
        facts = {
            "grade": strength(device["best_grade"]).name,
            "sure": certainty(device["grade"]).name,
            "sightings": number(device["sightings"]),
            "span": _span(device["first_seen"], device["last_seen"]),
        }
        yield "      " + _("%(grade)s; machine %(sure)s") % facts
        yield "      " + _("sightings: %(sightings)s; %(span)s") % facts
    yield from _more(len(devices))


def _span(first: str | None, last: str | None) -> str:
    """Return the time between two moments, which are already in the zone of the sweep."""
    if first is None or last is None:
        return _("no time in the log")
    ends = (moment_of(datetime.fromisoformat(end)) for end in (first, last))
    return " – ".join(ends).replace("\N{NO-BREAK SPACE}", " ")


def _more(count: int) -> Iterator[str]:
    if count > MOST_SHOWN:
        yield "  " + _("... and %(count)s more; the report lists all") % {
            "count": count - MOST_SHOWN
        }


def _exam(result: dict[str, Any]) -> Iterable[str]:
    from quetsach.html_report.exam_words import exam_sentences

    return exam_sentences(result)


def _not_blamed(rows: list[dict[str, Any]]) -> Iterator[str]:
    allowed = [one for one in rows if one["role"] == "allowed"]
    others = [one for one in rows if one["role"] != "allowed"]
    if others:
        yield _("Seen, but not counted as infected:")
    for one in others[:MOST_SHOWN]:
        reason = one["because"] or role_word(one["role"])
        yield f"  {one['device']}: {reason} ({', '.join(one['indicators'][:3])})"
    yield from _more(len(others))
    if allowed:
        yield from _to_decide(allowed)


def _to_decide(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the devices that a person must judge; they all have one reason, so it is said once."""
    indicators = sorted({name for one in rows for name in one["indicators"]})
    yield (
        _(
            "For a person to decide, not proven clean: %(count)s matched only indicators that "
            "are also on an allow-list"
        )
        % {"count": number(len(rows))}
        + f" ({', '.join(indicators[:3])}):"
    )
    for one in rows[:MOST_SHOWN]:
        yield f"  {one['device']}"
    yield from _more(len(rows))


def _nobody(summary: dict[str, Any]) -> Iterator[str]:
    if summary["unattributed"]:
        yield _(
            "%(count)s sightings belong to no known inside machine; see the report for what is "
            "missing."
        ) % {"count": number(summary["unattributed"])}
    if summary.get("lines_to_look_at"):
        yield _(
            "Lines to look at: %(count)s lines name an indicator and prove no contact; they "
            "count for no device. Part 6 of the report lists them."
        ) % {"count": number(summary["lines_to_look_at"])}


def _unread(summary: dict[str, Any]) -> Iterator[str]:
    unread = summary["unread"]
    if unread:
        yield _("NOT ALL WAS READ:")
    yield from unread_lines(unread)
    if summary["rejects"]:
        yield "  " + _("%(count)s lines could not be read; see rejects.json") % {
            "count": number(summary["rejects"])
        }
    if summary["as_text"]:
        yield _("With lines of unknown form, read as plain text: %(paths)s") % {
            "paths": _first_of(summary["as_text"])
        }
    if summary.get("set_aside"):
        yield _("Set aside, as they are no logs: %(paths)s") % {
            "paths": _first_of([aside["path"] for aside in summary["set_aside"]])
        }


def _first_of(paths: Sequence[str]) -> str:
    return ", ".join(paths[:5]) + (" ..." if len(paths) > 5 else "")


def _blind_spots(count: int) -> Iterator[str]:
    if count:
        yield _(
            "Devices that could ask a public resolver over TLS or HTTPS, so that no log shows "
            "their DNS: %(count)s; see the report."
        ) % {"count": number(count)}


def _table_flaws(count: int) -> Iterator[str]:
    if count:
        yield _(
            "Rows or cells of inventory and network plan that were not used: %(count)s; see the "
            "report."
        ) % {"count": number(count)}


def _looked_at(summary: dict[str, Any]) -> Iterator[str]:
    facts = {
        "sources": number(summary["sources"]),
        "lines": number(summary["lines"]),
        "size": size(summary["bytes_read"]),
        "indicators": number(summary["indicators"]),
        "refused": number(summary["refused"]),
        "seconds": _seconds(summary["seconds"]),
        "findings": summary["findings"],
    }
    yield (
        _(
            "Searched: %(sources)s files, %(lines)s lines (%(size)s), for %(indicators)s "
            "indicators (%(refused)s rows refused), in %(seconds)s s."
        )
        % facts
    )
    yield _("Findings: %(findings)s    open %(findings)s/report.html") % facts


def _set_aside(rows: Mapping[str, int]) -> Iterator[str]:
    from quetsach.cli.indicators.group import set_aside_text

    for reason, count in rows.items():
        yield set_aside_text(reason, number(count), "LIST")


def _seconds(value: float) -> str:
    text = f"{value:.1f}"
    return text if language() == "en" else text.replace(".", ",")
