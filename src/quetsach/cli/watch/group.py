"""The group `quetsach watch`, the list of its commands, and the words they share."""

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from quetsach.cli import sweep_options
from quetsach.cli import terminal as shared
from quetsach.cli.main import LazyGroup
from quetsach.clocks import MICROSECONDS
from quetsach.errors.catalogue import N_
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _, language

if TYPE_CHECKING:
    from quetsach.api.watches import PortalAccess
    from quetsach.sweeping.sweep import SweepRequest

COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("run", "watch.run:command", N_("Follow logs and print each sighting as it comes.")),
    ("status", "watch.status:command", N_("Show how a watch stands: files, rate, lag, devices.")),
    ("top", "watch.top:command", N_("Show it drawn anew each second: rates, lag, loss, devices.")),
    ("flush", "watch.flush:command", N_("Seal and hand in at once what waits.")),
    (
        "check",
        "watch.check:command",
        N_("Check before the start: rights, disk, list, and made lines through the whole path."),
    ),
)

command = LazyGroup(
    lazy=COMMANDS,
    name="watch",
    help=_(
        "Follow logs as they grow and say at once which machine talks to a listed address. It "
        "needs no portal, no database and no configuration.\n\nFirst steps: "
        "quetsach watch check /var/log/suricata/eve.json -i list.txt, then the same with run"
    ),
)

state = click.option(
    "--state",
    type=shared.PATH,
    metavar="DIR",
    help=_(
        "Where the watch remembers what it has read; ~/.local/state/quetsach/watch if not given."
    ),
)


def sealing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what says where sealed folders go, and who signs them."""
    for option in (
        shared.passphrase_file,
        click.option(
            "--sign",
            metavar="KEY",
            type=shared.PATH,
            help=_("Sign the folders with this private key: see quetsach indicators key."),
        ),
        click.option(
            "--seal",
            metavar="DIR",
            type=shared.PATH,
            help=_(
                "Write findings folders into DIR: at once for a new device, each hour, and each "
                "day once more with all leases; quetsach ledger adds them up."
            ),
        ),
    ):
        command = option(command)
    return command


def portal(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what says which portal is told, and as whom."""
    for option in (
        click.option(
            "--key",
            "keys",
            multiple=True,
            type=shared.PATH,
            help=_("Take the portal's list only if this public key signed it."),
        ),
        click.option(
            "--ca-file",
            type=shared.PATH,
            help=_("Certificates that vouch for the portal, as PEM, beside those of the system."),
        ),
        click.option(
            "--name",
            default="",
            help=_("What the watch is called on the portal; this machine's name if not given."),
        ),
        click.option(
            "--node",
            type=int,
            help=_("Number of the unit in its campaign; the newest campaign if not given."),
        ),
        click.option(
            "--token-file",
            type=shared.PATH,
            help=_("File with the portal's token for watches, in its first line."),
        ),
        click.option(
            "--portal",
            metavar="URL",
            help=_(
                "Report to this portal each minute, hand in what is sealed, and take its list. "
                "Without an answer the watch goes on and sends all later."
            ),
        ),
    ):
        command = option(command)
    return command


