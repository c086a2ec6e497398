"""The seed: the letter of the district of Trà Cú of September 2022, read right in every field."""

from pathlib import Path

import pytest

from quetsach.api import letters
from quetsach.letters.model import (
    CountedThing,
    DocumentLikeness,
    ReadCapacity,
    ReadLetter,
    TaskKind,
)
from quetsach.texts import language, use_language

pytestmark = pytest.mark.real

TITLE = "Thông kê, báo cáo kết quả triển khai Chiến dịch làm sạch mã độc"
SUBJECT = "triển khai chiến dịch rà quét xử lý mã độc năm 2022"
WHO = "Thủ trưởng các phòng, ban, ngành huyện và Chủ tịch Ủy ban nhân dân các xã, thị trấn"


@pytest.fixture(scope="module")
def letter(data: Path) -> ReadLetter:
    before = language()
    use_language("en")
    try:
        return letters.read_letter(data / "letters/cong-van-tra-cu-2022.txt")
    finally:
        use_language(before)


def test_the_head_of_the_seed(letter: ReadLetter) -> None:
    assert (letter.looks, letter.form, letter.by_ocr, letter.complete) == (
        DocumentLikeness.STATE,
        "text",
        False,
        True,
    )
    assert letter.issuer.value == "ỦY BAN NHÂN DÂN HUYỆN TRÀ CÚ"
    assert letter.parent.value is None
    assert letter.place.value == "Trà Cú"
    assert letter.kind.value == "công văn"
    assert letter.subject.value == SUBJECT
    assert letter.urgency.value is None
    assert letter.addressees.value == (
        "Thủ trưởng các phòng, ban, ngành huyện (03 hệ)",
        "Chủ tịch Ủy ban nhân dân các xã, thị trấn",
    )


def test_number_and_day_of_the_seed_are_asked_for_and_not_made_up(letter: ReadLetter) -> None:
    assert letter.code.value == "UBND-TH"
    assert letter.number.value is None
    assert letter.number.source is not None
    assert letter.number.source.text == "Số: /UBND-TH"
    assert letter.number.question is not None
    assert (letter.date.value, letter.date.partial) == (None, "2022-09")
    assert letter.date.question is not None
    assert "9/2022" in letter.date.question


def test_the_letter_that_the_seed_rests_on(letter: ReadLetter) -> None:
    (basis,) = letter.basis
    assert basis.kind == "Công văn"
    assert (basis.number.value, basis.code.value) == ("1790", "STTTT-BCVTCNTT")
    assert basis.date.value == "2022-09-09"
    assert basis.issuer.value == "Sở Thông tin và Truyền thông"
    assert basis.subject.value == SUBJECT
    assert basis.source.text.startswith("Thực hiện Công văn số 1790/STTTT-BCVTCNTT")


def test_the_tasks_of_the_seed_with_the_sentences_they_came_from(letter: ReadLetter) -> None:
    first, second, third = letter.tasks
    assert [one.number for one in letter.tasks] == ["1", "2", "3"]
    assert [one.who.value for one in letter.tasks] == [WHO, None, "Phòng Văn hóa và Thông tin"]
    assert second.who.question is not None
    assert [one.kind for one in first.kinds] == [
        TaskKind.INFORM,
        TaskKind.USE_TOOLS,
        TaskKind.TAKE_PART,
    ]
    assert "phần mềm bẻ khóa" in first.kinds[0].source.text
    assert "công cụ hỗ trợ xử lý mã độc" in first.kinds[1].source.text
    assert first.kinds[2].source.text.startswith("Chỉ đạo cán bộ, công chức, viên chức")
    assert "người thân, bạn bè" in first.kinds[2].source.text
    assert [one.kind for one in second.kinds] == [TaskKind.MONITOR, TaskKind.CLEAN]
    assert {one.source.text for one in second.kinds} == {second.text}
    assert [one.kind for one in third.kinds] == [TaskKind.REPORT, TaskKind.COORDINATE]
    assert all(one.subtasks == () for one in letter.tasks)


def test_the_due_date_of_the_seed_shuts_its_day_out(letter: ReadLetter) -> None:
    (due,) = letter.dues
    assert letter.tasks[2].dues == (due,)
    assert letter.due.value == due.last_moment == "2022-09-28T23:59:59+07:00"
    assert (due.words, due.inclusive, due.repeats) == ("trước ngày 29/9/2022", False, "")
    assert due.report


def test_where_the_results_of_the_seed_go(letter: ReadLetter) -> None:
    assert letter.campaign_page.value == "https://khonggianmang.vn/chiendichmadoc2022"
    assert letter.compiler.value == "Phòng Văn hóa và Thông tin"
    assert letter.report_to.value == "Chủ tịch Ủy ban nhân dân huyện"
    assert letter.report_through.value == "Văn phòng HĐND và UBND"
    contact = letter.contact
    assert (contact.person.value, contact.phone.value, contact.mail.value) == (None, None, None)
    assert [one.text for one in letter.annexes] == ["theo Phụ lục đính kèm"]


def test_the_appendix_of_the_seed_is_the_form_that_this_program_fills(letter: ReadLetter) -> None:
    (form,) = letter.appendices
    assert (form.number, form.title.value, form.is_form) == ("", TITLE, True)
    assert form.known_form == "phu-luc-2022"
    assert form.sections == ("Thông tin chung", "Thông tin số liệu")
    assert [(one.label, one.section) for one in form.fields] == [
        ("Tên đơn vị", "Thông tin chung"),
        ("Đánh giá kết quả thực hiện chiến dịch", "Thông tin chung"),
        ("Đề xuất, kiến nghị (nếu có)", "Thông tin chung"),
    ]
    (table,) = form.tables
    assert table.columns == ("TT", "Nội dung", "Số lượng", "Ghi chú")
    assert (table.section, table.blank, table.row_count) == ("Thông tin số liệu", True, 3)
    assert [(one.number, one.label, one.counts) for one in table.rows] == [
        (
            "1",
            "Tổng số cơ quan, tổ chức nhận được thông tin về Chiến dịch",
            CountedThing.ORGANISATIONS,
        ),
        ("2", "Tổng số cơ quan tổ chức triển khai Chiến dịch", CountedThing.ORGANISATIONS),
        ("3", "Tổng số cán bộ, công chức, viên chức tham gia Chiến dịch", CountedThing.PEOPLE),
    ]


def test_the_foot_of_the_seed(letter: ReadLetter) -> None:
    assert letter.recipients.value == (
        "Như trên",
        "CT, các PCT UBND huyện",
        "Phòng VH&TT",
        "LĐVP",
    )
    assert letter.filed.value == "VT"
    signer = letter.signer
    assert signer.name.value == "Tăng Thị Thắm"
    assert signer.position.value == "PHÓ CHỦ TỊCH"
    assert (signer.capacity.value, signer.on_behalf_of.value) == (ReadCapacity.KT, "CHỦ TỊCH")


def test_the_seed_leaves_three_things_open(letter: ReadLetter) -> None:
    assert [(one.field, one.code) for one in letter.questions] == [
        ("date", "date-partial"),
        ("number", "number"),
        ("tasks.2.who", "who"),
    ]
    assert letter.problems == ()
