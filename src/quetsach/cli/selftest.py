"""`quetsach selftest`: the demo district swept on this machine and held against its truth."""

import tempfile
from pathlib import Path

import click

from quetsach.texts import _


@click.command("selftest", help=_("Prove on this machine that the engine finds the truth."))
def command() -> int:
    """Print each promise that was checked; 2 when one is broken."""
    from quetsach.selftest import run_selftest

    with tempfile.TemporaryDirectory(prefix="quetsach-selftest-") as folder:
        checks = run_selftest(Path(folder))
    for check in checks:
        click.echo(f"{'✓' if check.kept else '✗'} {check.promise}")
        if not check.kept:
            click.echo(f"    {check.found}")
    return 0 if all(check.kept for check in checks) else 2
