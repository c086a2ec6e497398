"""`quetsach exam` as a clerk runs it: drawn, connected, graded."""

import json
from pathlib import Path

import pytest

from quetsach.api.exams import MadeExam
from quetsach.cli.exam import _made_text
from quetsach.exams.truth import open_truth
from tests.cli.running import names_in, quetsach_here
from tests.exams.office import ExamOffice
from tests.sweeping.evidence import write

TABLES = ("--inventory", "machines.csv", "--public", "198.51.100.5")
WINDOW = ("--from", "2026-11-16T00:30", "--to", "2026-11-17T23:00")


@pytest.fixture
def office(tmp_path: Path) -> ExamOffice:
    office = ExamOffice(tmp_path)
    office.inventory()
    return office


def _new(office: ExamOffice, *more: str) -> str:
    run = quetsach_here(
        *("exam", "new", "-o", "exam", "--machines", "machines.csv", "--name", "exam.example"),
        *(*WINDOW, "--server", "203.0.113.80", "--each", "2", *more),
        cwd=office.folder,
    )
    assert (run.returncode, run.stderr) == (0, b"")
    return run.stdout.decode()


def test_an_exam_from_its_drawing_to_its_page(office: ExamOffice) -> None:
    said = _new(office)
    assert names_in(office.exam) == [
        *("commitment.txt", "list.csv", "receipts", "run", "truth.json"),
    ]
    truth, commitment = open_truth(office.exam)
    assert commitment in said
    assert not any(one.mark in said for one in truth.occasions)
    office.connect(truth)
    office.server_log(truth)
    run = quetsach_here(
        *("exam", "grade", "exam", "logs", *TABLES),
        *("--commitment", commitment, "--server-log", "server.csv"),
        cwd=office.folder,
    )
    assert (run.returncode, run.stderr) == (0, b"")
    assert b"certain: 10 of 10 right, so at least 69.1 %" in run.stdout
    assert b"named rightly: 10" in run.stdout
    page = (office.exam / "result.html").read_text()
    assert "10 of 10 right, so at least 69.1 %" in page
    again = quetsach_here("exam", "grade", "exam", "logs", *TABLES, "--json", cwd=office.folder)
    assert json.loads(again.stdout)["grades"]["certain"]["of"] == 10


def test_a_wrong_name_is_printed_with_its_reason_and_exit_1(office: ExamOffice) -> None:
    _new(office)
    truth, _commitment = open_truth(office.exam)
    ExamOffice(office.folder, macs_in_table={}).connect(truth)
    dhcp = office.folder / "logs" / "dhcp.log"
    text = dhcp.read_text().replace("00:17:a4:00:00:01", "00:17:a4:00:00:99")
    dhcp.write_text(text.replace("(PC-KT-01)", "(PC-LA-01)"))
    run = quetsach_here("exam", "grade", "exam", "logs", *TABLES, cwd=office.folder)
    assert run.returncode == 1
    assert b"Named wrongly:" in run.stdout
    assert b"PC-KT-01 -> PC-LA-01 (00-17-A4-00-00-99)" in run.stdout


def test_why_connections_do_not_count_is_printed(office: ExamOffice) -> None:
    _new(office)
    truth, _commitment = open_truth(office.exam)
    office.connect(truth)
    path = next((office.exam / "receipts").iterdir())
    receipt = json.loads(path.read_text())
    strange = next(n for n in range(1, 3) if office.name(n) != receipt["host"])
    path.write_text(
        json.dumps(receipt | {"host": office.name(strange), "macs": [office.mac(strange)]})
    )
    run = quetsach_here("exam", "grade", "exam", "logs", *TABLES, cwd=office.folder)
    lines = run.stdout.decode().splitlines()
    (place,) = (n for n, line in enumerate(lines) if "does not count: 1" in line)
    assert lines[place + 1].startswith("    the script was run on another machine"), lines


def test_a_receipt_that_is_none_is_told_with_exit_3(office: ExamOffice) -> None:
    _new(office)
    truth, _commitment = open_truth(office.exam)
    office.connect(truth)
    (office.exam / "receipts" / "x.json").write_text("{}")
    run = quetsach_here("exam", "grade", "exam", "logs", *TABLES, cwd=office.folder)
    assert run.returncode == 3
    assert b"E323" in run.stdout


def test_an_exam_that_measured_nothing_is_no_success(office: ExamOffice) -> None:
    _new(office)
    write(office.folder / "logs" / "dhcp.log", office.leases())
    run = quetsach_here("exam", "grade", "exam", "logs", *TABLES, cwd=office.folder)
    assert run.returncode == 3
    assert b"nothing was measured" in run.stdout
    assert b"did not take place: 10" in run.stdout


def test_another_commitment_is_refused(office: ExamOffice) -> None:
    _new(office)
    run = quetsach_here(
        "exam", "grade", "exam", "machines.csv", "--commitment", "0" * 64, cwd=office.folder
    )
    assert run.returncode == 2
    assert run.stderr.startswith(b"E322")


def test_a_sweep_carries_the_rates_of_its_exam_and_says_when_it_is_old(office: ExamOffice) -> None:
    _new(office)
    truth, _commitment = open_truth(office.exam)
    office.connect(truth)
    quetsach_here("exam", "grade", "exam", "logs", *TABLES, "--quiet", cwd=office.folder)
    write(office.folder / "list.txt", f"{truth.mark_name(truth.occasions[0].mark)}\n")
    sweep = ("sweep", "logs", "-i", "list.txt", "--exam", "exam/result.json")
    run = quetsach_here(*sweep, *TABLES, "-o", "now", cwd=office.folder)
    assert run.returncode == 1
    rate = "certain: 10 of 10 right, so at least 69.1 % (exam of 17 Nov 2026)"
    assert rate in run.stdout.decode()
    assert "old" not in run.stdout.decode()
    assert (office.folder / "now" / "report.html").read_text().count(rate) == 2
    kept = json.loads((office.folder / "now" / "manifest.json").read_text())["summary"]["exam"]
    assert (kept["grades"]["certain"]["of"], kept["old"]) == (10, "")
    run = quetsach_here(*sweep, "-o", "other", cwd=office.folder)
    assert b"This exam is old" in run.stdout
    plain = quetsach_here(*sweep[:4], *TABLES, "-o", "plain", cwd=office.folder)
    assert b"exam of" not in plain.stdout
    assert "not measured" in (office.folder / "plain" / "report.html").read_text()


def test_what_is_no_result_is_no_exam_of_a_sweep(office: ExamOffice) -> None:
    write(office.folder / "list.txt", "bad.example\n")
    run = quetsach_here(
        *("sweep", "machines.csv", "-i", "list.txt", "--exam", "list.txt"), cwd=office.folder
    )
    assert run.returncode == 2
    assert run.stderr.startswith(b"E325")


def test_a_window_that_is_over_is_told() -> None:
    over, ahead = (
        "\n".join(_made_text(MadeExam(Path("exam"), "0" * 64, 1, 1, until_s)))
        for until_s in (1_000_000_000, 4_000_000_000)
    )
    # In the language of the session that tests run in.
    assert len(over.splitlines()) == len(ahead.splitlines()) + 1
