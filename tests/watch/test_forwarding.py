"""What is shown is passed on to a command or an address: bounded, retried, never in the way."""

import json
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.indicators.fetch.connection import HttpClient, HttpReply, ServerAddress
from quetsach.watch import forwarding
from quetsach.watch.forwarding import CommandReceiver, PassOnThread, WebhookReceiver


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forwarding, "EACH_S", 0.001)
    monkeypatch.setattr(forwarding, "FIRST_WAIT_S", 0.002)


def test_a_command_reads_a_json_object_a_line(tmp_path: Path) -> None:
    out = tmp_path / "o ut"
    receiver = CommandReceiver(f"dd 'of={out}' status=none")
    receiver.give([b'{"a":1}', b'{"a":2}'])
    assert [json.loads(line)["a"] for line in out.read_text().splitlines()] == [1, 2]


@pytest.mark.parametrize("command", ["", "'", "   "])
def test_an_odd_command_is_refused(command: str) -> None:
    with pytest.raises(QuetsachError, match="E601"):
        CommandReceiver(command)


@pytest.mark.parametrize("command", ["false", "/not/there", "sleep 9"])
def test_a_command_that_fails_is_told(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forwarding, "LIMIT_S", 0.05)
    with pytest.raises(QuetsachError, match="E512"):
        CommandReceiver(command).give([b"{}"])


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    CommandReceiver(f"true ; touch {tmp_path}/x $(touch {tmp_path}/y)").give([b"{}"])
    assert not list(tmp_path.iterdir())


def test_an_address_is_given_json(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []
    statuses = [500, 204]

    def ask(
        self: HttpClient, method: str, address: ServerAddress, body: bytes
    ) -> tuple[int, HttpReply]:
        given.append((method, address.path, json.loads(body)))
        return statuses.pop(0), HttpReply(address, {}, b"")

    monkeypatch.setattr(HttpClient, "ask", ask)
    receiver = WebhookReceiver("https://hook.example/in?key=secret")
    assert receiver.name == "https://hook.example/"
    with pytest.raises(QuetsachError, match="E216") as refused:
        receiver.give([b'{"a":1}'])
    assert "secret" not in str(refused.value)
    receiver.give([b'{"a":1}', b'{"a":2}'])
    assert given[1] == ("POST", "/in?key=secret", {"sightings": [{"a": 1}, {"a": 2}]})


def test_an_address_that_is_not_there_or_not_safe_is_told_without_its_secret() -> None:
    with pytest.raises(QuetsachError, match="E213") as refused:
        WebhookReceiver("http://127.0.0.1:1/in?key=secret").give([b"{}"])
    assert "secret" not in str(refused.value)
    with pytest.raises(QuetsachError, match="E214"):
        WebhookReceiver("http://hook.example/")


class _Receiver:
    name = "r"

    def __init__(self, fails: int = 0) -> None:
        self.fails, self.given = fails, list[bytes]()
        self.has_all = threading.Event()

    def give(self, lines: Sequence[bytes]) -> None:
        if self.fails:
            self.fails -= 1
            raise QuetsachError("E512", self.name, reason="x")
        self.given += lines
        if lines[-1] == b"last":
            self.has_all.set()


def test_what_is_not_taken_is_given_again() -> None:
    receiver, told = _Receiver(fails=3), list[Problem]()
    passing_on = PassOnThread(receiver, told.append)
    passing_on.put([b"first"])
    passing_on.put([b"last"])
    assert receiver.has_all.wait(5)
    passing_on.close()
    assert receiver.given == [b"first", b"last"]
    assert [one.code for one in told] == ["E512"]


def test_what_is_too_much_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forwarding, "MOST_WAITING", 5)
    receiver, told = _Receiver(), list[Problem]()
    passing_on = PassOnThread(receiver, told.append)
    passing_on.put([b"%d" % number for number in range(9)] + [b"last"])
    assert receiver.has_all.wait(5)
    passing_on.close()
    assert receiver.given == [b"5", b"6", b"7", b"8", b"last"]
    assert [(one.code, one.facts["count"]) for one in told] == [("E513", 5)]
