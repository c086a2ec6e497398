"""Suricata's socket, spoken to by its guide; a stand-in answers, as Debian has no Suricata."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from quetsach.blocklists.convert import ConvertedRelease
from quetsach.blocklists.sensors.pushing import PushState, push
from quetsach.blocklists.sensors.resolvers import ReloadError
from quetsach.blocklists.sensors.settings import SensorKind, SensorTarget
from quetsach.blocklists.sensors.suricata import changes_of, reload_rules
from tests.blocklists.making import indicators, make

FOUR = ("a.example", "b.example", "c.example", "d.example")


class StandIn:
    """A server that answers as Suricata does: OK, or NOK to what it was told to refuse."""

    def __init__(self, path: Path) -> None:
        self.asked: list[dict[str, object]] = []
        self.refused: set[str] = set()
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen()
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                talk, _ = self._server.accept()
            except OSError:
                return
            with talk, talk.makefile("rb") as lines:
                for line in lines:
                    question = json.loads(line)
                    self.asked.append(question)
                    is_refused = question.get("command") in self.refused
                    answer = {"return": "NOK" if is_refused else "OK", "message": "said"}
                    talk.sendall(json.dumps(answer).encode() + b"\n")

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    @property
    def commands(self) -> list[object]:
        return [one["command"] for one in self.asked if "command" in one]


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[StandIn]:
    server = StandIn(tmp_path / "command.socket")
    yield server
    server.close()


@pytest.fixture
def sensor(tmp_path: Path) -> SensorTarget:
    path = tmp_path / "command.socket"
    return SensorTarget("ids", SensorKind.SURICATA, tmp_path, "suricata-dataset", socket=path)


def release(*values: str, number: int = 1) -> ConvertedRelease:
    return make("suricata-dataset", indicators(*values), number=number)


def test_few_changes_are_told_one_by_one(stand_in: StandIn, sensor: SensorTarget) -> None:
    first = push(sensor, release(*FOUR))
    assert (first.state, stand_in.commands) == (PushState.LOADED, ["ruleset-reload-nonblocking"])
    stand_in.asked.clear()
    second = push(sensor, release("a.example", "b.example", "c.example", "e.example", number=2))
    assert second.state is PushState.LOADED
    told = [one["arguments"] for one in stand_in.asked if "arguments" in one]
    # The planted name and address of each release change along.
    assert sorted(map(str, stand_in.commands)) == 3 * ["dataset-add"] + 3 * ["dataset-remove"]
    sets = {one["setname"] for one in told}  # type: ignore[index]
    assert sets == {"quetsach-below", "quetsach-exact", "quetsach-ip"}
    assert "ZS5leGFtcGxl" in {one["datavalue"] for one in told}  # type: ignore[index]


def test_what_the_sets_do_not_take_is_read_again(stand_in: StandIn, sensor: SensorTarget) -> None:
    push(sensor, release(*FOUR))
    stand_in.refused = {"dataset-add"}
    assert push(sensor, release(*FOUR, "e.example")).state is PushState.LOADED
    assert stand_in.commands[-1] == "ruleset-reload-nonblocking"


def test_a_refused_list_is_put_back(
    stand_in: StandIn, sensor: SensorTarget, tmp_path: Path
) -> None:
    push(sensor, release(*FOUR))
    before = {one.name: one.read_bytes() for one in tmp_path.glob("quetsach*")}
    stand_in.refused = {"dataset-add", "ruleset-reload-nonblocking"}
    failed = push(sensor, release(*FOUR, "e.example"))
    assert (failed.state, failed.detail) == (
        PushState.FAILED,
        "ruleset-reload-nonblocking: said",
    )
    assert {one.name: one.read_bytes() for one in tmp_path.glob("quetsach*")} == before


def test_rules_that_differ_or_too_many_changes_are_read_again() -> None:
    before = dict(release(*FOUR).files)
    assert changes_of(before, before) == []
    deeper = dict(release(*FOUR, "x.y.z.example").files)
    assert changes_of(before, deeper) is None
    many = dict(release(*(f"n{one}.example" for one in range(1_001))).files)
    assert changes_of(before, many) is None
    assert changes_of({}, before) is None


def test_nobody_at_the_socket_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReloadError, match="command"):
        reload_rules(tmp_path / "command.socket")
