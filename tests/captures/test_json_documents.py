"""JSON over many lines becomes a line a record; what is a line a record already is left alone."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.captures.contract import CaptureSource, LineSink, UnreadReason
from quetsach.captures.json_documents import JsonDocuments

DECODER = JsonDocuments()
ROWS = [{"ts": 1, "a": "x"}, {"ts": 2, "a": "việt"}]


def decoded(content: bytes, tmp_path: Path) -> tuple[list[bytes], dict[UnreadReason, int]]:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    sink = LineSink(io.BytesIO(), 1 << 20)
    DECODER.decode(CaptureSource(path, "a.json"), sink)
    lines = sink.out.getvalue().splitlines()  # type: ignore[attr-defined]  # a BytesIO
    assert len(lines) == sink.lines
    return lines, sink.unread


def text(rows: object, **how: object) -> bytes:
    return json.dumps(rows, ensure_ascii=False, **how).encode()  # type: ignore[arg-type]


WRAPPED = {
    "array": text(ROWS),
    "pretty array": text(ROWS, indent=2),
    "with a mark": b"\xef\xbb\xbf" + text(ROWS, indent=1),
    "a line an element": b"[\n" + b",\n".join(text(row) for row in ROWS) + b"\n]\n",
    "cut off": b"[\n" + b",\n".join(text(row) for row in ROWS) + b",\n",
    "pretty, one behind the other": b"\n".join(text(row, indent=4) for row in ROWS),
    "one behind the other in one line": b"".join(text(row) for row in ROWS),
    "azure": text({"records": ROWS}),
    "graph": text({"@odata.context": "x", "value": ROWS}, indent=1),
    "cloudtrail": text({"Records": ROWS}),
    "elastic": text(
        {
            "took": 1,
            "timed_out": False,
            "hits": {"total": 2, "hits": [{"_source": r} for r in ROWS]},
        },
        indent=2,
    ),
    "fields of elastic": text({"hits": {"hits": [{"_index": "i", "fields": r} for r in ROWS]}}),
    "graylog": text({"messages": [{"index": "g", "message": row} for row in ROWS]}, indent=1),
    "cloudwatch": text({"owner": "1", "logGroup": "g", "logEvents": ROWS}),
    "arrays, one a line": b"\n".join(text([row]) for row in ROWS),
    "batches, one a line": b"\n".join(text({"records": [row]}) for row in ROWS),
}


@pytest.mark.parametrize("content", WRAPPED.values(), ids=WRAPPED.keys())
def test_each_record_is_one_line(content: bytes, tmp_path: Path) -> None:
    assert DECODER.recognise(content, "a.json")
    lines, unread = decoded(content, tmp_path)
    assert [json.loads(line) for line in lines] == ROWS
    assert not unread


@pytest.mark.parametrize(
    "head",
    [
        b"\n".join(text(row) for row in ROWS),
        text(ROWS[0]),
        text({"@timestamp": "2026-09-01T01:15:22Z", "events": ROWS}),
        b'{"cut": "off\n' + text(ROWS[0]),
        b"[1662945322] unbound[1:0] info: 10.20.3.41 bad.example. A IN\n",
        b"[**] [1:2000:1] ET something [**]\n",
        b"[2026-09-01 08:15:22] a\n",
        b"{ not json\n",
        b"{}",
        b'Sep  1 08:15:22 fw1 x: {"a": 1}\n',
        b"",
    ],
)
def test_what_is_a_line_a_record_is_left_alone(head: bytes) -> None:
    assert not DECODER.recognise(head, "a.json")


def test_a_long_line_cut_off_in_the_head_is_a_batch_or_left_alone() -> None:
    batch = text({"records": ROWS * 100})
    assert DECODER.recognise(batch[:500], "a.json")
    assert DECODER.recognise(text(ROWS * 100)[:500], "a.json")
    assert not DECODER.recognise(text({"ts": 1, "a": "x" * 1000})[:500], "a.json")


def test_lines_kept_as_texts_are_lines(tmp_path: Path) -> None:
    content = text(["10.20.3.41 bad.example", " two\nbreaks "], indent=1)
    assert DECODER.recognise(content, "a.json")
    lines, unread = decoded(content, tmp_path)
    assert (lines, unread) == ([b"10.20.3.41 bad.example", b"two breaks"], {})


def test_rows_of_a_table_stay_whole(tmp_path: Path) -> None:
    lines, _ = decoded(text([["a", "b"], ["10.20.3.41", "bad.example"]]), tmp_path)
    assert lines == [b'["a","b"]', b'["10.20.3.41","bad.example"]']


def test_damage_costs_the_record_that_it_is_in(tmp_path: Path) -> None:
    content = b"\n".join(
        [text(ROWS[0], indent=1), b'{\n "broken": \x01,\n}', text(ROWS[1], indent=1)]
    )
    lines, unread = decoded(content, tmp_path)
    assert [json.loads(line) for line in lines] == ROWS
    assert unread == {UnreadReason.NOT_JSON: 1}


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b'{"a":' * 100_000, b'[{"a":1}' + b"\n[" * 9999]
)
def test_nesting_without_end_is_told(content: bytes, tmp_path: Path) -> None:
    _lines, unread = decoded(content, tmp_path)
    assert sum(unread.values()) >= 0


@given(st.integers(0, 200), st.binary(max_size=3))
def test_damaged_copies_never_raise(place: int, bad: bytes) -> None:
    content = text({"took": 1, "hits": {"hits": [{"_source": row} for row in ROWS]}}, indent=1)
    damaged = content[:place] + bad + content[place + 1 :]
    DECODER.recognise(damaged, "a.json")
    sink = LineSink(io.BytesIO(), 1 << 20)
    from tests.captures.files import source_of

    with source_of(damaged) as source:
        DECODER.decode(source, sink)
