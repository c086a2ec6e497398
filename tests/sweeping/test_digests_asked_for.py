"""A file that cannot be read again for its SHA-256 is told; its sightings stay."""

from pathlib import Path

import pytest

from quetsach.api.sweeps import sweep, sweep_request
from quetsach.sweeping import gather
from tests.sweeping.evidence import HEADER, conn


def test_a_digest_that_cannot_be_made_is_told_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "conn.log").write_bytes((HEADER + conn(5, "10.0.0.7", "203.0.113.77")).encode())
    (tmp_path / "list.txt").write_text("203.0.113.77\n")

    def fail(*_arguments: object) -> str:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(gather, "sha256_of_file", fail)
    request = sweep_request(
        evidence=[str(tmp_path / "conn.log")],
        lists=[tmp_path / "list.txt"],
        out=tmp_path / "out",
        sha256=True,
    )
    summary = sweep(request)
    assert summary["sightings"] == 1
    assert [(one["code"], Path(one["path"]).name) for one in summary["unread"]] == [
        ("E140", "conn.log")
    ]
