"""Duties: only what is said to serve others is not blamed."""

import pytest

from quetsach.inventory.cells import duty_of, is_only_duty
from quetsach.inventory.model import NetworkRole


@pytest.mark.parametrize(
    ("words", "duty"),
    [
        ("Máy chủ DNS", NetworkRole.RESOLVER),
        ("Router kiêm DNS", NetworkRole.RESOLVER),
        ("Proxy", NetworkRole.PROXY),
        ("Máy chủ, proxy", NetworkRole.PROXY),
        ("Bộ phát Wi-Fi", NetworkRole.ACCESS_POINT),
        ("Access Point tầng 2", NetworkRole.ACCESS_POINT),
        ("AP", NetworkRole.ACCESS_POINT),
        ("Wifi", NetworkRole.ACCESS_POINT),
        ("Modem/Router", NetworkRole.GATEWAY),
        ("Tường lửa", NetworkRole.GATEWAY),
        ("Máy chủ", NetworkRole.SERVER),
        ("Server", NetworkRole.SERVER),
        ("Máy trạm", NetworkRole.ORDINARY),
        ("Laptop", NetworkRole.ORDINARY),
    ],
)
def test_words_of_a_role_give_its_duty(words: str, duty: NetworkRole) -> None:
    assert duty_of(words) is duty


@pytest.mark.parametrize(
    "words", ["Máy trạm ra ngoài qua proxy", "Laptop dùng wifi", "Máy tính có cài SQL Server"]
)
def test_an_ordinary_machine_stays_one_whatever_else_is_said(words: str) -> None:
    assert duty_of(words) is NetworkRole.ORDINARY


@pytest.mark.parametrize("words", ["", "Kế toán", "Apple iMac", "Serverless", "dnsmasq?"])
def test_other_words_give_no_duty(words: str) -> None:
    assert duty_of(words) is None


def test_only_the_bare_duty_counts_for_a_whole_network() -> None:
    assert is_only_duty("Máy chủ")
    assert not is_only_duty("Máy chủ và máy trạm")
