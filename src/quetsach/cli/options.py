"""Options that several commands share, each with one meaning and one help text."""

from pathlib import Path

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
