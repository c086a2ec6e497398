"""`quetsach indicators`: lists checked before they are used."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from quetsach.texts import _


@click.group("indicators", help=_("Check lists of indicators before use."))
def command() -> None:
    """Commands on lists of indicators."""
