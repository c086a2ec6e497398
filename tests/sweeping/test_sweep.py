"""The sweep from evidence to findings: who is named, what is counted, and the same every time."""

import gzip
import hashlib
import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from quetsach.api import findings as api_findings
from quetsach.api import problems
from quetsach.cli.sweep_text import sweep_text
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import read_folder
from quetsach.findings.shape import examine_findings
from quetsach.scanning.job import ReadOptions
from quetsach.schema import SIGHTING
from quetsach.sieve.kernel import rust_available
from quetsach.sweeping import sweep as sweep_module
from quetsach.sweeping.sweep import SweepRequest
from tests.scanning.generated import generated, indicators, sample_logs
from tests.sweeping.evidence import FIELDS, HEADER, START, conn, swept, write
from tests.whole import todays_share


def _log(tmp_path: Path, *lines: str, name: str = "conn.log") -> Path:
    return write(tmp_path / "evidence" / name, HEADER + "".join(lines))


def test_the_device_that_reached_out_is_named(tmp_path: Path) -> None:
    log = _log(tmp_path, conn(1, "10.0.0.5", "203.0.113.77"), conn(2, "10.0.0.6", "198.51.100.1"))
    summary = swept(tmp_path, log)
    assert [one["device"] for one in summary["devices"]] == ["10.0.0.5"]
    device = summary["devices"][0]
    assert device["grade"] == "likely"
    assert device["best_grade"] == "moved"
    assert device["first_seen"] == "2022-09-12T07:00:01+07:00"
    assert summary["indicators_hit"] == ["203.0.113.77"]
    assert problems.exit_code(summary) == 1


def test_every_line_is_accounted_for(tmp_path: Path) -> None:
    lines = [conn(n, "10.0.0.5", f"198.51.100.{n % 250}") for n in range(900)]
    lines[500] = conn(500, "10.0.0.5", "203.0.113.77")
    lines[501] = lines[500][:18] + "203.0.113.77\n"
    summary = swept(tmp_path, _log(tmp_path, *lines))
    parts = ("sieved_out", "no_match", "sighting_lines", "rejects")
    assert summary["lines"] == 906 == sum(summary[name] for name in parts)
    # The line that broke off names the indicator: it is looked at, and counts for nobody.
    assert (summary["sighting_lines"], summary["lines_to_look_at"]) == (2, 1)
    assert summary["rejects"] == 0
    assert problems.exit_code(summary) == 3


def test_nothing_found_says_what_was_looked_at(tmp_path: Path) -> None:
    summary = swept(tmp_path, _log(tmp_path, conn(1, "10.0.0.5", "198.51.100.1")))
    assert summary["devices"] == []
    assert (summary["lines"], summary["sources"]) == (7, 1)
    assert problems.exit_code(summary) == 0


def test_the_findings_open_again_and_every_number_has_its_rows(tmp_path: Path) -> None:
    log = _log(tmp_path, *(conn(n, "10.0.0.5", "203.0.113.77") for n in range(25)))
    swept(tmp_path, log)
    findings = api_findings.read_folder(tmp_path / "findings")
    table = pq.read_table(tmp_path / "findings" / "sightings.parquet")
    assert table.schema.equals(SIGHTING)
    finding = findings.devices["devices"][0]["findings"][0]
    assert finding["sightings"] == table.num_rows == 25
    assert finding["connections"] == 25
    assert len(finding["samples"]) == 10
    assert set(finding["samples"]) <= set(table["quetsach.sighting.id"].to_pylist())
    assert findings.coverage["sources"][0]["hours"] == {"2022-09-12T07:00:00+07:00": 25}
    assert findings.coverage["alive"] == {"2022-09-12": ["10.0.0.5"]}


def test_the_same_input_gives_the_same_bytes_at_any_number_of_workers(
    tmp_path: Path,
) -> None:
    lines = [conn(n, f"10.0.{n % 7}.{n % 200}", f"198.51.100.{n % 250}") for n in range(6000)]
    for place in range(0, 6000, 37):
        lines[place] = conn(place, f"10.0.0.{place % 50}", "203.0.113.77")
    log = _log(tmp_path, *lines)
    digests = set()
    for workers in (1, 2, 5):
        out = tmp_path / f"findings-{workers}"
        swept(tmp_path, log, out=out, workers=workers, piece_bytes=20_000, small_bytes=0)
        files = sorted(path for path in out.iterdir())
        digests.add(tuple(hashlib.sha256(path.read_bytes()).hexdigest() for path in files))
    assert len(digests) == 1


