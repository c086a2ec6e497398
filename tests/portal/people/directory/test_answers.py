"""A user name is counted and asked for in one way, however it is typed."""

import pytest

from quetsach_portal.people.directory.answers import written_name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  An ", "An"),
        ("a  b", "a b"),
        ("ﬁ", "fi"),
        ("a\u00adn", ""),
        ("a\u200bn", ""),
        ("a\ufe00n", ""),
        ("a\nb", "a b"),
        ("a\0b", ""),
        ("x" * 300, ""),
        ("Nguyễn", "Nguyễn"),
    ],
)
def test_a_name_is_written_in_one_way(typed: str, name: str) -> None:
    assert written_name(typed) == name
