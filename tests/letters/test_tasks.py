"""What is asked for: items, sub-items, who, and what kind of work each sentence means."""

import pytest

from quetsach.letters.lines import LetterLine
from quetsach.letters.model import Quote, TaskKind
from quetsach.letters.tasks import (
    MOST_SUBTASKS,
    find_recipient_above,
    kinds_in,
    sentences,
    who_does,
)
from quetsach.readers.contract import BlockPlace
from tests.letters.texts import codes, letter_of

HEAD = "UBND XÃ HOA LƯ\nSố: 12/UBND-TH\nV/v rà soát\nKính gửi: Các ban.\n"
FOOT = "\nNơi nhận:\n- Như trên;\n- Lưu: VT."


def source(words: str) -> Quote:
    return Quote(words, BlockPlace())


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("Giao Phòng Văn hóa và Thông tin chủ trì, phối hợp", "Phòng Văn hóa và Thông tin"),
        ("Đề nghị Công an huyện phối hợp xử lý", "Công an huyện"),
        ("Yêu cầu Thủ trưởng các cơ quan chỉ đạo cán bộ", "Thủ trưởng các cơ quan"),
        ("Ủy ban nhân dân các xã báo cáo kết quả", "Ủy ban nhân dân các xã"),
        ("Phòng Văn hóa: theo dõi, đôn đốc", "Phòng Văn hóa"),
        ("Chủ động giám sát, kiểm tra", None),
        ("Tổng hợp, báo cáo kết quả", None),
        ("Rà soát máy tính của các cơ quan", None),
    ],
)
def test_who_does_it_is_named_or_nobody(words: str, who: str | None) -> None:
    assert who_does(source(words)).value == who


def test_who_is_asked_above_the_items_is_asked_for_each() -> None:
    words = "Sở Thông tin và Truyền thông đề nghị Ủy ban nhân dân các huyện chỉ đạo:"
    assert find_recipient_above(source(words)).value == "Ủy ban nhân dân các huyện"
    assert find_recipient_above(source("Chủ tịch có ý kiến như sau:")).value is None
    letter = letter_of(f"{HEAD}{words}\n1. Rà soát máy tính.\n2. Báo cáo kết quả.{FOOT}")
    assert [one.who.value for one in letter.tasks] == ["Ủy ban nhân dân các huyện"] * 2


def test_nobody_named_at_all_is_one_question() -> None:
    letter = letter_of(f"{HEAD}1. Rà soát máy tính.\n2. Bóc gỡ mã độc.{FOOT}")
    assert codes(letter).count("who-all") == 1
    assert "who" not in codes(letter)


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("tuyên truyền, phổ biến về Chiến dịch làm sạch mã độc", [TaskKind.INFORM]),
        ("sử dụng công cụ hỗ trợ xử lý mã độc của Cục", [TaskKind.USE_TOOLS]),
        ("cài đặt phần mềm diệt virus", [TaskKind.USE_TOOLS]),
        ("nguy cơ khi sử dụng phần mềm bẻ khóa", [TaskKind.OTHER]),
        ("vận động người thân cùng tham gia Chiến dịch", [TaskKind.TAKE_PART]),
        ("giám sát, kiểm tra và xử lý các máy tính", [TaskKind.MONITOR, TaskKind.CLEAN]),
        ("địa chỉ đã được Cục xác định", [TaskKind.OTHER]),
        ("tổng hợp, báo cáo kết quả", [TaskKind.REPORT, TaskKind.COORDINATE]),
        ("Công văn của Sở Thông tin và Truyền thông", [TaskKind.OTHER]),
        ("bố trí kinh phí", [TaskKind.OTHER]),
        ("Ngăn chặn truy cập tới các địa chỉ tại Phụ lục I", [TaskKind.BLOCK]),
        ("chặn kết nối đến các tên miền độc hại", [TaskKind.BLOCK]),
        ("ngăn chặn ngay các địa chỉ phát tán mã độc trên tường lửa", [TaskKind.BLOCK]),
        ("cấm truy cập các trang giả mạo", [TaskKind.BLOCK]),
        ("không cho phép máy tính kết nối ra ngoài", [TaskKind.BLOCK]),
        ("đưa các địa chỉ trên vào danh sách chặn", [TaskKind.BLOCK]),
        ("block access to the listed domains", [TaskKind.BLOCK]),
        ("rà soát và chặn các địa chỉ", [TaskKind.MONITOR, TaskKind.BLOCK]),
        ("giải pháp ngăn chặn mã độc lây lan", [TaskKind.OTHER]),
        ("ngăn chặn kịp thời các cuộc tấn công", [TaskKind.OTHER]),
        ("chân thành cảm ơn các đơn vị; chấn chỉnh kỷ luật", [TaskKind.OTHER]),
    ],
)
def test_a_sentence_asks_for_what_its_verbs_say(words: str, kinds: list[TaskKind]) -> None:
    assert [one.kind for one in kinds_in([source(words)])] == kinds


