"""The figures for Prometheus: who may read them, their form, and what the alarms ask of them."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from quetsach_portal.jobs.beats import beat
from quetsach_portal.jobs.models import Job
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.operations import prometheus
from quetsach_public.request_figures import RequestFigures

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[3]
TOKEN = "a-token-for-figures"
PROMTOOL = shutil.which("promtool")
SAMPLE = re.compile(r'(quetsach_\w+)(\{(?:\w+="[^"\\\n]*",?)+\})? ([0-9.e+-]+)')
"""A line of the text format. Source: prometheus.io/docs/instrumenting/exposition_formats."""


@pytest.fixture
def busy(home: Path) -> Path:
    """Return a home whose two planes have answered, with a worker and a job that waits."""
    home.mkdir(parents=True, exist_ok=True)
    for plane, folder in zip(("portal", "public"), prometheus.FOLDERS, strict=True):
        figures = RequestFigures()
        figures.keep_in(home / folder, plane)
        for status, seconds in ((200, 0.004), (200, 0.3), (404, 0.01), (503, 5.0)):
            figures.count(status, seconds)
        figures.write()
    beat("light")
    enqueue("mail.deliver", key="x")
    Job.objects.update(run_after=timezone.now() - timedelta(minutes=20))
    return home


@pytest.mark.asvs("V13.4.5")
def test_figures_are_for_who_has_the_token(busy: Path, settings) -> None:
    with_token = {"Authorization": f"Bearer {TOKEN}"}
    assert Client().get("/metrics", headers=with_token).status_code == 404
    settings.QUETSACH = replace(settings.QUETSACH, metrics_token=TOKEN)
    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"Authorization": "Bearer x"}).status_code == 404
    lines = Client().get("/metrics", headers=with_token).content.decode().splitlines()
    assert "quetsach_database_up 1" in lines
    assert 'quetsach_jobs{state="ready"} 1' in lines
    assert 'quetsach_jobs{state="failed"} 0' in lines
    assert 'quetsach_mails{state="queued"} 0' in lines
    assert "quetsach_mail_waiting_seconds 0.0" in lines
    assert "quetsach_trail_alarms 0" in lines
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert float(values["quetsach_job_waiting_seconds"]) >= 1200
    assert float(values['quetsach_worker_silent_seconds{lane="light"}']) >= 0
    is_postgres = connection.vendor == "postgresql"
    assert ('quetsach_database_connections{of="this_database"}' in values) == is_postgres


def test_requests_are_counted_by_plane_class_and_time(busy: Path) -> None:
    lines = prometheus.prometheus_text().splitlines()
    for plane in ("portal", "public"):
        name = f"quetsach_{plane}_request_seconds"
        assert f"# TYPE {name} histogram" in lines
        for le, number in (("0.005", 1), ("0.25", 1), ("0.5", 2), ("30.0", 2), ("+Inf", 2)):
            assert f'{name}_bucket{{class="2xx",le="{le}"}} {number}' in lines
        assert f'{name}_count{{class="2xx"}} 2' in lines
        assert f'{name}_sum{{class="2xx"}} 0.304' in lines
        assert f'{name}_count{{class="503"}} 1' in lines
        assert f'{name}_count{{class="5xx"}} 0' in lines


def test_each_line_is_of_the_text_format(busy: Path) -> None:
    kinds: dict[str, str] = {}
    seen: set[str] = set()
    for line in prometheus.prometheus_text().splitlines():
        if line.startswith("# TYPE "):
            _hash, _type, name, kind = line.split(" ")
            assert name not in kinds, "a figure is begun once"
            kinds[name] = kind
        elif not line.startswith("# HELP "):
            match = SAMPLE.fullmatch(line)
            assert match, line
            assert float(match[3]) >= 0
            assert line.rsplit(" ", 1)[0] not in seen, "no sample is there twice"
            seen.add(line.rsplit(" ", 1)[0])
            family = re.sub(r"_(bucket|sum|count)$", "", match[1])
            assert match[1] in kinds or kinds[family] == "histogram"
    assert set(kinds.values()) == {"gauge", "histogram"}


def test_the_example_of_alarms_asks_for_figures_that_there_are(busy: Path) -> None:
    asked = set(re.findall(r"quetsach_\w+", (ROOT / "docs/alarms.yml").read_text()))
    given = set(re.findall(r"^(quetsach_\w+)", prometheus.prometheus_text(), re.MULTILINE))
    missing = {"quetsach_backup_age_seconds"}
    if connection.vendor != "postgresql":
        missing.add("quetsach_database_connections")
    # No backup was ever tried here.
    assert asked - given == missing


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not here (Debian: prometheus)")
def test_prometheus_itself_reads_the_figures_and_the_alarms(busy: Path) -> None:
    assert PROMTOOL is not None
    rules = subprocess.run(
        [PROMTOOL, "check", "rules", str(ROOT / "docs/alarms.yml")], capture_output=True, text=True
    )
    assert rules.returncode == 0, rules.stderr
    figures = subprocess.run(
        [PROMTOOL, "check", "metrics"],
        input=prometheus.prometheus_text(),
        capture_output=True,
        text=True,
    )
    # 3: it reads all, and would call something otherwise.
    assert figures.returncode in (0, 3), figures.stderr
    assert "error while linting" not in figures.stderr
