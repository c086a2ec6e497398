"""A letter's addressees call reporting lines; what is not named is not guessed."""

import pytest

from quetsach_portal.campaigns.called_lines import called_lines

GOVERNMENT, PARTY, MASS = "territory", "party", "mass_org"


@pytest.mark.parametrize(
    ("addressee", "lines"),
    [
        ("Thủ trưởng các phòng, ban, ngành huyện (03 hệ)", [GOVERNMENT, PARTY, MASS]),
        ("Các cơ quan, đơn vị ba hệ trên địa bàn", [GOVERNMENT, PARTY, MASS]),
        ("Các cơ quan thuộc 3 khối", [GOVERNMENT, PARTY, MASS]),
        ("Chủ tịch Uỷ ban nhân dân các xã, thị trấn", [GOVERNMENT]),
        ("Các sở, ban, ngành tỉnh", [GOVERNMENT]),
        ("Văn phòng Huyện uỷ, Ban Tuyên giáo Huyện ủy", [PARTY]),
        ("Ủy ban Mặt trận Tổ quốc và các đoàn thể huyện", [MASS]),
        ("Hội Nông dân, Hội Cựu chiến binh", [MASS]),
        ("Công ty cấp nước", []),
        ("Đơn vị quản lý 03 hệ thống thông tin", []),
    ],
)
def test_addressees_call_lines(addressee: str, lines: list[str]) -> None:
    called = called_lines({"addressees": {"value": [addressee]}})
    assert list(called.words) == lines
    assert set(called.words.values()) <= {addressee}
    assert called.unclear == ()


def test_a_number_of_systems_that_names_none_stays_a_question() -> None:
    called = called_lines({"addressees": {"value": ["Các cơ quan 02 hệ"]}})
    assert called.words == {}
    assert called.unclear == ("Các cơ quan 02 hệ",)


@pytest.mark.parametrize("letter", [{}, {"addressees": {}}, {"addressees": {"value": None}}])
def test_a_letter_without_addressees_calls_nobody(letter: dict[str, object]) -> None:
    assert not called_lines(letter).words
