"""The foot: who receives, where it is kept, and by what right the signer signed."""

import pytest

from quetsach.letters.foot import recipients_of, signer_of
from quetsach.letters.lines import LetterLine
from quetsach.letters.model import OpenQuestions, ReadCapacity
from quetsach.readers.contract import BlockPlace


def lines(*texts: str) -> list[LetterLine]:
    return [LetterLine(one, BlockPlace()) for one in texts]


@pytest.mark.parametrize(
    ("texts", "capacity", "behalf", "position"),
    [
        (("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), ReadCapacity.KT, "CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        (("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), ReadCapacity.TM, "ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        (("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"), ReadCapacity.TL, "CHỦ TỊCH", "CHÁNH VĂN PHÒNG"),
        (("TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG"), ReadCapacity.TUQ, "GIÁM ĐỐC", "TRƯỞNG PHÒNG"),
        (("T/M BAN THƯỜNG VỤ", "BÍ THƯ"), ReadCapacity.TM, "BAN THƯỜNG VỤ", "BÍ THƯ"),
        (("Q. CỤC TRƯỞNG",), ReadCapacity.Q, None, "CỤC TRƯỞNG"),
        (("CỤC TRƯỞNG",), ReadCapacity.DIRECT, None, "CỤC TRƯỞNG"),
        (
            ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
            ReadCapacity.KT,
            "ỦY BAN NHÂN DÂN; CHỦ TỊCH",
            "PHÓ CHỦ TỊCH",
        ),
        (("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "THƯỜNG TRỰC"), ReadCapacity.KT, "GIÁM ĐỐC",
         "PHÓ GIÁM ĐỐC THƯỜNG TRỰC"),
    ],
)  # fmt: skip
def test_capacity_post_and_name_are_told_apart(
    texts: tuple[str, ...], capacity: ReadCapacity, behalf: str | None, position: str
) -> None:
    opened = OpenQuestions()
    signer = signer_of(lines("Nơi nhận:", "- Lưu: VT.", *texts, "Nguyễn Thị Minh Khai"), opened)
    assert signer.name.value == "Nguyễn Thị Minh Khai"
    assert (signer.capacity.value, signer.on_behalf_of.value) == (capacity, behalf)
    assert signer.position.value == position
    assert opened.questions == []


@pytest.mark.parametrize(
    "written", ["TS. Lê Văn Cường", "PGS.TS. Lê Văn Cường", "ThS. Lê Văn Cường"]
)
def test_degrees_are_no_part_of_a_name(written: str) -> None:
    signer = signer_of(lines("GIÁM ĐỐC", "(Đã ký)", written), OpenQuestions())
    assert signer.name.value == "Lê Văn Cường"


def test_a_letter_that_nobody_signed_is_a_question() -> None:
    opened = OpenQuestions()
    signer = signer_of(lines("Nơi nhận:", "- Lưu: VT.", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), opened)
    assert (signer.name.value, signer.position.value) == (None, "PHÓ CHỦ TỊCH")
    assert [one.code for one in opened.questions] == ["signer"]


def test_recipients_and_the_file_are_told_apart_in_one_column_or_two() -> None:
    alone = lines("Nơi nhận:", "- Như trên;", "- CT, các PCT", "huyện;", "- Lưu: VT, TH (03b).")
    names, filed = recipients_of(alone, OpenQuestions())
    assert names.value == ("Như trên", "CT, các PCT huyện")
    assert filed.value == "VT, TH (03b)"
    run = lines("Nơi nhận: KT. CHỦ TỊCH", "- Như trên; PHÓ CHỦ TỊCH", "- Lưu: VT. Lê Văn Cường")
    names, filed = recipients_of(run, OpenQuestions())
    assert (names.value, filed.value) == (("Như trên",), "VT")
    assert signer_of(run, OpenQuestions()).name.value == "Lê Văn Cường"


def test_a_foot_without_recipients_is_a_question() -> None:
    opened = OpenQuestions()
    names, _filed = recipients_of(lines("CHỦ TỊCH", "Lê Văn Cường"), opened)
    assert names.value is None
    assert [one.code for one in opened.questions] == ["recipients"]
