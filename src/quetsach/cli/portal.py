"""Start the portal, a program of its own: the engine knows no Django, so it is not imported."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version

import click

from quetsach import __version__
from quetsach.errors.exceptions import QuetsachError
from quetsach.extras import require
from quetsach.texts import _


def run_portal(words: Sequence[str]) -> int:
    """Run the portal's command with `words` and return its exit code.

    Errors: E615 where the portal, E614 where a package that it needs is not installed; E616 where
    it is of another version.
    """
    require("quetsach_portal")
    _refuse_other_version()
    require("django")
    command = [sys.executable, "-P", "-m", "quetsach_portal.manage", *words]
    with subprocess.Popen(command, preexec_fn=_ending_with(os.getpid())) as running:  # noqa: PLW1509
        while True:
            try:
                return running.wait()
            except KeyboardInterrupt:
                # Wait until it has finished cleanly, also where only this process was told to stop.
                running.terminate()


def _refuse_other_version() -> None:
    """Errors: E616 where the portal's wheel is not of this version; each is made for its own."""
    try:
        portal = version("quetsach-portal")
    except PackageNotFoundError:
        return  # A source tree holds both.
    if portal != __version__:
        raise QuetsachError("E616", "quetsach-portal", portal=portal, core=__version__)


def _ending_with(parent: int) -> Callable[[], None] | None:
    """Return what lets the portal be told to stop when this process ends, however that ends."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def bind() -> None:
        # Source: prctl(2), PR_SET_PDEATHSIG.
        libc.prctl(1, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return bind


class _PassingOn(click.Command):
    """Passes on all that stands behind the name of the portal's command, `--help` too."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words as they are once the first of them is no option."""
        named = bool(args) and not args[0].startswith("-")
        return super().parse_args(ctx, ["--", *args] if named else args)


@click.command(
    "manage",
    cls=_PassingOn,
    context_settings={"ignore_unknown_options": True},
    help=_(
        "Run one of the portal's commands with its own arguments: migrate, work, audit verify, "
        "audit export. `quetsach manage help` lists them all, `quetsach manage help work` "
        "explains one."
    ),
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="WORDS...")
def manage_command(words: tuple[str, ...]) -> int:
    """Run it and return its exit code."""
    return run_portal(words)


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
        "Port of the public page, started with the portal once it has pages (0: not started). "
        "For tests: both stop together."
    ),
)
@click.option(
    "--workers", default=2, show_default=True, help=_("Number of processes that serve pages.")
)
@click.option("--jobs", default=1, show_default=True, help=_("Number of processes that run jobs."))
def serve_command(host: str, port: int, public_port: int, workers: int, jobs: int) -> int:
    """Run the portal until it is stopped."""
    numbers = {"--port": port, "--public-port": public_port, "--workers": workers, "--jobs": jobs}
    words = [word for name, number in numbers.items() for word in (name, str(number))]
    return run_portal(["serve", "--host", host, *words])
