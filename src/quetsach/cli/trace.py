"""`quetsach trace`: an authority's notices and evidence in, the machines behind them out."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from quetsach.cli import terminal as shared
from quetsach.cli.terminal import wrapped
from quetsach.html_report.words import certainty, day, number
from quetsach.texts import _, counted, plain, plain_json


@click.command(
    "trace",
    help=_(
        "Find the machine behind each NOTICE of an authority: a public address of yours, with a "
        "time and preferably a source port, had contact with a botnet. Notices are Shadowserver "
        "CSV, n6, IntelMQ or XARF JSON, the unit's list as PDF, DOCX or XLSX, or a CSV with the "
        "columns timestamp, ip, port, dst_ip, dst_port (times in UTC unless an offset is "
        "given).\n\nThe outcome of each is a device, candidates, not ours, no data (with the log "
        "that is missing, and how to enable it), or cannot tell.\n\nExample: quetsach trace "
        "notice.csv -e logs/ --public 203.0.113.0/28\n\n"
        "Exit: 0 nobody found, 1 a device or candidates, 2 failed, 3 not all was read; with "
        "--ranges 0 all are allotted, 3 some are not."
    ),
)
@click.argument("notices", nargs=-1, required=True, metavar="NOTICE...", type=shared.TEXT_INPUT)
@click.option(
    "-e",
    "--evidence",
    multiple=True,
    type=shared.EVIDENCE,
    help=_("Logs, or a folder of them; may be given several times."),
)
@click.option(
    "--ranges",
    type=shared.PATH,
    metavar="FILE",
    help=_(
        "Trace nothing, but allot each notice to the unit of its address: a CSV with the columns "
        "unit, cidr (or AS number), since, until, shared; with -o one file a unit is written."
    ),
)
@click.option(
    "--prefixes",
    multiple=True,
    metavar="DAY=FILE",
    help=_("What autonomous systems announced on that day (CAIDA, iptoasn), for --ranges."),
)
@shared.own_tables
@shared.zone
@shared.sources
@shared.inside
@shared.accept_private
@click.option("--since", metavar="T", help=_("Only what happened at T (ISO 8601) or later."))
@click.option("--until", metavar="T", help=_("Only what happened before T (ISO 8601)."))
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    help=_("Number of parallel workers; all cores if not given."),
)
@click.option(
    "--router",
    default="",
    metavar="NAME",
    help=_("Show only how to enable logging on this device, such as mikrotik, fortigate, cisco."),
)
@click.option(
    "-o",
    "--out",
    type=shared.PATH,
    help=_("Folder to write the complete answer to, as traces.json."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print the answer as JSON."))
@click.option("--quiet", is_flag=True, help=_("No progress and no notes; the answer stays."))
def command(as_json: bool, quiet: bool, **options: Any) -> int:
    """Trace the notices and print the answer, or allot them."""
    ranges, prefixes = options.pop("ranges"), options.pop("prefixes")
    if (ranges is None) == (not options["evidence"]):
        raise click.UsageError(_("Give either -e EVIDENCE or --ranges FILE."))
    if ranges is not None:
        chosen = (options["notices"], options["zone"], options["out"])
        return _allot(ranges, prefixes, chosen, as_json=as_json)
    from quetsach.api import traces
    from quetsach.cli.terminal import progress_bar

    options["plans"] = options.pop("plan")
    options["sources"] = options["sources"] or ()
    request = traces.trace_request(**options)
    with progress_bar(quiet=quiet) as progress:
        answer = traces.trace(request, progress)
    if as_json:
        for piece in traces.trace_pieces(answer):
            click.echo(piece, nl=False)
    else:
        click.echo(trace_text(answer))
    return traces.trace_exit_code(answer)


def _allot(
    ranges: Path,
    prefixes: tuple[str, ...],
    chosen: tuple[tuple[str, ...], str | None, Path | None],
    *,
    as_json: bool,
) -> int:
    """Allot the notices to units; 0 where each goes to somebody, 3 where some go to nobody."""
    from quetsach.api import allotting

    notices, zone, out = chosen
    table = allotting.range_table(ranges, [_day_and_file(one) for one in prefixes])
    answer = allotting.allot_files(notices, table, zone=zone, out=out)
    if as_json:
        click.echo(plain_json(answer))
    else:
        click.echo("\n".join(map(plain, _allotted_lines(answer))))
    counts = answer["counts"]
    return 3 if counts["nobodys"] or counts["rejected"] else 0


def _day_and_file(text: str) -> tuple[date, Path]:
    day, _sign, path = text.partition("=")
    try:
        if path:
            return date.fromisoformat(day), Path(path)
    except ValueError:
        pass
    raise click.UsageError(_("--prefixes is written DAY=FILE, such as 2026-11-30=p.txt")) from None


def allotted_word(outcome: str) -> str:
    """Return in words to whom a notice goes."""
    words = {
        "allotted": _("allotted to one unit"),
        "shared": _("range shared by several units; all are asked"),
        "nobodys": _("nobody's; to be decided"),
        "not-ours": _("not our address"),
        "rejected": _("not a readable notice"),
    }
    return words.get(outcome, outcome)


def _allotted_lines(answer: dict[str, Any]) -> Iterator[str]:
    counts = answer["counts"]
    yield _("Notices: %(items)s") % {"items": number(counts["items"])}
    for name, count in counts.items():
        if name != "items" and count:
            yield f"  {number(count)}: {allotted_word(name)}"
    yield ""
    for unit, count in sorted(answer["units"].items()):
        yield f"  {unit}: {number(count)}"
    left = [row for row in answer["items"] if row["why"]]
    for row in left[:MOST_SHOWN]:
        yield from wrapped(f"- {row['path']} #{row['number']} {row['address'] or ''}: {row['why']}")
    yield from _more(len(left), MOST_SHOWN)
    for name in answer.get("files", ()):
        yield name


MOST_SHOWN = 50
"""How many items are printed; the JSON has all."""

MOST_CANDIDATES = 5
_FIRST = ("device", "candidates", "no-data", "cannot-tell", "rejected", "not-ours")


def outcome_word(outcome: str) -> str:
    """Return an outcome in words."""
    words = {
        "device": _("machine found"),
        "candidates": _("several machines are possible"),
        "not-ours": _("not our address"),
        "no-data": _("no log shows it"),
        "cannot-tell": _("cannot be determined from these logs"),
        "rejected": _("not a readable notice"),
    }
    return words.get(outcome, outcome)


def trace_text(answer: dict[str, Any]) -> str:
    """Return the answer: each item with its outcome, the ledger, what to switch on."""
    lines = [
        *_headline(answer["ledger"], answer["zone"]),
        *_items(answer["notices"]),
        *_ledger(answer["ledger"]),
        *_missing(answer["missing"]),
        *_unread(answer),
    ]
    return "\n".join(map(plain, lines))


def _headline(ledger: dict[str, Any], zone: str) -> Iterator[str]:
    facts = {"items": number(ledger["items"]), "hit": number(ledger["hit"])}
    yield _("Notices: %(items)s; with a machine or candidates: %(hit)s") % facts
    yield _("Times are shown in the zone %(zone)s.") % {"zone": zone}


def _items(rows: list[dict[str, Any]]) -> Iterator[str]:
    ranked = sorted(rows, key=lambda trace: _FIRST.index(trace["outcome"]))
    for trace in ranked[:MOST_SHOWN]:
        yield ""
        yield from wrapped(f"- {_said(trace['notice'])}: {outcome_word(trace['outcome'])}")
        if trace["device"]:
            facts = {
                "device": trace["device"],
                "addresses": ", ".join(trace["addresses"][:4]),
                "sure": certainty(trace["grade"]).name,
            }
            yield "    " + _("%(device)s [%(addresses)s], %(sure)s") % facts
        for sentence in (trace["because"], *trace["tried"]):
            yield from wrapped(sentence, "    ")
        yield from _candidates(trace)
        for lack in trace["missing"]:
            yield from wrapped(f"{_('Missing')}: {lack['why']}", "    ")
    yield from _more(len(ranked), MOST_SHOWN)


def _said(notice: dict[str, Any]) -> str:
    if "address" not in notice:
        return f"{notice['path']} #{notice['number']} ({notice['excerpt'][:80]})"
    port = "" if notice["port"] is None else f" {_('port')} {notice['port']}"
    remote = notice["remote_address"] or notice["remote_name"]
    parts = (_when(notice["time"]), notice["family"], f"-> {remote}" if remote else "")
    return " ".join((notice["address"] + port, *(part for part in parts if part)))


def _when(time: str | None) -> str:
    if time is None:
        return ""
    when = datetime.fromisoformat(time)
    return _("at %(time)s") % {"time": f"{day(when)} {when:%H:%M:%S}"}


def _candidates(one: dict[str, Any]) -> Iterator[str]:
    rivals = one["rivals"]
    if rivals and one["device"]:
        yield "    " + _("Other possible machines:")
    for place, rival in enumerate(rivals[:MOST_CANDIDATES], start=1):
        reasons = f": {'; '.join(rival['reasons'])}" if rival["reasons"] else ""
        yield from wrapped(f"{place}. {rival['device']} [{rival['address']}]{reasons}", "    ")
    yield from _more(len(rivals), MOST_CANDIDATES)


def _more(count: int, shown: int) -> Iterator[str]:
    if count > shown:
        yield "    " + _("... and %(count)s more; the JSON lists all") % {
            "count": number(count - shown)
        }


def _ledger(ledger: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield _("Outcome of all notices of the authority:")
    for file in ledger["files"]:
        parts = ", ".join(
            f"{outcome_word(name)} {number(file[name])}" for name in _FIRST if file[name]
        )
        yield from wrapped(f"{file['path']}: {number(file['items'])} = {parts}", "  ")
    if ledger["repeated"]:
        facts = {"count": number(ledger["repeated"])}
        yield "  " + _("%(count)s notices were sent more than once; each is counted.") % facts
    for repeat in ledger["repeats"][:MOST_CANDIDATES]:
        places = ", ".join(f"{place['path']} #{place['number']}" for place in repeat["places"][:4])
        yield f"    {repeat['address']}: {places}"


def _missing(rows: list[dict[str, Any]]) -> Iterator[str]:
    if rows:
        yield ""
        yield _("Logs to enable for next time (192.0.2.10: the machine that keeps the logs):")
    for one in rows:
        yield from wrapped(one["why"], "  ")
        for advice in one["how"]:
            said = advice["device"] + (f": {advice['note']}" if advice["note"] else "")
            yield from wrapped(said, "    ")
            yield from (f"        {line}" for line in advice["commands"])


def _unread(answer: dict[str, Any]) -> Iterator[str]:
    unread = answer["unread"]
    if unread or answer["rejects"]:
        yield ""
        yield _("NOT ALL WAS READ:")
    for one in unread[:MOST_SHOWN]:
        yield from wrapped(f"{one['code']} {one['path']}: {one['what']}. {one['todo']}", "  ")
    yield from _more(len(unread), MOST_SHOWN)
    if answer["rejects"]:
        text = _("%(count)s lines of the logs could not be read")
        yield "  " + counted(text, {"count": number(answer["rejects"])})
