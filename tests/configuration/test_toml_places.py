"""Each key of a file has the line where it was written."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.configuration.toml_places import MOST_TRIES, NoTomlError, read_flat

TEXT = '''# one
home = "/x" # two
hosts = [
  "a", # in brackets
  "b = 1",
]

[smtp]
host = """
port = 1
"""
"port" = 25
[a.b]
c.d = 1
[empty]
'''


def test_keys_are_flat_and_have_their_lines() -> None:
    assert read_flat(TEXT) == {
        "home": ("/x", 2),
        "hosts": (["a", "b = 1"], 3),
        "smtp.host": ("port = 1\n", 9),
        "smtp.port": (25, 12),
        "a.b.c.d": (1, 14),
        "empty": ({}, 15),
    }


@pytest.mark.parametrize(("text", "line"), [("a = 1\nb =\n", 2), ("a = 1\na = 2\n", 2), ("[", 1)])
def test_what_is_no_toml_has_a_line(text: str, line: int) -> None:
    with pytest.raises(NoTomlError) as caught:
        read_flat(text)
    assert caught.value.line == line


def test_a_very_long_statement_costs_no_square_of_its_lines() -> None:
    long = "[x]\na = [\n" + '"b",\n' * (MOST_TRIES * 3) + "]\nc = 1\n"
    flat = read_flat(long)
    assert flat["x.c"] == (1, 1)
    assert len(flat["x.a"][0]) == MOST_TRIES * 3


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    lines = [1]
    with suppress(NoTomlError):
        lines = [line for _content, line in read_flat(text).values()]
    assert all(1 <= line <= text.count("\n") + 1 for line in lines)
