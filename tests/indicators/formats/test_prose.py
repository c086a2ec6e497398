"""Reports and notes are read as prose; plain lists stay plain lists."""

import pytest

from quetsach.indicators.formats.contract import ListFile
from quetsach.indicators.formats.passages import TextPassage
from quetsach.indicators.formats.prose import ProseList, looks_like_prose, passages_of


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


def _passages(text: str, *, asciidoc: bool = False) -> list[TextPassage]:
    return list(passages_of(text.splitlines(keepends=True), asciidoc=asciidoc))


def test_headings_of_all_three_kinds_are_known() -> None:
    text = "# Một\n== Hai\n.Ba\nMALICIOUS DOMAINS:\n**Bốn**\n- evil[.]com:\nmột câu thường.\n"
    assert [one.text for one in _passages(text) if one.heading] == [
        "# Một", "== Hai", ".Ba", "MALICIOUS DOMAINS:", "**Bốn**",
    ]  # fmt: skip


def test_code_is_kept_as_it_is_and_rulers_go() -> None:
    text = "```\n# evil.example\n```\n=====\n----\nb.example\n"
    assert [(one.text, one.heading) for one in _passages(text)] == [
        ("# evil.example", False), ("b.example", False),
    ]  # fmt: skip
    assert [one.text for one in _passages("----\na.example\n----\n", asciidoc=True)] == [
        "a.example"
    ]


def test_a_table_of_markdown_gives_rows_without_its_ruler() -> None:
    rows = _passages("| IP | Tên |\n|---|:--:|\n| `203.0.113.7` | a<br>b |\n\n| x | y |\n")
    assert [(one.cells, one.table, one.number) for one in rows if one.cells] == [
        (("IP", "Tên"), 1, 1), (("203.0.113.7", "a\nb"), 1, 3), (("x", "y"), 2, 5),
    ]  # fmt: skip


ASCIIDOC = """[options="header"]
|===
| IP | Tên miền | Chi tiết
| `+203.0.113[.]7+` | `+a[.]example+` +
`+b[.]example+` | một
| `+203.0.113[.]8+`
| `+c[.]example+`
| hai

|===
"""


def test_cells_of_asciidoc_find_their_rows_however_lines_break() -> None:
    rows = _passages(ASCIIDOC, asciidoc=True)
    assert [one.cells for one in rows] == [
        ("IP", "Tên miền", "Chi tiết"),
        ("203.0.113[.]7", "a[.]example\nb[.]example", "một"),
        ("203.0.113[.]8", "c[.]example", "hai"),
    ]
    assert [one.number for one in rows] == [3, 4, 6]


def test_a_table_that_is_never_closed_keeps_its_cells() -> None:
    rows = _passages("|===\n|a.example\n|b.example\n", asciidoc=True)
    assert [one.cells for one in rows] == [("a.example",), ("b.example",)]
