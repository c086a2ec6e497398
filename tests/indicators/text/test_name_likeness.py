"""Names of hosts are told from files, programs and sentences."""

import pytest

from quetsach.indicators.text.name_likeness import (
    is_ending,
    is_written_as_names_are,
    may_be_no_name,
)


@pytest.mark.parametrize("label", ["com", "VN", "example", "onion", "xn--p1ai"])
def test_registered_and_special_endings_end_names(label: str) -> None:
    assert is_ending(label)


@pytest.mark.parametrize("label", ["exe", "comm", "7"])
def test_other_words_end_none(label: str) -> None:
    assert not is_ending(label)


def test_only_letters_marks_and_digits_make_names() -> None:
    assert is_written_as_names_are("tài-khoản.example")
    assert not is_written_as_names_are("giá€.example")


@pytest.mark.parametrize("name", ["README.md", "run.sh", "com.android.app", "khai.Do", "ASP.NET"])
def test_what_may_be_a_file_is_doubtful(name: str) -> None:
    assert may_be_no_name(name.split("."))
    assert not may_be_no_name(["www", "evil", "com"])
