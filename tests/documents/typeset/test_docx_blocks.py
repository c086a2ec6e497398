"""The parts of a paper in Word: dotted blanks, and where a measured text stands."""

from quetsach.documents.reports.sweep_report import fill_from_findings
from quetsach.documents.typeset.letterhead import Letterhead
from quetsach.forms.values import FilledForm
from tests.documents.typeset.wordtexts import texts


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
    at = told.index("(Đếm từ hệ thống.)")
    assert told[at - 1].startswith("01 địa chỉ có dấu vết")
    assert set(told[at + 1]) == {"."}
    assert "- Tên đơn vị: Ủy ban nhân dân xã Tập Sơn" in told


def test_where_nothing_was_looked_at_no_text_is_called_measured(form, summary, head, word) -> None:
    nothing = {"sources": [], "alive": {}}
    told = texts(word(form, fill_from_findings(form, summary, nothing, None), head))
    at = next(n for n, text in enumerate(told) if text.startswith("Chưa có dữ liệu nhật ký"))
    assert set(told[at + 1]) == {"."}
    assert not any("đo được" in text for text in told)
