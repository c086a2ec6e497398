"""What a letter rests on: number, code, day, issuer and subject, in one sentence or several."""

from quetsach.letters.body import basis_in
from quetsach.letters.lines import LetterLine
from quetsach.letters.model import LegalBasis, OpenQuestions
from quetsach.readers.contract import BlockPlace


def read(words: str) -> tuple[list[LegalBasis], list[str]]:
    opened = OpenQuestions()
    return list(basis_in(LetterLine(words, BlockPlace()), opened)), [
        one.code for one in opened.questions
    ]


def test_all_of_a_letter_that_is_named_is_read() -> None:
    (one,), asked = read(
        "Thực hiện Công văn số 1298/CATTT-NCSC ngày 23 tháng 8 năm 2022 của Cục An toàn thông tin "
        "về việc triển khai Chiến dịch, Sở Thông tin và Truyền thông đề nghị:"
    )
    assert (one.kind, one.number.value, one.code.value) == ("Công văn", "1298", "CATTT-NCSC")
    assert (one.date.value, one.issuer.value) == ("2022-08-23", "Cục An toàn thông tin")
    assert one.subject.value == "triển khai Chiến dịch"
    assert asked == []


def test_several_documents_of_one_sentence_are_all_read() -> None:
    found, _asked = read(
        "Căn cứ Quyết định số 964/QĐ-TTg ngày 10/8/2022 của Thủ tướng Chính phủ; Thông tư số "
        "20/2017/TT-BTTTT ngày 12/9/2017; Kế hoạch số 5/KH-UBND"
    )
    assert [(one.number.value, one.code.value, one.date.value) for one in found] == [
        ("964", "QĐ-TTg", "2022-08-10"),
        ("20", "2017/TT-BTTTT", "2017-09-12"),
        ("5", "KH-UBND", None),
    ]


def test_a_letter_of_the_party_is_read_in_its_own_form() -> None:
    (one,), _asked = read("Thực hiện Công văn số 345-CV/TU ngày 29-01-2024 của Tỉnh ủy")
    assert (one.number.value, one.code.value, one.date.value) == ("345", "CV/TU", "2024-01-29")


def test_what_is_missing_or_impossible_is_asked_for() -> None:
    (one,), asked = read("Thực hiện Công văn số /UBND-TH ngày 31/2/2022 của Ủy ban nhân dân")
    assert (one.number.value, one.date.value) == (None, None)
    assert asked == ["basis-number", "date-impossible"]
    (one,), asked = read("Thực hiện Công văn số 5/UBND-TH ngày ... tháng 9 năm 2022")
    assert (one.date.value, asked) == (None, ["basis-date"])
