"""What is made of two events of one kind: where their values come from, or that it is not sure."""

import re
from typing import Any

import pyarrow as pa
import pytest

from quetsach.formats.shared.alike_recipes import Recipe, fields_of, recipe_of

PROBE = re.compile(r"<(1\d\d)>")
NUMBERS = {0: 9_000_000, 1: 5_000_000_000}
CUT = ([2_000_000, 1_000_000_000], ["a.example", "/x"])


def _recipe(tried: dict[str, Any], first: dict[str, Any]) -> Recipe | None:
    return recipe_of(tried, first, NUMBERS, PROBE, CUT)


def test_each_field_has_its_source() -> None:
    recipe = _recipe(
        {
            "@timestamp": 9_000_000,
            "event.start": 4_000_000,
            "event.type": "info",
            "url.full": "http://<100><101>?",
            "dns.answers": ["<100>", "<101>"],
            "source.port": 53,
        },
        {
            "@timestamp": 2_000_000,
            "event.start": 1_000_000,
            "event.type": "info",
            "url.full": "http://a.example/x?",
            "dns.answers": ["a.example", "/x"],
            "source.port": 53,
        },
    )
    assert recipe == Recipe(
        fixed={"event.type": "info", "source.port": 53},
        numbers={"@timestamp": 0},
        reckoned={"event.start": (0, 1)},
        texts={"url.full": ("http://", 0, 1, "?")},
        lists={"dns.answers": ((0,), (1,))},
    )


@pytest.mark.parametrize(
    ("tried", "first"),
    [
        (9_000_000, 2_000_001),
        (7, 8),
        (7, "7"),
        (True, False),
        ("<100>", "b.example"),
        ("<105>", "a.example"),
        ("x", "y"),
        (["<100>"], ["a.example", "a.example"]),
        (["<100>"], ["A.example"]),
        (["<100>", "b.example"], ["a.example", "b.example"]),
        ("tcp <100>", "tcp a.example"),
        ([1], [2]),
    ],
)
def test_what_is_not_sure_is_left(tried: object, first: object) -> None:
    assert _recipe({"event.action": tried}, {"event.action": first}) is None


def test_kinds_are_put_together() -> None:
    several = [
        Recipe(
            fixed={"event.type": "info"},
            numbers={"@timestamp": 0},
            texts={"source.ip": (0,)},
            lists={"dns.answers": ((0,), ("b.example",))},
        ),
        Recipe(
            fixed={"source.ip": "192.0.2.1"},
            reckoned={"event.start": (0, 1), "event.duration": (0, 1)},
        ),
        Recipe(texts={"source.ip": (1,), "url.full": ("x", 0)}, lists={"dns.answers": ()}),
    ]
    fields = fields_of(
        several,
        pa.array([2, 0, 1, 0], pa.int32()),
        [pa.array([10, 20, 30, 40]), pa.array([0, 0, 7000, 0])],
        [pa.array(["a", "b", "c", "d"]), pa.array(["e", "f", "g", "h"])],
    )
    assert fields is not None
    assert {name: column.to_pylist() for name, column in fields.items()} == {
        "event.type": [None, "info", None, "info"],
        "@timestamp": [None, 20, None, 40],
        "event.start": [None, None, 23, None],
        "event.duration": [None, None, 6_970_000, None],
        "source.ip": ["e", "b", "192.0.2.1", "d"],
        "url.full": ["xa", None, None, None],
        "dns.answers": [[], ["b", "b.example"], None, ["d", "b.example"]],
    }


def test_what_ends_before_it_begins_has_no_length() -> None:
    recipe = recipe_of(
        {"event.duration": -1_000_000_000},
        {"event.duration": 3_000_000_000},
        {0: 2_000_000, 1: 1_000_000},
        PROBE,
        ([1_000_000, 4_000_000], []),
    )
    assert recipe == Recipe(reckoned={"event.duration": (0, 1)})
    numbers = [pa.array([5, 7]), pa.array([6, 6])]
    fields = fields_of([recipe], pa.array([0, 0], pa.int32()), numbers, [])
    assert fields is not None
    assert fields["event.duration"].to_pylist() == [1000, None]


def test_a_value_of_another_type_gives_none() -> None:
    kinds = pa.array([0], pa.int32())
    assert fields_of([Recipe(fixed={"source.port": "x"})], kinds, [], []) is None
    assert fields_of([Recipe(fixed={"no.field": 1})], kinds, [], []) is None
