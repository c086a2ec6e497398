"""Numbers of sightings are the same by columns as one by one."""

import random

import pyarrow as pa
import pytest

from quetsach.evidence.digests import mark, record_mark, sighting_numbers
from quetsach.schema import SIGHTING
from quetsach.sweeping import numbering
from quetsach.sweeping.numbering import numbers_in, written


def _batch(count: int) -> pa.RecordBatch:
    draw = random.Random(count)
    marks = [
        record_mark(draw.randrange(1 << 40))
        if draw.random() < 0.2
        else mark(draw.randrange(1, 3 << 26), draw.randbytes(32))
        for _ in range(count)
    ]
    keys = draw.choices(["a.example", "xn--quét.example", "203.0.113.7", "x" * 300], k=count)
    rows = [
        {"quetsach.sighting.id": one, "quetsach.indicator.key": key}
        for one, key in zip(marks, keys, strict=True)
    ]
    return pa.RecordBatch.from_pylist(rows, SIGHTING)


@pytest.mark.parametrize("is_fast", [True, False])
def test_a_number_is_that_of_its_mark_and_key(
    monkeypatch: pytest.MonkeyPatch, is_fast: bool
) -> None:
    if not is_fast:
        monkeypatch.setattr(numbering, "kernel_module", lambda: None)
    links = [random.Random(place).randbytes(32) for place in range(4)]
    for batch in (_batch(90), _batch(90).slice(17, 40), _batch(0), _batch(9).slice(9)):
        columns = (batch.column("quetsach.sighting.id"), batch.column("quetsach.indicator.key"))
        texts = sighting_numbers(links, *(one.to_pylist() for one in columns))
        assert written(numbers_in(batch, links)).to_pylist() == texts


def test_a_mark_that_is_none_is_refused() -> None:
    row = {"quetsach.sighting.id": "9:00", "quetsach.indicator.key": "a"}
    with pytest.raises((ValueError, IndexError)):
        numbers_in(pa.RecordBatch.from_pylist([row], SIGHTING), [bytes(32)])
