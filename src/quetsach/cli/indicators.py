"""`quetsach indicators`: lists checked before they are used."""

import click

from quetsach.texts import _


@click.group("indicators", help=_("Check lists of indicators before use."))
def command() -> None:
    """Commands on lists of indicators."""
