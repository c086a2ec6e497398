"""Columns of a table's texts give the values that values.py gives one by one."""

from collections.abc import Callable
from datetime import UTC
from typing import Any

import pyarrow as pa
import pytest

from quetsach.formats.shared import text_columns, values

TEXTS = (
    *(
        "1662700000.123456",
        "999999999.000001",
        "1662700000",
        "2026-09-01T08:00:00",
        "x",
        "0",
        "65535",
    ),
    *("65536", "007", "1.5", "0.000001", "192.0.2.1", "192.0.2.01", "::FFFF:192.0.2.1", "999999"),
    *("123456789012345678", "9" * 19, "4102444800.000000", "631151999.999999", "00:11:22:33:44:55"),
)


@pytest.mark.parametrize(
    ("name", "convert"),
    [
        ("source.port", values.parse_port),
        ("source.bytes", values.count),
        ("event.duration", values.nanoseconds),
        ("source.ip", values.address),
        ("dns.question.name", values.text),
        ("source.mac", values.mac),
    ],
)
def test_a_column_has_the_values_of_its_texts(name: str, convert: Callable[[Any], Any]) -> None:
    usual = [text for text in TEXTS if convert(text) is not None]
    for texts in (usual, [*usual, None], list(TEXTS), [None]):
        made = text_columns.typed(name, pa.array(texts, pa.string()).dictionary_encode(), convert)
        wanted = [None if text is None else convert(text) for text in texts]
        assert made.to_pylist() == wanted


def test_times_are_read_at_once_or_each() -> None:
    for texts in (TEXTS[:1], TEXTS, TEXTS[:3], TEXTS[-3:-1]):
        when, zones = text_columns.times(pa.array(texts, pa.string()), UTC)
        read = [values.moment(text, UTC) for text in texts]
        assert when.to_pylist() == [one for one, _ in read]
        applied = [str(UTC) if is_applied and one is not None else None for one, is_applied in read]
        assert (zones is None and not any(applied)) or zones.to_pylist() == applied


def test_only_plain_lines_are_taken() -> None:
    lines = [
        b"1\ta",
        b"1\ta\tb",
        b"\t1",
        b"#1\t2",
        b"1\t\\x41",
        b"1\t\xc3\xa1",
        b"1\t\r",
        b"1\t\x00",
    ]
    assert text_columns.plain_lines(lines, "\t", 2).to_pylist() == [True] + [False] * 7
    assert text_columns.plain_lines(lines[:2], "\t", 2).to_pylist() == [True, False]


def test_a_table_is_cut_at_its_separator_alone() -> None:
    lines = [b'1|"a|NA', b"2|| "]
    columns = text_columns.table_columns(lines, "|", 3, [0, 1, 2])
    assert [one.to_pylist() for one in columns] == [["1", "2"], ['"a', ""], ["NA", " "]]


def test_lists_lose_what_says_nothing() -> None:
    texts = pa.array(["a,b", None, "a"]).dictionary_encode()
    assert text_columns.several(texts, ",", ["(empty)"]).to_pylist() == [["a", "b"], None, ["a"]]
    texts = pa.array(["a,(empty)", "-,", "b"]).dictionary_encode()
    assert text_columns.several(texts, ",", ["(empty)"]).to_pylist() == [["a"], None, ["b"]]
    kept = text_columns.without(pa.array(["a", "-", "b"]), ["-"])
    assert kept.to_pylist() == ["a", None, "b"]
    assert kept.null_count == 1
