"""Made inputs of any shape: what a knob says is in the files, and DuckDB finds what we find."""

import re
from pathlib import Path

import pytest

from bench.agree import check_same, met_by_duckdb, met_by_quetsach
from bench.duck import main as duckdb_match
from bench.grid import BASE, KNOBS, shapes
from bench.shapes import KIND_OF, Shape, make
from quetsach.api.sweeps import sweep, sweep_request


@pytest.mark.parametrize("kind", ["zeek-json", "syslog"])
def test_every_kind_is_met_alike(kind: str, tmp_path: Path) -> None:
    shape = Shape(kind=kind, size=1, hosts=5000, hits="5%", files=2, indicators=600)
    logs, listed = make(shape, tmp_path)
    out = tmp_path / "findings"
    sweep(sweep_request(evidence=[str(log) for log in logs], lists=[listed], out=out))
    ours = met_by_quetsach(out, KIND_OF[kind].number)
    duckdb_match(kind, str(tmp_path / "logs" / "*"), str(listed), str(tmp_path / "met.parquet"))
    check_same(ours, met_by_duckdb(tmp_path / "met.parquet"))
    assert len(ours) > 50


def test_files_have_heads_of_their_own_and_hosts_are_as_many(tmp_path: Path) -> None:
    logs, listed = make(Shape(size=2, hosts=3000, files=4, indicators=60), tmp_path)
    assert len(logs) == 4
    texts = [log.read_text() for log in logs]
    assert all(text.startswith(KIND_OF["zeek"].head) for text in texts)
    hosts = set(re.findall(r"\tC\w+\t(10\.[\d.]+)\t", "".join(texts)))
    assert 2500 < len(hosts) <= 3000
    assert len(listed.read_text().splitlines()) == 60


def test_a_popular_name_is_the_only_one_that_is_met(tmp_path: Path) -> None:
    shape = Shape(size=1, hits="popular", indicators=60)
    logs, listed = make(shape, tmp_path)
    out = tmp_path / "findings"
    summary = sweep(sweep_request(evidence=[str(logs[0])], lists=[listed], out=out))
    lines = len(logs[0].read_text().splitlines())
    assert summary["sightings"] > lines // 30
    assert len({indicator for _, indicator in met_by_quetsach(out, KIND_OF["zeek"].number)}) == 1


def test_the_grid_turns_one_knob_at_a_time() -> None:
    found = list(shapes(None, BASE.size))
    assert len(found) == len(set(found))
    for knob, values in KNOBS.items():
        assert {getattr(shape, knob) for shape in found} >= set(values)
