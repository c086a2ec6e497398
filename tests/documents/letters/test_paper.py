"""The paper of a letter: numbered passages, dotted blanks, annexes, as the decree has them."""

from dataclasses import replace
from datetime import date

import pytest

from quetsach.documents.letters.letter import (
    BlankForm,
    LetterAppendix,
    LetterPassage,
    LetterSigner,
    LetterTable,
    LetterText,
    Medium,
    OfficialLetter,
    PassageLevel,
    UrgencyStamp,
)
from quetsach.documents.letters.paper import attached_line, compose_letter, ended, numbered, roman
from quetsach.documents.typeset.content import (
    DocumentContent,
    DocumentTable,
    ParagraphRole,
    TextFitter,
    TextRun,
    plain,
)
from quetsach.documents.typeset.letterhead import Letterhead, letterhead_of
from quetsach.documents.typeset.wording import wording
from quetsach.errors.exceptions import QuetsachError
from tests.documents.letters import full, passage, usual


def paper(letter: OfficialLetter) -> DocumentContent:
    return compose_letter(letter, Medium.PAPER)


def headed(**more: object) -> DocumentContent:
    return paper(replace(usual(), head=replace(usual().head, **more)))


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({}, "Số: ......../UBND-TH"),
        ({"number": 5}, "Số: 05/UBND-TH"),
        ({"number": 1790, "code": "stttt-bcvtcntt"}, "Số: 1790/STTTT-BCVTCNTT"),
        ({"code": "UBND - TH"}, "Số: ......../UBND-TH"),
        ({"code": "UBND"}, "Số: ......../UBND-.........."),
        ({"code": None}, "Số: ......../..........-.........."),
    ],
)
def test_number_and_code(more: dict[str, object], line: str) -> None:
    assert headed(**more).head.number == line


def test_a_letter_of_which_nothing_is_known_is_all_blanks() -> None:
    made = paper(OfficialLetter(Letterhead(), LetterText("x", (passage("y"),))))
    blanks = (*made.head.parent, *made.head.body, *made.signer_post, made.signer_name)
    assert {sign for text in blanks for sign in text} == {"."}
    assert made.addressed == (f"Kính gửi: {'.' * 60}",)
    assert made.head.place == "................, ngày ..... tháng ..... năm ......."


def test_who_is_told_begins_with_as_above_and_ends_with_the_file() -> None:
    def told(*names: str) -> list[str]:
        return list(paper(replace(usual(), recipients=names)).recipients)

    assert told() == ["- Như trên;", "- Lưu: VT."]
    assert told("Lưu: VT, TH", "- Phòng VH&TT;", "như trên") == [
        "- như trên;",
        "- Phòng VH&TT;",
        "- Lưu: VT, TH.",
    ]


def test_one_addressee_stands_beside_the_label() -> None:
    assert headed(addressees=("Sở Thông tin và Truyền thông.",)).addressed == (
        "Kính gửi: Sở Thông tin và Truyền thông.",
    )
    assert headed(addressees=("A;", "- B.")).addressed == ("Kính gửi:", "- A;", "- B.")


def test_the_subject_stands_in_even_lines_and_there_is_no_title() -> None:
    made = paper(usual())
    assert made.about == ("V/v triển khai chiến dịch rà", "quét xử lý mã độc năm 2022")
    assert (made.kind, made.subject) == ("", ())
    assert made.title == "V/v triển khai chiến dịch rà quét xử lý mã độc năm 2022"


def test_the_signer_of_the_letterhead_steps_in() -> None:
    head = letterhead_of("Ủy ban nhân dân xã Tập Sơn")
    made = paper(replace(usual(), head=head, signer=None))
    assert made.signer_post == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    assert paper(replace(usual(), signer=LetterSigner("Giám đốc"))).signer_post == ("GIÁM ĐỐC",)


def test_legal_lines_end_with_semicolons_and_the_last_with_a_stop() -> None:
    legal = [block for block in paper(full()).blocks if block.role is ParagraphRole.LEGAL]
    assert [block.text[-1] for block in legal] == [";", "."]


@pytest.mark.parametrize(
    ("urgency", "stamp"),
    [
        (UrgencyStamp.FLASH, "HỎA TỐC"),
        (UrgencyStamp.MOST_URGENT, "THƯỢNG KHẨN"),
        (UrgencyStamp.URGENT, "KHẨN"),
        (None, ""),
    ],
)
def test_the_stamp_of_urgency(urgency: UrgencyStamp | None, stamp: str) -> None:
    made = paper(replace(usual(), urgency=urgency)).stamp
    assert ("" if made is None else made.text) == stamp


def test_the_code_is_on_paper_alone() -> None:
    assert compose_letter(usual(), Medium.PAPER).mark == usual().mark
    assert compose_letter(usual(), Medium.ELECTRONIC).mark is None


def test_an_english_letter_has_english_words_in_the_same_places() -> None:
    text = replace(usual().text, language="en")
    head = replace(usual().head, number=5, signed_on=date(2026, 1, 5))
    made = paper(replace(usual(), head=head, text=text))
    assert made.head.nation == "SOCIALIST REPUBLIC OF VIETNAM"
    assert made.head.number == "No: 05/UBND-TH"
    assert made.head.place == "Trà Cú, date 05/01/2026"
    assert made.about[0].startswith("Re: ")
    assert made.addressed[0] == "To:"
    assert made.recipients[0] == "- As above;"
    assert made.appendices[0].label == "Annex"


