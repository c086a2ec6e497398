"""`quetsach manage work`: run background jobs until it is stopped."""

import signal
import threading
from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quetsach.sandbox.warm import kept_warm
from quetsach_portal.config.applied_migrations import (
    refuse_earlier_database,
    refuse_other_database,
)
from quetsach_portal.config.jobs import JOBS
from quetsach_portal.intake.sandboxed import LOADED_AHEAD
from quetsach_portal.jobs.worker import (
    JobLane,
    run_ready,
    wait_for_database,
    work_forever,
    worker_name,
)


class Command(BaseCommand):
    """The one worker command; start as many of them as there is work for."""

    help = gettext_noop(
        "Run background jobs: mails, sweeps, documents. Stop it with Ctrl-C or SIGTERM."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --once and --lane."""
        parser.add_argument("--once", action="store_true", help=_("run what is ready, then end"))
        parser.add_argument(
            "--lane",
            type=JobLane,
            default=JobLane.ALL,
            choices=list(JobLane),
            help=_("light: mails and figures; heavy: sweeps, traces and checks of files"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        if options["once"]:
            self.stdout.write(f"{run_ready(JOBS)}")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        if not _wait_for_database(stop):
            return
        lane = options["lane"]
        with nullcontext() if lane is JobLane.LIGHT else kept_warm([LOADED_AHEAD]):
            work_forever(JOBS, worker_name(), lane=lane, stop=stop)


def _wait_for_database(stop: threading.Event) -> bool:
    """Return once the database answers; False when it is to stop before. Errors: E604, E609."""
    failures = 0
    while not stop.is_set():
        try:
            connection.ensure_connection()
        except OperationalError:
            failures += 1
            stop.wait(wait_for_database(failures))
            continue
        if failures:
            # It was not there to be asked when this process began.
            refuse_other_database()
            refuse_earlier_database()
        return True
    return False
