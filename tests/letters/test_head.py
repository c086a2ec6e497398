"""The head: bodies, kinds, subjects over several lines, urgency, addressees."""

import pytest

from tests.letters.heads import head
from tests.letters.texts import codes, letter_of


@pytest.mark.parametrize(
    ("names", "issuer", "parent"),
    [
        (("UBND TỈNH SAO MAI", "SỞ Y TẾ"), "SỞ Y TẾ", "UBND TỈNH SAO MAI"),
        (
            ("BỘ THÔNG TIN", "VÀ TRUYỀN THÔNG", "CỤC AN TOÀN", "THÔNG TIN"),
            "CỤC AN TOÀN THÔNG TIN",
            "BỘ THÔNG TIN VÀ TRUYỀN THÔNG",
        ),
        (("ỦY BAN NHÂN DÂN", "XÃ HOA LƯ"), "ỦY BAN NHÂN DÂN XÃ HOA LƯ", None),
        (("UỶ BAN NHÂN DÂN XÃ HOA LƯ",), "UỶ BAN NHÂN DÂN XÃ HOA LƯ", None),
        (("ĐẢNG BỘ TỈNH", "HUYỆN ỦY HOA LƯ", "*"), "HUYỆN ỦY HOA LƯ", "ĐẢNG BỘ TỈNH"),
    ],
)
def test_bodies_are_told_apart_and_their_broken_names_joined(
    names: tuple[str, ...], issuer: str, parent: str | None
) -> None:
    letter = letter_of(head(*names, "Số: 12/AB-CD", "V/v rà soát"))
    assert (letter.issuer.value, letter.parent.value) == (issuer, parent)
    assert "issuer" not in codes(letter)


def test_a_department_without_the_body_above_it_is_a_question() -> None:
    letter = letter_of(head("SỞ Y TẾ", "Số: 12/SYT-VP", "V/v rà soát"))
    assert (letter.issuer.value, letter.parent.value) == ("SỞ Y TẾ", None)
    assert "parent" in codes(letter)


def test_a_committee_of_no_place_is_not_taken_for_a_body() -> None:
    letter = letter_of(head("ỦY BAN NHÂN DÂN", "Số: 12/UBND-TH", "V/v rà soát"))
    assert letter.issuer.value is None
    assert "issuer" in codes(letter)


def test_a_subject_over_several_lines_is_one() -> None:
    lines = ("V/v triển khai chiến dịch", "rà quét, xử lý mã độc", "năm 2022 trên địa bàn")
    letter = letter_of(
        head("UBND XÃ HOA LƯ", "Số: 12/UBND", *lines, "Sao Mai, ngày 1 tháng 9 năm 2022")
    )
    assert letter.subject.value == (
        "triển khai chiến dịch rà quét, xử lý mã độc năm 2022 trên địa bàn"
    )
    assert letter.subject.source is not None
    assert letter.subject.source.text.startswith("V/v triển khai")


def test_a_letter_without_a_subject_is_a_question() -> None:
    letter = letter_of(head("UBND XÃ HOA LƯ", "Số: 12/UBND-TH"))
    assert letter.subject.value is None
    assert "subject" in codes(letter)


@pytest.mark.parametrize("stamp", ["HỎA TỐC", "THƯỢNG KHẨN", "KHẨN"])
def test_a_degree_of_urgency_is_read_and_is_no_body(stamp: str) -> None:
    letter = letter_of(head("UBND XÃ HOA LƯ", stamp, "Số: 12/UBND-TH", "V/v rà soát"))
    assert (letter.urgency.value, letter.issuer.value) == (stamp, "UBND XÃ HOA LƯ")


def test_a_word_of_the_subject_is_no_urgency() -> None:
    letter = letter_of(head("UBND XÃ HOA LƯ", "Số: 12/UBND-TH", "V/v triển khai khẩn"))
    assert letter.urgency.value is None


def test_addressees_stand_in_a_line_or_in_a_list() -> None:
    text = head("UBND XÃ HOA LƯ", "Số: 12/UBND-TH", "V/v rà soát")
    assert letter_of(text).addressees.value == ("Các phòng, ban",)
    listed = text.replace(
        "Kính gửi: Các phòng, ban.", "Kính gửi:\n- Sở Y tế;\n- Các cơ quan, đơn vị\ntrực thuộc."
    )
    assert letter_of(listed).addressees.value == ("Sở Y tế", "Các cơ quan, đơn vị trực thuộc")


def test_the_state_s_name_broken_by_a_narrow_column_is_no_addressee() -> None:
    text = head("UBND XÃ HOA LƯ", "Số: 12/UBND-TH", "V/v rà soát")
    broken = text.replace(
        "Kính gửi: Các phòng, ban.",
        "Kính gửi:\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT\nNAM\nĐộc lập - Tự do - Hạnh phúc\n- Sở Y tế.",
    )
    assert letter_of(broken).addressees.value == ("Sở Y tế",)


def test_a_letter_to_nobody_is_a_question() -> None:
    text = head("UBND XÃ HOA LƯ", "Số: 12/UBND-TH", "V/v rà soát")
    letter = letter_of(text.replace("Kính gửi: Các phòng, ban.\n", ""))
    assert letter.addressees.value is None
    assert "addressees" in codes(letter)


def test_a_day_that_ran_into_the_subject_is_no_part_of_it() -> None:
    text = head(
        "UBND XÃ HOA LƯ", "Số: 12/UBND", "V/v rà soát mã độc Sao Mai, ngày 1 tháng 9 năm 2022"
    )
    letter = letter_of(text)
    assert (letter.subject.value, letter.date.value) == ("rà soát mã độc", "2022-09-01")