HEAD = Letterhead(unit="Ủy ban nhân dân\nxã Tập Sơn", number=5, signed_on=date(2026, 1, 5))


def test_one_annex_has_no_number_and_two_have_roman_ones() -> None:
    one = compose_letter(usual(), Medium.PAPER).appendices
    two = compose_letter(full(), Medium.PAPER).appendices
    assert [annex.label for annex in one] == ["Phụ lục"]
    assert [annex.label for annex in two] == ["Phụ lục I", "Phụ lục II"]
    assert " ".join(one[0].title) == (
        "THỐNG KÊ, BÁO CÁO KẾT QUẢ TRIỂN KHAI CHIẾN DỊCH LÀM SẠCH MÃ ĐỘC"
    )


@pytest.mark.parametrize(
    ("number", "written"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (39, "XXXIX"), (50, "L")]
)
def test_roman_numerals(number: int, written: str) -> None:
    assert roman(number) == written


def test_on_paper_the_annex_names_its_letter() -> None:
    assert attached_line(HEAD, "05/UBND-TH", wording().head, Medium.PAPER) == (
        "(Kèm theo Văn bản số 05/UBND-TH ngày 05 tháng 01 năm 2026 của Ủy ban nhân dân xã Tập Sơn)"
    )


def test_in_electronic_form_the_places_are_left_open() -> None:
    line = attached_line(HEAD, "05/UBND-TH", wording().head, Medium.ELECTRONIC)
    assert line.startswith("(Kèm theo Văn bản số ......../.......... ngày ..... tháng")
    assert "05" not in line
    assert "Tập Sơn" not in line


def test_a_blank_form_has_its_sections_with_every_value_open() -> None:
    blocks = compose_letter(usual(), Medium.PAPER).appendices[0].blocks
    assert blocks[0].text == "1. Thông tin chung"
    assert blocks[1].text.startswith("- Tên đơn vị:....")
    grid = blocks[-1]
    assert isinstance(grid, DocumentTable)
    assert [row[2] for row in grid.rows] == ["............"] * 3


def test_points_are_counted_up_to_a_table() -> None:
    table = LetterTable(("A",), (("1",),))
    point = passage("x", PassageLevel.POINT)
    letter = replace(usual(), annexes=(LetterAppendix("B", (point, point, table, point)),))
    first, second, _, last = compose_letter(letter, Medium.PAPER).appendices[0].blocks
    assert (first.text, second.text, last.text) == ("1. x", "2. x", "1. x")


def test_a_form_that_is_not_there_is_an_error() -> None:
    letter = replace(usual(), annexes=(LetterAppendix("B", (BlankForm("../forms/x"),)),))
    with pytest.raises(QuetsachError) as caught:
        compose_letter(letter, Medium.PAPER)
    assert caught.value.problem.code == "E401"


POINT, SUB, DASH = PassageLevel.POINT, PassageLevel.SUBPOINT, PassageLevel.DASH


def texts(*passages: LetterPassage, language: str = "vi") -> list[str]:
    return [one.text for one in numbered(passages, TextFitter(), language)]


def test_points_are_counted_and_their_letters_begin_anew() -> None:
    assert texts(
        passage("mở đầu"),
        passage("một", POINT),
        passage("x", SUB),
        passage("y", SUB),
        passage("xen giữa"),
        passage("hai", POINT),
        passage("z", SUB),
        passage("gạch", DASH),
    ) == ["mở đầu", "1. một", "a) x", "b) y", "xen giữa", "2. hai", "a) z", "- gạch"]


def test_the_letters_are_those_of_the_language() -> None:
    five = [passage("x", SUB)] * 8
    assert [text[:2] for text in texts(*five)] == ["a)", "b)", "c)", "d)", "đ)", "e)", "g)", "h)"]
    assert [text[:2] for text in texts(*five, language="en")][4:] == ["e)", "f)", "g)", "h)"]


def test_behind_the_last_letter_they_are_doubled() -> None:
    many = texts(*[passage("x", SUB)] * 25)
    assert [text.split(")")[0] for text in many[21:]] == ["x", "y", "aa", "ab"]


def test_each_line_is_a_paragraph_and_only_the_first_is_numbered() -> None:
    assert texts(passage("một\n\n  hai \r\nba", POINT)) == ["1. một", "hai", "ba"]
    assert texts(passage(" \n ", POINT), passage("x", POINT)) == ["1. x"]


def test_emphasis_is_kept_across_lines() -> None:
    both = LetterPassage((TextRun("a "), TextRun("b\nc", strong=True), TextRun(" d")))
    first, second = numbered((both,), TextFitter(), "vi")
    assert first.pieces == (TextRun("a "), TextRun("b", strong=True))
    assert second.pieces == (TextRun("c", strong=True), TextRun(" d"))


def test_what_cannot_be_printed_is_kept_account_of() -> None:
    fitting = TextFitter()
    assert [one.text for one in numbered((passage("a\x01漢"),), fitting, "vi")] == ["a□□"]
    assert [one.sign for one in fitting.unfit] == ["\x01", "漢"]


@pytest.mark.parametrize(
    ("text", "end"),
    [("xong", "xong./."), ("xong.", "xong./."), ("xong./.", "xong./."), ("xong;", "xong./.")],
)
def test_the_last_paragraph_ends_with_the_sign_of_the_end(text: str, end: str) -> None:
    before = plain(ParagraphRole.ITEM, "trước.")
    *others, last = ended([before, plain(ParagraphRole.ITEM, text)])
    assert others == [before]
    assert last.text == end
    assert last.role is ParagraphRole.ENDING
