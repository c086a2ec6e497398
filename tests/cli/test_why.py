"""`quetsach why`: the chain behind a sighting, safe to show on a terminal."""

import json
from pathlib import Path

from tests.cli.conftest import HOSTILE
from tests.cli.running import quetsach
from tests.run.evidence import HEADER, conn, swept, write


def _sample(findings: Path) -> str:
    devices = json.loads((findings / "devices.json").read_bytes())["devices"]
    return str(devices[0]["samples"][0])


def test_the_chain_goes_from_the_raw_line_to_the_row_of_the_list(findings: Path, log: Path) -> None:
    number = _sample(findings)
    run = quetsach("why", findings, number[:6])
    shown = run.stdout.decode()
    assert (run.returncode, run.stderr) == (0, b"")
    line = conn(1, "10.0.0.5", "203.0.113.77").rstrip("\n")
    for part in (number, line, str(log), "203.0.113.77", "list.txt", "row 1", "10.0.0.5"):
        assert part in shown


def test_the_json_holds_the_row_and_the_line(findings: Path) -> None:
    run = quetsach("why", findings, _sample(findings), "--json")
    because = json.loads(run.stdout)
    assert because["evidence_state"] == "same"
    assert because["sighting"]["destination.ip"] == "203.0.113.77"
    assert because["list_row"]["row"] == 1
    assert because["device"]["device"] == "10.0.0.5"


def test_a_hostile_log_does_not_drive_the_terminal(tmp_path: Path) -> None:
    text = f"2022-09-12 08:15:22 10.0.0.5 {HOSTILE} 203.0.113.77\r\x08 end\n"
    log = write(tmp_path / "evil.log", text)
    swept(tmp_path, log)
    run = quetsach("why", tmp_path / "findings", _sample(tmp_path / "findings"))
    assert run.returncode == 0
    shown = run.stdout.decode()
    assert "203.0.113.77" in shown
    assert all(sign.isprintable() or sign in "\n\t" for sign in shown)


def test_a_file_that_changed_is_said_to_have_changed(findings: Path, log: Path) -> None:
    log.write_text(HEADER + conn(1, "10.0.0.9", "203.0.113.77"))
    shown = quetsach("why", findings, _sample(findings)).stdout.decode()
    assert "changed" in shown
    assert "10.0.0.9" not in shown


def test_an_unknown_number_is_an_error(findings: Path) -> None:
    run = quetsach("why", findings, "zz")
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.startswith(b"E304 zz: ")
