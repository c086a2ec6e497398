"""`quetsach indicators release`: the lists as one version that never changes."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click
import msgspec

from quetsach.cli import terminal as shared
from quetsach.cli.terminal import where_text
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.findings.withdrawn import FlaggedFindings
    from quetsach.indicators.releases.store import PublishedRelease
    from quetsach.indicators.releases.updates import ChangedIndicator, Diff


@click.command(
    "release",
    help=_(
        "Write the LISTS as one file that keeps every indicator with its sources and never "
        "changes; its name is its digest. Indicators of the previous version that no list "
        "contains any more are kept as withdrawn. An update that is empty, lost more than a "
        "fifth, or lost all indicators of a source is refused.\n\nExample: quetsach indicators "
        "release lists/ --store store --title 'Đợt 3'"
    ),
)
@click.argument("lists", nargs=-1, required=True, type=shared.INPUT)
@click.option(
    "--store",
    type=shared.PATH,
    help=_("Folder of releases to add it to; the latest release in it is the previous version."),
)
@click.option("-o", "--out", type=shared.PATH, help=_("File to write; never overwritten."))
@click.option(
    "--previous",
    default="",
    metavar="FILE|DIR@DIGEST",
    help=_("The previous version, if not the latest of the store."),
)
@click.option("--title", default="", help=_("Title of the release."))
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
def release_command(**options: Any) -> int:
    """Write the release and print where it is; 3 when a list could not be read whole."""
    from quetsach.api import lists

    created = options["created"] or datetime.now(_zone(options["zone"])).isoformat("T", "seconds")
    published = lists.release_indicators(
        options["lists"],
        lists.ReleaseTitles(created, options["title"], options["campaign"]),
        lists.ReleaseTarget(
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
    from quetsach.errors.exceptions import QuetsachError

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise QuetsachError("E601", "--zone", reason=name) from error


def _facts(published: "PublishedRelease") -> dict[str, Any]:
    return {
        "path": str(published.path),
        "digest": published.digest,
        "previous": published.previous or None,
        "counts": published.counts,
        "changes": published.changes.counts,
        "sources": msgspec.to_builtins(published.changes.sources),
        "withheld": published.withheld,
        "problems": [str(one) for one in published.problems],
    }


def _text(published: "PublishedRelease") -> Iterator[str]:
    from quetsach.cli.indicators.group import change_word, status_word

    yield _("Written: %(path)s") % {"path": published.path}
    yield _("Digest (SHA-256): %(digest)s") % {"digest": published.digest}
    counts = ", ".join(f"{status_word(name)} {n}" for name, n in published.counts.items())
    yield _("Indicators: %(kinds)s") % {"kinds": counts or "0"}
    if published.withheld:
        from quetsach.indicators.restriction import withheld_text

        facts = {"withheld": withheld_text(published.withheld)}
        yield _("Left out (TLP:RED): %(withheld)s") % facts
    if published.previous:
        changes = published.changes.counts.items()
        told = ", ".join(f"{change_word(name)} {count}" for name, count in changes)
        facts = {"digest": published.previous[:16], "changes": told or _("nothing")}
        yield _("Compared with %(digest)s: %(changes)s") % facts


@click.command(
    "decide",
    help=_(
        "Record the decision on each KEY (an indicator in any notation). It is appended to the "
        "file and valid until its date; then the question is open again.\n\nExample: quetsach "
        "indicators decide facebook.com --drop --reason 'a page of it was meant' --until "
        "2027-06-30 --by 'An toàn thông tin' --decisions decisions.jsonl"
    ),
)
@click.argument("keys", metavar="KEY...", nargs=-1, required=True)
@click.option("--keep", "verdict", flag_value="keep", help=_("Search for it and report devices."))
@click.option(
    "--watch",
    "verdict",
    flag_value="watch",
    help=_("Search for it and show it; report no device because of it."),
)
@click.option(
    "--drop", "verdict", flag_value="drop", help=_("Do not search for it; its rows stay counted.")
)
@click.option("--reason", required=True, help=_("The reason, in words for others."))
@click.option(
    "--until", required=True, metavar="DATE", help=_("Last day on which it is valid (ISO 8601).")
)
@click.option("--by", default="", metavar="ROLE", help=_("Role that decided; no personal name."))
@click.option(
    "--decisions",
    "file",
    required=True,
    type=shared.PATH,
    help=_("File of decisions to append to."),
)
def decide_command(
    keys: tuple[str, ...], verdict: str | None, reason: str, until: str, by: str, file: Path
) -> int:
    """Write the decisions and print them."""
    from quetsach.api import lists
    from quetsach.cli.indicators.group import verdict_word
    from quetsach.indicators.allow.classes import class_text

    if verdict is None:
        raise click.UsageError(_("choose --keep, --watch or --drop"))
    decisions = lists.decide_indicators(
        keys, lists.AllowDecision(verdict), reason=reason, until=until, by=by, file=file
    )
    for decision in decisions:
        classes = ", ".join(map(class_text, decision.classes)) or _("on no allow-list")
        facts = {
            "verdict": verdict_word(decision.verdict),
            "until": decision.until,
            "classes": classes,
        }
        outcome = _("%(verdict)s, until %(until)s (%(classes)s)") % facts
        click.echo(plain(f"{decision.key}: {outcome}"))
    return 0


MOST_CHANGES_SHOWN = 10
"""How many rows of one kind are printed; --json prints all."""

MOST_TEXT = 120


@click.command(
    "diff",
    help=_(
        "Show what changed from BEFORE to AFTER. Each is a release, a list, a folder of lists, a "
        "store (its latest release), or a version in a store: STORE@DIGEST, with the first "
        "digits of the digest.\n\nExit: 0 nothing changed, 1 something changed."
    ),
)
@click.argument("before", type=shared.TEXT_INPUT)
@click.argument("after", type=shared.TEXT_INPUT)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def diff_command(before: str, after: str, *, as_json: bool) -> int:
    """Print the changes; 1 when there are any."""
    from quetsach.api import lists

    diff = lists.diff_indicators(before, after)
    if as_json:
        answer = msgspec.to_builtins(diff)
        answer["changes"] = [one._asdict() for one in diff.changes]
        click.echo(plain_json(answer))
    else:
        click.echo("\n".join(map(plain, _diff_text(diff))))
    return 1 if diff.changes else 0


def _diff_text(diff: "Diff") -> Iterator[str]:
    from quetsach.cli.indicators.group import change_word

    facts = {"before": diff.before, "after": diff.after}
    yield _("Active indicators: %(before)s before, %(after)s after") % facts
    if not diff.changes:
        yield _("Nothing changed.")
    for change, group in groupby(diff.changes, key=lambda one: one.change):
        count = diff.counts[change]
        yield f"{change_word(change)}: {count}"
        for number, one in enumerate(group):
            if number < MOST_CHANGES_SHOWN:
                yield f"  {_row(one)}"
        yield from shared.more(count, MOST_CHANGES_SHOWN)
    moved = {name: pair for name, pair in diff.sources.items() if pair[0] != pair[1]}
    if moved:
        yield _("By source list, before and after:")
        for name, (was, now) in list(moved.items())[:MOST_CHANGES_SHOWN]:
            yield f"  {name}: {was} -> {now}"
        yield from shared.more(len(moved), MOST_CHANGES_SHOWN)


def _row(changed: "ChangedIndicator") -> str:
    states = " -> ".join(text for text in (changed.before, changed.after) if text)
    same = changed.change in ("added", "removed", "withdrawn", "dropped")
    change = "" if same or not states else f": {states}"
    where = where_text(changed.list_name, changed.row, changed.place)
    return (
        f"{changed.shown[:MOST_TEXT]}{change} ({where})"
        if changed.list_name
        else f"{changed.shown}{change}"
    )


MOST_WITHDRAWN_SHOWN = 20


@click.command(
    "withdrawn",
    help=_(
        "Show what in past FINDINGS rests on indicators that the release marks as withdrawn, "
        "replaced or dropped, and which devices rest on nothing else. Findings are never "
        "changed.\n\nExit: 0 nothing rests on them, 1 something does."
    ),
)
@click.argument("findings", nargs=-1, required=True, type=shared.PATH)
@click.option(
    "--release",
    required=True,
    metavar="FILE|DIR@DIGEST",
    help=_("Release to compare with; for a store, its latest release."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def withdrawn_command(findings: tuple[Path, ...], release: str, *, as_json: bool) -> int:
    """Print what is to be looked at again; 1 when there is something."""
    from quetsach.api import lists

    flagged = lists.withdrawn_sightings(findings, release)
    if as_json:
        click.echo(plain_json({"findings": msgspec.to_builtins(flagged)}))
    else:
        click.echo("\n".join(plain(line) for one in flagged for line in _withdrawn_text(one)))
    return 1 if any(one.sightings for one in flagged) else 0


def _withdrawn_text(flagged: "FlaggedFindings") -> Iterator[str]:
    from quetsach.cli.indicators.group import status_word

    facts = {"folder": flagged.folder, "count": flagged.sightings, "rows": len(flagged.indicators)}
    if not flagged.sightings:
        yield _("%(folder)s: nothing rests on withdrawn indicators.") % facts
        return
    yield (_("%(folder)s: %(count)s sightings rest on %(rows)s withdrawn indicators.") % facts)
    for indicator in flagged.indicators[:MOST_WITHDRAWN_SHOWN]:
        indicator_facts = {
            "shown": indicator.shown[:100],
            "status": status_word(indicator.status)
            + (f" -> {indicator.replaced_by}" * bool(indicator.replaced_by)),
            "since": indicator.since or "-",
            "count": len(indicator.sightings),
            "devices": len(indicator.devices),
        }
        line = _("%(shown)s: %(status)s, since %(since)s; sightings %(count)s, devices %(devices)s")
        yield f"  {line % indicator_facts}" + (f": {indicator.why}" if indicator.why else "")
    yield from shared.more(len(flagged.indicators), MOST_WITHDRAWN_SHOWN)
    if flagged.cleared:
        yield _("Reported for no other reason, to be reviewed: %(n)s") % {"n": len(flagged.cleared)}
        yield from (f"  {device}" for device in flagged.cleared[:MOST_WITHDRAWN_SHOWN])
        yield from shared.more(len(flagged.cleared), MOST_WITHDRAWN_SHOWN)
    if flagged.weaker:
        yield _("Still reported because of other indicators: %(n)s") % {"n": len(flagged.weaker)}
        yield from (f"  {device}" for device in flagged.weaker[:MOST_WITHDRAWN_SHOWN])
        yield from shared.more(len(flagged.weaker), MOST_WITHDRAWN_SHOWN)