def test_splits_and_packing_do_not_change_what_is_found(
    tmp_path: Path,
) -> None:
    lines = [conn(n, f"10.0.0.{n % 50}", f"203.0.113.{n % 100}") for n in range(3000)]
    plain = _log(tmp_path, *lines)
    packed = write(tmp_path / "packed" / "conn.log.gz", gzip.compress(plain.read_bytes()))
    whole = swept(tmp_path, plain, out=tmp_path / "whole")
    zipped = swept(tmp_path, packed, out=tmp_path / "zipped")
    split = swept(tmp_path, plain, out=tmp_path / "split", piece_bytes=7_001)
    for name in ("lines", "candidates", "sightings", "sieved_out", "no_match", "devices"):
        assert whole[name] == zipped[name] == split[name]


def test_columns_that_change_in_a_later_piece_are_read_right(
    tmp_path: Path,
) -> None:
    other = FIELDS.replace("id.orig_h\tid.orig_p\tid.resp_h", "id.resp_h\tid.orig_p\tid.orig_h")
    lines = [conn(n, "10.0.0.5", "198.51.100.1") for n in range(400)]
    turned = conn(401, "203.0.113.77", "10.0.0.9")
    log = _log(
        tmp_path,
        *lines,
        other,
        turned,
        *(conn(500 + n, "198.51.100.1", "10.0.0.5") for n in range(400)),
        conn(999, "203.0.113.77", "10.0.0.9"),
    )
    summary = swept(tmp_path, log, piece_bytes=9_000)
    assert [one["device"] for one in summary["devices"]] == ["10.0.0.9"]
    assert summary["devices"][0]["sightings"] == 2


def test_the_same_file_given_twice_counts_once(tmp_path: Path) -> None:
    first = _log(tmp_path, conn(1, "10.0.0.5", "203.0.113.77"))
    twin = write(tmp_path / "evidence" / "copy.log", first.read_bytes())
    summary = swept(tmp_path, first, twin)
    assert summary["sightings"] == 1
    assert summary["duplicates"] == [str(twin)]


def test_an_inbound_scan_is_shown_and_not_blamed(tmp_path: Path) -> None:
    summary = swept(tmp_path, _log(tmp_path, conn(1, "203.0.113.77", "10.0.0.5", 22)))
    assert summary["devices"] == []
    assert [(one["device"], one["role"]) for one in summary["not_blamed"]] == [
        ("10.0.0.5", "target")
    ]


def test_a_listed_service_on_an_allow_list_is_left_to_a_person(tmp_path: Path) -> None:
    allow = write(tmp_path / "resolver.txt", "203.0.113.77\n")
    log = _log(tmp_path, conn(1, "10.0.0.5", "203.0.113.77"))
    summary = swept(tmp_path, log, allow=[allow])
    assert summary["devices"] == []
    assert summary["not_blamed"][0]["role"] == "allowed"
    assert summary["sightings"] == 1


def test_since_and_until_bound_the_sightings(tmp_path: Path) -> None:
    log = _log(tmp_path, *(conn(60 * n, "10.0.0.5", "203.0.113.77") for n in range(10)))
    summary = swept(tmp_path, log, since="2022-09-12T07:02", until="2022-09-12T07:04:00+07:00")
    assert summary["sightings"] == 2


def test_an_empty_set_of_indicators_is_refused(tmp_path: Path) -> None:
    log = _log(tmp_path, conn(1, "10.0.0.5", "203.0.113.77"))
    with pytest.raises(QuetsachError) as caught:
        swept(tmp_path, log, listed="# nothing\n")
    assert caught.value.problem.code == "E201"
    assert not (tmp_path / "findings").exists()


def test_a_folder_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    write(tmp_path / "findings" / "mine.txt", "keep")
    with pytest.raises(QuetsachError) as caught:
        swept(tmp_path, _log(tmp_path, conn(1, "10.0.0.5", "203.0.113.77")))
    assert caught.value.problem.code == "E301"
    assert (tmp_path / "findings" / "mine.txt").read_text() == "keep"


def test_a_failure_leaves_no_half_written_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sweep_module, "write_json", full)
    with pytest.raises(QuetsachError) as caught:
        swept(tmp_path, _log(tmp_path, conn(1, "10.0.0.5", "203.0.113.77")))
    assert caught.value.problem.code == "E302"
    assert [path.name for path in tmp_path.iterdir()] == ["evidence", "lists"] or sorted(
        path.name for path in tmp_path.iterdir()
    ) == ["evidence", "lists"]


