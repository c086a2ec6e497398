"""`rehearsal`: the processes of a rehearsal, one that fills it and one that serves it.

The portal starts both itself. The second one answers on a socket in the folder of the rehearsal and
runs its background jobs in one thread. It ends with the process that started it, when the rehearsal
is thrown away, and when nobody has asked for it for ten minutes.
"""

import fcntl
import os
import resource
import signal
import socket
import sys
import threading
import time
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.urls import set_script_prefix
from django.utils import timezone, translation

from quetsach.api.sheets import mark_pages
from quetsach_portal.config.jobs import JOBS
from quetsach_portal.config.no_outgoing import refuse_outgoing
from quetsach_portal.jobs.worker import enqueue_periodic, run_ready
from quetsach_portal.rehearsals.clock import running_clock
from quetsach_portal.rehearsals.filling import fill
from quetsach_portal.web.bound_processes import end_with
from quetsach_portal.web.scratch_homes import ASKED, NOTE, RUNS, SOCKET

IDLE_S = 600.0
MOST_BYTES = 2 << 30
"""Of memory that the process may write to; a page needs a tenth of it."""

PAPERS_MARK = "DIỄN TẬP – văn bản này không có giá trị, không làm theo"
"""Stands at the top of each page of every paper that is made in a rehearsal."""

_LOOK_EVERY_S = 0.5


class Command(BaseCommand):
    """Fill the rehearsal of this home, or serve it."""

    help = "Fill or serve a rehearsal. The portal starts this itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what is to be done, and the process with which this one ends."""
        parser.add_argument("act", choices=["fill", "serve"])
        parser.add_argument("--parent", type=int, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; in Vietnamese, as its people write."""
        if not settings.REHEARSAL:
            raise CommandError("this is no rehearsal")
        end_with(options["parent"])
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
        refuse_outgoing()
        home = Path(settings.QUETSACH.home)
        mark_pages(PAPERS_MARK)
        set_script_prefix(f"{settings.FORCE_SCRIPT_NAME}/")
        with translation.override("vi"):
            if options["act"] == "fill":
                call_command("migrate", verbosity=0)
                fill(home, partial(run_ready, JOBS))
            else:
                serve(home)


def serve(home: Path) -> None:
    """Serve the rehearsal in `home` until it is to end, then end this process."""
    lock = _locked(home / RUNS)
    # An address of a socket has room for 107 bytes; from its own folder the name will do.
    os.chdir(home)
    Path(SOCKET).unlink(missing_ok=True)
    server = _Server(SOCKET, _Handler)
    Path(SOCKET).chmod(0o600)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Thread(target=work, args=(stop,), daemon=True).start()
    while not stop.wait(_LOOK_EVERY_S) and is_wanted(home):
        pass
    lock.close()
    # Its threads work on a home that is gone, or that the next process takes up as it stands.
    os._exit(0)


def is_wanted(home: Path) -> bool:
    """True while the rehearsal is there and somebody asked for it lately."""
    try:
        asked_at = (home / ASKED).stat().st_mtime
    except FileNotFoundError:
        return False
    return (home / NOTE).exists() and time.time() - asked_at < IDLE_S


def work(stop: threading.Event) -> None:
    """Run the jobs of the rehearsal one after the other; the clock goes on only in between."""
    set_script_prefix(f"{settings.FORCE_SCRIPT_NAME}/")

    def run_due() -> None:
        enqueue_periodic(JOBS, timezone.now())
        run_ready(JOBS)

    with translation.override("vi"):
        while not stop.is_set():
            close_old_connections()
            if not running_clock().move(run_due):
                run_due()
                stop.wait(_LOOK_EVERY_S)


def _locked(path: Path) -> Any:
    file = path.open("a")
    for _try in range(20):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Somebody looks whether it is held, or another process of this rehearsal is ending.
            time.sleep(0.1)
        else:
            return file
    sys.exit(1)


class _Handler(WSGIRequestHandler):
    def address_string(self) -> str:
        return "127.0.0.1"

    def log_message(self, *_words: object) -> None:
        """Say nothing of each request."""


class _Server(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True
    request_queue_size = 32

    def __init__(self, path: str, handler: Any) -> None:
        super().__init__(path, handler)
        self.base_environ = {
            "SERVER_NAME": "localhost",
            "GATEWAY_INTERFACE": "CGI/1.1",
            "SERVER_PORT": "80",
            "REMOTE_HOST": "",
            "CONTENT_LENGTH": "",
            "SCRIPT_NAME": "",
        }
        self._application = get_wsgi_application()

    def get_app(self) -> Any:
        return self._application

    def get_request(self) -> tuple[socket.socket, Any]:
        line, _address = super().get_request()
        # A server over a socket in the file system knows no address of who asks.
        return line, ("127.0.0.1", 0)
