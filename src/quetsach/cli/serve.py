"""`quetsach serve`: the portal and its worker."""

import click

from quetsach.cli.portal import run_portal
from quetsach.texts import _


@click.command(
    "serve",
    help=_(
        "Start the portal: pages for units and the lead office, and the worker that sends mails "
        "and sweeps what units hand in. Stop it with Ctrl-C.\n\nQUETSACH_HOME says where its "
        "database and files lie (else out/portal), DATABASE_URL names a PostgreSQL server "
        "(else SQLite), QUETSACH_URL is the address people know it by."
    ),
)
@click.option("--host", default="127.0.0.1", show_default=True, help=_("Address to listen on."))
@click.option("--port", default=8000, show_default=True, help=_("Port to listen on."))
@click.option(
    "--public-port",
    default=0,
    help=_(
        "Port of the public page, started beside the portal once it has pages (0: not here). "
        "For trying: both end together."
    ),
)
@click.option("--workers", default=2, show_default=True, help=_("How many processes serve pages."))
@click.option("--jobs", default=1, show_default=True, help=_("How many processes run jobs."))
def command(host: str, port: int, public_port: int, workers: int, jobs: int) -> int:
    """Run the portal until it is stopped."""
    numbers = {"--port": port, "--public-port": public_port, "--workers": workers, "--jobs": jobs}
    words = [word for name, number in numbers.items() for word in (name, str(number))]
    return run_portal(["serve", "--host", host, *words])
