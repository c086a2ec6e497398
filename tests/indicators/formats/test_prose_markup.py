"""Markdown, AsciiDoc and notes are taken apart; no line of theirs is lost."""

from quetsach.indicators.formats.passages import TextPassage
from quetsach.indicators.formats.prose import passages_of


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
