"""What fingerprints answer when the logs are gone is what a sweep of the logs would have found."""

import shutil
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest

from quetsach.api import sweeps
from quetsach.api.fingerprints import WouldMatch, with_fingerprints, would_hit
from quetsach.demo.district import build_district
from quetsach.indicators.model import IndicatorKind
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from tests.sweeping.evidence import HEADER, conn, write

LATER = "danh-sach-bo-sung.csv"
FIRST = "danh-sach-dia-chi-doc-hai.txt"
HERE = ZoneInfo("Asia/Ho_Chi_Minh")

UnitDays = dict[tuple[str, date | None], set[str]]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, UnitDays]:
    """A district whose logs are destroyed, with what a sweep of them found by both lists."""
    root = tmp_path_factory.mktemp("district")
    build_district(root, 2022)
    request = sweeps.sweep_request(
        evidence=[str(root / "evidence")],
        lists=[root / "indicators" / name for name in (FIRST, LATER)],
        out=root / "findings",
        sources=root / "sources.toml",
    )
    sweeps.sweep(with_fingerprints(request, root / "prints", root / "keys"))
    found = _unit_days(root, root / "findings")
    shutil.rmtree(root / "evidence")
    return root, found


def _found(district: tuple[Path, UnitDays], name: str) -> UnitDays:
    """Return what the sweep found of one list; a hash is not asked of fingerprints."""
    root, found = district
    listed = read_lists([root / "indicators" / name], ListOptions()).indicators
    keys = {one.key for one in listed if one.kind is not IndicatorKind.HASH}
    return {place: met & keys for place, met in found.items() if met & keys}


def _unit_days(root: Path, findings: Path) -> UnitDays:
    columns = ["@timestamp", "log.file.path", "quetsach.indicator.key"]
    days: UnitDays = defaultdict(set)
    for row in pq.read_table(findings / "sightings.parquet", columns=columns).to_pylist():
        when, path, key = (row[name] for name in columns)
        unit = Path(path).relative_to(root / "evidence").parts[0]
        days[unit, when.astimezone(HERE).date()].add(key)
    return days


def _answered(answer: WouldMatch, *, in_part: bool = False) -> UnitDays:
    days: UnitDays = defaultdict(set)
    for hit in answer.hits:
        assert hit.day.first == hit.day.last
        met = hit.in_part if in_part else hit.exact
        for indicator in met:
            days[hit.day.unit, hit.day.first].add(indicator.key)
    return days


def test_a_later_list_hits_exactly_the_unit_days_of_a_sweep(
    district: tuple[Path, UnitDays],
) -> None:
    root, _all = district
    answer = would_hit([root / "indicators" / LATER], root / "prints", root / "keys")
    assert _answered(answer) == _found(district, LATER)
    assert len(answer.hits) == 33
    assert answer.by_chance < 1e-6
    assert not answer.forgotten


def test_nothing_that_a_sweep_finds_is_missed_in_part(district: tuple[Path, UnitDays]) -> None:
    root, _all = district
    answer = would_hit([root / "indicators" / FIRST], root / "prints", root / "keys")
    exact, in_part = _answered(answer), _answered(answer, in_part=True)
    found = _found(district, FIRST)
    assert all(keys <= exact[place] | in_part[place] for place, keys in found.items())
    assert all(keys <= found[place] for place, keys in exact.items() if keys)


def test_secrets_are_in_none_of_what_a_sweep_wrote(district: tuple[Path, UnitDays]) -> None:
    root, _found = district
    secrets = [path.read_bytes().strip() for path in (root / "keys").iterdir()]
    raw = [bytes.fromhex(secret.decode()) for secret in secrets]
    for folder in (root / "findings", root / "prints"):
        for path in filter(Path.is_file, folder.rglob("*")):
            content = path.read_bytes()
            assert not any(one in content for one in (*secrets, *raw))


def _swept(
    tmp_path: Path, log: Path, cut: Callable[[sweeps.SweepRequest], sweeps.SweepRequest]
) -> dict[str, int]:
    lists = write(tmp_path / "list.txt", "203.0.113.77\n")
    request = sweeps.sweep_request(evidence=[str(log)], lists=[lists], out=tmp_path / "findings")
    request = with_fingerprints(cut(request), tmp_path / "prints", tmp_path / "keys", "xã A")
    told: dict[str, int] = sweeps.sweep(request)["fingerprints"]
    return told


def test_what_could_not_be_read_makes_its_days_incomplete(tmp_path: Path) -> None:
    text = HEADER + "".join(conn(n, "10.0.0.5", "203.0.113.78") for n in range(9))
    log = write(tmp_path / "conn.log", text + conn(9, "10.0.0.5", "a" * 20_000_000))
    assert _swept(tmp_path, log, lambda request: request)["incomplete"] == 1
    lists = write(tmp_path / "later.txt", "203.0.113.78\n")
    answer = would_hit([lists], tmp_path / "prints", tmp_path / "keys")
    assert [hit.day.unit for hit in answer.hits] == ["xã A"]
    assert not answer.is_whole
