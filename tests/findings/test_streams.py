"""The streams of a sweep are written into its manifest and read back, of old manifests too."""

import json
from pathlib import Path
from typing import Any

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import Findings, read_folder
from quetsach.findings.streams import known_texts_of, streams_of
from tests.sweeping.evidence import HEADER, conn, swept, write

LINES = [conn(n, "10.0.0.5", "203.0.113.77") for n in range(15)]


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """A log, its grown copy, an equal one and lines to look at, in one sweep."""
    tmp_path = tmp_path_factory.mktemp("streams")
    logs = [
        write(tmp_path / "1" / "conn.log", HEADER + "".join(LINES[:10])),
        write(tmp_path / "2" / "conn.log", HEADER + "".join(LINES)),
        write(tmp_path / "3" / "conn.log", HEADER + "".join(LINES)),
        write(tmp_path / "4" / "odd.txt", "to 203.0.113.77 or not\nnothing\n" * 5),
    ]
    swept(tmp_path, *logs)
    return read_folder(tmp_path / "findings")


def test_each_log_has_its_numbers_with_those_that_another_counts(findings: Findings) -> None:
    first, second, third, odd = streams_of(findings)
    assert len(first.numbers) == 10
    assert len(second.numbers) == 15
    assert first.numbers < second.numbers == third.numbers
    assert not odd.numbers
    assert first.head == second.head != odd.head
    assert (first.to, second.to) == (
        len(HEADER + "".join(LINES[:10])),
        len(HEADER + "".join(LINES)),
    )
    assert second.chain == third.chain != first.chain
    assert known_texts_of(findings)[0].length == first.to


def test_a_manifest_of_before_tells_no_head_and_no_length(findings: Findings) -> None:
    manifest = {name: page for name, page in findings.manifest.items() if name != "streams"}
    (first, *_others) = streams_of(
        Findings(findings.folder, findings.devices, findings.coverage, {}, manifest)
    )
    assert (first.head, first.to, len(first.numbers)) == ("", 0, 10)
    assert first.digests[0] == first.chain


@pytest.mark.parametrize(
    "streams",
    [
        5,
        [{"path": 1}],
        [{"path": "", "kind": "", "head": "", "chain": "", "to": -1}],
        [{"path": "", "kind": "", "head": "a\0", "chain": "", "to": 1}],
    ],
)
def test_streams_of_another_shape_are_a_damaged_folder(findings: Findings, streams: Any) -> None:
    manifest = {**json.loads(json.dumps(findings.manifest)), "streams": streams}
    forged = Findings(findings.folder, findings.devices, findings.coverage, {}, manifest)
    with pytest.raises(QuetsachError, match="E305"):
        streams_of(forged)


@pytest.mark.parametrize("first", ["0001-01-01T00:00:00+14:00", "2022-01-01T00:00:00"])
def test_a_first_time_that_no_sweep_writes_is_none(findings: Findings, first: str) -> None:
    coverage = json.loads(json.dumps(findings.coverage))
    coverage["sources"][0]["first"] = first
    forged = Findings(findings.folder, findings.devices, coverage, {}, findings.manifest)
    assert streams_of(forged)[0].first is None


def test_the_name_is_without_that_of_the_packing(findings: Findings) -> None:
    first = streams_of(findings)[0]
    for path in ("x/eve.json", "y/eve.json.gz", "a.zip/eve.json.zst"):
        assert type(first)(path, "", "", "", 0, 0, None, ()).name == "eve.json"


def test_damaged_sightings_are_named(findings: Findings, tmp_path: Path) -> None:
    (tmp_path / "sightings.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(QuetsachError, match="E305"):
        streams_of(Findings(tmp_path, findings.devices, findings.coverage, {}, findings.manifest))
