"""Duties: only what is said to serve others is not blamed."""

import pytest

from quetsach.inventory.duties import duty_of, is_only_duty
from quetsach.inventory.model import Duty


@pytest.mark.parametrize(
    ("words", "duty"),
    [
        ("Máy chủ DNS", Duty.RESOLVER),
        ("Router kiêm DNS", Duty.RESOLVER),
        ("Proxy", Duty.PROXY),
        ("Máy chủ, proxy", Duty.PROXY),
        ("Bộ phát Wi-Fi", Duty.ACCESS_POINT),
        ("Access Point tầng 2", Duty.ACCESS_POINT),
        ("AP", Duty.ACCESS_POINT),
        ("Wifi", Duty.ACCESS_POINT),
        ("Modem/Router", Duty.GATEWAY),
        ("Tường lửa", Duty.GATEWAY),
        ("Máy chủ", Duty.SERVER),
        ("Server", Duty.SERVER),
        ("Máy trạm", Duty.ORDINARY),
        ("Laptop", Duty.ORDINARY),
    ],
)
def test_words_of_a_role_give_its_duty(words: str, duty: Duty) -> None:
    assert duty_of(words) is duty


@pytest.mark.parametrize(
    "words", ["Máy trạm ra ngoài qua proxy", "Laptop dùng wifi", "Máy tính có cài SQL Server"]
)
def test_an_ordinary_machine_stays_one_whatever_else_is_said(words: str) -> None:
    assert duty_of(words) is Duty.ORDINARY


@pytest.mark.parametrize("words", ["", "Kế toán", "Apple iMac", "Serverless", "dnsmasq?"])
def test_other_words_give_no_duty(words: str) -> None:
    assert duty_of(words) is None


def test_only_the_bare_duty_counts_for_a_whole_network() -> None:
    assert is_only_duty("Máy chủ")
    assert not is_only_duty("Máy chủ và máy trạm")
