"""The paper of a letter: what is open is dotted, what is known stands where the decree has it."""

from dataclasses import replace
from datetime import date

import pytest

from quetsach.documents.letters.letter import (
    LetterSigner,
    LetterText,
    Medium,
    OfficialLetter,
    UrgencyStamp,
)
from quetsach.documents.letters.paper import compose_letter
from quetsach.documents.typeset.content import DocumentContent, ParagraphRole
from quetsach.documents.typeset.letterhead import Letterhead, letterhead_of
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
