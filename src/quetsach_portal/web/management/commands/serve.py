"""`quetsach serve`: the portal and its workers, started again when they die, until stopped."""

import fcntl
import os
import signal
import socket
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from types import TracebackType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

import quetsach_portal
from quetsach.api.problems import QuetsachError
from quetsach_portal.web.bound_processes import BoundProcesses
from quetsach_portal.web.database_state import DATABASE_ERRORS, trouble_of
from quetsach_portal.web.rehearsal_processes import RehearsalProcesses

LOCK_NAME = "running.lock"
"""A portal that runs on a home holds a lock on this file there, until its process ends."""


class RunLock:
    """Holds the lock of a home while the portal runs, or any process that inherited it.

    Errors: BlockingIOError when it is held.
    """

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._file = (home / LOCK_NAME).open("a")

    def __enter__(self) -> int:
        """Return the descriptor that a child inherits to hold the lock as well."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise
        return self._file.fileno()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()


def is_running(home: Path) -> bool:
    """True while a portal runs on `home`."""
    if not (home / LOCK_NAME).exists():
        return False
    try:
        with RunLock(home):
            return False
    except BlockingIOError:
        return True


class Command(BaseCommand):
    """Make the tables of an empty database, collect the static files, start web and workers."""

    help = gettext_noop(
        "Start the portal: makes the tables of an empty database, then serves pages and runs "
        "background jobs. Stop it with Ctrl-C. Settings: QUETSACH_HOME, DATABASE_URL, QUETSACH_URL."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to listen and with how many processes."""
        parser.add_argument("--host", default="127.0.0.1", help=_("address to listen on"))
        parser.add_argument("--port", type=int, default=8000, help=_("port to listen on"))
        parser.add_argument(
            "--public-port", type=int, default=0, help=_("port of the public page (0: not started)")
        )
        parser.add_argument("--workers", type=int, default=2, help=_("processes that serve pages"))
        parser.add_argument("--jobs", type=int, default=1, help=_("processes that run long jobs"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until somebody stops it; start what dies again, and give up when that is no use."""
        _check_free(options["host"], options["port"])
        if options["public_port"]:
            _check_free(options["host"], options["public_port"], "PUBLIC_PORT")
        home = settings.QUETSACH.home
        try:
            with RunLock(home) as lock:
                call_command("collectstatic", interactive=False, verbosity=0)
                self._serve(options, lock)
        except BlockingIOError as error:
            message = _("A portal already runs on %(home)s. Stop it first, or set QUETSACH_HOME.")
            raise CommandError(message % {"home": home}) from error

    def _serve(self, options: dict[str, Any], lock: int) -> None:
        stopped: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda got, _frame: stopped.append(got))
        processes = BoundProcesses(lock, self._say_death)
        rehearsals = RehearsalProcesses(settings.QUETSACH.home)
        public = _Public(options)
        database = _Database(self.stderr)
        try:
            database.look()
            web, *workers = _commands(options)
            processes.add(*web)
            self.stdout.write(f"http://{options['host']}:{options['port']}/")
            self.stdout.flush()
            while not stopped:
                if workers and database.look():
                    while workers:
                        processes.add(*workers.pop(0))
                processes.look()
                rehearsals.look()
                if public.is_due():
                    processes.add("public", *public.started())
                    self.stdout.write(f"{public.address} – " + _("the public page"))
                    self.stdout.flush()
                time.sleep(0.2)
        except QuetsachError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        finally:
            rehearsals.end()
            processes.end()

    def _say_death(self, name: str, code: int, wait_s: float) -> None:
        message = _("%(name)s ended (exit %(code)s). It is started again in %(wait)s s.")
        self.stderr.write(message % {"name": name, "code": code, "wait": int(wait_s)})
        self.stderr.flush()


class _Database:
    """The database, which may be away at the start: pages say so, and jobs wait, until it comes."""

    def __init__(self, stderr: Any) -> None:
        self._stderr = stderr
        self._is_ready = False
        self._due_at = 0.0
        self._last_reason = ""

    def look(self) -> bool:
        """Return whether it is there; the first time it is, an empty one gets its tables.

        Errors: QuetsachError E604 or E609 for a database of another version.
        """
        if self._is_ready or time.monotonic() < self._due_at:
            return self._is_ready
        try:
            call_command("migrate", verbosity=0, only_empty=True)
        except DATABASE_ERRORS as error:
            if trouble_of(error) is None:
                raise
            self._say_away(error)
            connection.close()
            self._due_at = time.monotonic() + _DATABASE_EVERY_S
            return False
        if self._last_reason:
            self._say(_("The database answers. The portal is complete."))
        self._is_ready = True
        return True

    def _say_away(self, error: Exception) -> None:
        """Say it once for each reason: it may last for hours."""
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        if reason == self._last_reason:
            return
        self._last_reason = reason
        message = _(
            "The database does not answer (%(reason)s). Pages say so (503) until it does; it is "
            "asked again every %(wait)s s. Is the server running, and DATABASE_URL right?"
        )
        self._say(message % {"reason": reason, "wait": int(_DATABASE_EVERY_S)})

    def _say(self, message: str) -> None:
        self._stderr.write(message)
        self._stderr.flush()


class _Public:
    """The public plane, which begins once there are pages to serve."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._host, self._port = options["host"], options["public_port"]
        self._home = settings.QUETSACH.home / "public"
        self.address = f"http://{self._host}:{self._port}/"

    def is_due(self) -> bool:
        return bool(self._port) and (self._home / "site" / "frames.json").exists()

    def started(self) -> tuple[list[str], dict[str, str]]:
        """Return its command and environment; from now on it is not due."""
        words = ["--host", self._host, "--port", str(self._port), "--workers", "1", "--alone"]
        self._port = 0
        surroundings = {
            name: value
            for name, value in os.environ.items()
            if name.startswith("QUETSACH_PUBLIC_") or not name.startswith(("QUETSACH_", "DATABASE"))
        }
        return (
            [sys.executable, "-P", "-m", "quetsach_public", *words],
            {**surroundings, "QUETSACH_PUBLIC_HOME": str(self._home)},
        )


def _check_free(host: str, port: int, name: str = "PORT") -> None:
    """Errors: CommandError where nobody can listen there: the server itself would share it."""
    if not 1 <= port <= 65_535:
        raise CommandError(
            _("%(port)s is not a port. A port lies between 1 and 65535.") % {"port": port}
        )
    try:
        family, kind, proto, _name, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[
            0
        ]
        with socket.socket(family, kind, proto) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(place)
    except OSError as error:
        message = _(
            "Cannot listen on %(host)s port %(port)s: %(reason)s. Something else may use it: stop "
            "it, or choose another with %(option)s (make run %(name)s=%(other)s)."
        )
        given = {"host": host, "port": port, "reason": error.strerror or error}
        given |= {"option": f"--{name.lower().replace('_', '-')}", "name": name, "other": port + 2}
        raise CommandError(message % given) from error


HEAD_WITHIN_MS = 10_000
_DATABASE_EVERY_S = 2.0


def _commands(options: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Return each process of the portal: its name in messages, and its command."""
    # By the name of a module granian would look into the current folder first, whatever lies there.
    portal = Path(quetsach_portal.__file__).resolve().parent
    web = [
        *(sys.executable, "-P", "-m", "granian", f"{portal / 'config/serving.py'}:front"),
        *("--working-dir", os.fspath(portal.parent)),
        *("--interface", "rsgi", "--host", options["host"], "--port", str(options["port"])),
        *("--workers", str(options["workers"]), "--backpressure", "2048", "--no-ws"),
        # Asked whether a caller speaks HTTP/2, the server would wait for the answer without end.
        *("--http", "1"),
        # One that dies does not end the others' requests; when they die at once, granian ends.
        *("--respawn-failed-workers", "--respawn-interval", "1"),
        # A request that is begun and not ended holds its connection so long, without a proxy too.
        *("--http1-header-read-timeout", str(HEAD_WITHIN_MS)),
        *("--log-level", "warning", "--static-path-route", "/static"),
        *("--static-path-mount", os.fspath(settings.STATIC_ROOT)),
    ]
    work = [sys.executable, "-P", "-m", "quetsach_portal.manage", "work", "--lane"]
    return [
        ("web", web),
        ("work light", [*work, "light"]),
        *[(f"work heavy {number + 1}", [*work, "heavy"]) for number in range(options["jobs"])],
    ]