def test_sentences_do_not_end_at_abbreviations() -> None:
    line = LetterLine(
        "UBND TP. Hồ Chí Minh báo cáo. Các ban gửi v.v. đúng hạn; Công an xử lý.", BlockPlace()
    )
    assert [one.text for one in sentences(line)] == [
        "UBND TP. Hồ Chí Minh báo cáo.",
        "Các ban gửi v.v. đúng hạn;",
        "Công an xử lý.",
    ]


def test_items_below_an_item_are_its_own() -> None:
    body = (
        "1. Rà soát:\na) Máy tính;\nb) Máy chủ.\n2. Báo cáo:\n- Lần 1 trước ngày 15/9/2022;\n"
        "- Lần 2 trước ngày 30/9/2022.\n2.1. Theo mẫu."
    )
    letter = letter_of(f"{HEAD}{body}{FOOT}")
    first, second = letter.tasks
    assert [(one.number, one.text) for one in first.subtasks] == [
        ("a", "Máy tính;"),
        ("b", "Máy chủ."),
    ]
    assert [one.number for one in second.subtasks] == ["-", "-", "2.1"]
    assert len(letter.dues) == 2


def test_a_wrapped_line_that_begins_with_a_figure_is_no_item() -> None:
    body = "1. Rà soát các máy tính trong danh sách gồm tất cả các đơn vị của huyện là\n12. 5 máy."
    letter = letter_of(f"{HEAD}{body}\n2. Báo cáo.{FOOT}")
    assert [one.number for one in letter.tasks] == ["1", "2"]


def test_parts_of_a_plan_that_ask_nothing_are_no_tasks() -> None:
    body = "I. MỤC ĐÍCH\n1. Nâng cao nhận thức.\nII. NỘI DUNG\n1. Rà soát máy tính."
    letter = letter_of(f"{HEAD}{body}{FOOT}")
    assert [one.number for one in letter.tasks] == ["II.1"]


def test_words_that_close_a_letter_belong_to_no_item() -> None:
    body = "1. Rà soát máy tính.\nTrên đây là ý kiến chỉ đạo, đề nghị các đơn vị thực hiện./."
    (task,) = letter_of(f"{HEAD}{body}{FOOT}").tasks
    assert task.text == "Rà soát máy tính."


def test_a_letter_without_numbers_is_read_by_its_requests() -> None:
    body = "Đề nghị các cơ quan, đơn vị:\n- Cài đặt phần mềm diệt virus;\n- Gửi báo cáo về huyện."
    letter = letter_of(f"{HEAD}{body}{FOOT}")
    assert [one.kinds[0].kind for one in letter.tasks] == [TaskKind.USE_TOOLS, TaskKind.REPORT]
    assert letter.tasks[0].who.value == "các cơ quan, đơn vị"


def test_a_letter_that_asks_nothing_is_a_question() -> None:
    assert "tasks" in codes(letter_of(f"{HEAD}Ủy ban nhân dân xã đã nhận văn bản.{FOOT}"))


def test_more_items_below_one_than_are_read_are_named() -> None:
    body = "1. Rà soát:\n" + "\n".join(f"- Máy số {n};" for n in range(MOST_SUBTASKS + 5))
    letter = letter_of(f"{HEAD}{body}{FOOT}")
    assert len(letter.tasks[0].subtasks) == MOST_SUBTASKS
    assert "entries-more" in codes(letter)
