"""`quetsach indicators convert`: lists in, files for devices out."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from quetsach.blocklists.outputs.registry import NAMES, output_named
from quetsach.cli import terminal as shared
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _, counted, plain, plain_json

if TYPE_CHECKING:
    from quetsach.api.lists import ConvertedRelease

MOST_SHOWN = 5
"""How many of the left out are printed a reason; left-out.json holds all."""


@click.command(
    "convert",
    help=_(
        "Write the indicators of the LISTS in the format of a device, a sensor or another "
        "program. With -o a folder is written: the files, README.txt (how to load, test and undo "
        "them), the folder undo, and left-out.json, which lists every indicator that is not in "
        "the files, with the reason. Without -o a format of one file is printed.\n\nNothing is "
        "blocked unless --mode block is given. Entries of the never-block list (private ranges, "
        "well-known resolvers, and your --belt files) are never written.\n\nFirst watch:  "
        "quetsach indicators convert list.csv --to rpz --belt belt.txt -o watch\n\nThen block:  "
        "quetsach indicators convert list.csv --to rpz --belt belt.txt --mode block -o block"
    ),
)
@click.argument("lists", nargs=-1, required=True, type=shared.INPUT)
@click.option(
    "--to",
    "form",
    required=True,
    type=shared.OfferedChoice(NAMES, "outputs"),
    metavar="FORM",
    help=_("The format to write: %(names)s.") % {"names": ", ".join(NAMES)},
)
@click.option(
    "-o",
    "--out",
    type=shared.PATH_OR_DASH,
    help=_("Folder to write; an earlier release in it is replaced. Printed if not given, or -."),
)
@click.option(
    "--mode",
    type=click.Choice(["watch", "block"]),
    help=_(
        "watch (the default where the format supports it): log and alert only; block: block the "
        "traffic."
    ),
)
@click.option("--campaign", default="", metavar="TEXT", help=_("Title to put into the files."))
@click.option(
    "--name",
    default="quetsach",
    show_default=True,
    help=_(
        "Short name of the list on the device ([a-z0-9-]); a release replaces an earlier one of "
        "the same name."
    ),
)
@click.option(
    "--belt",
    multiple=True,
    type=shared.PATH,
    help=_(
        "Never-block list: a file of names, addresses and networks, one a line, such as own "
        "resolvers, gateways and the authority's hosts. May be given several times."
    ),
)
@click.option(
    "--allow",
    multiple=True,
    metavar="PATH|misp|none",
    help=_(
        "Allow-list; an indicator on it is left out unless --take includes it. With --mode block "
        "MISP's well-known services are left out as well, unless `none` is given."
    ),
)
@shared.decisions
@shared.columns
@shared.own_networks
@click.option(
    "--take",
    multiple=True,
    metavar="INDICATOR",
    help=_(
        "Include this indicator although it is on an allow-list or a name of the State (gov.vn)."
    ),
)
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    default=30,
    show_default=True,
    help=_("Number of days for which the release is valid."),
)
@click.option("--at", metavar="T", help=_("Moment of the release (ISO 8601); now if not given."))
@click.option(
    "--previous",
    type=shared.PATH,
    help=_("Folder (or keys.tsv) of the previous release, to write the changes."),
)
@click.option(
    "--policy",
    type=click.Choice(["nxdomain", "nodata", "redirect"]),
    default="nxdomain",
    show_default=True,
    help=_("What a resolver answers when it blocks."),
)
@click.option(
    "--sensor",
    multiple=True,
    metavar="ADDRESS",
    help=_("Target of --policy redirect: a sensor, or the office's block page."),
)
@click.option(
    "--whole-address",
    is_flag=True,
    help=_("Include the whole address of address:port where the format does not support ports."),
)
@click.option(
    "--limit",
    type=click.IntRange(3),
    help=_("Number of lines that one file of the device can hold."),
)
@click.option(
    "--number",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help=_("Number of the release (revision of Suricata rules)."),
)
@click.option(
    "--serial", type=click.IntRange(1), help=_("Serial of the zone; the time if not given.")
)
@click.option(
    "--sid",
    type=click.IntRange(1),
    default=1_990_000,
    show_default=True,
    help=_("First number of the Suricata rules."),
)
@click.option(
    "--test-name",
    metavar="NAME",
    help=_("Own name that resolves today; it is blocked as well, to prove the block."),
)
@click.option(
    "--test-address",
    metavar="ADDRESS",
    help=_("Own address that answers today; it is blocked as well, to prove the block."),
)
@shared.audience
@shared.accept_private
@click.option("--json", "as_json", is_flag=True, help=_("Print left-out.json instead of files."))
def command(**options: Any) -> int:
    """Write or print the files; 3 when rows were refused or the form could not say all."""
    from quetsach.api import lists
    from quetsach.indicators.read import list_problems

    out = options["out"]
    folder = None if out is None or str(out) == "-" else out
    converted, indicators = lists.convert_indicators(
        options["lists"],
        _request(options),
        allow=options["allow"],
        decisions=options["decisions"],
        columns=options["columns"],
        inside=options["inside"],
        never_block=options["belt"],
        previous=options["previous"],
        out=folder,
    )
    if options["as_json"]:
        click.echo(plain_json(converted.facts(list(converted.folder()))))
    elif folder is None:
        if len(converted.files) > 1:
            names = ", ".join(converted.files)
            raise QuetsachError("E248", converted.output.name, names=names)
        click.echo(next(iter(converted.files.values())), nl=False)
    for line in _summary(converted, folder):
        click.echo(plain(line), err=True)
    for problem in list_problems(indicators):
        click.echo(problem, err=True)
    refused = sum(one.refused for one in indicators.readings)
    if refused:
        said = _("Refused: %(count)s rows of the lists; see: quetsach indicators check")
        click.echo(counted(said, {"count": refused}), err=True)
    return 3 if refused or list_problems(indicators) or _is_short(converted) else 0


def _request(options: dict[str, Any]) -> Any:
    from quetsach.api.lists import ConvertRequest
    from quetsach.blocklists.contract import Mode, Policy
    from quetsach.indicators.restriction import Audience

    output = output_named(options["form"])
    mode = options["mode"]
    if mode is None and output is not None and not output.exchange:
        mode = Mode.WATCH
    return ConvertRequest(
        form=options["form"],
        at=_moment(options["at"]),
        mode=Mode.WATCH if mode is None else Mode(mode),
        policy=Policy(options["policy"]),
        sensor=options["sensor"],
        name=options["name"],
        title=options["campaign"],
        days=options["days"],
        number=options["number"],
        serial=options["serial"],
        first_sid=options["sid"],
        limit=options["limit"],
        take=frozenset(options["take"]),
        whole_address=options["whole_address"],
        accept_private=options["accept_private"],
        audience=None if options["audience"] is None else Audience(options["audience"]),
        test_name=options["test_name"],
        test_address=options["test_address"],
    )


def _moment(text: str | None) -> datetime:
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    if text is None:
        return datetime.now(zone).replace(microsecond=0)
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise QuetsachError("E601", "--at", reason=text) from error
    return when if when.tzinfo else when.replace(tzinfo=zone)


def _is_short(converted: "ConvertedRelease") -> bool:
    from quetsach.blocklists.contract import NOT_OF_THE_FORM

    return any(one.why not in NOT_OF_THE_FORM for one in converted.chosen.left_out)


def _summary(converted: "ConvertedRelease", folder: Path | None) -> Iterator[str]:
    from quetsach.blocklists.readme import changed_text, mode_text

    about = converted.about
    facts = {"form": converted.output.name, "id": about.list_id, "count": about.taken}
    yield counted(_("%(form)s, release %(id)s: %(count)s indicators"), facts)
    if not converted.output.exchange:
        yield mode_text(converted.output, about)
        if not about.never_block.names and not about.never_block.own_spans:
            yield _(
                "No --belt was given: only private ranges and well-known resolvers are excluded. "
                "Add your own resolvers, gateways and names."
            )
        yield _("Valid until %(until)s") % {"until": f"{about.expires:%Y-%m-%d %H:%M %z}"}
    yield from changed_text(converted.changed)
    yield from _told(_("Left out: %(count)s"), converted.chosen.left_out)
    yield from _told(
        _("Included, but with a different scope than in the list: %(count)s"),
        converted.chosen.noted,
    )
    if folder is not None:
        yield _("Written to %(folder)s; read %(folder)s/README.txt next") % {"folder": folder}


def _told(heading: str, remarks: list[Any]) -> Iterator[str]:
    from quetsach.blocklists.contract import WHY_TEXTS

    if not remarks:
        return
    yield heading % {"count": len(remarks)}
    for why in dict.fromkeys(one.why for one in remarks):
        alike = [one for one in remarks if one.why is why]
        yield f"  {len(alike)}: {_(WHY_TEXTS[why])}"
        shown = ", ".join(_shown(one) for one in alike[:MOST_SHOWN])
        more = ", ..." if len(alike) > MOST_SHOWN else ""
        yield f"     {shown}{more}"


def _shown(one: Any) -> str:
    detail = f" ({one.detail})" if one.detail else ""
    return f"{one.indicator.key[:80]}{detail}"
