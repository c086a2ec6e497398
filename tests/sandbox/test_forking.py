"""The warm process loads what is named, and forks only while it is one thread."""

import json
import os
import socket
import sys
import threading

import pytest

from quetsach.sandbox import forking
from quetsach.sandbox.forking import load, serve
from quetsach.sandbox.warm import is_offered

pytestmark = pytest.mark.skipif(not is_offered(), reason="nothing is forked on this system")


def test_modules_are_loaded_and_functions_called(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setattr(forking.gc, "freeze", lambda: called.append("frozen"))
    monkeypatch.setattr(forking.os, "listdir", lambda _place: ["1"])
    monkeypatch.setattr(forking, "import_module", lambda name: called.append(name) or sys)
    monkeypatch.setattr(sys, "load_ahead", lambda: called.append("called"), raising=False)
    load(["a.b", "c:load_ahead"])
    assert called == ["a.b", "c", "called", "frozen"]


def test_what_starts_threads_is_not_loaded_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forking.os, "listdir", lambda _place: ["1", "2"])
    with pytest.raises(SystemExit, match="threads"):
        load([])


def test_it_tells_how_a_process_ended_and_stops_with_its_caller() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    number = os.posix_spawn(sys.executable, [sys.executable, "-c", "raise SystemExit(7)"], {})
    thread = threading.Thread(target=serve, args=(theirs,))
    thread.start()
    ours.send(json.dumps(number).encode())
    assert ours.recv(32) == b"7"
    ours.close()
    thread.join(10)
    assert not thread.is_alive()
    theirs.close()


def test_where_the_system_forks_no_more_none_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(forking.os, "fork", refuse)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    order = json.dumps({"directory": "/", "environment": {}}).encode()
    pipe = os.pipe()
    socket.send_fds(ours, [order], [*pipe, pipe[0]])
    ours.shutdown(socket.SHUT_WR)
    serve(theirs)
    assert ours.recv(32) == b"-1"
    for end in pipe:
        os.close(end)
    ours.close()
    theirs.close()
