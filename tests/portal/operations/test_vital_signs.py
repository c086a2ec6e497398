"""Whether the portal can serve."""

from pathlib import Path

import pytest
from django.test import Client

from quetsach_portal.jobs import beats
from quetsach_portal.jobs.beats import beat
from quetsach_portal.operations import vital_signs

pytestmark = pytest.mark.django_db


def signs() -> dict[str, str]:
    return {sign.name: sign.state for sign in vital_signs.vital_signs()}


@pytest.fixture
def with_room(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(vital_signs, "KEPT_FREE", 1)
    return home


def test_ready_needs_a_worker_that_is_alive_and_tells_what_it_looked_at(with_room: Path) -> None:
    answer = Client().get("/ready")
    assert answer.status_code == 503
    assert "worker: never seen\n" in answer.content.decode()
    beat("light")
    assert "worker: silent\n" in Client().get("/ready").content.decode(), "no long job is done"
    beat("heavy")
    answer = Client().get("/ready")
    assert answer.status_code == 200
    assert answer.content.decode() == (
        "database: ok\nwriting: ok\ndisk: ok\nworker: ok\nbackup: none\n"
    )


def test_a_silent_worker_and_a_short_disk_are_not_ready(
    with_room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat("light")
    monkeypatch.setattr(beats, "SILENT_S", -1.0)
    monkeypatch.setattr(vital_signs, "KEPT_FREE", 1 << 62)
    assert (signs()["worker"], signs()["disk"]) == ("silent", "short")
    assert Client().get("/ready").status_code == 503
    assert Client().get("/health").status_code == 200
