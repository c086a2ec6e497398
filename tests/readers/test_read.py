"""Which reader a document gets, whatever it is called, and what every reader promises."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.readers.contract import ReadDocument, ReadLimits
from quetsach.readers.read import (
    READERS,
    IsolatedAnswer,
    believed,
    read_isolated,
    read_paper,
    reader_of,
    refusal_of,
)
from quetsach.readers.text import TextReader
from quetsach.readers.word import WordReader
from quetsach.readers.workbook import WorkbookReader
from tests.readers.compound_writer import compound
from tests.readers.samples import QUICK, codes, pdf, png, word, workbook, zipped
from tests.readers.test_open_text import odt
from tests.readers.test_outlook import LETTER, message
from tests.sandbox.planted import assert_clean, plant

FAR = ReadLimits(seconds=60, ocr_seconds=0, memory=700 << 20)
MAIL = b"From: a@b.example\nTo: c@d.example\nSubject: x\nMIME-Version: 1.0\n\n203.0.113.7\n"
DOCUMENTS = {
    "docx": word("chữ"),
    "pdf": pdf("chữ"),
    "xlsx": workbook({"S": [["chữ"]]}),
    "odt": odt("<text:p>chữ</text:p>"),
    "html": "<html><body><p>chữ</p></body></html>".encode(),
    "eml": MAIL,
    "msg": compound(message(LETTER, [])),
    "zip": zipped({"a.txt": "chữ"}),
    "picture": png("chữ"),
    "text": "chữ\n".encode(),
}


def test_every_reader_has_its_document_here() -> None:
    assert sorted(reader.name for reader in READERS) == sorted(DOCUMENTS)


@pytest.mark.parametrize("form", DOCUMENTS)
def test_a_document_is_known_by_what_it_is_and_by_one_reader_first(form: str) -> None:
    for name in ("x", "x.docx", "x.pdf", "x.txt", "CÔNG VĂN.EXE"):
        reader = reader_of(DOCUMENTS[form], name)
        assert reader is not None
        assert reader.name == form


@pytest.mark.parametrize("form", [form for form in DOCUMENTS if form != "picture"])
def test_a_document_is_read_whole_and_named_by_its_digest(form: str) -> None:
    raw = DOCUMENTS[form]
    paper = read_paper(raw, "sai-đuôi.doc")
    assert (paper.form, paper.name) == (form, "sai-đuôi.doc")
    assert paper.sha256 == hashlib.sha256(raw).hexdigest()
    assert paper.blocks
    assert codes(paper) == []


def test_text_is_no_document_for_those_who_read_it_as_a_list() -> None:
    assert isinstance(reader_of(b"203.0.113.7\n", "ds.txt"), TextReader)
    assert reader_of(b"203.0.113.7\n", "ds.txt", text=False) is None
    assert reader_of(DOCUMENTS["docx"], "ds.txt", text=False) is not None


def test_text_of_unusual_size_is_read_in_a_process_of_its_own() -> None:
    line = b"203.0.113.7 " * 80_000 + b"\n"
    paper = read_paper(line * 9, "x.txt")
    assert (paper.form, len(paper.blocks)) == ("text", 9)


def test_a_document_of_an_unknown_kind_is_refused_with_its_name() -> None:
    with pytest.raises(QuetsachError) as raised:
        read_paper(b"\x00\x01\x02", "ds.bin")
    assert (raised.value.problem.code, raised.value.problem.where) == ("E410", "ds.bin")


def test_an_empty_file_is_refused_as_damaged() -> None:
    with pytest.raises(QuetsachError) as raised:
        read_paper(b"", "cv.docx")
    assert raised.value.problem.code == "E411"


def test_a_file_beyond_the_limit_is_refused_before_it_is_opened() -> None:
    with pytest.raises(QuetsachError) as raised:
        read_paper(b"%PDF-1.7\n" + bytes(ReadLimits().bytes_in), "lớn.pdf")
    assert raised.value.problem.code == "E413"


@pytest.mark.parametrize("form", DOCUMENTS)
def test_of_a_document_that_breaks_off_anywhere_nothing_worse_comes_than_a_code(form: str) -> None:
    raw = DOCUMENTS[form]
    limits = ReadLimits(seconds=10, ocr_pages=0)
    for part in (1, 7, 50, len(raw) // 2, len(raw) - 1):
        piece = raw[:part]
        reader = reader_of(piece, "x")
        if reader is None:
            continue
        try:
            found = codes(reader.read(piece, "x", limits))
        except QuetsachError as error:
            found = [error.problem.code]
        assert set(found) <= {"E410", "E411", "E418"}


# Kinds that are not read are refused by what they are, whatever they are called.


@pytest.mark.parametrize(
    ("raw", "code", "kind"),
    [
        (b"Rar!\x1a\x07\x01\x00", "E417", "RAR"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "E417", "7-Zip"),
        (b"{\\rtf1\\ansi", "E416", "RTF"),
        (compound({"WordDocument": b"x" * 5000, "1Table": b"y"}), "E416", "DOC"),
        (compound({"PowerPoint Document": b"x"}), "E416", "PPT"),
        (zipped({"ppt/presentation.xml": "<x/>"}), "E416", "PPTX"),
    ],
)
def test_a_kind_that_is_not_read_is_named(raw: bytes, code: str, kind: str) -> None:
    with pytest.raises(QuetsachError) as raised:
        read_paper(raw, "cong-van.docx")
    problem = raised.value.problem
    assert (problem.code, problem.where, problem.facts) == (code, "cong-van.docx", {"kind": kind})


def test_a_locked_office_document_is_named_as_locked() -> None:
    raw = compound({"EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": b"x" * 9000})
    refusal = refusal_of(raw, "x.xlsx")
    assert refusal is not None
    assert refusal.problem.code == "E412"


def test_names_count_at_the_root_only() -> None:
    raw = compound({"Workbook": b"x" * 100, "MBD01": {"WordDocument": b"y" * 5000}})
    assert refusal_of(raw, "x.xls") is None


# A document is read in a process of its own, which ends in time and within its memory.


def test_what_the_process_gives_is_what_the_reader_gives() -> None:
    raw = word("Đơn vị", "203.0.113.7")
    assert read_isolated(raw, "x.docx", QUICK) == WordReader(read_paper).read(raw, "x.docx", QUICK)


def test_an_error_of_the_reader_keeps_its_code_place_and_facts() -> None:
    with pytest.raises(QuetsachError) as raised:
        read_isolated(b"%PDF-1.7 nothing", "x.pdf", QUICK)
    assert (raised.value.problem.code, raised.value.problem.where) == ("E411", "x.pdf")
    assert raised.value.problem.facts["reason"]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded by the system on Linux")
def test_a_workbook_whose_corners_lie_far_apart_is_refused_within_its_memory() -> None:
    lines: list[list[object]] = [["a"], *([[]] * 200_000), [None] * 16_000 + ["z"]]
    raw = workbook({"S": lines})
    assert WorkbookReader(read_paper).knows(raw, "x.xlsx")
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
        "from quetsach.readers.read import read_isolated\n"
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


@pytest.mark.new_process
def test_the_process_that_reads_a_document_sees_no_secret_of_its_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = plant(monkeypatch, tmp_path)
    read_isolated(word("chữ"), "x.docx", QUICK)
    assert_clean(written)
