"""Every candidate of a document becomes a row, taken or refused, by where and how it stands."""

from quetsach.indicators.formats.contract import ListRow
from quetsach.indicators.formats.document import document_rows
from quetsach.indicators.formats.passages import DocumentContext, TextPassage
from quetsach.indicators.formats.prose import passages_of
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.values import parse_value

DOCUMENT = DocumentContext(ListOptions())
HASH, OTHER = "0a" * 32, "0b" * 32


def _rows(text: str) -> list[ListRow]:
    lines = text.splitlines(keepends=True)
    return list(document_rows(list(passages_of(lines, asciidoc=False)), DOCUMENT))


def _told(text: str) -> list[tuple[str, str | None]]:
    return [(row.value, row.refused) for row in _rows(text)]


def test_sources_and_notes_are_told_from_what_was_found() -> None:
    text = """REFERENCES:

- https://x.com/somebody/status/1

MALICIOUS DOMAINS:

- evil.example
- evil[.]com <-- trang giả
"""
    assert _told(text) == [
        ("https://x.com/somebody/status/1", "reference"),
        ("evil.example", None), ("evil.com", None),
    ]  # fmt: skip
    assert _rows(text)[-1].claim.label == "trang giả"


def test_what_is_said_to_be_harmless_is_context_for_its_line_its_file_and_its_section() -> None:
    text = f"""TRAFFIC:

- evil[.]com
- ok[.]example <-- not malicious

FILES:

- SHA256 hash: {HASH}
- File description: decoy PDF file (not malicious)

- SHA256 hash: {OTHER}
- File description: loader

URLS:

- hxxps://ok[.]example/a
- Note: the above URL is not inherently malicious

LEGITIMATE DOMAINS USED FOR CONNECTIVITY CHECKS:

- other[.]example
"""
    assert _told(text) == [
        ("evil.com", None), ("ok.example", "context"), (HASH, "context"), (OTHER, None),
        ("https://ok.example/a", "context"), ("other.example", "context"),
    ]  # fmt: skip


def test_a_value_in_a_sentence_is_not_taken_unless_it_is_defanged() -> None:
    text = "Các đơn vị truy cập https://tai.example/cong-cu để tải; riêng evil[.]com đã bị chặn.\n"
    assert _told(text) == [("https://tai.example/cong-cu", "reference"), ("evil.com", None)]


def test_a_link_of_a_page_is_a_reference_and_a_value_counts_once_a_line() -> None:
    text = "Xem [báo cáo](https://bao.example/a) và evil[.]com, evil[.]com\n"
    assert _told(text) == [("https://bao.example/a", "reference"), ("evil.com", None)]


def test_what_ocr_read_is_trusted_less_and_look_alikes_are_asked_about() -> None:
    passages = [
        TextPassage("- xau[.]example", 1, by_ocr=True),
        TextPassage("- xau0a[.]example", 2, by_ocr=True),
        TextPassage("- 203.0.113.l7", 3, by_ocr=True),
        TextPassage("- " + "0O" * 32, 4, by_ocr=True),
    ]
    rows = list(document_rows(passages, DOCUMENT))
    assert [(row.number, row.refused) for row in rows] == [
        (1, None), (2, "unclear"), (3, "unclear"), (4, "unclear"),
    ]  # fmt: skip
    assert rows[0].claim.confidence == 50


def test_a_hidden_link_is_shown() -> None:
    rows = list(
        document_rows([TextPassage("bấm vào đây", 1, links=("http://evil.com/a",))], DOCUMENT)
    )
    assert [(row.value, row.refused) for row in rows] == [("http://evil.com/a", "reference")]


def test_the_value_of_a_row_is_what_its_text_gives_by_itself() -> None:
    text = "- evil[.]com, 203.0.113[.]4-203.0.113.9, hxxp://[2001:db8::1]/a, 2001[:]db8[:][:]7\n"
    for row in _rows(text):
        assert row.refused is None
        assert parse_value(row.value, ListOptions()).values


def test_no_name_is_cut_out_of_a_narrow_cell_in_a_picture() -> None:
    lines = (
        "5 | tài-khoản- | Lừa đảo", "số[.]example | công", "6 | 203.0.113.9:844 | C2", "3",
        "7 | bad[.]example | Emotet", "8 | 198.51.100.10 - | Mirai", "", "198.51.100.17",
    )  # fmt: skip
    passages = [TextPassage(text, number, by_ocr=True) for number, text in enumerate(lines, 1)]
    rows = list(document_rows(passages, DOCUMENT))
    assert [row.value for row in rows if row.refused is None] == ["bad.example"]
    assert {row.refused for row in rows if row.value != "bad.example"} == {RefusalReason.UNCLEAR}
    printed = [TextPassage(one.text, one.number) for one in passages]
    assert "203.0.113.9:844" in [row.value for row in document_rows(printed, DOCUMENT)]
