"""The main job on two documented attacks: the command names exactly the machines of the truth."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

pytestmark = pytest.mark.real

REPOSITORY = Path(__file__).resolve().parents[2]

Contact = tuple[str, str, str, int]
"""A part of the evidence (sensor, campaign), inside address, attacker's address, its port."""


@dataclass(frozen=True)
class Run:
    """What the command gave: its exit code, its answer, its sightings, and the truth beside it."""

    exit_code: int
    summary: dict[str, Any]
    rows: list[dict[str, Any]]
    truth: dict[str, Any]

    def connections(self, direction: str) -> list[dict[str, Any]]:
        return [
            row
            for row in self.rows
            if row["event.dataset"] == "zeek.conn" and row["network.direction"] == direction
        ]


def run(scenario: Path, target: Path) -> Run:
    """Run the command over `scenario` as a person would."""
    command = [sys.executable, "-m", "quetsach", "sweep", str(scenario / "evidence")]
    options = ["-i", str(scenario / "indicators"), "--accept-private", "--json", "-o", str(target)]
    done = subprocess.run(
        [*command, *options],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "src")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    truth = json.loads((scenario / "expected/ground-truth.json").read_text(encoding="utf-8"))
    rows = pq.read_table(target / "sightings.parquet").to_pylist()
    return Run(done.returncode, json.loads(done.stdout), rows, truth)


@pytest.fixture(scope="module")
def apt29(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return the run over the first day of the APT29 evaluation."""
    return run(data / "scenarios/D1-apt29-day1", tmp_path_factory.mktemp("d1") / "findings")


@pytest.fixture(scope="module")
def lsass(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return the run over four campaigns of Meterpreter behind NAT."""
    return run(data / "scenarios/D2-lsass-nat-01-04", tmp_path_factory.mktemp("d2") / "findings")


def contacts(rows: Iterable[dict[str, Any]], part: str) -> Counter[Contact]:
    """Count `rows` by contact; `part` is what stands before the part's name in the path."""
    found: Counter[Contact] = Counter()
    for row in rows:
        name = row["log.file.path"].partition(part)[2].replace("_", "/").partition("/")[0]
        ends = row["source.ip"], row["destination.ip"], row["destination.port"]
        found[name, *ends] += 1
    return found


def per_device(found: Counter[Contact]) -> dict[str, int]:
    """Return how many connections each inside address has."""
    sums: Counter[str] = Counter()
    for (_, inside, _, _), count in found.items():
        sums[inside] += count
    return dict(sums)


def named(summary: dict[str, Any]) -> dict[str, int]:
    """Return the devices of the answer with their connections."""
    return {one["device"]: one["connections"] for one in summary["devices"]}


def test_apt29_names_exactly_the_victims_with_their_connections(apt29: Run) -> None:
    truth = Counter(
        {
            (one["file"], one["inside_host"], one["c2"], one["port"]): one["connections"]
            for one in apt29.truth["derived_hits"]["per_sensor_file"]
        }
    )
    assert contacts(apt29.connections("outbound"), "evidence/zeek-json/") == truth
    assert named(apt29.summary) == per_device(truth)
    victims = apt29.truth["documented_by_source"]["victims"]
    assert set(named(apt29.summary)) == set(victims.values())


def test_apt29_contacts_begin_and_end_when_the_truth_says(apt29: Run) -> None:
    for one in apt29.truth["derived_hits"]["per_sensor_file"]:
        times = [
            row["@timestamp"].timestamp()
            for row in apt29.connections("outbound")
            if (row["source.ip"], row["destination.ip"], row["destination.port"])
            == (one["inside_host"], one["c2"], one["port"])
        ]
        assert (min(times), max(times)) == (one["first"], one["last"])


def test_apt29_blames_nobody_else_and_reads_all(apt29: Run) -> None:
    assert apt29.exit_code == 1
    summary = apt29.summary
    assert (summary["unread"], summary["rejects"], summary["no_match"]) == ([], 0, 0)
    assert (summary["not_blamed"], summary["unattributed"]) == ([], 0)
    assert apt29.connections("inbound") == []


def test_apt29_files_that_the_victim_sent_are_its_own_contacts(apt29: Run) -> None:
    rows = [row for row in apt29.rows if row["event.dataset"] == "zeek.files"]
    sent = [row for row in rows if json.loads(row["event.original"])["is_orig"]]
    assert len(sent) == 12
    assert {row["network.direction"] for row in rows} == {"outbound"}
    assert {row["source.ip"] for row in sent} == {"10.0.1.4"}


def test_lsass_names_exactly_the_inside_hosts_with_their_connections(lsass: Run) -> None:
    truth: Counter[Contact] = Counter()
    for campaign in lsass.truth["campaigns"]:
        for one in campaign["derived_inside_connections_to_attacker"]:
            ends = one["inside_host"], one["c2"], int(one["port"])
            truth[campaign["campaign"], *ends] = one["connections"]
    assert contacts(lsass.connections("outbound"), "/campaign-") == truth
    assert named(lsass.summary) == per_device(truth)
    victims = [
        victim
        for one in lsass.truth["campaigns"]
        for victim in one["documented_by_source"]["victim_inside_addresses_in_transcript"]
    ]
    assert sorted(named(lsass.summary)) == sorted(victims)


def test_lsass_reads_all(lsass: Run) -> None:
    assert lsass.exit_code == 1
    summary = lsass.summary
    assert (summary["unread"], summary["rejects"], summary["no_match"]) == ([], 0, 0)
    assert summary["unattributed"] == 0


def test_lsass_records_written_from_the_listener_are_ends_of_connections_it_was_called_on(
    lsass: Run,
) -> None:
    """Zeek saw some packets of the attacker alone, and took the listener for who began."""
    begun = {
        (row["source.ip"], row["source.port"], row["destination.ip"], row["destination.port"])
        for row in lsass.connections("outbound")
    }
    turned = [row for row in lsass.rows if row["network.direction"] == "inbound"]
    for row in turned:
        ends = ("destination.ip", "destination.port", "source.ip", "source.port")
        assert tuple(row[end] for end in ends) in begun
    assert {row["event.action"] for row in lsass.connections("inbound")} == {"OTH"}
    told = {one["device"]: one["sightings"] for one in lsass.summary["not_blamed"]}
    assert told == Counter(row["destination.ip"] for row in turned)
    assert {one["role"] for one in lsass.summary["not_blamed"]} == {"target"}
    assert set(told) <= set(named(lsass.summary))