def receivers(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what says to whom what is shown is passed on."""
    for option in (
        click.option(
            "--webhook",
            "webhooks",
            metavar="URL",
            multiple=True,
            help=_("POST each shown sighting to URL as JSON; tried again until it is taken."),
        ),
        click.option(
            "--exec",
            "commands",
            metavar="CMD",
            multiple=True,
            help=_(
                "Start CMD for what is shown, at most once a second, and give it a JSON object a "
                "line on its standard input; without a shell, ended after 30 s."
            ),
        ),
    ):
        command = option(command)
    return command


def portal_of(options: Mapping[str, Any]) -> "PortalAccess | None":
    """Return which portal is told; its list is in `options` afterwards where they name none.

    Errors: E601 where a list or the token is missing; E213 to E216 for the portal.
    """
    from quetsach.api import watches

    if options["portal"] is None:
        if not options["lists"]:
            raise QuetsachError("E601", "-i", reason=_("no list of indicators is given"))
        return None
    if options["token_file"] is None:
        raise QuetsachError("E601", "--token-file", reason=_("the portal asks for a token"))
    return watches.portal_wishes(
        options["portal"],
        shared.from_file(options["token_file"]).decode("utf-8", "replace"),
        node=options["node"],
        name=options["name"],
        ca_file=options["ca_file"],
        keys=options["keys"],
    )


def state_or_usual(folder: Path | None) -> Path:
    """Return the folder of the state that was named, else the usual one."""
    from quetsach.api.watches import state_folder

    return state_folder(os.environ, Path.home()) if folder is None else folder


lists = click.option(
    "-i",
    "--indicators",
    "lists",
    multiple=True,
    type=shared.PATH,
    help=_(
        "List of indicators, or a folder of lists; may be given several times. Not needed "
        "with --portal, which gives its own."
    ),
)


def sources(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what says which logs are followed, what is looked for, and whose network it is."""
    for option in (
        state,
        click.option(
            "--spool-days",
            default=90,
            show_default=True,
            type=click.IntRange(min=1),
            metavar="N",
            help=_("Received messages are deleted after so many days."),
        ),
        click.option(
            "--spool-limit",
            default=10.0,
            show_default=True,
            type=click.FloatRange(min=0.001),
            metavar="GB",
            help=_("Room for received messages in the state; beyond it the oldest hour goes."),
        ),
        click.option(
            "--dnstap",
            multiple=True,
            metavar="unix:PATH",
            help=_(
                "Receive what a name server (Unbound, BIND) was asked, as dnstap, at a unix "
                "socket: unix:/run/quetsach/dnstap.sock?group=unbound"
            ),
        ),
        click.option(
            "--listen",
            multiple=True,
            metavar="ADDRESS",
            help=_(
                "Receive syslog: udp://10.0.0.5:514, tcp://10.0.0.5:514, or "
                "tls://10.0.0.5:6514?cert=server.pem&key=server.key (&ca=ca.pem: only from senders "
                "with a certificate of it); may be given several times."
            ),
        ),
        shared.accept_private,
        shared.inside,
        shared.sources,
        shared.zone,
        shared.accept_doubtful,
        shared.decisions,
        shared.own_tables,
        click.option(
            "--allow",
            multiple=True,
            type=shared.PATH,
            help=_(
                "Allow-list (resolvers, CDNs ...), or `misp`; marks an indicator, never drops it."
            ),
        ),
        lists,
        click.argument("paths", nargs=-1, metavar="[PATH]..."),
    ):
        command = option(command)
    return command


def request_of(options: Mapping[str, Any]) -> "SweepRequest":
    """Return what the options of `sources` ask for, read and checked."""
    from quetsach.api.sweeps import list_cache_folder

    return sweep_options.request_of(
        options,
        options["paths"],
        list_cache_folder(os.environ),
        out=Path(),
        sign=options.get("sign"),
        passphrase=options.get("passphrase"),
    )


def passphrase_of(options: Mapping[str, Any]) -> bytes | None:
    """Return the passphrase of the key that signs, asked for where it has one."""
    if options.get("sign") is None:
        return None
    return shared.passphrase_for(options["sign"], options["passphrase_file"])


def listening_of(options: dict[str, Any]) -> tuple[Any, ...]:
    """Return where messages are received. Errors: E507 for what is no address of such a kind.

    Raises UsageError where neither a path nor an address was given.
    """
    from quetsach.api import watches

    if not (options["paths"] or options["listen"] or options["dnstap"]):
        raise click.UsageError(_("Give a PATH to follow, or --listen, or --dnstap."))
    return watches.listen_addresses(options["listen"], options["dnstap"])


def spool_bytes(options: dict[str, Any]) -> int:
    """Return the room for received messages, in bytes."""
    return int(options["spool_limit"] * 10**9)


def wants_colour() -> bool | None:
    """Return False where no colour is wanted (no-color.org); else the terminal decides."""
    return False if os.environ.get("NO_COLOR") else None


def clock_text(when_us: int, zone: ZoneInfo | None = None) -> str:
    """Return a time in a zone, else on this machine's clock, with its day unless that is today."""
    if not when_us:
        return "-"
    moment = datetime.fromtimestamp(when_us / MICROSECONDS).astimezone(zone)
    if moment.date() == datetime.now().astimezone(zone).date():
        return f"{moment:%H:%M:%S}"
    return f"{moment:%d %b %H:%M}" if language() == "en" else f"{moment:%d/%m %H:%M}"
