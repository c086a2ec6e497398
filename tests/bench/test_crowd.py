"""What the benchmark of the public plane counts, and from when."""

import asyncio
import socket
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from bench.crowd import Told, phones, request, steady
from tests.waiting import stand_still

SLOW_S = 0.03


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None: ...


def slowly(environ, start):
    stand_still(SLOW_S)
    start("200 OK", [("Content-Length", "2")])
    return [environ["HTTP_X_FORWARDED_FOR"][:2].encode()]


@pytest.fixture
def port():
    with make_server("127.0.0.1", 0, slowly, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_times_count_from_the_moment_at_which_a_request_was_due(port: int) -> None:
    told = asyncio.run(steady(port, [request("/", "11.0.0.1")], 1_000, 0.01, lines=4))
    assert told.statuses == {"200": 10}
    assert told.within(1) >= 9 * SLOW_S, "the last was due at once, and waited for all others"


def test_nobody_there_is_counted_as_such() -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        told = asyncio.run(phones(one.getsockname()[1], ["/", "/a"], 2, "11.0.0.1", 0))
    assert told.statuses == {"ConnectionRefusedError": 4}
    assert told.share() == 0


def test_shares_and_parts() -> None:
    told = Told()
    told.statuses.update({"200": 3, "503": 1})
    told.times = [4.0, 1.0, 3.0, 2.0]
    assert (told.share(), told.within(0.5), told.within(1)) == (0.75, 3.0, 4.0)
