"""Reports and notes are read as prose; plain lists stay plain lists."""

import pytest

from quetsach.indicators.formats.contract import ListFile
from quetsach.indicators.formats.prose import ProseList, looks_like_prose


def _file(text: str, suffix: str = ".txt") -> ListFile:
    return ListFile(f"a{suffix}", "", text.encode(), suffix)


NOTE = """2025-08-15 (FRIDAY): LOADER

REFERENCES:

- https://x.com/a/status/1

C2 DOMAINS:

- evil[.]com
- c2[.]example
- c3[.]example
"""


@pytest.mark.parametrize(
    ("text", "suffix", "is_prose"),
    [
        (NOTE, ".txt", True),
        ("một câu dài không có gì để lấy\nmột câu dài khác có evil[.]com trong đó\n", ".txt", True),
        ("a.example\nb.example\nthis is prose, not bad4.example\n", ".txt", False),
        ("# Danh sách\n\n1. evil[.]com\n", ".txt", False),
        ("evil.com\n", ".md", True),
        (NOTE, ".csv", False),
        ('{"REFERENCES:": 1,\n"DOMAINS:": 2}\n', ".txt", False),
        ("", ".txt", False),
    ],
)
def test_a_note_is_told_from_a_list(text: str, suffix: str, *, is_prose: bool) -> None:
    assert looks_like_prose(_file(text, suffix)) is is_prose
    assert (ProseList().read(_file(text, suffix)) is not None) is is_prose


def test_a_note_gives_its_values_with_the_lines_they_stand_on() -> None:
    reading = ProseList().read(_file(NOTE))
    assert reading is not None
    assert [(row.number, row.value, row.refused) for row in reading.rows] == [
        (5, "https://x.com/a/status/1", "reference"), (9, "evil.com", None),
        (10, "c2.example", None), (11, "c3.example", None),
    ]  # fmt: skip
