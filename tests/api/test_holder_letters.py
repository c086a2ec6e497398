"""The letter that answers a request for the holders of addresses."""

from pathlib import Path

import docx

from quetsach.api.holder_letters import answer_letter, write_answer
from quetsach.texts import use_language
from tests.api.test_carriers import NOW, translated
from tests.api.test_holders import UNIT, answered
from tests.letters.test_holder import PROSE, UNCLEAR


def test_the_letter_says_that_a_declared_zone_took_the_place_of_words(tmp_path: Path) -> None:
    text = UNCLEAR.replace("203.0.113.5 vào", "203.0.113.5 cổng 40112 vào")
    unknown = text.replace("ngày 01/9/2026", "ngày 01/9/2026 (giờ Nhật Bản)", 1)
    answer = answered(tmp_path, unknown, zone="Asia/Ho_Chi_Minh")
    use_language("vi")
    table = str(answer_letter(answer.as_json(), UNIT).annexes[0])
    assert "giờ Nhật Bản" in table


def texts_of(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for grid in document.tables for row in grid.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_the_letter_is_whole_vietnamese_and_leaves_people_to_a_person(tmp_path: Path) -> None:
    answer = answered(tmp_path, PROSE)
    written = write_answer(answer.as_json(), tmp_path / "out", unit=UNIT)
    assert [file.suffix for file in written] == [".docx", ".pdf", ".json"]
    text = texts_of(written[0])
    for words in (
        "Phúc đáp Công văn số 214/PA05-Đ2 ngày 04/9/2026",
        "Xác định được máy đã sử dụng địa chỉ: 1 mục.",
        "203.0.113.5:40112",
        "08:15:22 01/9/2026 (+07:00)",
        "Máy: PC-VP-41 (02-00-00-00-03-41); địa chỉ trong mạng: 10.0.0.41 (chắc chắn)",
        "Chủ thể (điền tay)",
        "nat.log",
    ):
        assert words.casefold() in text.casefold(), words
    assert "Kính gửi: Phòng An ninh mạng và phòng, chống tội phạm" in text
    assert str(tmp_path) not in text
    for word in (" the ", " is ", " of ", "Which"):
        assert word not in text


def test_what_was_not_asked_for_is_not_told(tmp_path: Path) -> None:
    text = PROSE.replace(
        "họ và tên chủ thuê bao, số điện thoại, thiết bị đã sử dụng và nhật ký làm căn cứ",
        "nhật ký làm căn cứ",
    )
    told = str(answer_letter(answered(tmp_path, text).as_json(), UNIT).annexes[0])
    assert "PC-VP-41" in told
    assert "10.0.0.41" not in told
    assert "02-00-00-00-03-41" not in told


def test_the_letter_never_sends_the_authority_to_itself(tmp_path: Path) -> None:
    # Advice for an office is no word for who asked.
    text = PROSE.replace("cổng nguồn 40112, ", "")
    nat = translated("10.0.0.41", 40112, NOW) + translated("10.0.0.42", 40113, NOW)
    answer = answered(tmp_path, text, nat=nat)
    assert answer.rows[0]["outcome"] == "candidates"
    use_language("vi")
    table = str(answer_letter(answer.as_json(), UNIT).annexes[0])
    assert "hãy hỏi cơ quan" not in table
    assert "--public" not in table
    assert "leases.csv. Còn thiếu: cổng nguồn." in table
    assert "Còn thiếu: nhật ký chuyển đổi địa chỉ (NAT)" in table
