"""`quetsach why`: the chain behind a sighting, safe to show on a terminal."""

import json
from pathlib import Path

from tests.cli.conftest import HOSTILE
from tests.cli.running import quetsach_here
from tests.sweeping.evidence import HEADER, conn, swept, write


def _sample(findings: Path) -> str:
    blamed = json.loads((findings / "devices.json").read_bytes())
    # A line of unknown form names no device; it is to be looked at.
    if blamed["devices"]:
        return str(blamed["devices"][0]["samples"][0])
    return str(blamed["lines_to_look_at"]["listed"][0]["sighting"])


def test_the_chain_goes_from_the_raw_line_to_the_row_of_the_list(findings: Path, log: Path) -> None:
    number = _sample(findings)
    run = quetsach_here("why", findings, number[:6])
    shown = run.stdout.decode()
    assert (run.returncode, run.stderr) == (0, b"")
    line = conn(1, "10.0.0.5", "203.0.113.77").rstrip("\n")
    assert "labels below" not in shown, "an address has none"
    for part in (number, line, str(log), "203.0.113.77", "list.txt", "row 1", "10.0.0.5"):
        assert part in shown


def test_the_json_holds_the_row_and_the_line(findings: Path) -> None:
    run = quetsach_here("why", findings, _sample(findings), "--json")
    because = json.loads(run.stdout)
    assert because["evidence_state"] == "same"
    assert because["sighting"]["destination.ip"] == "203.0.113.77"
    assert because["list_row"]["row"] == 1
    assert because["device"]["device"] == "10.0.0.5"


def test_the_chain_goes_on_to_the_letter_its_table_and_row(tmp_path: Path, log: Path) -> None:
    page = (
        "<p>SỞ KHOA HỌC VÀ CÔNG NGHỆ</p><p>Số: 1432/SKHCN-CĐS</p><p>Kính gửi: Các sở.</p>"
        "<table><tr><td>STT</td><td>Địa chỉ IP</td></tr>"
        "<tr><td>1</td><td>203[.]0[.]113[.]77</td></tr></table>"
    )
    lists = [write(tmp_path / "letter.html", page), write(tmp_path / "b.txt", "203.0.113.77\n")]
    run = quetsach_here("sweep", log, "-i", lists[0], "-i", lists[1], "-o", tmp_path / "findings")
    assert run.returncode == 1
    shown = quetsach_here(
        "why", tmp_path / "findings", _sample(tmp_path / "findings")
    ).stdout.decode()
    assert "stands in letter.html, table 1, row 2 (SHA-256 " in shown
    assert "Letter: 1432/SKHCN-CĐS" in shown
    assert "That row says: 1 | 203[.]0[.]113[.]77" in shown
    assert "It stands in b.txt, row 1 as well" in shown
    report = (tmp_path / "findings" / "report.html").read_text(encoding="utf-8")
    assert "letter.html</bdi>, table 1, row 2" in report
    assert "letter 1432/SKHCN-CĐS" in report


def test_a_hostile_log_does_not_drive_the_terminal(tmp_path: Path) -> None:
    text = f"2022-09-12 08:15:22 10.0.0.5 {HOSTILE} 203.0.113.77\r\x08 end\n"
    log = write(tmp_path / "evil.log", text)
    swept(tmp_path, log)
    run = quetsach_here("why", tmp_path / "findings", _sample(tmp_path / "findings"))
    assert run.returncode == 0
    shown = run.stdout.decode()
    assert "203.0.113.77" in shown
    assert all(sign.isprintable() or sign in "\n\t" for sign in shown)


def test_a_file_that_changed_is_said_to_have_changed(findings: Path, log: Path) -> None:
    log.write_text(HEADER + conn(1, "10.0.0.9", "203.0.113.77"))
    shown = quetsach_here("why", findings, _sample(findings)).stdout.decode()
    assert "changed" in shown
    assert "10.0.0.9" not in shown


def test_an_unknown_number_is_an_error(findings: Path) -> None:
    run = quetsach_here("why", findings, "zz")
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.startswith(b"E304 zz: ")


def test_times_stand_in_the_chain_as_people_read_them(tmp_path: Path) -> None:
    line = '{"timestamp":"2022-09-12T06:59:00+0700","event_type":"dhcp","src_ip":"10.0.0.1",'
    line += '"dest_ip":"10.0.0.5","dhcp":{"type":"reply","client_mac":"00:17:a4:12:fe:10",'
    line += '"assigned_ip":"10.0.0.5","dhcp_type":"ack","lease_time":43200,"hostname":"PC-1"}}\n'
    write(tmp_path / "evidence" / "eve.json", line)
    log = write(tmp_path / "evidence" / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    swept(tmp_path, log.parent)
    shown = quetsach_here(
        "why", tmp_path / "findings", _sample(tmp_path / "findings")
    ).stdout.decode()
    assert "12 Sep 2022 06:59" in shown
    assert "\\xa0" not in shown
