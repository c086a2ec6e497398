"""The manifest names what went in and what came out; the same input gives the same bytes."""

import hashlib
from pathlib import Path

from quetsach.findings.coverage import SourceCoverage
from quetsach.findings.manifest import SummaryTotals, manifest_json, rejects_json
from quetsach.formats.contract import Reject
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from tests.sweeping.evidence import write


def test_lists_evidence_and_files_stand_with_their_digests(tmp_path: Path) -> None:
    listed = write(tmp_path / "list.txt", "bad.example\ncom.vn\n")
    indicators = read_lists([listed], ListOptions())
    pages = write(tmp_path / "out" / "devices.json", b"{}")
    write(tmp_path / "out" / "report.html", b"not digested: it holds the manifest")
    source = SourceCoverage("a.log", "text", "text", "plain", size=7, blake3="cd", sha256="ab")
    manifest = manifest_json(
        SummaryTotals([source], [], indicators, []), {"zone": "UTC"}, {"lines": 1}, pages.parent
    )
    assert manifest["files"] == {"devices.json": hashlib.sha256(b"{}").hexdigest()}
    assert manifest["evidence"] == [
        {"path": "a.log", "blake3": "cd", "chain": "", "sha256": "ab", "bytes": 7}
    ]
    (one,) = manifest["lists"]
    assert one["sha256"] == hashlib.sha256(listed.read_bytes()).hexdigest()
    assert (one["rows"], one["taken"], one["refused"]) == (2, 1, 1)
    assert [(row["row"], row["text"]) for row in manifest["refusals"]] == [(2, "com.vn")]
    assert manifest["indicator_set"] == {"digest": indicators.digest, "count": 1}
    assert (manifest["options"], manifest["summary"]) == ({"zone": "UTC"}, {"lines": 1})


def test_what_was_met_stands_with_all_its_rows_and_a_refused_value_with_its_own(
    tmp_path: Path,
) -> None:
    listed = write(tmp_path / "list.md", "| Domain | IP |\n|---|---|\n| bad.example | 10.0.0.1 |\n")
    again = write(tmp_path / "again.txt", "bad.example\nother.example\n")
    indicators = read_lists([listed, again], ListOptions())
    totals = SummaryTotals([], [], indicators, ["bad.example"], ["bad.example"])
    manifest = manifest_json(totals, {}, {}, tmp_path)
    (met,) = manifest["met"]
    assert (met["key"], met["type"], met["more"]) == ("bad.example", "name", 0)
    assert [(one["list"], one["row"]) for one in met["origins"]] == [
        ("list.md", indicators.refusals[0].origin.row), ("again.txt", 1),
    ]  # fmt: skip
    assert [(one["value"], one["reason"]) for one in manifest["refusals"]] == [
        ("10.0.0.1", "private")
    ]


def test_rejects_are_counted_by_reason_once_for_each_file() -> None:
    sources = [
        SourceCoverage("a", "text", "text", "plain", reject_reasons={"cut": 2}),
        SourceCoverage("b", "text", "text", "plain", reject_reasons={"cut": 1, "odd": 1}),
        SourceCoverage("c", "text", "text", "plain", reject_reasons={"cut": 2}, duplicate_of="a"),
    ]
    told = rejects_json(sources, [("a", Reject(5, "cut", b"x\xff\x00"))])
    assert (told["total"], told["by_reason"]) == (4, {"cut": 3, "odd": 1})
    assert told["rows"] == [{"path": "a", "offset": 5, "reason": "cut", "excerpt": "x\\xff\x00"}]