def test_leases_far_down_a_log_name_the_device(tmp_path: Path) -> None:
    columns = "ts uids client_addr server_addr mac host_name assigned_addr lease_time msg_types"
    header = HEADER.split("#path")[0] + "#path\tdhcp\n#fields\t" + columns.replace(" ", "\t") + "\n"
    lines = [
        f"{START + n}.5\tC{n}\t-\t10.0.0.1\t00:17:a4:00:{n // 256:02x}:{n % 256:02x}\tPC-{n}"
        f"\t10.0.{n // 200}.{n % 200 + 10}\t3600.0\tDISCOVER,OFFER,REQUEST,ACK\n"
        for n in range(700)
    ]
    dhcp = write(tmp_path / "evidence" / "dhcp.log", header + "".join(lines))
    log = _log(tmp_path, conn(800, "10.0.3.30", "203.0.113.77"))
    device = swept(tmp_path, dhcp, log)["devices"][0]
    assert (device["host_name"], device["grade"]) == ("PC-620", "certain")


def test_both_sieves_give_the_same_bytes(tmp_path: Path) -> None:
    if not rust_available():
        pytest.skip("NOT TESTED: no kernel here to compare")
    evidence = tmp_path / "evidence"
    today = todays_share(sorted({sample.parent.name for sample in sample_logs()}))
    for number, sample in enumerate(sample_logs()):
        if sample.parent.name in today:
            write(evidence / f"{number:02}.log", generated(sample, random.Random(number), 40))
    written = {}
    for sieve in ("rust", "python"):
        out = tmp_path / sieve
        request = SweepRequest(
            [str(evidence)], indicators(), out, ReadOptions(sieve=sieve), workers=1
        )  # type: ignore[arg-type]  # one of the two
        assert sweep_module.sweep(request)["sightings"] > 100
        written[sieve] = {path.name: path.read_bytes() for path in out.iterdir()}
    assert written["rust"] == written["python"]


def test_a_contact_outside_the_validity_is_shown_and_makes_no_device(tmp_path: Path) -> None:
    listed = (
        "indicator,malware,confidence,tlp,last seen,valid until\n"
        "203.0.113.77,Mirai,80,amber,2022-08-13,2022-09-01\n"
        "203.0.113.78,,,,,2022-12-31\n"
    )
    log = _log(
        tmp_path,
        conn(1, "10.0.0.5", "203.0.113.77"),
        conn(2, "10.0.0.6", "203.0.113.77"),
        conn(3, "10.0.0.6", "203.0.113.78"),
    )
    summary = swept(tmp_path, log, listed=listed)
    assert problems.exit_code(summary) == 1
    (device,) = summary["devices"]
    assert (device["device"], device["sightings"]) == ("10.0.0.6", 1)
    aside = [(one["device"], one["role"]) for one in summary["not_blamed"]]
    assert aside == [("10.0.0.5", "outdated"), ("10.0.0.6", "outdated")]
    assert summary["indicators_hit"] == ["203.0.113.77", "203.0.113.78"]
    findings = read_folder(tmp_path / "findings")
    (finding,) = findings.devices["not_blamed"][0]["findings"]
    told = {name: finding[name] for name in ("tlp", "confidence", "confidence_then", "family")}
    assert told == {"tlp": "amber", "confidence": 80, "confidence_then": 41, "family": "Mirai"}
    assert (finding["window"], finding["best_grade"]) == (["after"], "moved")
    report = (tmp_path / "findings" / "report.html").read_text(encoding="utf-8")
    assert "TLP:AMBER" in report
    examine_findings(tmp_path / "findings")


def test_only_contacts_outside_the_validity_are_no_false_zero(tmp_path: Path) -> None:
    log = _log(tmp_path, conn(1, "10.0.0.5", "203.0.113.77"))
    listed = "indicator,valid from\n203.0.113.77,2022-10-01\n"
    summary = swept(tmp_path, log, listed=listed)
    assert (summary["devices"], problems.exit_code(summary)) == ([], 1)
    assert "outside that time" in sweep_text(summary) or "ngoài thời hạn" in sweep_text(summary)


def test_a_server_that_was_only_reached_is_no_device_and_in_no_figure(tmp_path: Path) -> None:
    log = _log(tmp_path, *(conn(n, "203.0.113.77", "10.0.0.80") for n in range(3)))
    summary = swept(tmp_path, log)
    assert (summary["devices"], summary["unattributed"]) == ([], 0)
    (one,) = summary["not_blamed"]
    assert (one["device"], one["role"], one["sightings"]) == ("10.0.0.80", "target", 3)
    report = (tmp_path / "findings" / "report.html").read_text(encoding="utf-8")
    assert "was reached from outside" in report or "bị truy cập từ bên ngoài" in report


def test_a_log_without_hours_in_most_lines_is_told(tmp_path: Path) -> None:
    timed = "2022-09-12T08:30:00+07:00 ns1 dnsmasq[7]: query[A] fine.example from 10.0.0.5\n"
    log = write(tmp_path / "dns.log", timed * 6 + "    and so on\n" * 106)
    summary = swept(tmp_path, log)
    assert summary["without_hours"] == [{"path": str(log), "lines": 112, "without": 106}]
