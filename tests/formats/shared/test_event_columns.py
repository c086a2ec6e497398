"""Events in columns: the same values as in rows, and the same number for what is alike."""

import random

import pyarrow as pa

from quetsach.formats.shared.event_columns import columns_of, converted, numbered, repeated

EVENTS = [
    {"source.ip": "10.0.0.1", "source.port": 5, "dns.answers": ["a.example", "192.0.2.1"]},
    {"@timestamp": 1_660_000_000_000_000, "source.ip": "10.0.0.2", "quetsach.time.rough": True},
    {"source.ip": "10.0.0.1"},
]


def test_events_come_back_as_they_were() -> None:
    columns = columns_of([(0, b"a"), (2, b"b"), (4, b"c")], EVENTS)
    assert columns is not None
    every = pa.array([0, 1, 2], pa.int32())
    assert columns.events(every, columns.fields) == EVENTS
    turned = columns.take(pa.array([2, 0], pa.int32()))
    assert turned.lines == [(4, b"c"), (0, b"a")]
    assert turned.events(every[:2], turned.fields) == [EVENTS[2], EVENTS[0]]


def test_a_value_that_no_column_holds_is_left_to_others() -> None:
    assert columns_of([(0, b"")], [{"source.port": 1 << 80}]) is None
    assert columns_of([(0, b"")], [{"source.ip": "\ud800"}]) is None
    assert columns_of([(0, b"")], [{"nobody.knows": 1}]) is None


def test_rows_that_are_alike_have_one_number() -> None:
    rng = random.Random(5)
    rows = [(rng.choice("abc"), rng.choice([None, 1, 2]), rng.random() < 0.5) for _ in range(200)]
    texts, numbers, truths = (list(one) for one in zip(*rows, strict=True))
    columns = [pa.array(texts).dictionary_encode(), pa.array(numbers), pa.array(truths)]
    codes, firsts = numbered(columns, len(rows))
    known: dict[object, int] = {}
    assert codes.to_pylist() == [known.setdefault(row, len(known)) for row in rows]
    assert [rows[place] for place in firsts.to_pylist()] == list(known)
    assert numbered([], 3)[0].to_pylist() == [0, 0, 0]


def test_more_kinds_than_a_number_holds_are_numbered_in_steps() -> None:
    column = pa.array([f"{one}" for one in range(70)]).dictionary_encode()
    codes, _ = numbered([column] * 20, 70)
    assert codes.to_pylist() == list(range(70))


def test_each_text_is_converted_once_and_may_give_nothing() -> None:
    asked: list[str] = []

    def convert(text: str) -> str | None:
        asked.append(text)
        return None if text == "x" else text.upper()

    texts = pa.array(["x", "a", "x", "a"]).dictionary_encode()
    made = converted("source.ip", texts, convert)
    assert made.to_pylist() == [None, "A", None, "A"]
    assert made.is_valid().to_pylist() == [False, True, False, True]
    assert asked == ["x", "a"]
    assert repeated("source.port", 7, 2).to_pylist() == [7, 7]
