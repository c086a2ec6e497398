"""The letter to the authority has the figures of the page, and no machine."""

import io
import zipfile

from quetsach_portal.ranges.answering import give_answer
from quetsach_portal.ranges.letter import letter_of
from tests.portal.cases.rows import make_case
from tests.portal.ranges.asked import allotted, asked_of, questions, traced
from tests.portal.world import World


def _text(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return archive.read("word/document.xml").decode()


def test_the_letter_is_filled_with_what_is_known(world: World) -> None:
    batch = allotted(world)
    first, second = asked_of(world, batch, "TC01"), asked_of(world, batch, "TC02")
    case = make_case(world, "TC01")
    traced(first, 1, case)
    give_answer(second, questions(second), "cannot-tell", "NAT không ghi", actor=None)
    text = _text(letter_of(batch))
    assert "đã xử lý 7 cảnh báo" in text
    assert "Đã tìm ra máy: 1 cảnh báo" in text
    assert "không xác định được máy: 1 cảnh báo" in text
    assert "Đang xử lý: 3 cảnh báo" in text
    assert "xã Một: 3 cảnh báo, 1 đã trả lời, 1 đã tìm ra máy" in text
    for word in (case.device.key, case.device.label, "203.0.113.1", "NAT không ghi"):
        assert word not in text
