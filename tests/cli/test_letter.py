"""`quetsach letter read`: JSON for programs, a summary for people, and how it ends."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import HOSTILE
from tests.cli.running import environment, quetsach, quetsach_here
from tests.letters.texts import sample
from tests.sweeping.evidence import write


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    return write(tmp_path / "cong-van.txt", sample("district-letter"))


def test_a_letter_is_printed_as_json_with_its_questions(letter: Path) -> None:
    run = quetsach_here("letter", "read", letter)
    assert (run.returncode, run.stderr) == (0, b"")
    read = json.loads(run.stdout)
    assert read["number"]["value"] is None
    assert read["due"]["value"] == "2022-09-28T23:59:59+07:00"
    assert read["appendices"][0]["known_form"] == "phu-luc-2022"
    assert [one["code"] for one in read["questions"]] == ["date-partial", "number", "who"]
    assert quetsach_here("letter", "read", "--json", letter).stdout == run.stdout


def test_people_are_shown_the_questions_first(letter: Path) -> None:
    shown = quetsach_here("letter", "read", "--text", letter).stdout.decode()
    lines = shown.split("\n")
    assert lines[1] == "To look up (3):"
    assert all(line.startswith("  ? ") for line in lines[2:5])
    assert "Report by:           23:59:59 on 2022-09-28" in lines
    assert "the form phu-luc-2022 of this program" in shown


def test_vietnamese_is_spoken_with_days_as_its_paper_writes_them(letter: Path) -> None:
    run = quetsach("letter", "read", "--text", letter, env=environment(LANG="vi_VN.UTF-8"))
    shown = run.stdout.decode()
    assert "Cần xem lại (3):" in shown
    assert "Ngày ban hành:       …/9/2022, Sao Mai" in shown
    assert "Hạn báo cáo:         23:59:59 ngày 28/9/2022" in shown


def test_what_is_no_letter_is_a_failure_with_its_question(tmp_path: Path) -> None:
    path = write(tmp_path / "log.txt", sample("firewall-log"))
    run = quetsach_here("letter", "read", path)
    assert run.returncode == 2
    assert [one["code"] for one in json.loads(run.stdout)["questions"]] == ["not-a-letter"]


def test_a_letter_of_which_not_all_was_read_ends_with_three(tmp_path: Path) -> None:
    path = write(tmp_path / "cv.txt", sample("district-letter") + "x\n" * 60_000)
    run = quetsach_here("letter", "read", path)
    assert run.returncode == 3
    assert json.loads(run.stdout)["complete"] is False


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("absent.txt", None, b"E101"),
        ("x.bin", b"\x00\x01\x02\xff" * 50, b"E410"),
        (".", None, b"E104"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_what_to_do(
    tmp_path: Path, name: str, content: bytes | None, code: bytes
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    run = quetsach_here("letter", "read", path)
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.startswith(code)


def test_a_hostile_letter_does_not_drive_the_terminal(tmp_path: Path) -> None:
    text = sample("district-letter").replace("Trần Thị Minh", f"Trần {HOSTILE}Minh")
    path = write(tmp_path / "cv.txt", text.replace("1. Thủ", f"1. {HOSTILE}Thủ"))
    for option in ("--text", "--json"):
        shown = quetsach_here("letter", "read", option, path).stdout.decode()
        assert all(sign.isprintable() or sign in "\n\t" for sign in shown)


def test_both_forms_at_once_are_refused(letter: Path) -> None:
    assert quetsach_here("letter", "read", "--text", "--json", letter).returncode == 2
