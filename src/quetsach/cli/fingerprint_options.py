"""What `quetsach sweep` is told of fingerprints, and what it says of them."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from quetsach.cli import terminal as shared
from quetsach.html_report.words import number
from quetsach.texts import _, counted

if TYPE_CHECKING:
    from quetsach.api.sweeps import SweepRequest


def fingerprint_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what says where fingerprints and their keys go, and whose they are."""
    for option in (
        click.option(
            "--fingerprints",
            metavar="DIR",
            type=shared.PATH,
            help=_(
                "Keep here keys of all outside names and addresses of each unit and day, for "
                "quetsach indicators would-hit when the logs are gone; a unit is the first folder "
                "below EVIDENCE."
            ),
        ),
        click.option(
            "--fingerprint-keys",
            metavar="DIR",
            type=shared.PATH,
            help=_(
                "Where the secrets of the fingerprints lie, one a unit and month; never back them "
                "up."
            ),
        ),
        click.option(
            "--fingerprint-unit",
            metavar="NAME",
            default="",
            help=_("All evidence is of this unit."),
        ),
    ):
        command = option(command)
    return command


def with_wanted(request: "SweepRequest", options: Mapping[str, Any]) -> "SweepRequest":
    """Return `request` with the fingerprints that are wanted, if any. Errors: E601."""
    if options["fingerprints"] is None:
        return request
    from quetsach.api.fingerprints import with_fingerprints

    ends = options["fingerprint_keys"], options["fingerprint_unit"]
    return with_fingerprints(request, options["fingerprints"], *ends)


def kept_lines(counts: Mapping[str, int] | None) -> Iterator[str]:
    """Yield what was kept, if it was wanted."""
    if counts is not None:
        yield counted(
            _(
                "Fingerprints of %(unit_days)s unit-days are kept (%(keys)s keys, incomplete: "
                "%(incomplete)s)."
            ),
            {name: number(count) for name, count in counts.items()},
        )
