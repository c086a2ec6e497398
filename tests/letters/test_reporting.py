"""Where the results go: pages, who compiles, to whom, through whom, contacts and annexes."""

import pytest

from quetsach.letters.model import ReadLetter
from tests.letters.texts import codes, letter_of

HEAD = "UBND XÃ HOA LƯ\nSố: 12/UBND-TH\nV/v chiến dịch rà soát\nKính gửi: Các ban.\n"
FOOT = "\nNơi nhận:\n- Như trên;\n- Lưu: VT."


def read(body: str) -> ReadLetter:
    return letter_of(f"{HEAD}{body}{FOOT}")


@pytest.mark.parametrize(
    ("body", "to", "through"),
    [
        (
            "1. Báo cáo kết quả thực hiện đến Chủ tịch Ủy ban nhân dân huyện (qua Văn phòng HĐND "
            "và UBND) trước ngày 29/9/2022.",
            "Chủ tịch Ủy ban nhân dân huyện",
            "Văn phòng HĐND và UBND",
        ),
        (
            "1. Gửi kết quả về Sở Y tế, qua Phòng Kế hoạch, trước ngày 29/9/2022.",
            "Sở Y tế",
            "Phòng Kế hoạch",
        ),
        ("1. Báo cáo về Phòng Văn hóa để tổng hợp.", "Phòng Văn hóa", None),
        ("1. Tổng hợp báo cáo Thường trực Huyện ủy.", "Thường trực Huyện ủy", None),
        ("1. Báo cáo về kết quả phòng, chống mã độc.", None, None),
    ],
)
def test_to_whom_the_report_goes_and_through_whom(
    body: str, to: str | None, through: str | None
) -> None:
    letter = read(body)
    assert (letter.report_to.value, letter.report_through.value) == (to, through)
    assert ("report-to" in codes(letter)) is (to is None)


def test_two_who_get_the_report_are_a_question() -> None:
    letter = read("1. Báo cáo về Sở Y tế.\n2. Báo cáo về Công an huyện.")
    assert letter.report_to.value is None
    assert "report-to-several" in codes(letter)


def test_who_compiles_is_who_is_charged_with_it_and_not_who_sends_in() -> None:
    assert read("1. Giao Phòng Y tế tổng hợp, báo cáo kết quả.").compiler.value == "Phòng Y tế"
    sends = "1. Ủy ban nhân dân các xã báo cáo về Phòng Y tế để tổng hợp."
    assert read(sends).compiler.value == "Phòng Y tế"
    assert "compiler" in codes(read("1. Báo cáo kết quả về Sở Y tế."))


def test_the_page_is_the_one_that_the_campaign_is_named_with() -> None:
    one = read("1. Tham gia chiến dịch tại <https://page.example/a>.")
    assert one.campaign_page.value == "https://page.example/a"
    two = read("1. Xem https://luat.example/x. Tham gia Chiến dịch tại https://page.example/a")
    assert two.campaign_page.value == "https://page.example/a"


def test_several_pages_or_none_are_a_question() -> None:
    both = read("1. Chiến dịch: https://a.example/ hoặc https://b.example/")
    assert both.campaign_page.value is None
    assert "page-several" in codes(both)
    assert "page" in codes(read("1. Tham gia chiến dịch."))


def test_a_malicious_address_is_never_the_page() -> None:
    letter = read("1. Chặn hxxp://xau.example/a và http[:]//xau.example trong chiến dịch.")
    assert letter.campaign_page.value is None


def test_a_page_that_the_line_may_have_cut_is_a_question() -> None:
    body = (
        "1. Tham gia chiến dịch làm sạch mã độc trên mạng tại: https://page.example/chien-\ndich."
    )
    letter = read(body)
    assert letter.campaign_page.value is None
    assert "page-broken" in codes(letter)


def test_a_contact_is_read_with_name_phone_and_mail() -> None:
    letter = read(
        "1. Rà soát.\nThông tin liên hệ: đồng chí Nguyễn Văn Bình, điện thoại 024.0000.1234, thư "
        "điện tử: binh@co-quan.example."
    )
    contact = letter.contact
    assert contact.person.value == "Nguyễn Văn Bình"
    assert contact.phone.value == "024.0000.1234"
    assert contact.mail.value == "binh@co-quan.example"


@pytest.mark.parametrize(
    "words",
    ["theo Phụ lục đính kèm", "danh sách kèm theo", "theo mẫu số 02", "Phụ lục I kèm theo"],
)
def test_an_annex_is_met_in_the_words_that_mention_it(words: str) -> None:
    letter = read(f"1. Rà soát ({words}).")
    assert [one.text for one in letter.annexes] == [words]
    assert "annex" in codes(letter)
