"""A watch and a portal together: what it seals is taken in, each line and each sighting once."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from quetsach.api import sweeps
from quetsach.indicators.fetch.connection import HttpClient, HttpReply, ServerAddress
from quetsach.scanning.job import ScanJob, prepare
from quetsach.watch.portal import PortalAccess
from quetsach.watch.pushing import LIST, OUTBOX, Pusher, first_list
from quetsach.watch.sealing import Sealer
from quetsach.watch.state import WatchState
from quetsach.watch.watching import Watch
from quetsach_portal.cases.models.case import Case
from quetsach_portal.intake.models import CoverageDay, Submission, UnitStream
from quetsach_portal.sensors import heartbeats
from quetsach_portal.sensors.models import Sensor
from tests.portal.api.asking import token_of
from tests.portal.api.lists import publish
from tests.portal.intake.handing_in import key_pair, register
from tests.portal.working import run_ready
from tests.watch.watched import eve, lines

pytestmark = pytest.mark.django_db

_NOW_US = 1_796_014_800 * 1_000_000


@pytest.fixture(autouse=True)
def _no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client of a watch ask this portal, without a network between."""

    def ask(
        self: HttpClient, method: str, address: ServerAddress, body: bytes | None
    ) -> tuple[int, HttpReply]:
        headers = {"authorization": self.headers["Authorization"]}
        answer = Client().generic(
            method, address.path, body or b"", self.headers["Content-Type"], headers=headers
        )
        content = b"".join(answer) if answer.streaming else answer.content
        return answer.status_code, HttpReply(address, {}, content)

    monkeypatch.setattr(HttpClient, "ask", ask)
    # The minutes between the heartbeats of the test are none for the portal's clock.
    monkeypatch.setattr(heartbeats, "AT_MOST_EACH", timedelta(0))


def test_what_a_watch_seals_is_taken_in_once(world, tmp_path: Path) -> None:
    publish(world, tmp_path, "bad.example\n")
    text = token_of(world, scopes=["watch"])[1]
    pair = key_pair(tmp_path)
    register(world, pair)
    log, folder = tmp_path / "eve.json", tmp_path / "state"
    wishes = PortalAccess("https://portal.example", text, name="pc-1")
    listed = first_list(folder, wishes)
    assert b"bad.example" in (folder / LIST).read_bytes()
    request = sweeps.sweep_request(
        evidence=[str(log)],
        lists=listed,
        out=tmp_path,
        zone="Asia/Ho_Chi_Minh",
        sign=pair.private,
    )
    tools = prepare(ScanJob(request.indicators, request.options))
    state = WatchState(folder)
    clock = iter(range(10_000))
    watch = Watch(state, [str(log)], tools, request.knowledge, lambda: 1e9 + 1.5 * next(clock))
    sealer = Sealer(state, request, tools, folder / OUTBOX)
    problems: list[object] = []
    pusher = Pusher(state, wishes, [str(log)], problems.append, takes_list=True)
    for number, kind in enumerate(("instant", "sealed")):
        with log.open("ab") as file:
            file.write(lines(4 * number, 4 * number + 4) + eve(50 + number, "good.example"))
        watch.round()
        watch.round()
        assert sealer.seal(kind, _NOW_US + number) is not None
        while pusher.step(_NOW_US / 1e6 + 70 * number):
            pass
        run_ready()
    assert sealer.seal_day("2026-11-30", _NOW_US + 9) is not None
    while pusher.step(_NOW_US / 1e6 + 400):
        pass
    run_ready()
    assert not problems
    states = Submission.objects.order_by("pk").values_list("state", "trust", "sightings")
    assert list(states) == [("done", "signed", 4)] * 2 + [("done", "signed", 8)]
    stream = UnitStream.objects.get()
    assert (stream.lines, stream.sightings) == (10, 8)
    covered = {day.kind: day.lines for day in CoverageDay.objects.all()}
    assert covered["dns"] == 10
    assert Case.objects.count() == 8
    sensor = Sensor.objects.get()
    assert (sensor.name, sensor.sightings) == ("pc-1", 8)
    watch.close()
    state.close()
