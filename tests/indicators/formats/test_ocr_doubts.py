"""What OCR read is taken where two passes agree; what only one of them saw is asked about."""

import pytest

from quetsach.indicators.formats.contract import ListRow
from quetsach.indicators.formats.ocr_doubts import is_proposal, keys_of, misread_values
from quetsach.indicators.formats.paper import paper_rows
from quetsach.indicators.formats.passages import DocumentContext
from quetsach.indicators.options import ListOptions
from quetsach.readers.contract import BlockKind, BlockPlace, DocumentBlock, ReadDocument

OPTIONS = ListOptions()


def scan(first: list[str], second: list[str]) -> list[tuple[str, str | None]]:
    """Return what is made of two readings of one page; a tab parts cells."""
    rows = paper_rows(
        ReadDocument("quét.pdf", "0" * 64, "pdf", _blocks(first), again=_blocks(second)), OPTIONS
    )
    return [(row.value, row.refused) for row in rows]


def _blocks(lines: list[str]) -> tuple[DocumentBlock, ...]:
    return tuple(
        DocumentBlock(
            BlockKind.ROW if "\t" in line else BlockKind.PARAGRAPH,
            line,
            BlockPlace(page=1, line=number),
            tuple(line.split("\t")) if "\t" in line else (),
            by_ocr=True,
        )
        for number, line in enumerate(lines, 1)
    )


HEAD = "STT\tĐịa chỉ\tCổng"


def test_what_both_passes_saw_is_taken_and_what_one_saw_is_asked() -> None:
    first = [HEAD, "1\t203.0.113.1\t443", "2\tkém.example\t", "3\t198.51.100.7\t"]
    second = ["STT Dia chi", "203.0.113.1:443", "kem.example", "- 198.51.100.17"]
    assert scan(first, second) == [
        ("203.0.113.1", None),
        ("kém.example", "unclear"),
        ("198.51.100.7", "unclear"),
        ("kem.example", "unclear"),
        ("198.51.100.17", "unclear"),
    ]


def test_a_port_that_one_pass_read_otherwise_is_asked_about() -> None:
    rows = scan([HEAD, "1\t203.0.113.1\t443"], [HEAD, "1\t203.0.113.1\t448"])
    assert {refused for _, refused in rows} == {"unclear"}


def test_without_a_second_pass_nothing_is_taken() -> None:
    assert scan([HEAD, "1\t203.0.113.1\t443", "- xau[.]example"], []) == [
        ("203.0.113.1", "unclear"), ("xau.example", "unclear"),
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["203.0.113.1", "bad.example", "http://bad.example/a", "0a" * 32])
def test_the_same_value_in_both_passes_is_taken(value: str) -> None:
    assert scan([f"- {value}"], [f"x {value}"]) == [(value, None)]


@pytest.mark.parametrize(
    "value",
    ["maill.example", "11.example", "mail1.example", "illl.Jexample.com", "cdn0.example",
     "goo.example", "vw.example", "Jbad.example", "burn.example"],
)  # fmt: skip
def test_shapes_that_are_read_for_each_other_are_asked_about(value: str) -> None:
    assert scan([f"- {value}"], [f"- {value}"]) == [(value, "unclear")]


@pytest.mark.parametrize(
    "text", ["- x[.|bad.example", "- ~bad.example", "- bad.example_", "- {bad.example"]
)
def test_the_rest_of_a_damaged_value_is_never_taken(text: str) -> None:
    assert all(refused for _, refused in scan([text], [text]))


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("1 | 2020,173.1 | C2", ["2020,173.1"]),
        ("1 | 203,0,113,1 | C2", ["203,0,113,1"]),
        ("1 | 203.0.113.l | C2", ["203.0.113.l"]),
        ("1 | 203.0.1131 | C2", ["203.0.1131"]),
        ("1 | bad.examp1e | C2", ["bad.examp1e"]),
        ("ngày 29.9.2022, lúc 08:15:22, 1.234.567 đồng, mục 3.2.1, 10.000,50", []),
        ("203.0.113.1 và bad.example", []),
        ("TP.HCM, v.v., Th.S, GS.TS", []),
    ],
)
def test_what_may_be_left_of_a_value_is_told(text: str, rest: list[str]) -> None:
    assert list(misread_values(text, OPTIONS)) == rest


def test_keys_are_compared_in_their_normal_form_with_the_port() -> None:
    rows = [ListRow(1, "", "HXXP://Bad[.]Example/A"), ListRow(2, "", "203.0.113.1", 443)]
    assert keys_of(rows, OPTIONS) == {"bad.example/A", "203.0.113.1:443"}
    document = DocumentContext(OPTIONS, seen_again=frozenset({"bad.example"}))
    assert not is_proposal(ListRow(1, "", "bad.example"), "- bad[.]example", document)
    assert is_proposal(ListRow(1, "", "other.example"), "- other.example", document)


def test_hostile_lines_are_read_to_their_end() -> None:
    for unit in ("1.", "a.", "1,1.", "a-", "0O", "l1.l1."):
        list(misread_values(unit * 20_000, OPTIONS))
