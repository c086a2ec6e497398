"""Sealed folders, added up, say what one sweep of the whole logs says."""

import os
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from quetsach.api.ledger import ImportLedger, import_ledger
from quetsach.api.verifying import verify
from quetsach.findings.folder import read_folder
from quetsach.findings.shape import examine_findings
from quetsach.scanning.job import ReadOptions, WorkerTools
from quetsach.signing.keys import generate_key_pair
from quetsach.sweeping.own_network import OwnNetwork
from quetsach.sweeping.sweep import SweepRequest, sweep
from quetsach.watch.sealing import DAY, HOURLY, Sealer
from tests.scanning.generated import indicators
from tests.watch.conftest import Start
from tests.watch.watched import Watched, client, eve, lines

_US = 1_000_000
_SAME = ("quetsach.sighting.id", "quetsach.device", "quetsach.device.address", "source.ip")


def _request(tmp_path: Path) -> SweepRequest:
    return SweepRequest([], indicators(), tmp_path, ReadOptions(), knowledge=OwnNetwork())


def _sealer(watched: Watched, tmp_path: Path) -> Sealer:
    return Sealer(watched.state, _request(tmp_path), watched.tools, tmp_path / "sealed")


def _seal(sealer: Sealer, watched: Watched, kind: str = HOURLY) -> Path:
    sealed = sealer.seal(kind, int(watched.now_s * _US))
    assert sealed is not None
    examine_findings(sealed.path)
    return sealed.path


def _swept(tmp_path: Path, *paths: Path) -> Path:
    request = SweepRequest([str(one) for one in paths], indicators(), tmp_path / "swept")
    sweep(request)
    return tmp_path / "swept"


def _rows(*folders: Path) -> set[tuple[Any, ...]]:
    tables = [pq.read_table(one / "sightings.parquet", columns=list(_SAME)) for one in folders]
    return {tuple(row.values()) for table in tables for row in table.to_pylist()}


def _said(ledger: ImportLedger) -> tuple[int, int, set[str]]:
    return len(ledger.streams), ledger.lines, ledger.numbers


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "eve.json"


def test_sealed_hours_added_up_are_one_sweep(tmp_path: Path, start: Start, log: Path) -> None:
    watched = start(log)
    sealer = _sealer(watched, tmp_path)
    folders: list[Path] = []
    for number in range(4):
        watched.write(log, lines(50 * number, 50 * number + 50) + eve(number, "good.example"))
        watched.go(2)
        folders.append(_seal(sealer, watched))
    swept = _swept(tmp_path, log)
    assert _rows(*folders) == _rows(swept)
    assert _said(import_ledger(folders)) == _said(import_ledger([swept]))
    parts = [view.part for view in import_ledger(folders).parts[0]]
    assert [(one.change, one.is_proved) for one in parts[1:]] == [("grown", True)] * 3
    whole = read_folder(swept).coverage["sources"][0]
    last = read_folder(folders[-1]).coverage["sources"][0]
    same = ("dataset", "chain", "lines", "hours", "alive", "zone", "zone_from", "candidates")
    assert {name: last[name] for name in same} == {name: whole[name] for name in same}
    each = [read_folder(one).manifest["summary"] for one in folders]
    assert sum(one["lines"] for one in each) == whole["lines"] == 204
    assert sum(one["sightings"] for one in each) == 200
    streams = [read_folder(one).manifest["streams"][0] for one in folders]
    assert [one["from"] for one in streams] == [0, *(one["to"] for one in streams[:-1])]


def test_nothing_new_is_no_folder(tmp_path: Path, start: Start, log: Path) -> None:
    watched = start(log)
    sealer = _sealer(watched, tmp_path)
    assert sealer.seal(HOURLY, 1) is None
    watched.write(log, eve(1, "good.example"))
    watched.go(2)
    coverage = read_folder(_seal(sealer, watched)).coverage
    assert coverage["sources"][0]["lines"] == 1
    assert sealer.seal(HOURLY, 1) is None


def test_a_last_line_without_end_waits_for_its_end(tmp_path: Path, start: Start, log: Path) -> None:
    watched = start(log)
    sealer = _sealer(watched, tmp_path)
    watched.write(log, lines(0, 3) + eve(3)[:-1])
    watched.go(2, to_end=True)
    assert len(watched.clients()) == 4
    first = _seal(sealer, watched)
    assert len(_rows(first)) == 3
    watched.write(log, b"\n" + lines(4, 6))
    watched.go(2)
    assert _rows(first, _seal(sealer, watched)) == _rows(_swept(tmp_path, log))


