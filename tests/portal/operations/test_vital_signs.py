"""Whether the portal can serve, and its figures for Prometheus."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from quetsach_portal.jobs import beats
from quetsach_portal.jobs.beats import beat
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.operations import vital_signs

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[3]
TOKEN = "a-token-for-figures"


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


def test_the_example_of_alarms_asks_for_figures_that_there_are(with_room: Path) -> None:
    asked = set(re.findall(r"quetsach_\w+", (ROOT / "docs/alarms.yml").read_text()))
    given = set(re.findall(r"^(quetsach_\w+)", vital_signs.prometheus_text(), re.MULTILINE))
    # Two figures are missing where no worker and no backup was ever seen.
    assert asked - given == {"quetsach_backup_age_seconds", "quetsach_worker_silent_seconds"}


@pytest.mark.asvs("V13.4.5")
def test_figures_are_for_who_has_the_token(with_room: Path, settings) -> None:
    with_token = {"Authorization": f"Bearer {TOKEN}"}
    assert Client().get("/metrics", headers=with_token).status_code == 404
    settings.QUETSACH = replace(settings.QUETSACH, metrics_token=TOKEN)
    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"Authorization": "Bearer x"}).status_code == 404
    enqueue("mail.deliver", key="x")
    beat("light")
    text = Client().get("/metrics", headers=with_token).content.decode()
    lines = text.splitlines()
    assert "quetsach_database_up 1" in lines
    assert 'quetsach_jobs{state="ready"} 1' in lines
    assert 'quetsach_jobs{state="failed"} 0' in lines
    assert 'quetsach_mails{state="queued"} 0' in lines
    assert "quetsach_trail_alarms 0" in lines
    assert any(line.startswith('quetsach_worker_silent_seconds{lane="light"} ') for line in lines)
    # Each figure has its kind, and a number behind its name.
    for line in lines:
        if not line.startswith("#"):
            name, number = line.rsplit(" ", 1)
            assert f"# TYPE {name.partition('{')[0]} gauge" in lines
            assert float(number) >= 0
