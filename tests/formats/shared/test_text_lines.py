"""The first lines of a file: blank ones do not count, and half is not most."""

import pytest

from quetsach.formats.shared.text_lines import first_lines, first_of, mostly


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"a\nb\n", False),
        (b"a\na\nb\n", True),
        (b"\n \na\r\n", True),
        (b"", False),
        (b"b\n" * 50 + b"a\n" * 500, False),
    ],
)
def test_most_of_the_first_filled_lines_decide(head: bytes, said: bool) -> None:
    assert mostly(head, lambda line: line == b"a") is said


def test_first_line_of_a_kind_is_found_without_its_line_end() -> None:
    assert first_of(b"# x\r\n\r\na1\r\na2\n", lambda line: line.startswith(b"a")) == b"a1"
    assert first_of(b"# x\n", lambda line: line.startswith(b"a")) == b""
    assert list(first_lines(b"\n\n")) == []
