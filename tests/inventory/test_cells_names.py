"""Names of machines: how they are compared, and which tell nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.inventory.cells import bare_name, is_generic_name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "DESKTOP",
        "Laptop",
        "PC",
        "PC1",
        "android",
        "iPhone",
        "iPhone-12-Pro",
        "iPad",
        "Galaxy-A12",
        "Redmi-Note-10-Pro",
        "OPPO-A54",
        "vivo-1904",
        "localhost",
        "localhost.localdomain",
        "MacBook-Pro",
        "raspberrypi",
        "ESP32",
        "User",
        "admin-pc",
        "*",
    ],
)
def test_names_that_makers_give_out_tell_nothing(name: str) -> None:
    assert is_generic_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "DESKTOP-AB12CD3",
        "LAPTOP-9QK1ZZZZ",
        "PC-KT-01",
        "android-5f3c9a1b2d4e6f70",
        "iPhone-cua-Lan",
        "Galaxy-A12-cua-Lan-Anh",
        "SRV-01",
    ],
)
def test_names_that_a_person_or_an_installation_made_tell_something(name: str) -> None:
    assert not is_generic_name(name)


def test_names_are_compared_without_case_and_domain() -> None:
    assert bare_name(" PC-KT-01.Office.Example ") == "pc-kt-01"


@given(st.text(st.sampled_from("aA1-_ x.galaxy"), max_size=300))
def test_any_name_is_judged(name: str) -> None:
    assert is_generic_name(name) in (True, False)


def test_a_name_of_many_parts_is_judged_at_once() -> None:
    assert not is_generic_name("mi" + "-a" * 120 + "-!")