def test_a_restart_in_between_seals_each_sighting_once(
    tmp_path: Path, start: Start, log: Path
) -> None:
    watched = start(log)
    watched.write(log, lines(0, 30))
    watched.go(2)
    folders = [_seal(_sealer(watched, tmp_path), watched)]
    watched.write(log, lines(30, 60))
    watched.go(2)
    watched.stop()
    watched.start()
    folders.append(_seal(_sealer(watched, tmp_path), watched))
    numbers = [len(_rows(one)) for one in folders]
    assert numbers == [30, 30]
    assert _rows(*folders) == _rows(_swept(tmp_path, log))


def test_a_rotated_log_goes_on_in_the_next_folder(tmp_path: Path, start: Start, log: Path) -> None:
    watched = start(log)
    sealer = _sealer(watched, tmp_path)
    watched.write(log, lines(0, 20))
    watched.go(2)
    folders = [_seal(sealer, watched)]
    watched.write(log, lines(20, 30))
    log.rename(tmp_path / "eve.json.1")
    watched.write(log, lines(30, 40))
    watched.go(4)
    folders.append(_seal(sealer, watched))
    swept = _swept(tmp_path, log, tmp_path / "eve.json.1")
    assert _rows(*folders) == _rows(swept)
    assert _said(import_ledger(folders)) == _said(import_ledger([swept]))


def test_a_day_is_named_again_by_later_leases(tmp_path: Path, start: Start, log: Path) -> None:
    leases = tmp_path / "kea-leases4.csv"
    watched = start(log, leases)
    sealer = _sealer(watched, tmp_path)
    watched.write(log, lines(0, 2))
    watched.go(2)
    hours = [_seal(sealer, watched)]
    watched.write(leases, _lease(client(0)))
    watched.write(log, lines(2, 3))
    watched.go(4)
    hours.append(_seal(sealer, watched))
    day = watched.state.run("SELECT day FROM outbox")[0][0]
    sealed = sealer.seal_day(day, int(watched.now_s * _US))
    assert sealed is not None
    assert sealed.kind == DAY
    examine_findings(sealed.path)
    named = {row[3]: row[1] for row in _rows(sealed.path)}
    assert named[client(0)] == "pc-9 (02-00-00-00-00-09)"
    assert {row[0] for row in _rows(sealed.path)} == {row[0] for row in _rows(*hours)}
    told = read_folder(sealed.path).manifest["watch"]
    digests = watched.state.run("SELECT digest FROM outbox WHERE kind != 'day'")
    assert told["replaces"] == sorted(one.removeprefix("sha256:") for (one,) in digests)
    ledger = import_ledger([*hours, sealed.path])
    assert ledger.numbers == {row[0] for row in _rows(*hours)}


def _lease(address: str) -> bytes:
    head = (
        "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state"
    )
    return f"{head}\n{address},02:00:00:00:00:09,,86400,1796080000,1,0,0,pc-9,0\n".encode()


def test_archives_are_sealed_as_they_are_swept(tmp_path: Path, start: Start, log: Path) -> None:
    packed = tmp_path / "logs.zip"
    watched = start(packed)
    sealer = _sealer(watched, tmp_path)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a/eve.json", lines(0, 5))
        archive.writestr("b/eve.json", lines(5, 12))
    os.utime(packed, (watched.now_s, watched.now_s))
    watched.go(5)
    folder = _seal(sealer, watched)
    swept = _swept(tmp_path, packed)
    assert _rows(folder) == _rows(swept)
    assert _said(import_ledger([folder])) == _said(import_ledger([swept]))


def test_a_sealed_folder_is_signed(
    tmp_path: Path, start: Start, log: Path, tools: WorkerTools
) -> None:
    watched = start(log)
    watched.write(log, lines(0, 2))
    watched.go(2)
    key = generate_key_pair("Phường Ba Đình")
    request = replace(_request(tmp_path), key=key)
    sealed = Sealer(watched.state, request, tools, tmp_path / "sealed").seal(HOURLY, _US)
    assert sealed is not None
    verdict = verify(sealed.path, keys=[]).verdict
    assert verdict is not None
    assert verdict.signers[0].key_id == key.public.key_id
