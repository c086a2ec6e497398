"""Appendices: forms with blanks and tables, lists of indicators, and the form that is known."""

import pytest

from quetsach.letters.appendix import counted
from quetsach.letters.model import CountedThing, KnownForm, ReadAppendix
from quetsach.letters.read import read_letter
from tests.letters.texts import codes, letter_of, paper_of, sample

LETTER = "UBND XÃ HOA LƯ\nSố: 12/UBND-TH\nKính gửi: Các ban.\n1. Rà soát.\nNơi nhận:\n- Lưu: VT.\n"
FORM = KnownForm(
    "mau-1",
    "Mẫu",
    ("Tên đơn vị", "Ý kiến (nếu có)"),
    (("TT", "Nội dung", "Số lượng"),),
    ("Số máy tính",),
)
PAGE = (
    "Phụ lục\nMẫu báo cáo\n- Tên đơn vị:.....\n- Ý kiến (nếu có): ……\n"
    "TT\tNội dung\tSố lượng\n1\tSố máy tính\t"
)


def only(text: str, *known: KnownForm) -> ReadAppendix:
    (one,) = read_letter(paper_of(LETTER + text), forms=known).appendices
    return one


@pytest.mark.parametrize(
    ("label", "counts"),
    [
        ("Tổng số cơ quan, tổ chức nhận được thông tin", CountedThing.ORGANISATIONS),
        ("Tổng số cán bộ, công chức tham gia", CountedThing.PEOPLE),
        ("Số máy tính của cơ quan đã quét", CountedThing.MACHINES),
        ("Số lượt quét máy tính", CountedThing.TURNS),
        ("Số địa chỉ IP botnet", CountedThing.ADDRESSES),
        ("Số mã độc phát hiện", CountedThing.DETECTIONS),
        ("Kinh phí", None),
    ],
)
def test_a_row_counts_the_first_thing_that_it_names(
    label: str, counts: CountedThing | None
) -> None:
    assert counted(label) == counts


def test_a_form_has_its_blanks_and_its_rows() -> None:
    form = only(PAGE)
    assert form.title.value == "Mẫu báo cáo"
    assert [one.label for one in form.fields] == ["Tên đơn vị", "Ý kiến (nếu có)"]
    (table,) = form.tables
    assert (table.columns, table.blank) == (("TT", "Nội dung", "Số lượng"), True)
    assert [(one.number, one.label, one.counts) for one in table.rows] == [
        ("1", "Số máy tính", CountedThing.MACHINES)
    ]


def test_a_form_is_known_in_spite_of_slips_and_accents() -> None:
    assert only(PAGE, FORM).known_form == "mau-1"
    assert only(PAGE.replace("Số máy tính", "SO  may tính:"), FORM).known_form == "mau-1"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Số máy tính", "Số máy chủ"),
        ("- Tên đơn vị:.....\n", ""),
        ("Số lượng", "Số lượng máy"),
        ("1\tSố máy tính\t", "1\tSố máy tính\t\n2\tSố người\t"),
    ],
)
def test_a_form_that_asks_for_anything_else_is_another_form(old: str, new: str) -> None:
    assert only(PAGE.replace(old, new), FORM).known_form is None


def test_a_list_is_no_form_and_asks_nobody_what_it_counts() -> None:
    letter = letter_of(sample("national-letter-with-lists"))
    assert [(one.number, one.is_form) for one in letter.appendices] == [("I", False), ("II", False)]
    assert [one.tables[0].row_count for one in letter.appendices] == [2, 2]
    assert "counts" not in codes(letter)


def test_a_row_of_which_nobody_can_tell_what_it_counts_is_a_question() -> None:
    letter = letter_of(LETTER + PAGE.replace("Số máy tính", "Kinh phí"))
    assert "counts" in codes(letter)


def test_rows_that_a_page_broke_apart_are_whole_again() -> None:
    broken = "TT\tNội dung\tSố lượng\n1\tSố máy\ntính"
    form = only(PAGE[: PAGE.index("TT\t")] + broken, FORM)
    assert form.known_form == "mau-1"


def test_words_below_a_table_are_no_part_of_it() -> None:
    form = only(PAGE + "\nNgười lập biểu", FORM)
    assert form.known_form == "mau-1"


def test_the_line_that_says_which_letter_it_came_with_is_no_part_of_the_title() -> None:
    sent = "(Kèm theo Công văn số 12/UBND-TH ngày 05/9/2022 của Sở Khoa học và Công\nnghệ)\n"
    one = only("Phụ lục\nDANH SÁCH ĐỊA CHỈ\n" + sent + "STT\tĐịa chỉ\n1\ta.example")
    assert one.title.value == "DANH SÁCH ĐỊA CHỈ"


def test_heads_that_every_page_repeats_are_no_rows() -> None:
    rows = "1\ta.example\nSTT\tĐịa chỉ\n2\tb.example\nI. Địa chỉ\n3\tc.example\nSTT\tĐịa chỉ\n"
    one = only("Phụ lục\nDANH SÁCH\nSTT\tĐịa chỉ\n" + rows)
    assert [table.row_count for table in one.tables] == [2, 1]


def test_a_list_whose_remarks_are_empty_is_no_form() -> None:
    table = "Phụ lục\nDanh sách địa chỉ độc hại\nSTT\tĐịa chỉ\tLoại mã độc\tGhi chú\n"
    rows = "1\t203.0.113.77\tMirai\t\n2\t203.0.113.78\tEmotet\t"
    assert not only(table + rows).is_form
    assert only(table + rows.replace("Mirai", "")).is_form is False, "only one row waits"
    assert only(table + rows.replace("Mirai", "").replace("Emotet", "")).is_form
