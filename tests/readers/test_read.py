"""Which reader a document gets, whatever it is called, and what every reader promises."""

import dataclasses

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.contract import ReadLimits
from quetsach.readers.gather import BlockCollector
from quetsach.readers.read import READERS, read_paper, reader_of
from quetsach.readers.text import TextReader
from tests.readers.compound_writer import compound
from tests.readers.samples import codes, pdf, png, word, workbook, zipped
from tests.readers.test_open_text import odt
from tests.readers.test_outlook import LETTER, message

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
    assert sorted(one.name for one in READERS) == sorted(DOCUMENTS)


@pytest.mark.parametrize("form", DOCUMENTS)
def test_a_document_is_known_by_what_it_is_and_by_one_reader_first(form: str) -> None:
    for name in ("x", "x.docx", "x.pdf", "x.txt", "CÔNG VĂN.EXE"):
        reader = reader_of(DOCUMENTS[form], name)
        assert reader is not None
        assert reader.name == form


@pytest.mark.parametrize("form", [one for one in DOCUMENTS if one != "picture"])
def test_a_document_is_read_whole_and_named_by_its_digest(form: str) -> None:
    import hashlib

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


def test_what_is_gathered_stays_within_its_bytes() -> None:
    raw = "một hai ba bốn\n".encode() * 100
    paper = TextReader().read(raw, "x.txt", ReadLimits(bytes_unpacked=200))
    assert codes(paper) == ["E413"]
    assert 0 < sum(len(block.text) for block in paper.blocks) <= 200


def test_a_part_gets_what_is_left_and_less_time() -> None:
    limits = ReadLimits(blocks=10, seconds=100, depth=2)
    left = BlockCollector("x", "eml", limits).left()
    assert (left.depth, left.blocks) == (1, 10)
    assert left.seconds < 80
    assert dataclasses.replace(left, depth=2, seconds=100) == limits
