"""The Word document: same bytes, visible blanks, and no text read as anything but text."""

import unicodedata
import zipfile
from datetime import UTC
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from quetsach.documents.reports.sweep_report import fill_from_findings
from quetsach.documents.typeset.docx import write_docx
from quetsach.documents.typeset.letterhead import Letterhead, letterhead_of
from quetsach.forms.values import FigureGrade, FilledForm, TextValue
from tests.oracles.layout.check import check_layout

HOSTILE = "A & B <x> #C $d$ \\e %s {0} ]]> &amp;"


def texts(data: bytes) -> list[str]:
    document = Document(BytesIO(data))
    return [
        "".join(t.text or "" for t in p.iter("{*}t")) for p in document.element.body.iter("{*}p")
    ]


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


def test_blanks_are_visible_where_evidence_gives_nothing(form, word) -> None:
    told = texts(word(form, FilledForm(), Letterhead()))
    at = next(n for n, text in enumerate(told) if text.startswith("- Tên đơn vị:..."))
    assert told[at + 1] == "- Đánh giá kết quả thực hiện chiến dịch:"
    assert set(told[at + 2]) == set(told[at + 3]) == {"."}
    assert told[at + 4].startswith("- Đề xuất, kiến nghị (nếu có):...")
    assert set(told[at + 5]) == set(told[at + 6]) == {"."}
    assert told.count("............") == 3


def test_a_measured_text_is_marked_and_leaves_room_for_the_office(
    form, filling, head, word
) -> None:
    told = texts(word(form, filling, head))
    at = told.index("(Số liệu đếm từ dữ liệu hệ thống.)")
    assert told[at - 1].startswith("01 địa chỉ có dấu vết")
    assert set(told[at + 1]) == {"."}
    assert "- Tên đơn vị: Ủy ban nhân dân xã Tập Sơn" in told


def test_where_nothing_was_looked_at_no_text_is_called_measured(form, summary, head, word) -> None:
    nothing = {"sources": [], "alive": {}}
    told = texts(word(form, fill_from_findings(form, summary, nothing, None), head))
    at = next(n for n, text in enumerate(told) if text.startswith("Chưa có dữ liệu nhật ký"))
    assert set(told[at + 1]) == {"."}
    assert not any("đo được" in text for text in told)


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
