"""No test waits for a time and hopes."""

import re
import socket
from pathlib import Path

import pytest

from tests.waiting import wait_for_port, wait_until

SLEEP = re.compile(r"\btime\." + r"sleep\b|from time import .*\bsleep\b")


def test_no_test_sleeps() -> None:
    files = sorted(Path(__file__).parent.rglob("*.py"))
    assert [str(path) for path in files if SLEEP.search(path.read_text())] == []


def test_it_returns_once_the_condition_holds_and_asks_no_more() -> None:
    answers = iter([False, False, True])
    wait_until(lambda: next(answers))
    assert list(answers) == []


def test_past_the_deadline_it_says_what_did_not_come() -> None:
    with pytest.raises(AssertionError, match="the mail"):
        wait_until(lambda: False, "the mail", within_s=0)


def test_a_port_is_waited_for_until_somebody_listens() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        with pytest.raises(AssertionError, match=str(port)):
            wait_for_port(port, within_s=0)
        server.listen()
        wait_for_port(port)
