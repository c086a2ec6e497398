"""Sightings that ask the same are named as if each of them were asked about alone."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quetsach.attribution.devices import Attributor
from quetsach.attribution.identity import Identities
from quetsach.attribution.lease_history import LeaseHistory
from quetsach.attribution.model import Certainty, InsideEndpoint, OutsideEndpoint
from quetsach.attribution.overrides import Override, Overrides
from quetsach.attribution.questions import NetworkContext, Resolver
from quetsach.findings.coverage import SourceCoverage
from quetsach.inventory.lookup import Inventory
from quetsach.inventory.model import InventoryMachine
from quetsach.schema import SIGHTING
from quetsach.sweeping import attributing, same_questions
from quetsach.sweeping import spools as kept_spools
from quetsach.sweeping.attributing import name_sightings
from quetsach.sweeping.naming import SightingNamer
from quetsach.sweeping.source_times import TimeDoubts
from tests.attribution.lease_rows import HOUR, A, B, Record, table

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
LISTED = "203.0.113.77"


@dataclass(frozen=True)
class Doors:
    """Translations that depend on all that is asked of them."""

    def chains(
        self, seen: OutsideEndpoint, *, slack_us: int = 0
    ) -> list[tuple[InsideEndpoint, ...]]:
        """Return no, one or two chains."""
        asked = (seen.when_us or 0, seen.port or 0, seen.remote, seen.remote_port, seen.transport)
        which = random.Random(repr(asked)).randrange(3)
        return [
            (InsideEndpoint(f"10.0.0.{number}", slack_us % 7, Certainty.CERTAIN),)
            for number in (5, 6)[:which]
        ]


def _naming() -> SightingNamer:
    records = [
        Record(10, A, name="PC-07"),
        Record(13, B, hours=2),
        Record(20, A, name="PC-07", hours=9),
        Record(11, B, address="10.0.0.6", act="seen"),
        Record(5, A, address="198.51.100.9"),
    ]
    machines = [InventoryMachine(key="TS-1", name="PC-08", addresses=("10.0.0.8",))]
    overrides = [
        Override("PC-X", "seen", "", mac=B, number=1),
        Override("PC-Y", "seen", "", address="10.0.0.6", number=2),
    ]

    def attributor(*inside: str) -> Attributor:
        return Attributor(
            LeaseHistory(table(records), ["dhcp.log"]),
            NetworkContext(
                tuple(map(ip_network, inside)),
                (ip_network("198.51.100.0/24"),),
                {"10.0.0.1": Resolver("10.0.0.1", ("10.0.0.5", "10.0.0.6"), ("192.0.2.53",))},
                {"10.0.0.2": ("10.0.0.5", "10.0.0.6", "10.0.0.7")},
            ),
            lambda address: address == LISTED,
            names=Identities(Inventory(machines), [(A, "", "PC-07")]),
            translations=Doors(),
            overrides=Overrides(overrides),
        )

    attributors = {0: attributor("10.0.0.0/8"), 1: attributor("10.0.0.0/8", "192.0.2.0/24")}
    return SightingNamer(
        lambda file: attributors[file // 2],
        lambda key: f"label of {key}",
        {1: HOUR, 2: -5},
        {1: HOUR // 2},
        TimeDoubts(lines={2: "the year was guessed"}, zoneless=frozenset({1})),
    )


NAMING = _naming()
SOURCES = [SourceCoverage(f"{number}.log", "f", "d", "plain", 9) for number in range(4)]
for _number, _source in enumerate(SOURCES):
    _source.blake3 = f"{_number}" * 64
    _source.links = [bytes([_number]) * 32]

ADDRESSES = (
    *("10.0.0.5", "10.0.0.5", "10.0.0.6", "10.0.0.1", "10.0.0.2", "10.0.0.8", "10.0.0.9"),
    *("198.51.100.9", "198.51.100.8", "192.0.2.1", LISTED, "2001:db8::5", None),
)


def _record(rng: random.Random, offset: int) -> dict[str, Any]:
    key = rng.choice([LISTED, "bad.example"])
    met_in = rng.choice(["dns.question.name", "destination.ip", "file.hash.md5", "url.full"])
    return {
        # The mark of the line stands where its number will.
        "quetsach.sighting.id": f"{offset}",
        "@timestamp": rng.choice([None, *(rng.randrange(30 * HOUR) for _ in range(9))]),
        "event.dataset": rng.choice(["zeek.conn", "zeek.dns", "text", None]),
        "event.timezone": rng.choice([None, "Asia/Ho_Chi_Minh"]),
        "event.original": "the line",
        "log.file.path": "a.log",
        "log.offset": offset,
        "source.ip": rng.choice(ADDRESSES),
        "source.port": rng.choice([None, 5, 6]),
        "source.mac": rng.choice([None, B]),
        "destination.ip": rng.choice(ADDRESSES),
        "destination.nat.ip": rng.choice([None, None, "10.0.0.6"]),
        "destination.port": rng.choice([None, 80, 443]),
        "network.transport": rng.choice([None, "tcp"]),
        "network.forwarded_ip": rng.choice([None, None, "10.0.0.6", "10.0.0.9"]),
        "network.direction": rng.choice(["outbound", "outbound", "inbound", None]),
        "host.name": rng.choice([None, None, "PC-07", "PC-09", "localhost"]),
        "host.mac": rng.choice([None, B]),
        "quetsach.host.end": rng.choice([None, "source", "destination"]),
        "process.executable": rng.choice([None, r"C:\Users\An\x.exe"]),
        "process.name": rng.choice([None, "x.exe"]),
        "threat.indicator.name": key,
        "threat.indicator.type": rng.choice(["name", "address"]),
        "threat.indicator.marking.tlp": rng.choice([None, "RED"]),
        "threat.indicator.confidence": rng.choice([None, 50]),
        "threat.software.name": rng.choice([None, "family"]),
        "quetsach.indicator.status": rng.choice([None, "active"]),
        "quetsach.indicator.key": key,
        "quetsach.indicator.list": "list.txt",
        "quetsach.indicator.row": rng.choice([1, 2]),
        "quetsach.indicator.allow": rng.choice([None, ["cdn", "resolver"]]),
        "quetsach.indicator.window": rng.choice([None, None, "before", "after"]),
        "quetsach.indicator.confidence_then": rng.choice([None, 20]),
        "quetsach.match.field": met_in,
        "quetsach.grade": rng.choice(["mentioned", "asked", "moved"]),
    }


def _spooled(folder: Path, rng: random.Random, sizes: Sequence[int]) -> list[tuple[int, Path]]:
    """Return spools of files, each of batches of these sizes."""
    spools = []
    for file in range(4):
        path = folder / f"{file}.arrow"
        with pa.ipc.new_stream(path, SIGHTING) as writer:
            for size in sizes:
                rows = [_record(rng, 10 * offset) for offset in range(size)]
                writer.write_batch(pa.RecordBatch.from_pylist(rows, SIGHTING))
        spools.append((file, path))
    return spools


@pytest.mark.parametrize("questions", [1, same_questions.MOST_QUESTIONS])
def test_each_sighting_is_named_as_it_would_be_alone(
    questions: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attributing, "GROUP_ROWS", 130)
    monkeypatch.setattr(same_questions, "MOST_QUESTIONS", questions)
    spools = _spooled(tmp_path, random.Random(3), (1, 90, 0, 60, 7))
    tables, folds = [], []
    for few in (10**6, 0):
        monkeypatch.setattr(kept_spools, "FEW", few)
        target = tmp_path / f"few-{few}.parquet"
        folds.append(name_sightings(spools, SOURCES, NAMING, target).to_json(SAIGON, {}))
        tables.append(pq.read_table(target))
    alone, together = tables
    assert together.equals(alone)
    assert together.column("event.hash")[-1].as_py() == SOURCES[3].blake3
    roles = set(together.column("quetsach.device.role").to_pylist())
    assert roles >= {"client", "target", "proxy", "nobody"}
    assert folds[0] == folds[1]


def test_what_is_asked_again_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    attribute = Attributor.attribute
    monkeypatch.setattr(
        Attributor, "attribute", lambda self, ends: asked.append(ends) or attribute(self, ends)
    )
    monkeypatch.setattr(attributing, "GROUP_ROWS", 20)
    monkeypatch.setattr(kept_spools, "FEW", 0)
    record = _record(random.Random(1), 0) | {
        "source.ip": "10.0.0.5",
        "network.direction": "outbound",
        "quetsach.match.field": "dns.question.name",
        "host.name": None,
        "network.forwarded_ip": None,
    }
    rows = [
        record | {"@timestamp": 10 * HOUR + number * HOUR // 20, "source.port": number}
        for number in range(100)
    ]
    with pa.ipc.new_stream(tmp_path / "one.arrow", SIGHTING) as writer:
        for first in range(0, 100, 10):
            part = rows[first : first + 10]
            writer.write_batch(pa.RecordBatch.from_pylist(part, SIGHTING))
    name_sightings([(0, tmp_path / "one.arrow")], SOURCES, NAMING, tmp_path / "out.parquet")
    # One lease from 10 to 13, another until 15, and nothing known for certain after that.
    assert len(asked) == 3
