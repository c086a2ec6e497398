"""The portal on a port of its own, answering from the very transaction of the test.

pytest-django's `live_server` wants committed rows, and would have to empty all tables after each
page; here a test makes an object, looks at its page, and takes it back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test.testcases import QuietWSGIRequestHandler


class SharingServer(ThreadedWSGIServer):
    """Answers on the connection of the test and leaves it open."""

    def _close_connections(self) -> None:
        """Keep the connection: it is the test's."""


@contextmanager
def serving() -> Iterator[str]:
    """Serve pages and static files; the address without a slash at its end."""
    connection = connections["default"]
    connection.inc_thread_sharing()
    # Each request would drop a connection in the middle of a transaction.
    connection.close_if_unusable_or_obsolete = lambda: None  # type: ignore[method-assign]
    server = SharingServer(
        ("127.0.0.1", 0),
        QuietWSGIRequestHandler,
        ipv6=False,
        connections_override={"default": connection},
    )
    server.set_app(StaticFilesHandler(WSGIHandler()))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        del connection.close_if_unusable_or_obsolete
        connection.dec_thread_sharing()
