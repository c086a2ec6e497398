"""`quetsach serve`: the portal and its worker, until one of them ends or somebody stops it."""

import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Bring the database up to date, collect the static files, start web and worker."""

    help = (
        "Start the portal: brings the database up to date, then serves pages and runs background "
        "jobs. Stop it with Ctrl-C. Settings: QUETSACH_HOME, DATABASE_URL, QUETSACH_URL."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to listen and with how many processes."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")
        parser.add_argument("--workers", type=int, default=2, help="processes that serve pages")
        parser.add_argument("--jobs", type=int, default=1, help="processes that run jobs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until a process ends; then end the others, and report how it ended."""
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        running = [subprocess.Popen(one) for one in _commands(options)]
        stopped: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda got, _frame: stopped.append(got))
        self.stdout.write(f"http://{options['host']}:{options['port']}/")
        self.stdout.flush()
        while not stopped and all(one.poll() is None for one in running):
            time.sleep(0.2)
        failed = [one.returncode for one in running if one.poll() not in (None, 0)]
        _end(running)
        if failed and not stopped:
            sys.exit(2)


def _commands(options: dict[str, Any]) -> list[list[str]]:
    web = [
        *(sys.executable, "-m", "granian", "quetsach_portal.config.serving:front"),
        *("--interface", "rsgi", "--host", options["host"], "--port", str(options["port"])),
        *("--workers", str(options["workers"]), "--backpressure", "2048", "--no-ws"),
        *("--log-level", "warning", "--static-path-route", "/static"),
        *("--static-path-mount", os.fspath(settings.STATIC_ROOT)),
    ]
    work = [sys.executable, "-m", "quetsach_portal.manage", "work"]
    return [web, *([work] * options["jobs"])]


def _end(running: list[subprocess.Popen[bytes]]) -> None:
    for one in running:
        if one.poll() is None:
            one.terminate()
    for one in running:
        try:
            one.wait(timeout=20)
        except subprocess.TimeoutExpired:
            # A job that is cut off here is taken up again at the next start.
            one.kill()
            one.wait()
