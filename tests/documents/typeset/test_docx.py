"""The Word document: same bytes, visible blanks, and no text read as anything but text."""

import unicodedata
import zipfile
from datetime import UTC
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from quetsach.documents.typeset.docx import write_docx
from quetsach.documents.typeset.letterhead import Letterhead, letterhead_of
from quetsach.forms.values import FigureGrade, FilledForm, TextValue
from tests.documents.typeset.wordtexts import texts
from tests.oracles.layout.check import check_layout

HOSTILE = "A & B <x> #C $d$ \\e %s {0} ]]> &amp;"


def proposals(text: str) -> FilledForm:
    return FilledForm({"proposals": TextValue(text, FigureGrade.DECLARED)})


def test_the_same_report_has_the_same_bytes(form, filling, head, word) -> None:
    assert word(form, filling, head) == word(form, filling, head)


def test_no_moment_of_writing_is_in_the_file(form, filling, head, word, created) -> None:
    data = word(form, filling, head)
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any("thumbnail" in name for name in package.namelist())
    facts = Document(BytesIO(data)).core_properties
    assert facts.created.replace(tzinfo=UTC) == facts.modified.replace(tzinfo=UTC) == created
    assert facts.title.startswith("BÁO CÁO: Thống kê, báo cáo kết quả")
    assert facts.author == "ỦY BAN NHÂN DÂN XÃ TẬP SƠN"


@pytest.mark.parametrize(
    "text",
    [HOSTILE, "x" * 4000, "dài lắm " * 500, "\0\x1b]0;\u202e\ud800", "_" * 3, "dòng 1\ndòng 2"],
    ids=["markup", "one word", "long", "controls", "underscores", "lines"],
)
def test_any_text_makes_a_document_that_keeps_the_layout(form, word, text) -> None:
    for filling, head in ((proposals(text), Letterhead()), (FilledForm(), letterhead_of(text))):
        data = word(form, filling, head)
        failed = [checked.rule for checked in check_layout(BytesIO(data)) if not checked.ok]
        # The office typed the underscores itself, and the check tells it so.
        assert failed == (["no-typed-rule"] if text == "___" else [])


def test_user_text_is_text(form, word) -> None:
    assert f"- Đề xuất, kiến nghị (nếu có): {HOSTILE}" in texts(
        word(form, proposals(HOSTILE), Letterhead())
    )


def test_decomposed_text_is_written_joined(form, word) -> None:
    text = "Đề nghị cấp phần mềm diệt mã độc"
    told = texts(word(form, proposals(unicodedata.normalize("NFD", text)), Letterhead()))
    assert f"- Đề xuất, kiến nghị (nếu có): {text}" in told


def test_a_path_and_a_stream_get_the_same_bytes(
    form, filling, head, word, created, tmp_path: Path
) -> None:
    path = tmp_path / "báo cáo.docx"
    write_docx(form, filling, head, path, created=created)
    assert path.read_bytes() == word(form, filling, head)
