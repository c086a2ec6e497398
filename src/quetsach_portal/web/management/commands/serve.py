"""`quetsach serve`: the portal and its workers, until one of them ends or somebody stops it."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from types import TracebackType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quetsach_portal.web.rehearsal_processes import RehearsalProcesses

LOCK_NAME = "running.lock"
"""A portal that runs on a home holds a lock on this file there, until its process ends."""

_END_WITHIN_S = 20.0


class RunLock:
    """Holds the lock of a home while the portal runs. Errors: BlockingIOError when it is held."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._file = (home / LOCK_NAME).open("a")

    def __enter__(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise

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
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")
        parser.add_argument(
            "--public-port", type=int, default=0, help="port of the public page (0: not started)"
        )
        parser.add_argument("--workers", type=int, default=2, help="processes that serve pages")
        parser.add_argument("--jobs", type=int, default=1, help="processes that run long jobs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until a process ends; then end the others, and report how it ended."""
        _check_free(options["host"], options["port"])
        if options["public_port"]:
            _check_free(options["host"], options["public_port"], "PUBLIC_PORT")
        home = settings.QUETSACH.home
        if is_running(home):
            told = _("A portal already runs on %(home)s. Stop it first, or set QUETSACH_HOME.")
            raise CommandError(told % {"home": home})
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        with RunLock(home):
            self._serve(options)

    def _serve(self, options: dict[str, Any]) -> None:
        # Sessions of their own: Ctrl-C reaches this process alone, and it ends them in order.
        running = [subprocess.Popen(one, start_new_session=True) for one in _commands(options)]
        stopped: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda got, _frame: stopped.append(got))
        self.stdout.write(f"http://{options['host']}:{options['port']}/")
        self.stdout.flush()
        public = _Public(options)
        rehearsals = RehearsalProcesses(settings.QUETSACH.home)
        while not stopped and all(one.poll() is None for one in running):
            rehearsals.look()
            if public.is_due():
                running.append(public.start())
                self.stdout.write(f"{public.address} – " + _("the public page"))
                self.stdout.flush()
            time.sleep(0.2)
        failed = [one.returncode for one in running if one.poll() not in (None, 0)]
        rehearsals.end()
        _end(running)
        if failed and not stopped:
            sys.exit(2)


class _Public:
    """The public plane, which begins once there are pages to serve."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._host, self._port = options["host"], options["public_port"]
        self._home = settings.QUETSACH.home / "public"
        self.address = f"http://{self._host}:{self._port}/"

    def is_due(self) -> bool:
        return bool(self._port) and (self._home / "site" / "frames.json").exists()

    def start(self) -> subprocess.Popen[bytes]:
        words = ["--host", self._host, "--port", str(self._port), "--workers", "1", "--alone"]
        self._port = 0
        surroundings = {
            name: value
            for name, value in os.environ.items()
            if name.startswith("QUETSACH_PUBLIC_") or not name.startswith(("QUETSACH_", "DATABASE"))
        }
        return subprocess.Popen(
            [sys.executable, "-m", "quetsach_public", *words],
            env={**surroundings, "QUETSACH_PUBLIC_HOME": str(self._home)},
            start_new_session=True,
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


def _commands(options: dict[str, Any]) -> list[list[str]]:
    web = [
        *(sys.executable, "-m", "granian", "quetsach_portal.config.serving:front"),
        *("--interface", "rsgi", "--host", options["host"], "--port", str(options["port"])),
        *("--workers", str(options["workers"]), "--backpressure", "2048", "--no-ws"),
        *("--log-level", "warning", "--static-path-route", "/static"),
        *("--static-path-mount", os.fspath(settings.STATIC_ROOT)),
    ]
    work = [sys.executable, "-m", "quetsach_portal.manage", "work", "--lane"]
    return [web, [*work, "light"], *([[*work, "heavy"]] * options["jobs"])]


def _end(running: list[subprocess.Popen[bytes]]) -> None:
    """End the processes, with all that they started; who does not is killed."""
    for process in running:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + _END_WITHIN_S
    for process in running:
        try:
            process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            # A job that is cut off here is taken up again at the next start.
            process.kill()
            process.wait()
        try:
            # What it left behind would keep the port.
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
