"""Options that several commands share, each with one meaning and one help text."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from quetsach.texts import _

accept_private = click.option(
    "--accept-private",
    is_flag=True,
    help=_("Accept indicators in private ranges (laboratories, segmented networks)."),
)
columns = click.option(
    "--columns",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("Saved column map of a sender, or a folder of them; see `indicators columns`."),
)
decisions = click.option(
    "--decisions",
    type=click.Path(path_type=Path),
    help=_("File of decisions on indicators; see quetsach indicators decide."),
)
own_networks = click.option(
    "--inside",
    multiple=True,
    metavar="CIDR",
    help=_("Network of your own: an indicator in it is refused. May be given several times."),
)
zone = click.option(
    "--zone",
    default="Asia/Ho_Chi_Minh",
    show_default=True,
    help=_("Time zone of logs and letters that carry none, and of the times shown."),
)
inside = click.option(
    "--inside",
    multiple=True,
    metavar="CIDR",
    help=_("Network of your own; the private ranges if not given. May be given several times."),
)
leases = click.option(
    "--leases",
    multiple=True,
    metavar="F",
    help=_("Lease files or neighbour tables, or folders of them: who held which address."),
)
nat = click.option(
    "--nat",
    multiple=True,
    metavar="F",
    help=_("Logs of address translation: conntrack, natlog, firewall; or a table of port blocks."),
)
inventory = click.option(
    "--inventory",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("Table of your machines (XLSX, ODS, CSV): name, hardware address, room, desk ..."),
)
plan = click.option(
    "--plan",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("Network plan (XLSX, ODS, CSV): subnet, unit, room; name servers, proxies, gateways."),
)
public = click.option(
    "--public",
    multiple=True,
    metavar="CIDR",
    help=_("Public address of your own, as the outside sees it. May be given several times."),
)
overrides = click.option(
    "--overrides",
    type=click.Path(path_type=Path),
    help=_("File of a person's decisions on which device it was, each with its reason."),
)


def own_tables(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what is known of the own network."""
    for option in (overrides, public, plan, inventory, nat, leases):
        command = option(command)
    return command
