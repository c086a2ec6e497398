"""A document is read in a process of its own, which ends in time and within its memory."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.readers.contract import ReadDocument, ReadLimits
from quetsach.readers.isolated import IsolatedAnswer, believed, read_isolated
from quetsach.readers.read import read_paper
from quetsach.readers.word import WordReader
from quetsach.readers.workbook import WorkbookReader
from tests.readers.samples import QUICK, pdf, word, workbook
from tests.sandbox.planted import assert_clean, plant

FAR = ReadLimits(seconds=60, ocr_seconds=0, memory=700 << 20)


def test_what_the_process_gives_is_what_the_reader_gives() -> None:
    raw = word("Đơn vị", "203.0.113.7")
    assert read_isolated(raw, "x.docx", QUICK) == WordReader().read(raw, "x.docx", QUICK)


def test_an_error_of_the_reader_keeps_its_code_place_and_facts() -> None:
    with pytest.raises(QuetsachError) as raised:
        read_isolated(b"%PDF-1.7 nothing", "x.pdf", QUICK)
    assert (raised.value.problem.code, raised.value.problem.where) == ("E411", "x.pdf")
    assert raised.value.problem.facts["reason"]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded by the system on Linux")
def test_a_workbook_whose_corners_lie_far_apart_is_refused_within_its_memory() -> None:
    lines: list[list[object]] = [["a"], *([[]] * 200_000), [None] * 16_000 + ["z"]]
    raw = workbook({"S": lines})
    assert WorkbookReader().knows(raw, "x.xlsx")
    with pytest.raises(QuetsachError) as raised:
        read_isolated(raw, "x.xlsx", FAR)
    assert raised.value.problem.code == "E413"


def test_a_document_that_takes_too_long_is_ended() -> None:
    body = "".join(f"#table(columns: 9, ..range(270).map(n => [#n {k}]))\n" for k in range(60))
    raw = pdf(body)
    paper = read_isolated(raw, "x.pdf", ReadLimits(seconds=0.3, ocr_seconds=0))
    assert [problem.code for problem in paper.problems] == ["E413"]


def test_the_folder_one_stands_in_is_no_place_for_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "msgspec.py").write_text("raise SystemExit('taken over')")
    (tmp_path / "lxml.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(tmp_path)
    assert read_paper(word("chữ"), "x.docx").blocks[0].text == "chữ"


@pytest.mark.skipif(os.name != "posix", reason="groups of processes are POSIX's")
def test_nothing_is_left_running_when_the_reading_is_stopped() -> None:
    code = (
        "import sys\n"
        "from quetsach.readers.contract import ReadLimits\n"
        "from quetsach.readers.isolated import read_isolated\n"
        "raw = sys.stdin.buffer.read()\n"
        "read_isolated(raw, 'x.pdf', ReadLimits(seconds=0, ocr_seconds=-10))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=pdf("chữ"), capture_output=True, timeout=60
    )
    assert b"E413" in done.stderr


@pytest.mark.parametrize(
    "answer",
    [
        b"\xc1\xff",
        b"\x91" * 100_000,
        msgspec.msgpack.encode(IsolatedAnswer(None, None)),
        msgspec.msgpack.encode(IsolatedAnswer(None, Problem("E999", "x"))),
        msgspec.msgpack.encode(IsolatedAnswer(None, Problem("E411", "x"))),
    ],
)
def test_an_answer_of_a_process_that_was_taken_over_is_an_error_and_no_more(answer: bytes) -> None:
    with pytest.raises(QuetsachError) as raised:
        believed(answer, b"raw", "x.pdf")
    assert str(raised.value).startswith("E411 ")


def test_a_process_does_not_say_which_document_it_was_given() -> None:
    forged = ReadDocument("other.pdf", "f" * 64, "pdf", ())
    paper = believed(msgspec.msgpack.encode(IsolatedAnswer(forged, None)), b"abc", "x.pdf")
    assert (paper.name, paper.sha256[:8]) == ("x.pdf", "ba7816bf")


def test_the_process_that_reads_a_document_sees_no_secret_of_its_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = plant(monkeypatch, tmp_path)
    read_isolated(word("chữ"), "x.docx", QUICK)
    assert_clean(written)
