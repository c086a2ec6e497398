"""Findings that an earlier version wrote, beside a sweep of the same log today."""

import gzip
import shutil
from pathlib import Path

import pytest

from quetsach.api import findings as api_findings
from quetsach.api.sweeps import sweep, sweep_request
from quetsach.api.why import why
from quetsach.findings.folder import read_folder
from quetsach.verdicts.evidence import gather_evidence

KEPT = Path(__file__).parents[1] / "findings" / "kept" / "2026-11"
"""A log, a list, and the findings of 29 November 2026, whose numbers were of the file's SHA-256."""


def _swept(tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(log.parent)
    out = tmp_path / f"{log.name}-findings"
    request = sweep_request(evidence=[log.name], lists=[KEPT / "list.txt"], out=out, sha256=True)
    assert sweep(request)["sightings"] >= 10
    return out


def test_a_log_swept_before_and_now_counts_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "dns.log"
    shutil.copy(KEPT / "dns.log", log)
    before = read_folder(KEPT / "findings")
    now = read_folder(_swept(tmp_path, log, monkeypatch))
    alone = gather_evidence([now], lambda *_: "")
    both = gather_evidence([before, now], lambda *_: "")
    assert both.contacts == alone.contacts
    assert sum(map(len, alone.contacts.values())) == 10


def test_a_log_that_has_grown_and_was_packed_counts_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "dns.log"
    text = (KEPT / "dns.log").read_bytes()
    log.write_bytes(text)
    first = read_folder(_swept(tmp_path, log, monkeypatch))
    more = text + text.splitlines(keepends=True)[-4].replace(b"1793", b"1794", 1)
    packed = tmp_path / "dns-old.log.gz"
    packed.write_bytes(gzip.compress(more))
    second = read_folder(_swept(tmp_path, packed, monkeypatch))
    both = gather_evidence([first, second], lambda *_: "")
    assert both.contacts == gather_evidence([second], lambda *_: "").contacts


def test_what_was_numbered_before_is_found_by_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(KEPT / "dns.log", tmp_path / "dns.log")
    monkeypatch.chdir(tmp_path)
    number = next(iter(api_findings.sightings_in(read_folder(KEPT / "findings"), {FIRST})))
    assert number["quetsach.sighting.id"] == FIRST
    basis = why(KEPT / "findings", FIRST)
    assert basis.evidence_state == "same"
    assert basis.raw_line is not None
    assert "www.xau.example" in basis.raw_line
    (tmp_path / "dns.log").write_bytes(b"other")
    assert why(KEPT / "findings", FIRST).evidence_state == "changed"


FIRST = "b1bd3399eb030863"
